// Times: a number of units on one side, a google.protobuf.Timestamp or Duration on the other.
//
// A number says its unit by the annotation koine.unit. Number to message is exact, and must be within the
// years 0001 to 9999 (a duration: ±315,576,000,000 s); message to number must be whole units and fit the
// number.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/reason.h"
#include "codecs/bodies/json/time_text.h"
#include "idl/schema.h"

namespace koine::transcode {

struct Op;
struct Table;

using codecs::bodies::json::SecondsNanos;

enum class TimeKind : std::uint8_t { instant, duration };

// One unit is `seconds` seconds, of which one has `per_second` units; one of the two is 1.
struct TimeUnit {
  std::int64_t seconds = 1;
  std::int64_t per_second = 1;

  bool operator==(const TimeUnit&) const = default;
};
// "s", "ms", "us", "ns" or "d".
std::optional<TimeUnit> time_unit(std::string_view name);

// Of google.protobuf's Timestamp and Duration, and of what was derived from them.
std::optional<TimeKind> message_kind(const idl::Type& type);

// What Op::time says of a time that changes its form.
struct TimeRule {
  TimeKind kind = TimeKind::instant;
  TimeUnit unit;
  std::int64_t min = 0;  // what the number's type holds
  std::int64_t max = 0;
  const Op* parts = nullptr;     // into a message: seconds, nanos
  const Table* table = nullptr;  // out of a message: its fields, each noted (Code::note)
};

// Why there is no value; `reason` none: there is one.
struct TimeFault {
  base::Reason reason = base::Reason::none;
  std::string_view message;
};
TimeFault split_time(const TimeRule& rule, std::int64_t number, SecondsNanos& value) noexcept;
// Cuts what is finer than the unit, an instant's to the past, a duration's towards zero. False: there was
// nothing to cut, or the value is none.
bool truncate_time(const TimeRule& rule, SecondsNanos& value) noexcept;
TimeFault join_time(const TimeRule& rule, SecondsNanos value, std::int64_t& number) noexcept;

}  // namespace koine::transcode
