// The text of documentation comments, as Thrift and Java have them.
//
// Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

namespace koine::idl {

// The text between "/**" and "*/" without the stars, the indentation that all its lines share, and zeros:
// with one, what is written from it would be taken for a binary file.
std::string clean_doc(std::string_view comment);

}  // namespace koine::idl
