// What commands print.
#include "cli/output.h"

#include <cstdio>
#include <memory>

#include <unistd.h>

#include "base/log.h"

namespace koine::cli {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using FileHandle = std::unique_ptr<std::FILE, CloseFile>;

base::Result<std::string> read_all(std::FILE* file, const std::string& name, std::size_t bytes_max) {
  std::string out;
  char piece[16384];
  for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof piece, file)) > 0;) {
    if (out.size() + got > bytes_max) {
      return base::Status(base::Reason::usage,
                          name + " is larger than " + std::to_string(bytes_max) + " bytes");
    }
    out.append(piece, got);
  }
  if (std::ferror(file) != 0) return base::Status(base::Reason::usage, name + " cannot be read");
  return out;
}

// "file:1:2: error: …" with the severity coloured.
std::string coloured(const std::string& text) {
  std::string out = text;
  for (const auto& [word, colour] : {std::pair<const char*, const char*>{" error: ", "\x1b[1;31m"},
                                     std::pair<const char*, const char*>{" warning: ", "\x1b[1;35m"}}) {
    const std::size_t at = out.find(word);
    if (at == std::string::npos) continue;
    out.insert(at + std::string(word).size() - 1, "\x1b[0m");
    out.insert(at + 1, colour);
    break;
  }
  return out;
}

}  // namespace

void print_diagnostics(const std::vector<idl::Diagnostic>& diagnostics) {
  const bool colour = ::isatty(STDERR_FILENO) == 1;
  for (const idl::Diagnostic& one : diagnostics) {
    std::string text = idl::render(one);
    if (colour) text = coloured(text);
    if (!text.ends_with('\n')) text += '\n';
    std::fwrite(text.data(), 1, text.size(), stderr);
  }
}

std::string diagnostics_json(const std::vector<idl::Diagnostic>& diagnostics) {
  std::string out = "[";
  for (const idl::Diagnostic& one : diagnostics) {
    if (out.size() > 1) out += ",";
    out += "\n  {\"severity\":";
    out += one.severity == idl::Severity::error ? "\"error\"" : "\"warning\"";
    out += ",\"rule\":" + base::quote_json(one.rule) + ",\"message\":" + base::quote_json(one.message) +
           ",\"file\":" + base::quote_json(one.location.file) +
           ",\"line\":" + std::to_string(one.location.line) +
           ",\"column\":" + std::to_string(one.location.column) + "}";
  }
  return out + (diagnostics.empty() ? "]\n" : "\n]\n");
}

std::size_t count(const std::vector<idl::Diagnostic>& diagnostics, idl::Severity severity) {
  std::size_t number = 0;
  for (const idl::Diagnostic& one : diagnostics) number += one.severity == severity ? 1 : 0;
  return number;
}

std::string counted(std::size_t number, std::string_view word) {
  std::string out = std::to_string(number) + " ";
  return out.append(word).append(number == 1 ? "" : "s");
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// Part of it may be a peer's: nothing of it steers the terminal.
void complain(const std::string& text) {
  std::string shown = text;
  for (char& c : shown) {
    if ((c >= 0 && c < ' ' && c != '\n') || c == 0x7f) c = '?';
  }
  std::fprintf(stderr, "koine: %s\n", shown.c_str());
}

base::Result<std::string> read_stdin(std::size_t bytes_max) {
  return read_all(stdin, "standard input", bytes_max);
}

base::Result<std::string> data_argument(const std::string& text, std::size_t bytes_max) {
  if (text == "-") return read_stdin(bytes_max);
  if (!text.starts_with('@')) return text;
  const std::string path = text.substr(1);
  const FileHandle file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return base::Status(base::Reason::usage, "no file '" + path + "'");
  return read_all(file.get(), path, bytes_max);
}

base::Status write_file(const std::string& path, const std::string& text) {
  const FileHandle file(std::fopen(path.c_str(), "wb"));
  if (file == nullptr || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size()) {
    return base::Status(base::Reason::usage, "'" + path + "' cannot be written");
  }
  return {};
}

}  // namespace koine::cli
