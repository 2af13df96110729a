// Instants and durations as ProtoJSON writes them (google/protobuf/timestamp.proto, duration.proto).
//
//   Timestamp  "1972-01-01T10:00:20.021Z": RFC 3339, 0 to 9 digits of fraction; written in UTC with 0, 3, 6
//              or 9 of them; years 0001 to 9999; no leap seconds
//   Duration   "-1.5s": ±315,576,000,000 s; fraction as above
//
// (seconds, nanos) as in those messages: a Timestamp's nanos are 0…999,999,999 and count forward, a
// Duration's have the sign of its seconds. Raw text, no allocation, no time zone data. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace koine::codecs::bodies::json {

struct SecondsNanos {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
};

inline constexpr std::int64_t timestamp_seconds_min = -62'135'596'800;  // 0001-01-01T00:00:00Z
inline constexpr std::int64_t timestamp_seconds_max = 253'402'300'799;  // 9999-12-31T23:59:59Z
inline constexpr std::int64_t duration_seconds_max = 315'576'000'000;
inline constexpr std::size_t time_text_bytes_max = 40;

bool valid_timestamp(SecondsNanos value) noexcept;
bool valid_duration(SecondsNanos value) noexcept;

// False: not of that form, or out of range.
bool parse_timestamp(std::string_view text, SecondsNanos& value) noexcept;
bool parse_duration(std::string_view text, SecondsNanos& value) noexcept;
// `value` must be valid. Without quotes; returns the end, at most time_text_bytes_max further.
std::uint8_t* write_timestamp(std::uint8_t* out, SecondsNanos value) noexcept;
std::uint8_t* write_duration(std::uint8_t* out, SecondsNanos value) noexcept;

}  // namespace koine::codecs::bodies::json
