// Methods of Java interfaces as a person writes them: overloads are told apart by their parameters,
// find(int) and find(java.lang.String).
//
// Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "idl/schema.h"

namespace koine::cli {

// The types of a JVM descriptor as Java's sources name them: "I[Ljava/lang/String;" is int,
// java.lang.String[]. Ends where it is none.
std::vector<std::string> parameter_types(std::string_view descriptor);
// What stands between a method's parentheses, one type each: "int, String" is int and String.
std::vector<std::string> split_parameters(std::string_view text);

// As Java calls it, and the descriptor of its parameters; its own name and nothing, where it is not Java's.
std::string java_name(const idl::Method& method);
std::string java_signature(const idl::Method& method);
// "find(java.lang.String)"
std::string java_form(const idl::Method& method);
// Are these its parameters? They may be a descriptor, or types, each with or without its package.
bool has_parameters(const idl::Method& method, std::string_view parameters);

}  // namespace koine::cli
