// Values of java.math and java.time as the texts that stand for them in the graph, and as the numbers that
// Hessian2 writes.
//
//   BigInteger     sign and magnitude, 32 bits a word, the most significant first    "-1234"
//   BigDecimal     its text
//   LocalDate      year, month, day                                                  "2026-11-24"
//   LocalTime      hour, minute, second, nano                                        "10:15", "10:15:30.001"
//
// Texts are what toString() of the Java class gives; ISO forms beside that are read. Stateless, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace koine::transcode {

inline constexpr std::int32_t nanos_per_second = 1000000000;

struct LocalDate {
  std::int32_t year = 0;
  std::int32_t month = 0;
  std::int32_t day = 0;
};
struct LocalTime {
  std::int32_t hour = 0;
  std::int32_t minute = 0;
  std::int32_t second = 0;
  std::int32_t nano = 0;
};

// False: no such date or time. Years have four digits, or a sign and up to nine.
bool parse(std::string_view text, LocalDate& date) noexcept;
bool parse(std::string_view text, LocalTime& time) noexcept;
bool is_valid(const LocalDate& date) noexcept;
bool is_valid(const LocalTime& time) noexcept;
// At most java_time_bytes_max bytes; returns what is behind them.
inline constexpr std::size_t java_time_bytes_max = 32;
char* print(const LocalDate& date, char* out) noexcept;
char* print(const LocalTime& time, char* out) noexcept;

// Is this what BigDecimal's constructor takes? Digits, a sign, a point, an exponent.
bool is_decimal(std::string_view text) noexcept;

// A number of more digits is refused: its text takes the square of them in time.
inline constexpr std::size_t big_integer_words_max = 512;
inline constexpr std::size_t big_integer_digits_max = 4932;
// `words` is used up. Empty: no number that Java writes (a sign of zero beside digits, …).
std::string big_integer_text(std::int32_t sign, std::vector<std::uint32_t> words);
// False: no integer, or too long.
bool parse_big_integer(std::string_view text, std::int32_t& sign, std::vector<std::uint32_t>& words);

}  // namespace koine::transcode
