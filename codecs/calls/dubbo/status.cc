// Statuses as outcomes, and back.
#include "codecs/calls/dubbo/status.h"

#include <utility>

#include "codecs/calls/dubbo/attachments.h"
#include "codecs/utf8.h"

namespace koine::codecs::calls::dubbo {
namespace {

using base::Reason;
using model::Code;

// What providers say of a method that they do not have, which they look for while they decode
// (3.3.6, 2.7.23).
bool is_unknown_method(std::string_view text) {
  return text.find("RpcInvocation [methodName=") != text.npos || text.find("Service not found:") != text.npos;
}

Code code_of(std::uint8_t status) {
  switch (status) {
    case status_client_timeout:
    case status_server_timeout: return Code::deadline_exceeded;
    case status_channel_inactive: return Code::unavailable;
    case status_bad_request: return Code::invalid_argument;
    case status_service_not_found: return Code::unimplemented;
    case status_service_error: return Code::unknown;
    case status_pool_exhausted: return Code::resource_exhausted;
    default: return Code::internal;
  }
}

}  // namespace

std::string_view without_stack_trace(std::string_view text) { return text.substr(0, text.find("\n\tat ")); }

model::Outcome outcome_from_status(std::uint8_t status, std::string text) {
  model::Outcome outcome;
  outcome.code = code_of(status);
  outcome.origin = model::Origin::application;
  outcome.phase = model::Phase::executed;
  if (status == status_bad_request) {
    // It was not decoded, so nothing ran.
    outcome.phase = model::Phase::not_sent;
    if (is_unknown_method(text)) outcome.code = Code::unimplemented;
  }
  outcome.native_protocol = protocol_name;
  outcome.native_code = status;
  outcome.message = without_stack_trace(text).substr(model::code_prefix(text, outcome.code));
  if (outcome.message.size() != text.size()) outcome.native_text = std::move(text);
  return outcome;
}

std::uint8_t status_from_outcome(const model::Outcome& outcome) {
  if (outcome.native_protocol == protocol_name && outcome.native_code > 0) {
    return static_cast<std::uint8_t>(outcome.native_code);
  }
  if (outcome.phase != model::Phase::not_sent) return status_ok;
  // As a provider of Dubbo's own says it: facts are in docs/wire/dubbo.md.
  if (outcome.reason == Reason::call_unknown_service) return status_bad_request;
  switch (outcome.code) {
    case Code::unimplemented: return status_service_error;
    case Code::invalid_argument: return status_bad_request;
    case Code::deadline_exceeded: return status_server_timeout;
    case Code::resource_exhausted: return status_pool_exhausted;
    default: return status_server_error;
  }
}

std::string status_text(const model::Outcome& outcome) {
  if (outcome.native_protocol == protocol_name && outcome.native_code > 0) {
    return outcome.native_text.empty() ? outcome.message : outcome.native_text;
  }
  return to_utf8(model::coded_text(outcome));
}

}  // namespace koine::codecs::calls::dubbo
