// Values of generic calls, which Java makes (PojoUtils.realize) what a parameter's type says.
//
//   enum                               its name
//   numbers, BigDecimal, BigInteger    a text
//   boolean                            "true" or "false"
//   Date                               milliseconds (a text has no time zone, and is refused)
//   LocalDate, LocalTime, …            ISO texts
//   object                             a map, whose entry "class" is its own or nothing
//
// Source: apache/dubbo 3.3 PojoUtils.java, CompatibleTypeUtils.java.
#include <charconv>
#include <cmath>

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "transcode/compile.h"
#include "transcode/hessian_reader.h"
#include "transcode/java_values.h"

namespace koine::transcode {
namespace {

namespace hessian2 = codecs::bodies::hessian2;
using base::Reason;
using idl::Kind;

template <class Number>
bool parse_whole(std::string_view text, Number& number) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

bool takes_number(JavaType java) {
  return java == JavaType::date || java == JavaType::sql_date || java == JavaType::decimal ||
         java == JavaType::big_integer;
}

}  // namespace

bool HessianReader::read_generic(const HessianType& type, bool& done) {
  if (takes_number(type.java)) {
    const hessian2::Number number = hessian2::read_integer(at_, end_);
    if (number.next != nullptr) {
      done = true;
      at_ = number.next;
      const bool is_date = type.java == JavaType::date || type.java == JavaType::sql_date;
      return is_date ? put64(static_cast<std::uint64_t>(number.value))
                     : put_text(std::to_string(number.value));
    }
  }
  const bool is_value = type.kind < Kind::string || type.enumeration != nullptr ||
                        (type.java != JavaType::plain && type.java != JavaType::character);
  if (!is_value || !hessian2::is_text_lead(*at_)) return true;
  done = true;
  std::string_view text;
  if (!read_name(text)) return false;
  if (type.enumeration != nullptr) {
    const std::int32_t* const number = type.enumeration->number_of(text);
    if (number == nullptr) return fail(Reason::map_enum_unknown, "the enum has no value of this name");
    return put32(static_cast<std::uint32_t>(*number));
  }
  return type.java == JavaType::plain ? read_generic_number(type, text) : read_generic_time(type, text);
}

bool HessianReader::read_generic_number(const HessianType& type, std::string_view text) {
  if (type.kind == Kind::boolean) {
    if (text != "true" && text != "false") return fail(Reason::map_type, "the text is no boolean");
    return put8(text == "true" ? 1 : 0);
  }
  std::uint8_t room[hessian2::scalar_bytes_max];
  const std::uint8_t* behind = nullptr;
  if (type.kind == Kind::f32 || type.kind == Kind::f64) {
    double number = 0;
    if (!parse_whole(text, number)) return fail(Reason::map_type, "the text is no number");
    behind = hessian2::write_double(room, number);
  } else {
    std::int64_t number = 0;
    if (!parse_whole(text, number)) return fail(Reason::map_type, "the text is no integer");
    behind = hessian2::write_long(room, number);
  }
  // As if it had come as a number.
  const std::uint8_t* const at = at_;
  const std::uint8_t* const end = end_;
  at_ = room;
  end_ = behind;
  const bool good = behind != nullptr &&
                    (type.kind == Kind::f32 || type.kind == Kind::f64 ? read_real(type) : read_integer(type));
  at_ = at;
  end_ = end;
  return good;
}

bool HessianReader::read_generic_time(const HessianType& type, std::string_view text) {
  LocalDate date;
  LocalTime time;
  std::int32_t sign = 0;
  std::vector<std::uint32_t> words;
  bool good = false;
  switch (type.java) {
    case JavaType::decimal: good = is_decimal(text); break;
    case JavaType::big_integer: good = parse_big_integer(text, sign, words); break;
    case JavaType::local_date: good = parse(text, date); break;
    case JavaType::local_time: good = parse(text, time); break;
    case JavaType::local_date_time: {
      const std::size_t between = text.find('T');
      good = between != std::string_view::npos && parse(text.substr(0, between), date) &&
             parse(text.substr(between + 1), time);
      break;
    }
    default: return fail(Reason::map_type, "a text, which has no time zone, where a date belongs");
  }
  return good ? put_text(text) : fail(Reason::map_type, "the text is none of the type's values");
}

// The name of a class is not looked up: it says what was asked for, or the value is refused.
bool HessianReader::is_class_entry(const HessianStruct& type, std::string_view name, bool& is_it) {
  is_it = name == "class";
  if (!is_it) return true;
  at_ = walker_.find_lead(at_, end_);
  if (at_ == nullptr) return fail_wire();
  std::string_view class_name;
  if (!read_name(class_name)) return false;
  return class_name == type.class_name ||
         fail(Reason::map_type, "an object of another class where one of " + type.class_name + " belongs");
}

}  // namespace koine::transcode
