// Objects that are thrown: the few fields that say how a call ended.
#include "codecs/calls/dubbo/thrown.h"

#include <utility>

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/calls/dubbo/attachments.h"
#include "codecs/calls/dubbo/status.h"
#include "codecs/utf8.h"

namespace koine::codecs::calls::dubbo {
namespace {

namespace hessian2 = bodies::hessian2;
using base::Reason;
using model::Code;

constexpr std::string_view old_rpc_exception = "com.alibaba.dubbo.rpc.RpcException";
constexpr std::string_view runtime_exception = "java.lang.RuntimeException";

// RpcException.java.
enum RpcCode : std::int32_t {
  rpc_unknown = 0,
  rpc_network = 1,
  rpc_timeout = 2,
  rpc_forbidden = 4,
  rpc_serialization = 5,
  rpc_no_invoker = 6,
  rpc_limit = 7,
  rpc_timeout_terminate = 8,
  rpc_registry = 9,
  rpc_method_not_found = 11,
  rpc_validation = 12,
  rpc_authorization = 13,
};

Code code_of(std::int32_t rpc_code) {
  switch (rpc_code) {
    case rpc_network:
    case rpc_no_invoker:
    case rpc_registry: return Code::unavailable;
    case rpc_timeout:
    case rpc_timeout_terminate: return Code::deadline_exceeded;
    case rpc_forbidden: return Code::permission_denied;
    case rpc_serialization: return Code::internal;
    case rpc_limit: return Code::resource_exhausted;
    case rpc_method_not_found: return Code::unimplemented;
    case rpc_validation: return Code::invalid_argument;
    case rpc_authorization: return Code::unauthenticated;
    default: return Code::unknown;
  }
}

std::int32_t rpc_code_of(Code code) {
  switch (code) {
    case Code::unavailable: return rpc_network;
    case Code::deadline_exceeded: return rpc_timeout;
    case Code::permission_denied: return rpc_forbidden;
    case Code::internal:
    case Code::data_loss: return rpc_serialization;
    case Code::resource_exhausted: return rpc_limit;
    case Code::invalid_argument: return rpc_validation;
    case Code::unauthenticated: return rpc_authorization;
    default: return rpc_unknown;
  }
}

void append_int(std::string& out, std::int32_t value) {
  std::uint8_t room[hessian2::scalar_bytes_max];
  const std::uint8_t* behind = hessian2::write_int(room, value);
  out.append(reinterpret_cast<const char*>(room), static_cast<std::size_t>(behind - room));
}

}  // namespace

model::Outcome outcome_from_thrown(const Thrown& thrown) {
  model::Outcome outcome;
  outcome.code = Code::unknown;
  outcome.origin = model::Origin::application;
  outcome.phase = model::Phase::executed;
  outcome.thrown = true;
  const bool is_framework =
      thrown.class_name == rpc_exception_class || thrown.class_name == old_rpc_exception;
  if (is_framework && thrown.code) outcome.code = code_of(*thrown.code);
  const std::size_t prefix = model::code_prefix(thrown.message, outcome.code);
  if (prefix == 0 && !is_framework && thrown.class_name != runtime_exception) {
    outcome.message.append(thrown.class_name).append(": ");
  }
  outcome.message.append(without_stack_trace(thrown.message).substr(prefix));
  return outcome;
}

ThrownClass class_thrown_for(const model::Outcome& outcome) {
  if (outcome.origin == model::Origin::application) return {runtime_exception, std::nullopt};
  return {rpc_exception_class, rpc_code_of(outcome.code)};
}

std::string_view append_thrown(std::string& out, const model::Outcome& outcome) {
  const ThrownClass thrown = class_thrown_for(outcome);
  out.push_back(static_cast<char>(hessian2::lead_definition));
  hessian2::append_text(out, thrown.name);
  append_int(out, thrown.code ? 2 : 1);
  hessian2::append_text(out, message_field);
  if (thrown.code) hessian2::append_text(out, code_field);
  out.push_back(static_cast<char>(hessian2::lead_object_short));
  hessian2::append_text(out, to_utf8(model::coded_text(outcome)));
  if (thrown.code) append_int(out, *thrown.code);
  return thrown.name;
}

}  // namespace koine::codecs::calls::dubbo
