// Names and their cases, in JSON that holds nothing but names.
#include "codecs/calls/triple/name_cases.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "codecs/calls/grpc/text_coding.h"

namespace koine::codecs::calls::triple {
namespace {

struct Pair {
  std::string_view lower;
  std::string_view name;
};

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

bool is_lower_of(std::string_view lower, std::string_view name) {
  return std::equal(lower.begin(), lower.end(), name.begin(), name.end(), [](char l, char n) {
    return l == (n >= 'A' && n <= 'Z' ? static_cast<char>(n - 'A' + 'a') : n);
  });
}

std::string_view without_suffix(std::string_view name) {
  constexpr std::string_view binary_suffix = "-bin";
  if (model::Metadata::binary_name(name)) name.remove_suffix(binary_suffix.size());
  return name;
}

void skip_space(std::string_view& rest) {
  while (rest.starts_with(' ') || rest.starts_with('\t')) rest.remove_prefix(1);
}

// Takes `mark`, and the spaces around it.
bool take(std::string_view& rest, char mark) {
  skip_space(rest);
  if (!rest.starts_with(mark)) return false;
  rest.remove_prefix(1);
  skip_space(rest);
  return true;
}

// A string without escapes: names need none.
bool take_string(std::string_view& rest, std::string_view& out) {
  if (!take(rest, '"')) return false;
  const std::size_t end = rest.find('"');
  if (end == std::string_view::npos) return false;
  out = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return true;
}

// Those of one object, as far as it is one.
std::vector<Pair> pairs_of(std::string_view json) {
  std::vector<Pair> pairs;
  if (!take(json, '{')) return pairs;
  do {
    Pair pair;
    if (!take_string(json, pair.lower) || !take(json, ':') || !take_string(json, pair.name)) break;
    if (is_name(pair.name) && is_lower_of(pair.lower, pair.name)) pairs.push_back(pair);
  } while (take(json, ','));
  std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.lower < b.lower; });
  return pairs;
}

}  // namespace

void restore_cases(std::string_view value, model::Metadata& metadata) {
  const std::string json = grpc::decode_percent(value);
  const std::vector<Pair> pairs = pairs_of(json);
  if (pairs.empty()) return;
  model::Metadata named;
  std::string cased;
  for (std::size_t i = 0; i < metadata.size(); ++i) {
    const auto [name, content] = metadata[i];
    const std::string_view plain = without_suffix(name);
    const auto found = std::lower_bound(pairs.begin(), pairs.end(), plain,
                                        [](const Pair& pair, std::string_view n) { return pair.lower < n; });
    if (found == pairs.end() || found->lower != plain) {
      named.add(name, content, metadata.wire_name(i));
      continue;
    }
    cased = found->name;
    named.add(name, content, cased.append(name.substr(plain.size())));
  }
  metadata = std::move(named);
}

std::string cases_of(const model::Metadata& metadata) {
  std::string coded;
  for (std::size_t i = 0; i < metadata.size(); ++i) {
    const std::string_view name = without_suffix(metadata[i].name);
    const std::string_view cased = metadata.wire_name(i).substr(0, name.size());
    if (cased == name || !is_name(cased)) continue;
    // Every mark as an escape, as Java writes them.
    coded.append(coded.empty() ? "%7B%22" : "%2C%22").append(name).append("%22%3A%22");
    coded.append(cased).append("%22");
  }
  if (!coded.empty()) coded.append("%7D");
  return coded;
}

}  // namespace koine::codecs::calls::triple
