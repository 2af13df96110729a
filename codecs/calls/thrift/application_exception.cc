// TApplicationException as bytes and as an Outcome.
#include "codecs/calls/thrift/application_exception.h"

#include <array>
#include <utility>

#include "codecs/calls/thrift/json_message.h"
#include "codecs/calls/thrift/struct_scan.h"
#include "codecs/utf8.h"

namespace koine::codecs::calls::thrift {
namespace {

using base::Reason;
using model::Code;
using model::Origin;

constexpr std::int32_t message_id = 1;
constexpr std::int32_t type_id = 2;

// fbthrift's additions (facebook/fbthrift thrift/lib/cpp/TApplicationException.h); read, never written.
constexpr std::int32_t fb_loadshedding = 11;
constexpr std::int32_t fb_timeout = 12;
constexpr std::int32_t fb_tenant_quota_exceeded = 16;

struct Meaning {
  Code code;
  Origin origin;
};

Meaning meaning_of(std::int32_t type) {
  switch (type) {
    case static_cast<std::int32_t>(ExceptionType::unknown):
    case static_cast<std::int32_t>(ExceptionType::internal_error):
      return {Code::unknown, Origin::application};
    case static_cast<std::int32_t>(ExceptionType::unknown_method):
      return {Code::unimplemented, Origin::application};
    case static_cast<std::int32_t>(ExceptionType::missing_result):
      return {Code::internal, Origin::application};
    // The provider could not read the arguments that it was sent.
    case static_cast<std::int32_t>(ExceptionType::protocol_error):
      return {Code::invalid_argument, Origin::application};
    case static_cast<std::int32_t>(ExceptionType::invalid_message_type):
    case static_cast<std::int32_t>(ExceptionType::wrong_method_name):
    case static_cast<std::int32_t>(ExceptionType::bad_sequence_id):
    case static_cast<std::int32_t>(ExceptionType::invalid_transform):
    case static_cast<std::int32_t>(ExceptionType::invalid_protocol):
    case static_cast<std::int32_t>(ExceptionType::unsupported_client_type):
      return {Code::internal, Origin::transport};
    case fb_loadshedding: return {Code::unavailable, Origin::application};
    case fb_timeout: return {Code::deadline_exceeded, Origin::application};
    case fb_tenant_quota_exceeded: return {Code::resource_exhausted, Origin::application};
    default: return {Code::unknown, Origin::application};
  }
}

ExceptionType type_of(const model::Outcome& outcome) {
  if (outcome.code == Code::unimplemented) return ExceptionType::unknown_method;
  // Only a fault of the request that was found here: a provider's own INVALID_ARGUMENT is its business.
  if (outcome.code == Code::invalid_argument && outcome.origin == Origin::gateway) {
    return ExceptionType::protocol_error;
  }
  return ExceptionType::internal_error;
}

}  // namespace

base::Result<ApplicationException> decode_application_exception(model::BodyFormat format, base::Bytes body,
                                                                std::size_t nesting_max) {
  ApplicationException out;
  if (format == model::BodyFormat::thrift_json) {
    if (decode_json_exception(body, nesting_max, out)) return out;
    return base::Status(Reason::wire_malformed, "exception message that cannot be read");
  }
  StructScan scan(format, body, nesting_max);
  while (true) {
    WireType type = WireType::stop;
    std::int32_t id = 0;
    bool good = scan.next(type, id);
    if (good && type == WireType::stop && scan.bytes_left() == 0) return out;
    if (good && type == WireType::stop) good = false;
    if (good && id == message_id && type == WireType::string) {
      std::string_view text;
      good = scan.read_string(text);
      out.message = text;
    } else if (good && id == type_id && type == WireType::i32) {
      good = scan.read_i32(out.type);
    } else if (good) {
      good = scan.skip(type);
    }
    if (!good) return base::Status(Reason::wire_malformed, "exception message that cannot be read");
  }
}

void append_application_exception(base::Buffer& out, model::BodyFormat format, std::string_view message,
                                  std::int32_t type) {
  if (format == model::BodyFormat::thrift_json) return append_json_exception(out, message, type);
  std::array<std::uint8_t, 16> raw;
  std::size_t size = 0;
  const auto put = [&](std::uint32_t byte) { raw[size++] = static_cast<std::uint8_t>(byte); };
  const auto put_u32 = [&](std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) put(value >> shift & 0xFF);
  };
  const auto put_varint = [&](std::uint32_t value) {
    for (; value >= 0x80; value >>= 7) put((value & 0x7F) | 0x80);
    put(value);
  };
  const auto flush = [&] {
    out.append(base::Bytes(raw.data(), size));
    size = 0;
  };
  const auto bits = static_cast<std::uint32_t>(type);
  const auto message_bytes = static_cast<std::uint32_t>(message.size());
  if (format == model::BodyFormat::thrift_compact) {
    put(message_id << 4 | 8);  // difference of the ids, type string
    put_varint(message_bytes);
    flush();
    out.append(message);
    put(1 << 4 | 5);  // type i32
    put_varint(bits << 1 ^ (type < 0 ? 0xFFFFFFFFu : 0u));
  } else {
    put(static_cast<std::uint32_t>(WireType::string));
    put(0);
    put(message_id);
    put_u32(message_bytes);
    flush();
    out.append(message);
    put(static_cast<std::uint32_t>(WireType::i32));
    put(0);
    put(type_id);
    put_u32(bits);
  }
  put(0);
  flush();
}

model::Outcome outcome_from_exception(const ApplicationException& exception) {
  const Meaning meaning = meaning_of(exception.type);
  model::Outcome outcome;
  outcome.code = meaning.code;
  outcome.origin = meaning.origin;
  if (meaning.origin == Origin::transport) outcome.reason = Reason::upstream_protocol;
  outcome.phase = model::Phase::executed;
  outcome.native_protocol = "thrift";
  outcome.native_code = exception.type;
  const std::size_t prefix = model::code_prefix(exception.message, outcome.code);
  // Thrift strings are bytes; an Outcome's message is UTF-8.
  outcome.message = to_utf8(std::string_view(exception.message).substr(prefix));
  if (outcome.message != exception.message) outcome.native_text = exception.message;
  return outcome;
}

ApplicationException exception_from_outcome(const model::Outcome& outcome) {
  ApplicationException out;
  if (outcome.native_protocol == "thrift" && outcome.native_code >= 0) {
    out.type = outcome.native_code;
    out.message = outcome.native_text.empty() ? outcome.message : outcome.native_text;
    return out;
  }
  out.type = static_cast<std::int32_t>(type_of(outcome));
  out.message = to_utf8(model::coded_text(outcome));
  return out;
}

}  // namespace koine::codecs::calls::thrift
