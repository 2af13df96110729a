// Instants and durations as text. Days are counted in the proleptic Gregorian calendar.
#include "codecs/bodies/json/time_text.h"

#include "codecs/bodies/json/numbers.h"

namespace koine::codecs::bodies::json {
namespace {

constexpr std::int32_t nanos_per_second = 1'000'000'000;
constexpr std::int64_t seconds_per_day = 86'400;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool leap_year(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
  constexpr std::int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap_year(year) ? 29 : days[month - 1];
}

// Days since 1970-01-01. Years are counted from March, so that the leap day is a year's last: an era is 400
// of them, 146097 days.
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

struct Date {
  std::int64_t year, month, day;
};

Date date_of(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int64_t month = month_from_march + (month_from_march < 10 ? 3 : -9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
          day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

// A text that is eaten from the front.
struct Reader {
  std::string_view text;

  bool take(char c) {
    if (text.empty() || text[0] != c) return false;
    text.remove_prefix(1);
    return true;
  }
  bool number(std::size_t digits, std::int64_t& value) {
    if (text.size() < digits) return false;
    value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(text[i])) return false;
      value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return true;
  }
  // ".021" or nothing.
  bool fraction(std::int32_t& nanos) {
    nanos = 0;
    if (!take('.')) return true;
    std::int32_t unit = nanos_per_second / 10;
    std::size_t digits = 0;
    for (; !text.empty() && is_digit(text[0]); text.remove_prefix(1), ++digits) {
      nanos += (text[0] - '0') * unit;
      unit /= 10;
    }
    return digits >= 1 && digits <= 9;
  }
};

std::uint8_t* put_digits(std::uint8_t* out, std::int64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) {
    out[i] = static_cast<std::uint8_t>('0' + value % 10);
    value /= 10;
  }
  return out + digits;
}

std::uint8_t* put_fraction(std::uint8_t* out, std::int32_t nanos) {
  if (nanos == 0) return out;
  *out++ = '.';
  if (nanos % 1'000'000 == 0) return put_digits(out, nanos / 1'000'000, 3);
  if (nanos % 1000 == 0) return put_digits(out, nanos / 1000, 6);
  return put_digits(out, nanos, 9);
}

}  // namespace

bool valid_timestamp(SecondsNanos value) noexcept {
  return value.seconds >= timestamp_seconds_min && value.seconds <= timestamp_seconds_max &&
         value.nanos >= 0 && value.nanos < nanos_per_second;
}

bool valid_duration(SecondsNanos value) noexcept {
  if (value.seconds < -duration_seconds_max || value.seconds > duration_seconds_max) return false;
  if (value.nanos <= -nanos_per_second || value.nanos >= nanos_per_second) return false;
  return !(value.seconds > 0 && value.nanos < 0) && !(value.seconds < 0 && value.nanos > 0);
}

bool parse_timestamp(std::string_view text, SecondsNanos& value) noexcept {
  Reader in{text};
  std::int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!in.number(4, year) || !in.take('-') || !in.number(2, month) || !in.take('-') || !in.number(2, day) ||
      !in.take('T') || !in.number(2, hour) || !in.take(':') || !in.number(2, minute) || !in.take(':') ||
      !in.number(2, second) || !in.fraction(value.nanos)) {
    return false;
  }
  if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  std::int64_t offset = 0;
  if (!in.take('Z')) {
    const bool east = in.take('+');
    std::int64_t offset_hours = 0, offset_minutes = 0;
    if ((!east && !in.take('-')) || !in.number(2, offset_hours) || !in.take(':') ||
        !in.number(2, offset_minutes)) {
      return false;
    }
    if (offset_hours > 23 || offset_minutes > 59) return false;
    offset = (offset_hours * 60 + offset_minutes) * (east ? 60 : -60);
  }
  if (!in.text.empty()) return false;
  value.seconds = days_of(year, month, day) * seconds_per_day + hour * 3600 + minute * 60 + second - offset;
  return valid_timestamp(value);
}

bool parse_duration(std::string_view text, SecondsNanos& value) noexcept {
  Reader in{text};
  const bool negative = in.take('-');
  std::size_t digits = 0;
  value.seconds = 0;
  for (; !in.text.empty() && is_digit(in.text[0]); in.text.remove_prefix(1), ++digits) {
    if (digits == 12) return false;
    value.seconds = value.seconds * 10 + (in.text[0] - '0');
  }
  if (digits == 0 || !in.fraction(value.nanos) || in.text != "s") return false;
  if (negative) {
    value.seconds = -value.seconds;
    value.nanos = -value.nanos;
  }
  return valid_duration(value);
}

std::uint8_t* write_timestamp(std::uint8_t* out, SecondsNanos value) noexcept {
  const std::int64_t from_first = value.seconds - timestamp_seconds_min;  // never negative
  const std::int64_t in_day = from_first % seconds_per_day;
  const Date date = date_of(from_first / seconds_per_day + timestamp_seconds_min / seconds_per_day);
  out = put_digits(out, date.year, 4);
  *out++ = '-';
  out = put_digits(out, date.month, 2);
  *out++ = '-';
  out = put_digits(out, date.day, 2);
  *out++ = 'T';
  out = put_digits(out, in_day / 3600, 2);
  *out++ = ':';
  out = put_digits(out, in_day / 60 % 60, 2);
  *out++ = ':';
  out = put_digits(out, in_day % 60, 2);
  out = put_fraction(out, value.nanos);
  *out++ = 'Z';
  return out;
}

std::uint8_t* write_duration(std::uint8_t* out, SecondsNanos value) noexcept {
  if (value.seconds < 0 || value.nanos < 0) *out++ = '-';
  out = write_i64(out, value.seconds < 0 ? -value.seconds : value.seconds);
  out = put_fraction(out, value.nanos < 0 ? -value.nanos : value.nanos);
  *out++ = 's';
  return out;
}

}  // namespace koine::codecs::bodies::json
