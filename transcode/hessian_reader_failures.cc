// Why values of Hessian2 are refused.
#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/utf8.h"
#include "transcode/hessian_reader.h"

namespace koine::transcode {
namespace {

namespace hessian2 = codecs::bodies::hessian2;
using base::Reason;

std::string_view describe(std::uint8_t lead) {
  if (hessian2::is_text_lead(lead)) return "a text";
  if (hessian2::is_octets_lead(lead)) return "bytes";
  if (lead == hessian2::lead_true || lead == hessian2::lead_false) return "a boolean";
  if (lead == hessian2::lead_null) return "null";
  if (lead == hessian2::lead_date || lead == hessian2::lead_date_minutes) return "a date";
  if (lead == hessian2::lead_double || (lead >= 0x5b && lead <= 0x5f)) return "a double";
  if (hessian2::scalar_bytes(lead) != 0) return "an integer";
  if (lead == hessian2::lead_map || lead == hessian2::lead_typed_map) return "a map";
  if (lead == hessian2::lead_object || (lead >= 0x60 && lead < 0x70)) return "an object";
  return "a list";
}

}  // namespace

bool HessianReader::fail_wire() {
  switch (walker_.fault()) {
    case codecs::Fault::truncated: return fail(Reason::wire_truncated, "the values are cut off");
    case codecs::Fault::too_deep:
      return fail(Reason::limit_depth, "structs and containers are nested deeper than nesting_max");
    default: return fail(Reason::wire_malformed, "these bytes are no values of Hessian2");
  }
}

bool HessianReader::fail_kind(std::string_view wanted) {
  const std::size_t bytes = hessian2::scalar_bytes(*at_);
  if (bytes > static_cast<std::size_t>(end_ - at_)) {
    return fail(Reason::wire_truncated, "the values are cut off");
  }
  return fail(Reason::map_type, std::string(describe(*at_)) + " where " + std::string(wanted) + " belongs");
}

bool HessianReader::fail_class(const hessian2::ObjectHead& head, std::string_view wanted) {
  std::string_view name;
  hessian2::read_text(head.class_name, end_, name_, name);
  return fail(Reason::map_type, "an object of " + codecs::to_utf8(codecs::utf8_prefix(name, 100)) +
                                    " where one of " + std::string(wanted) + " belongs");
}

// For a failure's path.
std::string HessianReader::field_name(const std::uint8_t* p, std::size_t index) {
  for (; index != 0 && p != nullptr; --index) p = hessian2::skip_text(p, end_);
  std::string_view name;
  if (p == nullptr || hessian2::read_text(p, end_, name_, name) == nullptr) return {};
  return codecs::to_utf8(codecs::utf8_prefix(name, 64));
}

}  // namespace koine::transcode
