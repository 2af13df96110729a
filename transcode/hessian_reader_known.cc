// Values of Java's own types (hessian_schema.h).
#include <vector>

#include "base/uuid.h"
#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/thrift_binary/primitives.h"
#include "transcode/hessian_reader.h"
#include "transcode/java_values.h"

namespace koine::transcode {
namespace {

namespace binary = codecs::bodies::thrift_binary;
namespace hessian2 = codecs::bodies::hessian2;
using base::Reason;

}  // namespace

bool HessianReader::read_known(const HessianType& type) {
  char text[2 * java_time_bytes_max + 1];
  char* behind = text;
  switch (type.java) {
    case JavaType::character: return read_text(true);
    case JavaType::date:
    case JavaType::sql_date: {
      const hessian2::Number date = hessian2::read_date(at_, end_);
      if (date.next == nullptr) return fail_kind("a date");
      at_ = date.next;
      return put64(static_cast<std::uint64_t>(date.value));
    }
    case JavaType::decimal: return read_decimal();
    case JavaType::big_integer: return read_big_integer();
    case JavaType::duration: return read_duration();
    case JavaType::local_date:
      if (!read_local_date(behind)) return false;
      break;
    case JavaType::local_time:
      if (!read_local_time(behind)) return false;
      break;
    default:
      if (!read_local_date_time(behind)) return false;
      break;
  }
  return put_text({text, static_cast<std::size_t>(behind - text)});
}

// Its text as Java printed it: 3.2.13 and 4.0.1 on; the two halves are what others write.
bool HessianReader::read_uuid() {
  std::uint8_t bytes[base::uuid_bytes];
  bool there = false;
  std::uint64_t halves[2] = {};
  unsigned have = 0;
  const bool good = read_handle(class_name(Handle::uuid), [&](std::string_view field) {
    if (field == "value") {
      std::string_view text;
      if (!read_name(text)) return false;
      there = base::parse_uuid(text, bytes);
      return there || fail(Reason::map_type, "the text is no UUID");
    }
    const bool most = field == "mostSigBits";
    if (!most && field != "leastSigBits") return skip();
    const hessian2::Number half = hessian2::read_integer(at_, end_);
    if (half.next == nullptr) return fail_kind("an integer");
    at_ = half.next;
    halves[most ? 0 : 1] = static_cast<std::uint64_t>(half.value);
    have |= most ? 1u : 2u;
    return true;
  });
  if (!good) return false;
  if (!there && have != 3) return fail(Reason::map_type, "a UUID without a value");
  if (there) {
    return out_.put(std::string_view(reinterpret_cast<const char*>(bytes), sizeof bytes)) || too_long();
  }
  return put64(halves[0]) && put64(halves[1]);
}

bool HessianReader::read_decimal() {
  bool there = false;
  const bool good = read_handle(class_name(Handle::decimal), [&](std::string_view field) {
    if (field != "value" || there) return skip();
    std::string_view text;
    if (!read_name(text)) return false;
    there = true;
    if (!is_decimal(text)) return fail(Reason::map_type, "the text is no decimal");
    return put_text(text);
  });
  if (!good) return false;
  return there || fail(Reason::map_type, "a BigDecimal without a value");
}

bool HessianReader::read_big_integer() {
  std::int32_t sign = 0;
  std::vector<std::uint32_t> words;
  const bool good = read_handle(class_name(Handle::big_integer), [&](std::string_view field) {
    if (field == "signum") return read_handle_int(sign);
    if (field != "mag") return skip();
    if (*at_ == hessian2::lead_reference) {
      return fail(Reason::map_type, "digits of a BigInteger that are another one's");
    }
    const hessian2::ListHead head = walker_.open_list(at_, end_);
    if (head.values == nullptr || head.is_open) return fail_kind("a list");
    if (head.count > big_integer_words_max) return fail(Reason::map_range, "the number has too many digits");
    at_ = head.values;
    words.clear();
    for (std::size_t i = 0; i < head.count; ++i) {
      // Ints of Java's; dubbo-go has longs for those beyond them.
      const hessian2::Number word = hessian2::read_integer(at_, end_);
      if (word.next == nullptr) return fail_kind("an integer");
      if (word.value < INT32_MIN || word.value > UINT32_MAX)
        return fail(Reason::map_range, "the number is out of range");
      at_ = word.next;
      words.push_back(static_cast<std::uint32_t>(word.value));
    }
    return true;
  });
  if (!good) return false;
  const std::string text = big_integer_text(sign, std::move(words));
  if (text.empty()) return fail(Reason::map_type, "no BigInteger has this sign and these digits");
  return put_text(text);
}

// -1.5 s is -2 s and 500,000,000 ns in Java, and in protobuf -1 s and -500,000,000 ns.
bool HessianReader::read_duration() {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  const bool good = read_handle(class_name(Handle::duration), [&](std::string_view field) {
    if (field == "nanos") return read_handle_int(nanos);
    if (field != "seconds") return skip();
    const hessian2::Number number = hessian2::read_integer(at_, end_);
    if (number.next == nullptr) return fail_kind("an integer");
    at_ = number.next;
    seconds = number.value;
    return true;
  });
  if (!good) return false;
  if (nanos < 0 || nanos >= nanos_per_second) return fail(Reason::map_range, "there is no such duration");
  if (seconds < 0 && nanos > 0) {
    ++seconds;
    nanos -= nanos_per_second;
  }
  return put_head(binary::type_i64, 1) && put64(static_cast<std::uint64_t>(seconds)) &&
         put_head(binary::type_i32, 2) && put32(static_cast<std::uint32_t>(nanos)) && put8(binary::type_stop);
}

bool HessianReader::read_handle_int(std::int32_t& value) {
  if (at_ == end_) return fail(Reason::wire_truncated, "the values are cut off");
  const hessian2::Number number = hessian2::read_integer(at_, end_);
  if (number.next == nullptr) return fail_kind("an integer");
  if (number.value != static_cast<std::int32_t>(number.value)) {
    return fail(Reason::map_range, "the number is out of range");
  }
  at_ = number.next;
  value = static_cast<std::int32_t>(number.value);
  return true;
}

bool HessianReader::read_local_date(char*& out) {
  LocalDate date;
  const bool good = read_handle(class_name(Handle::local_date), [&](std::string_view field) {
    if (field == "year") return read_handle_int(date.year);
    if (field == "month") return read_handle_int(date.month);
    return field == "day" ? read_handle_int(date.day) : skip();
  });
  if (!good) return false;
  if (!is_valid(date)) return fail(Reason::map_range, "there is no such date");
  out = print(date, out);
  return true;
}

bool HessianReader::read_local_time(char*& out) {
  LocalTime time;
  const bool good = read_handle(class_name(Handle::local_time), [&](std::string_view field) {
    if (field == "hour") return read_handle_int(time.hour);
    if (field == "minute") return read_handle_int(time.minute);
    if (field == "second") return read_handle_int(time.second);
    return field == "nano" ? read_handle_int(time.nano) : skip();
  });
  if (!good) return false;
  if (!is_valid(time)) return fail(Reason::map_range, "there is no such time");
  out = print(time, out);
  return true;
}

bool HessianReader::read_local_date_time(char*& out) {
  char date[java_time_bytes_max];
  char time[java_time_bytes_max];
  char* behind_date = date;
  char* behind_time = time;
  const bool good = read_handle(class_name(Handle::local_date_time), [&](std::string_view field) {
    if (field == "date" && behind_date == date) return read_local_date(behind_date);
    return field == "time" && behind_time == time ? read_local_time(behind_time) : skip();
  });
  if (!good) return false;
  if (behind_date == date || behind_time == time) {
    return fail(Reason::map_type, "a date or a time is missing");
  }
  out = std::copy(date, behind_date, out);
  *out++ = 'T';
  out = std::copy(time, behind_time, out);
  return true;
}

}  // namespace koine::transcode
