// Stars and indentation taken off. Owner: see doc_comment.h.
#include "idl/doc_comment.h"

#include <algorithm>
#include <vector>

namespace koine::idl {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }

std::string_view trimmed_right(std::string_view text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view trimmed_left(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

}  // namespace

std::string clean_doc(std::string_view comment) {
  std::vector<std::string_view> lines;
  while (true) {
    const std::size_t end = comment.find('\n');
    lines.push_back(trimmed_right(comment.substr(0, end)));
    if (end == std::string_view::npos) break;
    comment.remove_prefix(end + 1);
  }
  lines[0] = trimmed_left(lines[0]);
  std::size_t shared = std::string_view::npos;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::string_view bare = trimmed_left(lines[i]);
    if (!bare.empty() && bare.front() == '*') lines[i] = bare.substr(1);
    bare = trimmed_left(lines[i]);
    if (!bare.empty()) shared = std::min(shared, lines[i].size() - bare.size());
  }
  for (std::size_t i = 1; i < lines.size(); ++i) lines[i].remove_prefix(std::min(shared, lines[i].size()));
  while (!lines.empty() && trimmed_left(lines.back()).empty()) lines.pop_back();
  std::string out;
  bool started = false;
  for (std::string_view line : lines) {
    if (!started && trimmed_left(line).empty()) continue;
    if (started) out += '\n';
    started = true;
    out += line;
  }
  std::erase(out, '\0');
  return out;
}

}  // namespace koine::idl
