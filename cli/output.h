// What commands print: diagnostics for a person or as JSON, files, standard input.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "idl/diagnostics.h"

namespace koine::cli {

// To standard error: gcc-style with a caret; coloured on a terminal.
void print_diagnostics(const std::vector<idl::Diagnostic>& diagnostics);
// [{"severity":"error","rule":…,"message":…,"file":…,"line":…,"column":…}, …]
std::string diagnostics_json(const std::vector<idl::Diagnostic>& diagnostics);
std::size_t count(const std::vector<idl::Diagnostic>& diagnostics, idl::Severity severity);

// "1 route", "2 routes"; the plural is the word with an s.
std::string counted(std::size_t number, std::string_view word);

// Text to standard output, as it is.
void print(const std::string& text);
// A line to standard error that begins with "koine: ".
void complain(const std::string& text);

// All of standard input, at most `bytes_max`.
base::Result<std::string> read_stdin(std::size_t bytes_max);
// `text` as it is; "@file": the file's contents; "-": standard input.
base::Result<std::string> data_argument(const std::string& text, std::size_t bytes_max);
base::Status write_file(const std::string& path, const std::string& text);

}  // namespace koine::cli
