// Texts and numbers of Java's values.
#include "transcode/java_values.h"

#include <algorithm>
#include <charconv>

namespace koine::transcode {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Exactly `digits` digits at the front of `text`, which are taken away.
bool take(std::string_view& text, std::size_t digits, std::int32_t& value) {
  if (text.size() < digits) return false;
  value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!is_digit(text[i])) return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return true;
}
bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

char* put(char* out, std::int32_t value, std::size_t digits) {
  for (std::size_t i = digits; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return out + digits;
}

bool is_leap(std::int32_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

}  // namespace

bool is_valid(const LocalDate& date) noexcept {
  if (date.year < -999999999 || date.year > 999999999 || date.month < 1 || date.month > 12) return false;
  const bool is_short = date.month == 4 || date.month == 6 || date.month == 9 || date.month == 11;
  const std::int32_t days = date.month == 2 ? (is_leap(date.year) ? 29 : 28) : is_short ? 30 : 31;
  return date.day >= 1 && date.day <= days;
}

bool is_valid(const LocalTime& time) noexcept {
  const auto within = [](std::int32_t value, std::int32_t end) { return value >= 0 && value < end; };
  return within(time.hour, 24) && within(time.minute, 60) && within(time.second, 60) &&
         within(time.nano, 1000000000);
}

bool parse(std::string_view text, LocalDate& date) noexcept {
  const bool negative = take(text, '-');
  const bool has_sign = negative || take(text, '+');
  const std::size_t digits = std::min(text.find('-'), text.size());
  if (digits < 4 || digits > 9 || (!has_sign && digits != 4)) return false;
  if (!take(text, digits, date.year)) return false;
  if (negative) date.year = -date.year;
  return take(text, '-') && take(text, 2, date.month) && take(text, '-') && take(text, 2, date.day) &&
         text.empty() && is_valid(date);
}

bool parse(std::string_view text, LocalTime& time) noexcept {
  time = {};
  if (!take(text, 2, time.hour) || !take(text, ':') || !take(text, 2, time.minute)) return false;
  if (text.empty()) return is_valid(time);
  if (!take(text, ':') || !take(text, 2, time.second)) return false;
  if (text.empty()) return is_valid(time);
  if (!take(text, '.') || text.empty() || text.size() > 9) return false;
  const std::size_t digits = text.size();
  if (!take(text, digits, time.nano)) return false;
  for (std::size_t i = digits; i < 9; ++i) time.nano *= 10;
  return is_valid(time);
}

char* print(const LocalDate& date, char* out) noexcept {
  const std::int32_t year = date.year < 0 ? -date.year : date.year;
  if (date.year < 0) *out++ = '-';
  if (date.year > 9999) *out++ = '+';
  std::size_t digits = 4;
  for (std::int32_t more = year / 10000; more != 0; more /= 10) ++digits;
  out = put(out, year, digits);
  *out++ = '-';
  out = put(out, date.month, 2);
  *out++ = '-';
  return put(out, date.day, 2);
}

char* print(const LocalTime& time, char* out) noexcept {
  out = put(out, time.hour, 2);
  *out++ = ':';
  out = put(out, time.minute, 2);
  if (time.second == 0 && time.nano == 0) return out;
  *out++ = ':';
  out = put(out, time.second, 2);
  if (time.nano == 0) return out;
  *out++ = '.';
  if (time.nano % 1000000 == 0) return put(out, time.nano / 1000000, 3);
  if (time.nano % 1000 == 0) return put(out, time.nano / 1000, 6);
  return put(out, time.nano, 9);
}

bool is_decimal(std::string_view text) noexcept {
  if (!take(text, '-')) take(text, '+');
  std::size_t digits = 0;
  bool point = false;
  while (!text.empty() && (is_digit(text[0]) || (text[0] == '.' && !point))) {
    if (text[0] == '.') {
      point = true;
    } else {
      ++digits;
    }
    text.remove_prefix(1);
  }
  if (digits == 0) return false;
  if (text.empty()) return true;
  if (!take(text, 'e') && !take(text, 'E')) return false;
  if (!take(text, '-')) take(text, '+');
  return !text.empty() && text.size() <= 10 && std::all_of(text.begin(), text.end(), is_digit);
}

std::string big_integer_text(std::int32_t sign, std::vector<std::uint32_t> words) {
  const auto first = std::find_if(words.begin(), words.end(), [](std::uint32_t word) { return word != 0; });
  words.erase(words.begin(), first);
  if (words.size() > big_integer_words_max || sign < -1 || sign > 1 || (sign == 0) != words.empty())
    return {};
  if (words.empty()) return "0";
  constexpr std::uint32_t billion = 1000000000;
  std::string reversed;
  while (!words.empty()) {
    std::uint64_t rest = 0;
    for (std::uint32_t& word : words) {
      const std::uint64_t value = rest << 32 | word;
      word = static_cast<std::uint32_t>(value / billion);
      rest = value % billion;
    }
    if (words.front() == 0) words.erase(words.begin());
    for (int i = 0; i < 9 && (rest != 0 || !words.empty()); ++i, rest /= 10) {
      reversed += static_cast<char>('0' + rest % 10);
    }
  }
  if (sign < 0) reversed += '-';
  std::reverse(reversed.begin(), reversed.end());
  return reversed;
}

bool parse_big_integer(std::string_view text, std::int32_t& sign, std::vector<std::uint32_t>& words) {
  const bool negative = take(text, '-');
  if (!negative) take(text, '+');
  if (text.empty() || text.size() > big_integer_digits_max ||
      !std::all_of(text.begin(), text.end(), is_digit)) {
    return false;
  }
  words.clear();
  for (const char digit : text) {
    std::uint64_t carry = static_cast<std::uint64_t>(digit - '0');
    for (std::uint32_t& word : words) {  // the least significant first
      const std::uint64_t value = std::uint64_t{word} * 10 + carry;
      word = static_cast<std::uint32_t>(value);
      carry = value >> 32;
    }
    if (carry != 0) words.push_back(static_cast<std::uint32_t>(carry));
  }
  std::reverse(words.begin(), words.end());
  sign = words.empty() ? 0 : negative ? -1 : 1;
  return true;
}

}  // namespace koine::transcode
