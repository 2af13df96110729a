// The rules of pairing by name, one table: what `koine idl match` and a load report, what `koine idl explain`
// prints, and what docs/pairing.md lists.
//
// Immutable, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "idl/diagnostics.h"

namespace koine::idl::match {

enum class RuleId : std::uint8_t {
  args_shape,
  default_differs,
  enum_no_zero,
  enum_number_differs,
  enum_value_unmatched,
  exception_never_raised,
  exception_unmatched,
  f64_to_f32,
  localtime_to_instant,
  lossy_presence,
  mapkey_bad,
  method_not_exposed,
  name_collision,
  number_reused_other_name,
  oneway_ack,
  override_unknown,
  override_unused,
  pairs_too_many,
  set_to_list,
  shared_grpc_code,
  stream_to_unary,
  string_maybe_binary,
  type_clash,
  unit_differs,
  unit_missing,
  unmapped_method,
  unmapped_optional,
  unmapped_required,
  unsigned_to_signed,
  wide_to_narrow,
};

struct Rule {
  RuleId id;
  std::string_view name;  // UNIT_MISSING
  Severity severity;      // an error has no faithful form, and cannot be allowed
  bool loss;              // something of one side does not reach the other: not covered until it is allowed
  std::string_view summary;      // one line, as a table's cell
  std::string_view explanation;  // what it means and how to satisfy it; lines of at most 100 columns
};

// Sorted by name.
std::span<const Rule> rules();
const Rule& rule(RuleId id);
// Null when there is none of that name.
const Rule* find_rule(std::string_view name);

}  // namespace koine::idl::match
