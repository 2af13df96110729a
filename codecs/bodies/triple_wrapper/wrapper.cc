// Wrappers, read and written.
#include "codecs/bodies/triple_wrapper/wrapper.h"

#include <cstdint>

#include "base/result.h"
#include "codecs/bodies/hessian2/walk.h"
#include "codecs/bodies/protobuf/primitives.h"
#include "codecs/bodies/triple_wrapper/type_names.h"

namespace koine::codecs::bodies::triple_wrapper {
namespace {

using base::Reason;
using base::Status;

// Groups have no place in these messages.
constexpr std::size_t groups_max = 1;

Status malformed(std::string_view what) {
  return Status(Reason::wire_malformed, "the wrapper of Triple: " + std::string(what));
}

std::string_view text_of(base::Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Status check_serialization(std::string_view name) {
  if (name == java_serialization || name == go_serialization) return {};
  if (name.empty()) return malformed("it does not say how its values are written");
  std::string shown;
  for (const char c : name.substr(0, 40)) shown.push_back(c > ' ' && c < 0x7f ? c : '?');
  return Status(Reason::wire_unsupported, "serialization '" + shown + "' is not understood");
}

// One value, and nothing behind it.
Status check_value(base::Bytes value, hessian2::Walker& walker, std::string_view what) {
  const std::uint8_t* const end = value.data() + value.size();
  walker.start(value.data());
  const std::uint8_t* behind = value.empty() ? nullptr : walker.skip(value.data(), end);
  if (behind == end && behind != nullptr) return {};
  if (behind == nullptr && !value.empty() && walker.fault() == Fault::too_deep) {
    return Status(Reason::limit_depth, "objects, lists and maps are nested deeper than nesting_max");
  }
  return malformed(std::string(what) + " is no value of Hessian2");
}

}  // namespace

bool FieldReader::next() {
  constexpr std::string_view no_message = "its bytes are no message of protobuf";
  while (at_ != end_) {
    const Varint tag = protobuf::read_tag(at_, end_);
    if (tag.next == nullptr) return stop(no_message);
    const auto number = static_cast<std::uint32_t>(tag.value >> 3);
    if (number == 0 || number > static_cast<std::uint32_t>(Field::type)) {
      Fault fault = Fault::none;
      at_ = protobuf::skip_value(tag.next, end_, static_cast<std::uint32_t>(tag.value), groups_max, fault);
      if (at_ == nullptr) return stop(no_message);
      continue;
    }
    if (static_cast<protobuf::WireType>(tag.value & 7) != protobuf::wire_length) {
      return stop("field " + std::to_string(number) + " is of another type");
    }
    const Varint length = protobuf::read_length(tag.next, end_);
    if (length.next == nullptr) return stop(no_message);
    content_ = base::Bytes(length.next, static_cast<std::size_t>(length.value));
    at_ = length.next + length.value;
    field_ = static_cast<Field>(number);
    return true;
  }
  return false;
}

bool FieldReader::stop(std::string_view why) {
  status_ = malformed(why);
  at_ = end_;
  return false;
}

Status read_request_wrapper(base::Bytes message, const base::Limits& limits, RequestWrapper& out) {
  hessian2::Walker walker(limits.nesting_max);
  std::size_t arguments = 0;
  std::size_t types = 0;
  Status status;
  const auto take = [&](Field field, base::Bytes content) {
    switch (field) {
      case Field::serialization: out.serialization = text_of(content); return Status();
      case Field::value: return check_value(content, walker, "argument " + std::to_string(++arguments));
      case Field::type: break;
    }
    ++types;
    if (out.signature.size() + content.size() > limits.headers_bytes_max) {
      return Status(Reason::limit_headers, "the arguments' types are longer than headers_bytes_max allows");
    }
    if (!append_descriptor(out.signature, text_of(content)))
      return malformed("argument " + std::to_string(types) + " has no name of a type");
    return Status();
  };
  FieldReader fields(message);
  while (status.ok() && fields.next()) status = take(fields.field(), fields.content());
  if (status.ok()) status = fields.status();
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
  FieldReader fields(message);
  while (fields.next()) {
    if (fields.field() == Field::serialization) out.serialization = text_of(fields.content());
    if (fields.field() == Field::value) out.value = fields.content();
  }
  KOINE_RETURN_IF_ERROR(fields.status());
  KOINE_RETURN_IF_ERROR(check_serialization(out.serialization));
  if (out.value.empty()) return {};
  hessian2::Walker walker(limits.nesting_max);
  return check_value(out.value, walker, "the value");
}

void append_field_head(base::Buffer& out, Field field, std::size_t size) {
  std::uint8_t head[1 + varint_bytes_max];
  head[0] =
      static_cast<std::uint8_t>(protobuf::make_tag(static_cast<std::uint32_t>(field), protobuf::wire_length));
  const std::uint8_t* behind = write_varint(head + 1, size);
  out.append(base::Bytes(head, static_cast<std::size_t>(behind - head)));
}

void append_field(base::Buffer& out, Field field, std::string_view content) {
  append_field_head(out, field, content.size());
  out.append(content);
}

void append_answer_wrapper(base::Buffer& out, std::string_view serialization, std::string_view value,
                           std::string_view type) {
  append_field(out, Field::serialization, serialization);
  append_field(out, Field::value, value);
  append_field(out, Field::type, type);
}

}  // namespace koine::codecs::bodies::triple_wrapper
