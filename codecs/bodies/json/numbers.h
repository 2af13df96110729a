// JSON numbers: exact integers, correctly rounded floating point, shortest text that reads back.
//
// Raw text in and out, no state, no allocation, no locale. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace koine::codecs::bodies::json {

enum class Parsed : std::uint8_t {
  ok,
  not_a_number,    // does not have JSON's number grammar
  not_an_integer,  // 1.5
  out_of_range,    // not in the type; for floating point: infinite when rounded
};

// Does `text` have exactly JSON's number grammar? For numbers inside strings; number tokens always do.
bool is_number(std::string_view text) noexcept;

// An integer, also written as 1.0, 1e3 or 100e-2; never through floating point.
Parsed parse_i64(std::string_view text, std::int64_t& value) noexcept;
Parsed parse_u64(std::string_view text, std::uint64_t& value) noexcept;
// Nearest values; too small becomes a zero of its sign. Also "NaN", "Infinity" and "-Infinity" when
// `names`, which ProtoJSON writes as strings.
Parsed parse_f64(std::string_view text, bool names, double& value) noexcept;
Parsed parse_f32(std::string_view text, bool names, float& value) noexcept;

// No number written below is longer, nor is more than this overwritten.
inline constexpr std::size_t number_bytes_max = 32;

std::uint8_t* write_i64(std::uint8_t* out, std::int64_t value) noexcept;
std::uint8_t* write_u64(std::uint8_t* out, std::uint64_t value) noexcept;
// "NaN", "Infinity" and "-Infinity" come in quotes.
std::uint8_t* write_f64(std::uint8_t* out, double value) noexcept;
std::uint8_t* write_f32(std::uint8_t* out, float value) noexcept;

}  // namespace koine::codecs::bodies::json
