// Counting the types in a descriptor.
#include "codecs/calls/dubbo/descriptor.h"

namespace koine::codecs::calls::dubbo {
namespace {

constexpr std::string_view primitives = "ZBCDFIJSV";
// As dubbo-go ends it, without a semicolon.
constexpr std::string_view go_dates = "[Ljava/util/Date";

// The type at the front of `rest`: its length, 0 when there is none.
std::size_t type_length(std::string_view rest) {
  std::size_t at = 0;
  while (at < rest.size() && rest[at] == '[') ++at;
  if (at == rest.size()) return 0;
  if (primitives.find(rest[at]) != std::string_view::npos) return at + 1;
  if (rest[at] != 'L') return 0;
  if (rest.starts_with(go_dates) && !rest.substr(go_dates.size()).starts_with(';')) return go_dates.size();
  const std::size_t semicolon = rest.find(';', at);
  return semicolon == std::string_view::npos || semicolon == at + 1 ? 0 : semicolon + 1;
}

}  // namespace

std::optional<std::size_t> count_arguments(std::string_view descriptor) {
  std::size_t count = 0;
  for (; !descriptor.empty(); ++count) {
    const std::size_t length = type_length(descriptor);
    if (length == 0) return std::nullopt;
    descriptor.remove_prefix(length);
  }
  return count;
}

}  // namespace koine::codecs::calls::dubbo
