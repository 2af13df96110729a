// Wrappers, read and written.
#include "codecs/calls/triple/wrapper.h"

#include <cstdint>

#include "base/result.h"
#include "codecs/bodies/hessian2/walk.h"
#include "codecs/bodies/protobuf/primitives.h"
#include "codecs/calls/triple/type_names.h"

namespace koine::codecs::calls::triple {
namespace {

namespace protobuf = bodies::protobuf;
using base::Reason;
using base::Status;

enum Field : std::uint32_t { field_serialization = 1, field_value = 2, field_type = 3 };
// Groups have no place in these messages.
constexpr std::size_t groups_max = 1;

Status malformed(std::string_view what) {
  return Status(Reason::wire_malformed, "the wrapper of Triple: " + std::string(what));
}

std::string_view text_of(base::Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Calls take(field, content) for each of the three fields.
template <class Take>
Status read_fields(base::Bytes message, Take&& take) {
  const std::uint8_t* p = message.data();
  const std::uint8_t* const end = p + message.size();
  while (p != end) {
    const Varint tag = protobuf::read_tag(p, end);
    if (tag.next == nullptr) return malformed("its bytes are no message of protobuf");
    const auto number = static_cast<std::uint32_t>(tag.value >> 3);
    const bool ours = number >= field_serialization && number <= field_type;
    if (!ours) {
      Fault fault = Fault::none;
      p = protobuf::skip_value(tag.next, end, static_cast<std::uint32_t>(tag.value), groups_max, fault);
      if (p == nullptr) return malformed("its bytes are no message of protobuf");
      continue;
    }
    if (static_cast<protobuf::WireType>(tag.value & 7) != protobuf::wire_length) {
      return malformed("field " + std::to_string(number) + " is of another type");
    }
    const Varint length = protobuf::read_length(tag.next, end);
    if (length.next == nullptr) return malformed("its bytes are no message of protobuf");
    const base::Bytes content(length.next, static_cast<std::size_t>(length.value));
    p = length.next + length.value;
    if (Status status = take(static_cast<Field>(number), content); !status.ok()) return status;
  }
  return {};
}

Status check_serialization(std::string_view name) {
  if (name == java_serialization || name == go_serialization) return {};
  if (name.empty()) return malformed("it does not say how its values are written");
  std::string shown;
  for (const char c : name.substr(0, 40)) shown.push_back(c > ' ' && c < 0x7f ? c : '?');
  return Status(Reason::wire_unsupported, "serialization '" + shown + "' is not understood");
}

// One value, and nothing behind it.
Status check_value(base::Bytes value, bodies::hessian2::Walker& walker, std::string_view what) {
  const std::uint8_t* const end = value.data() + value.size();
  walker.start(value.data());
  const std::uint8_t* behind = value.empty() ? nullptr : walker.skip(value.data(), end);
  if (behind == end && behind != nullptr) return {};
  if (behind == nullptr && !value.empty() && walker.fault() == Fault::too_deep) {
    return Status(Reason::limit_depth, "objects, lists and maps are nested deeper than nesting_max");
  }
  return malformed(std::string(what) + " is no value of Hessian2");
}

void append_field(base::Buffer& out, Field field, std::string_view content) {
  std::uint8_t head[1 + varint_bytes_max];
  head[0] = static_cast<std::uint8_t>(protobuf::make_tag(field, protobuf::wire_length));
  const std::uint8_t* behind = write_varint(head + 1, content.size());
  out.append(base::Bytes(head, static_cast<std::size_t>(behind - head)));
  out.append(content);
}

}  // namespace

Status read_request_wrapper(base::Bytes message, const base::Limits& limits, RequestWrapper& out) {
  bodies::hessian2::Walker walker(limits.nesting_max);
  std::size_t arguments = 0;
  std::size_t types = 0;
  Status status = read_fields(message, [&](Field field, base::Bytes content) {
    switch (field) {
      case field_serialization: out.serialization = text_of(content); return Status();
      case field_value: return check_value(content, walker, "argument " + std::to_string(++arguments));
      case field_type: break;
    }
    ++types;
    if (out.signature.size() + content.size() > limits.headers_bytes_max) {
      return Status(Reason::limit_headers, "the arguments' types are longer than headers_bytes_max allows");
    }
    if (!append_descriptor(out.signature, text_of(content)))
      return malformed("argument " + std::to_string(types) + " has no name of a type");
    return Status();
  });
  if (!status.ok()) {
    // Values in another serialization are no Hessian2, and that is what to say of them.
    const Status other = out.serialization.empty() ? Status() : check_serialization(out.serialization);
    return other.ok() ? status : other;
  }
  KOINE_RETURN_IF_ERROR(check_serialization(out.serialization));
  if (arguments != types) {
    return malformed("it has " + std::to_string(arguments) + " arguments and types of " +
                     std::to_string(types));
  }
  return {};
}

Status read_answer_wrapper(base::Bytes message, const base::Limits& limits, AnswerWrapper& out) {
  KOINE_RETURN_IF_ERROR(read_fields(message, [&](Field field, base::Bytes content) {
    if (field == field_serialization) out.serialization = text_of(content);
    if (field == field_value) out.value = content;
    return Status();
  }));
  KOINE_RETURN_IF_ERROR(check_serialization(out.serialization));
  bodies::hessian2::Walker walker(limits.nesting_max);
  return check_value(out.value, walker, "the value");
}

void append_answer_wrapper(base::Buffer& out, std::string_view serialization, std::string_view value,
                           std::string_view type) {
  append_field(out, field_serialization, serialization);
  append_field(out, field_value, value);
  append_field(out, field_type, type);
}

}  // namespace koine::codecs::calls::triple
