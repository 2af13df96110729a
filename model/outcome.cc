// Names of the model's enumerations, and what a failure of ours means to a caller.
#include "model/outcome.h"

#include <array>
#include <cstddef>

#include "model/call.h"

namespace koine::model {
namespace {

constexpr std::array<std::string_view, 17> code_names = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

Code code_of(base::Reason reason, Phase phase) {
  using base::Reason;
  switch (reason) {
    case Reason::call_unknown_service:
    case Reason::call_unknown_method:
    case Reason::call_ambiguous_method:
    case Reason::call_no_form:
    case Reason::wire_unsupported: return Code::unimplemented;
    case Reason::call_cancelled: return Code::cancelled;
    case Reason::call_deadline:
    case Reason::net_timeout: return Code::deadline_exceeded;
    case Reason::call_draining:
    case Reason::upstream_no_endpoint:
    case Reason::upstream_connect:
    case Reason::upstream_closed:
    case Reason::upstream_reset:
    case Reason::upstream_refused:
    case Reason::upstream_silent:
    case Reason::net_eof:
    case Reason::net_io: return Code::unavailable;
    case Reason::limit_message:
    case Reason::limit_headers:
    case Reason::limit_memory:
    case Reason::limit_connections:
    case Reason::limit_concurrency:
    case Reason::limit_idle:
    case Reason::limit_flood: return Code::resource_exhausted;
    case Reason::internal:
    case Reason::upstream_protocol: return Code::internal;
    default: break;
  }
  // Mapping and wire errors: the request's are the caller's fault, the answer's are not.
  return phase == Phase::not_sent ? Code::invalid_argument : Code::internal;
}

}  // namespace

std::string_view to_string(Code code) {
  const auto index = static_cast<std::size_t>(code);
  return index < code_names.size() ? code_names[index] : code_names[2];
}

Code code_from_string(std::string_view text) {
  for (std::size_t i = 0; i < code_names.size(); ++i) {
    if (code_names[i] == text) return static_cast<Code>(i);
  }
  return Code::unknown;
}

std::string_view to_string(Origin origin) {
  switch (origin) {
    case Origin::application: return "application";
    case Origin::gateway: return "gateway";
    case Origin::transport: return "transport";
  }
  return "";
}

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::not_sent: return "not_sent";
    case Phase::maybe_executed: return "maybe_executed";
    case Phase::executed: return "executed";
  }
  return "";
}

std::string_view to_string(BodyFormat format) {
  switch (format) {
    case BodyFormat::none: return "none";
    case BodyFormat::thrift_binary: return "thrift_binary";
    case BodyFormat::thrift_compact: return "thrift_compact";
    case BodyFormat::protobuf: return "protobuf";
    case BodyFormat::json: return "json";
    case BodyFormat::thrift_json: return "thrift_json";
    case BodyFormat::hessian2: return "hessian2";
    case BodyFormat::triple_wrapper: return "triple_wrapper";
    case BodyFormat::opaque: return "opaque";
  }
  return "";
}

std::string_view to_string(Compression compression) {
  switch (compression) {
    case Compression::identity: return "identity";
    case Compression::gzip: return "gzip";
    case Compression::deflate: return "deflate";
  }
  return "";
}

std::string coded_text(const Outcome& outcome) {
  std::string text;
  text.append("[").append(to_string(outcome.code)).append("] ");
  const std::string_view reason = base::to_string(outcome.reason);
  if (outcome.origin != Origin::application && outcome.reason != base::Reason::none &&
      !outcome.message.starts_with(reason)) {
    text.append(reason).append(": ");
  }
  return text.append(outcome.message);
}

std::size_t code_prefix(std::string_view text, Code& code) {
  if (text.empty() || text[0] != '[') return 0;
  const std::size_t end = text.find("] ");
  if (end == std::string_view::npos || end > 24) return 0;
  const std::string_view name = text.substr(1, end - 1);
  const Code found = code_from_string(name);
  if (found == Code::ok || to_string(found) != name) return 0;
  code = found;
  return end + 2;
}

Outcome outcome_from(const base::Status& status, Phase phase) {
  Outcome outcome;
  if (status.ok()) return outcome;
  outcome.code = code_of(status.reason(), phase);
  outcome.origin = Origin::gateway;
  outcome.phase = phase;
  outcome.reason = status.reason();
  outcome.message = status.to_string();
  return outcome;
}

}  // namespace koine::model
