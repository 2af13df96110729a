// Numbers and dates, read in every form and written in the shortest.
#include "codecs/bodies/hessian2/primitives.h"

#include <cmath>

namespace koine::codecs::bodies::hessian2 {
namespace {

using namespace detail;

constexpr std::int64_t minute_ms = 60'000;

std::int16_t load_i16(const std::uint8_t* p) noexcept { return static_cast<std::int16_t>(load_be16(p)); }
std::int32_t load_i32(const std::uint8_t* p) noexcept { return static_cast<std::int32_t>(load_be32(p)); }
std::int64_t load_i64(const std::uint8_t* p) noexcept { return static_cast<std::int64_t>(load_be64(p)); }

// A double that is this many thousandths for everybody who reads it.
bool is_mills(double value, std::int32_t& mills) noexcept {
  const double scaled = value * 1000;
  if (!(std::abs(scaled) < std::numeric_limits<std::int32_t>::max() + 0.5)) return false;
  mills = static_cast<std::int32_t>(scaled + (scaled < 0 ? -0.5 : 0.5));  // the nearest
  return 0.001 * mills == value && mills / 1000.0 == value;
}

}  // namespace

Number read_date(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  if (p == end) return {nullptr, 0};
  if (*p == lead_date && end - p >= 9) return {p + 9, load_i64(p + 1)};
  if (*p == lead_date_minutes && end - p >= 5) return {p + 5, load_i32(p + 1) * minute_ms};
  return {nullptr, 0};
}

Real read_double(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  const auto left = static_cast<std::size_t>(end - p);
  if (left == 0 || left < scalar_bytes(*p)) return {nullptr, 0};
  switch (*p) {
    case lead_double_0: return {p + 1, 0};
    case lead_double_1: return {p + 1, 1};
    case lead_double_8: return {p + 2, static_cast<double>(static_cast<std::int8_t>(p[1]))};
    case lead_double_16: return {p + 3, static_cast<double>(load_i16(p + 1))};
    case lead_double_mill: return {p + 5, 0.001 * load_i32(p + 1)};
    case lead_double: return {p + 9, std::bit_cast<double>(load_be64(p + 1))};
    default: return {nullptr, 0};
  }
}

std::uint8_t* write_date(std::uint8_t* out, std::int64_t milliseconds) noexcept {
  const std::int64_t minutes = milliseconds / minute_ms;
  if (minutes * minute_ms == milliseconds && minutes == static_cast<std::int32_t>(minutes)) {
    return write_32(out, lead_date_minutes, minutes);
  }
  return write_64(out, lead_date, static_cast<std::uint64_t>(milliseconds));
}

std::uint8_t* write_double(std::uint8_t* out, double value) noexcept {
  // (NaN and what is too large compare as outside.)
  if (value >= -0x8000 && value <= 0x7fff) {
    const auto whole = static_cast<std::int32_t>(value);
    if (whole == value && !(whole == 0 && std::signbit(value))) {
      if (whole == 0 || whole == 1) {
        *out = static_cast<std::uint8_t>(lead_double_0 + whole);
        return out + 1;
      }
      if (within<-0x80, 0x7f>(whole)) {
        out[0] = lead_double_8;
        out[1] = static_cast<std::uint8_t>(whole);
        return out + 2;
      }
      return write_16(out, lead_double_16, whole);
    }
  }
  std::int32_t mills = 0;
  if (is_mills(value, mills) && mills != 0) return write_32(out, lead_double_mill, mills);
  return write_64(out, lead_double, std::bit_cast<std::uint64_t>(value));
}

}  // namespace koine::codecs::bodies::hessian2
