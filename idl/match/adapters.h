// Types of one side that stand opposite types of another shape: what is in the wrapper, and what a time is
// counted in. Pairing by name accepts these, and a plan converts them.
//
// Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "idl/schema.h"

namespace koine::idl::match {

// The only field of `wrapper`, a struct (no union, no exception), where `bare` is no struct: NumberRow {
// repeated int32 values } opposite list<i32>. Null when it is none. What is in it is no struct itself.
const Field* wrapped_field(const Type& wrapper, const Type& bare);

// google.protobuf.Timestamp and Duration.
enum class TimeForm : std::uint8_t { none, timestamp, duration };
TimeForm time_form(const Type& type);

enum class TimeUnit : std::uint8_t { seconds, milliseconds, microseconds, nanoseconds, days };
// What koine.unit says; nothing without it, or when it says something else.
std::optional<TimeUnit> time_unit(const Annotations& annotations);

// An integer opposite a Timestamp or Duration; of lists, their elements. The unit is the integer's field's.
bool is_time_number(const Type& type);

}  // namespace koine::idl::match
