// The first two arguments of a generic call.
#include "transcode/generic_call.h"

#include <array>
#include <utility>

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/bodies/hessian2/walk.h"
#include "codecs/bodies/triple_wrapper/wrapper.h"

namespace koine::transcode {
namespace {

namespace hessian2 = codecs::bodies::hessian2;
namespace triple_wrapper = codecs::bodies::triple_wrapper;
using base::Reason;
using base::Status;

// A method of the JVM has no more.
constexpr std::size_t parameters_max = 255;

Status malformed(std::string_view what) {
  return Status(Reason::wire_malformed, "a generic call's " + std::string(what) + " cannot be read");
}

// "int" is I, "a.B[]" is [La/B;, and what Class.getName() gives, "[La.B;", is one but for its points.
std::string descriptor_of(std::string_view type) {
  static constexpr std::pair<std::string_view, char> primitives[] = {
      {"boolean", 'Z'}, {"byte", 'B'}, {"char", 'C'},  {"double", 'D'}, {"float", 'F'},
      {"int", 'I'},     {"long", 'J'}, {"short", 'S'}, {"void", 'V'},
  };
  std::string out;
  for (; type.ends_with("[]"); type.remove_suffix(2)) out += '[';
  const std::size_t begin = out.size();
  for (const auto& [name, letter] : primitives) {
    if (name == type) return out + letter;
  }
  const bool is_array = type.starts_with('[');
  if (!is_array) out += 'L';
  out.append(type);
  for (std::size_t i = begin; i < out.size(); ++i) {
    if (out[i] == '.') out[i] = '/';
  }
  return is_array ? out : out + ';';
}

// One of a wrapper's arguments.
base::Bytes argument(base::Bytes wrapper, std::size_t index) {
  triple_wrapper::FieldReader fields(wrapper);
  while (fields.next()) {
    if (fields.field() == triple_wrapper::Field::value && index-- == 0) return fields.content();
  }
  return {};
}

}  // namespace

base::Result<GenericCall> read_generic_call(const model::Payload& payload, const base::Limits& limits) {
  const base::Slice whole = payload.bytes.linearize();
  const bool is_wrapped = payload.format == model::BodyFormat::triple_wrapper;
  if (!is_wrapped && payload.format != model::BodyFormat::hessian2) return malformed("body");
  const base::Bytes first = is_wrapped ? argument(whole.bytes(), 0) : whole.bytes();
  GenericCall call;
  std::string store;
  std::string_view text;
  const std::uint8_t* end = first.data() + first.size();
  const std::uint8_t* p = first.empty() ? nullptr : hessian2::read_text(first.data(), end, store, text);
  if (p == nullptr || text.empty()) return malformed("method");
  if (text.size() > limits.method_name_bytes_max) {
    return Status(Reason::limit_headers,
                  "a generic call's method is longer than method_name_bytes_max allows");
  }
  call.method = text;
  if (is_wrapped) {
    const base::Bytes second = argument(whole.bytes(), 1);
    p = second.data();
    end = p + second.size();
  }
  if (p == nullptr || p == end) return malformed("types");
  if (*p == hessian2::lead_null) return call;
  hessian2::Walker walker(limits.nesting_max);
  walker.start(p);
  const hessian2::ListHead head = walker.open_list(p, end);
  if (head.values == nullptr || (!head.is_open && head.count > parameters_max)) return malformed("types");
  p = head.values;
  for (std::size_t i = 0; head.is_open ? p != end && *p != hessian2::lead_end : i < head.count; ++i) {
    p = hessian2::read_text(p, end, store, text);
    if (p == nullptr || text.empty() || i == parameters_max) return malformed("types");
    call.signature += descriptor_of(text);
    if (call.signature.size() > limits.headers_bytes_max) {
      return Status(Reason::limit_headers, "a generic call's types are longer than headers_bytes_max allows");
    }
  }
  return call;
}

}  // namespace koine::transcode
