// The text of documentation comments, as Thrift and Java have them.
//
// Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

namespace koine::idl {

// The text between "/**" and "*/" without the stars and the indentation that all its lines share.
std::string clean_doc(std::string_view comment);

}  // namespace koine::idl
