// The rules of the IDL readers, of derivation and of its lock file: what `koine idl explain` says of the name
// in brackets. Those of pairing are idl/match/rules.h.
//
// Immutable, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace koine::idl {

// What a rule says is one of the two, or by its place either.
enum class ReaderSeverity : std::uint8_t { error, warning, error_or_warning };
// "error or warning".
std::string_view to_string(ReaderSeverity severity);

struct ReaderRule {
  std::string_view name;
  ReaderSeverity severity;
  std::string_view explanation;  // lines of at most 100 columns
};
// Sorted by name.
std::span<const ReaderRule> reader_rules();
// Null when there is none of that name.
const ReaderRule* find_reader_rule(std::string_view name);

}  // namespace koine::idl
