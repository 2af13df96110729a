// Values of Java's own types (hessian_schema.h), from the texts that stand for them.
#include <limits>
#include <vector>

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/thrift_binary/primitives.h"
#include "transcode/hessian_writer.h"
#include "transcode/java_values.h"

namespace koine::transcode {
namespace {

namespace binary = codecs::bodies::thrift_binary;
namespace hessian2 = codecs::bodies::hessian2;
using base::Reason;

// One UTF-16 unit: a character of at most three bytes.
bool is_one_unit(std::string_view text) {
  if (text.empty() || text.size() > 3) return false;
  const auto first = static_cast<unsigned char>(text[0]);
  return text.size() == (first < 0x80 ? 1u : first < 0xe0 ? 2u : 3u);
}

}  // namespace

bool HessianWriter::write_known(const HessianType& type, std::string_view text) {
  LocalDate date;
  LocalTime time;
  const bool as_text = schema_.is_generic();
  switch (type.java) {
    case JavaType::character:
      return is_one_unit(text) ? put_text(text)
                               : fail(Reason::map_type, "a char is a text of one UTF-16 unit");
    case JavaType::decimal:
      if (!is_decimal(text)) return fail(Reason::map_type, "the text is no decimal");
      return put_object(Handle::decimal) && put_text(text);
    case JavaType::big_integer: return write_big_integer(text);
    case JavaType::local_date:
      if (!parse(text, date)) return fail(Reason::map_type, "the text is no date");
      return as_text ? put_text(text) : write(date);
    case JavaType::local_time:
      if (!parse(text, time)) return fail(Reason::map_type, "the text is no time");
      return as_text ? put_text(text) : write(time);
    case JavaType::local_date_time: {
      const std::size_t between = text.find('T');
      const bool good = between != std::string_view::npos && parse(text.substr(0, between), date) &&
                        parse(text.substr(between + 1), time);
      if (!good) return fail(Reason::map_type, "the text is no date and time");
      if (as_text) return put_text(text);
      return put_object(Handle::local_date_time) && write(date) && write(time);
    }
    default: return put_text(text);
  }
}

// The seconds and nanoseconds of a protobuf Duration, in whatever order: of one sign.
bool HessianWriter::write_duration() {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  for (;;) {
    const std::uint8_t* head = nullptr;
    if (!take(1, head)) return false;
    if (*head == binary::type_stop) break;
    const bool is_seconds = *head == binary::type_i64;
    const std::uint8_t* value = nullptr;
    if (!is_seconds && *head != binary::type_i32) return fail_wire();
    if (!take(2, value) || !take(is_seconds ? 8 : 4, value)) return false;
    if (is_seconds) {
      seconds = static_cast<std::int64_t>(codecs::load_be64(value));
    } else {
      nanos = static_cast<std::int32_t>(codecs::load_be32(value));
    }
  }
  if (nanos <= -nanos_per_second || nanos >= nanos_per_second) {
    return fail(Reason::map_range, "there is no such duration");
  }
  if (nanos < 0) {
    if (seconds == std::numeric_limits<std::int64_t>::min()) {
      return fail(Reason::map_range, "the duration is too long");
    }
    --seconds;
    nanos += nanos_per_second;
  }
  return put_object(Handle::duration) && put_long(seconds) && put_int(nanos);
}

bool HessianWriter::write(const LocalDate& date) {
  return put_object(Handle::local_date) && put_int(date.year) && put_int(date.month) && put_int(date.day);
}

bool HessianWriter::write(const LocalTime& time) {
  return put_object(Handle::local_time) && put_int(time.hour) && put_int(time.minute) &&
         put_int(time.second) && put_int(time.nano);
}

// Of its fields these two say what it is; the others are what was worked out before.
bool HessianWriter::write_big_integer(std::string_view text) {
  std::int32_t sign = 0;
  std::vector<std::uint32_t> words;
  if (!parse_big_integer(text, sign, words))
    return fail(Reason::map_type, "the text is no integer, or too long");
  if (!put_object(Handle::big_integer) || !put_int(sign)) return false;
  static constexpr std::string_view type = "[int";
  const auto count = static_cast<std::int32_t>(words.size());
  const bool is_short = count < 8;
  if (!put8(is_short ? static_cast<std::uint8_t>(hessian2::lead_typed_list_short + count)
                     : static_cast<std::uint8_t>(hessian2::lead_typed_list)) ||
      !put_text(type) || (!is_short && !put_int(count))) {
    return false;
  }
  ++type_count_;
  for (const std::uint32_t word : words) {
    if (!put_int(static_cast<std::int32_t>(word))) return false;
  }
  return true;
}

}  // namespace koine::transcode
