// Diagnostics of the IDL readers and of the configuration: what a person wrote wrong, and where.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "idl/schema.h"

namespace koine::idl {

enum class Severity : std::uint8_t { error, warning };

// The two rules that decide a Status's reason: idl_syntax and idl_io; every other rule is idl_semantic.
inline constexpr std::string_view rule_syntax = "SYNTAX";
inline constexpr std::string_view rule_file = "FILE";

struct Diagnostic {
  Severity severity = Severity::error;
  std::string rule;         // stable id (SYNTAX, UNKNOWN_TYPE, ID_OUT_OF_RANGE, …)
  std::string message;      // what is wrong and what to do
  Location location;        // column in bytes
  std::string source_line;  // the text of that line, for the caret; may be empty
};

// "shop.thrift:3:7: error: unknown type 'Ordr'; did you mean 'Order'? [UNKNOWN_TYPE]", the line and a caret
// below.
std::string render(const Diagnostic& diagnostic);
// All of them, each followed by a line feed.
std::string render(const std::vector<Diagnostic>& diagnostics);
bool has_errors(const std::vector<Diagnostic>& diagnostics);
// The first error as a Status (reason idl_syntax, idl_semantic or idl_io, path file:line:column); OK without
// errors.
base::Status to_status(const std::vector<Diagnostic>& diagnostics);

}  // namespace koine::idl
