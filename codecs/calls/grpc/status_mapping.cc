// Outcomes and gRPC's ways of saying them.
#include "codecs/calls/grpc/status_mapping.h"

#include <charconv>
#include <cstdint>
#include <utility>

#include "codecs/calls/grpc/rpc_status.h"
#include "codecs/calls/grpc/text_coding.h"
#include "codecs/calls/grpc/variant.h"
#include "codecs/utf8.h"

namespace koine::codecs::calls::grpc {
namespace {

using transports::http2::ErrorCode;

// Digits only and no leading zero, as peers compare it as text; -1 otherwise.
std::int32_t parse_status(std::string_view text) {
  if (text.empty() || text.size() > 9 || (text.size() > 1 && text[0] == '0')) return -1;
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0 ? number : -1;
}

model::Code code_from_number(std::int32_t number) {
  return number >= 0 && number <= model::code_max ? static_cast<model::Code>(number) : model::Code::unknown;
}

std::string details_of(const model::Outcome& outcome) {
  if (!outcome.details.empty()) return outcome.details;
  if (outcome.ok() || outcome.origin == model::Origin::application || outcome.reason == base::Reason::none)
    return {};
  RpcErrorInfo info;
  info.reason = base::to_string(outcome.reason);
  info.domain = error_domain;
  RpcStatus status;
  status.code = static_cast<std::int32_t>(outcome.code);
  // What a peer sent may be quoted in it, and a message of protobuf whose text is not UTF-8 is none to its
  // readers.
  status.message = to_utf8(utf8_prefix(outcome.message, own_message_bytes_max));
  status.details.push_back({std::string(error_info_type_url), encode(info)});
  return encode(status);
}

}  // namespace

model::Code code_from_http(int status) {
  switch (status) {
    case 400: return model::Code::internal;
    case 401: return model::Code::unauthenticated;
    case 403: return model::Code::permission_denied;
    case 404: return model::Code::unimplemented;
    case 429:
    case 502:
    case 503:
    case 504: return model::Code::unavailable;
    default: return model::Code::unknown;
  }
}

model::Outcome own_outcome(model::Code code, model::Origin origin, model::Phase phase, base::Reason reason,
                           std::string message) {
  model::Outcome outcome;
  outcome.code = code;
  outcome.origin = origin;
  outcome.phase = phase;
  outcome.reason = reason;
  outcome.message = std::move(message);
  return outcome;
}

model::Outcome outcome_from_reset(ErrorCode code, bool not_processed) {
  model::Outcome outcome;
  outcome.origin = model::Origin::transport;
  outcome.phase = not_processed ? model::Phase::not_sent : model::Phase::maybe_executed;
  outcome.reason = not_processed ? base::Reason::upstream_refused : base::Reason::upstream_reset;
  outcome.native_protocol = native_http2;
  outcome.native_code = static_cast<std::int32_t>(code);
  outcome.message = "the provider reset the stream with HTTP/2 error " + std::string(to_string(code));
  switch (code) {
    case ErrorCode::refused_stream: outcome.code = model::Code::unavailable; break;
    case ErrorCode::cancel: outcome.code = model::Code::cancelled; break;
    case ErrorCode::enhance_your_calm: outcome.code = model::Code::resource_exhausted; break;
    case ErrorCode::inadequate_security: outcome.code = model::Code::permission_denied; break;
    default: outcome.code = not_processed ? model::Code::unavailable : model::Code::internal; break;
  }
  return outcome;
}

model::Outcome outcome_from_http(std::string_view status, std::string_view content_type) {
  const std::int32_t number = parse_status(status);
  model::Outcome outcome;
  outcome.origin = model::Origin::transport;
  outcome.phase = model::Phase::maybe_executed;
  outcome.reason = base::Reason::upstream_protocol;
  outcome.native_protocol = native_http;
  outcome.native_code = number;
  outcome.code = code_from_http(number);
  outcome.message = "the provider answered with HTTP status " + std::to_string(number) + " and ";
  if (content_type.empty()) {
    outcome.message += "no content-type";
  } else {
    outcome.message += "content-type \"" + to_utf8(content_type.substr(0, 128)) + "\"";
  }
  outcome.message += " instead of a gRPC answer";
  if (number == 404) {
    // There is no such method: dubbo-go says so in front of all services. None ran, nor will the next time.
    outcome.origin = model::Origin::application;
    outcome.phase = model::Phase::not_sent;
  }
  return outcome;
}

model::Outcome read_status(const model::Metadata& fields, const Variant& variant) {
  model::Outcome outcome;
  outcome.native_protocol = native_grpc;
  if (!fields.has("grpc-status")) {
    outcome = own_outcome(model::Code::unknown, model::Origin::transport, model::Phase::maybe_executed,
                          base::Reason::upstream_protocol, "the provider's trailers hold no grpc-status");
  } else {
    outcome.native_code = parse_status(fields.get("grpc-status"));
    outcome.code = code_from_number(outcome.native_code);
    const std::string raw = variant.status_text(decode_percent(fields.get("grpc-message")));
    outcome.message = to_utf8(raw);
    if (outcome.message != raw) outcome.native_text = raw;
    // Details that are no base64 are no reason to lose the status itself.
    std::string details;
    if (decode_base64(fields.get("grpc-status-details-bin"), details)) outcome.details = std::move(details);
  }
  model::Metadata trailers;
  const base::Status read = read_metadata(fields, trailers, nullptr, variant);
  if (!read.ok()) {
    return own_outcome(model::Code::internal, model::Origin::transport, model::Phase::maybe_executed,
                       base::Reason::upstream_protocol, std::string(read.message()));
  }
  outcome.trailers = std::move(trailers);
  return outcome;
}

void write_status(const model::Outcome& outcome, std::size_t header_list_max, model::Metadata& fields,
                  const Variant& variant) {
  const bool own = outcome.native_protocol == native_grpc || outcome.native_protocol == variant.protocol();
  const bool native = outcome.origin == model::Origin::application && own && outcome.native_code >= 0;
  fields.add("grpc-status",
             std::to_string(native ? outcome.native_code : static_cast<std::int32_t>(outcome.code)));
  write_metadata(outcome.trailers, fields, variant);

  // A provider's own text is given back as it came; ours may quote a peer's bytes.
  const std::string clean = native ? std::string() : to_utf8(outcome.message);
  std::string_view text = native ? std::string_view(outcome.message) : std::string_view(clean);
  if (native && !outcome.native_text.empty()) text = outcome.native_text;
  if (outcome.origin != model::Origin::application) text = utf8_prefix(text, own_message_bytes_max);
  std::string message;
  append_percent_encoded(message, text);
  std::string details;
  append_base64(details, details_of(outcome));

  constexpr std::size_t field_overhead = 32;  // RFC 9113 §6.5.2
  const auto cost = [](std::string_view name, std::string_view value) {
    return value.empty() ? 0 : name.size() + value.size() + field_overhead;
  };
  constexpr std::string_view message_name = "grpc-message";
  constexpr std::string_view details_name = "grpc-status-details-bin";
  const std::size_t used = fields.list_bytes();
  const std::size_t left = header_list_max > used ? header_list_max - used : 0;
  if (cost(message_name, message) + cost(details_name, details) > left) {
    details.clear();
    if (cost(message_name, message) > left) {
      const std::size_t overhead = message_name.size() + field_overhead;
      // An escape is 3 characters a byte at worst.
      text = utf8_prefix(text, left > overhead ? (left - overhead) / 3 : 0);
      message.clear();
      append_percent_encoded(message, text);
    }
  }
  if (!message.empty()) fields.add(message_name, message);
  if (!details.empty()) fields.add(details_name, details);
}

}  // namespace koine::codecs::calls::grpc
