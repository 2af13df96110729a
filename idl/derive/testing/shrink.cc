// See shrink.h: first whole files, then whatever stands in braces, then single lines, again until nothing
// goes.
#include "idl/derive/testing/shrink.h"

#include <sstream>
#include <vector>

namespace koine::idl::derive::testing {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  Lines lines;
  std::stringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string text_without(const Lines& lines, std::size_t first, std::size_t last) {
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i < first || i >= last) text += lines[i] + "\n";
  }
  return text;
}

// Behind the line that closes what the line `first` opens, a brace or a comment; `first` itself when it opens
// nothing.
std::size_t end_of_block(const Lines& lines, std::size_t first) {
  if (lines[first].find("/*") != std::string::npos) {
    for (std::size_t i = first; i < lines.size(); ++i) {
      if (lines[i].find("*/") != std::string::npos) return i + 1;
    }
  }
  int depth = 0;
  for (std::size_t i = first; i < lines.size(); ++i) {
    for (char c : lines[i]) depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    if (i == first && depth <= 0) return first;
    if (depth <= 0) return i + 1;
  }
  return first;
}

class Shrinker {
 public:
  Shrinker(Files files, const std::function<bool(const Files&)>& fails)
      : files_(std::move(files)), fails_(fails) {}

  Files run() {
    for (bool smaller = true; smaller;) smaller = leave_out_files() | leave_out_blocks() | leave_out_lines();
    return files_;
  }

 private:
  bool take(Files candidate) {
    if (!fails_(candidate)) return false;
    files_ = std::move(candidate);
    return true;
  }

  bool leave_out_files() {
    bool any = false;
    for (const auto& [path, text] : Files(files_)) {
      if (files_.size() == 1) return any;
      Files candidate = files_;
      candidate.erase(path);
      any = take(std::move(candidate)) || any;
    }
    return any;
  }

  // Leaves out [first, end(first)) of each file where that still fails.
  template <class End>
  bool leave_out(End end) {
    bool any = false;
    for (const auto& [path, text] : Files(files_)) {
      for (std::size_t first = 0;;) {
        const Lines lines = lines_of(files_.at(path));
        if (first >= lines.size()) break;
        const std::size_t last = end(lines, first);
        Files candidate = files_;
        candidate[path] = text_without(lines, first, last);
        if (last > first && take(std::move(candidate))) {
          any = true;
        } else {
          ++first;
        }
      }
    }
    return any;
  }
  bool leave_out_blocks() { return leave_out(end_of_block); }
  bool leave_out_lines() {
    return leave_out([](const Lines& /*lines*/, std::size_t first) { return first + 1; });
  }

  Files files_;
  const std::function<bool(const Files&)>& fails_;
};

}  // namespace

Files shrunk(Files files, const std::function<bool(const Files&)>& fails) {
  return Shrinker(std::move(files), fails).run();
}

}  // namespace koine::idl::derive::testing
