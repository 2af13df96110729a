// Arithmetic of times; nothing here wraps around.
#include "transcode/times.h"

namespace koine::transcode {
namespace {

using base::Reason;

constexpr std::int64_t nanos_per_second = 1'000'000'000;

TimeFault out_of_range(TimeKind kind) {
  return {Reason::map_range,
          kind == TimeKind::instant
              ? "the instant is not in the years 0001 to 9999, or its nanos are not 0 to 999,999,999"
              : "the duration is longer than 10,000 years or its parts differ in sign"};
}

bool is_valid(TimeKind kind, SecondsNanos value) {
  return kind == TimeKind::instant ? codecs::bodies::json::valid_timestamp(value)
                                   : codecs::bodies::json::valid_duration(value);
}

constexpr TimeFault does_not_fit{Reason::map_range, "the time does not fit the number on the other side"};

}  // namespace

std::optional<TimeUnit> time_unit(std::string_view name) {
  if (name == "s") return TimeUnit{1, 1};
  if (name == "ms") return TimeUnit{1, 1'000};
  if (name == "us") return TimeUnit{1, 1'000'000};
  if (name == "ns") return TimeUnit{1, nanos_per_second};
  if (name == "d") return TimeUnit{86'400, 1};
  return std::nullopt;
}

TimeFault split_time(const TimeRule& rule, std::int64_t number, SecondsNanos& value) noexcept {
  if (number < rule.min || number > rule.max) return does_not_fit;
  const std::int64_t per_second = rule.unit.per_second;
  if (__builtin_mul_overflow(number / per_second, rule.unit.seconds, &value.seconds))
    return out_of_range(rule.kind);
  auto nanos = number % per_second * (nanos_per_second / per_second);
  if (nanos < 0 && rule.kind == TimeKind::instant) {  // an instant's nanos count forward
    nanos += nanos_per_second;
    --value.seconds;
  }
  value.nanos = static_cast<std::int32_t>(nanos);
  return is_valid(rule.kind, value) ? TimeFault() : out_of_range(rule.kind);
}

bool truncate_time(const TimeRule& rule, SecondsNanos& value) noexcept {
  if (!is_valid(rule.kind, value)) return false;
  SecondsNanos whole = value;
  if (rule.unit.seconds == 1) {
    whole.nanos -= static_cast<std::int32_t>(whole.nanos % (nanos_per_second / rule.unit.per_second));
  } else {
    whole.nanos = 0;
    const std::int64_t rest = whole.seconds % rule.unit.seconds;
    whole.seconds -= rest;
    if (rest < 0 && rule.kind == TimeKind::instant) whole.seconds -= rule.unit.seconds;
  }
  const bool cut = whole.seconds != value.seconds || whole.nanos != value.nanos;
  value = whole;
  return cut;
}

TimeFault join_time(const TimeRule& rule, SecondsNanos value, std::int64_t& number) noexcept {
  if (!is_valid(rule.kind, value)) return out_of_range(rule.kind);
  const std::int64_t nanos_per_unit = nanos_per_second / rule.unit.per_second;
  const bool whole = rule.unit.seconds == 1 ? value.nanos % nanos_per_unit == 0
                                            : value.nanos == 0 && value.seconds % rule.unit.seconds == 0;
  if (!whole) return {Reason::map_precision, "the time is finer than the unit on the other side"};
  // Towards zero, so that the smallest number can be reached: its seconds alone would be beyond it.
  if (value.seconds < 0 && value.nanos > 0) {
    ++value.seconds;
    value.nanos -= nanos_per_second;
  }
  if (__builtin_mul_overflow(value.seconds / rule.unit.seconds, rule.unit.per_second, &number) ||
      __builtin_add_overflow(number, value.nanos / nanos_per_unit, &number)) {
    return does_not_fit;
  }
  return number < rule.min || number > rule.max ? does_not_fit : TimeFault();
}

}  // namespace koine::transcode
