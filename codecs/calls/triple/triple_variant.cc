// Triple's headers, messages and exceptions.
#include "codecs/calls/triple/triple_variant.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "codecs/bodies/triple_wrapper/wrapper.h"
#include "codecs/calls/dubbo/invocation.h"
#include "codecs/calls/dubbo/thrown.h"
#include "codecs/calls/grpc/status_mapping.h"
#include "codecs/calls/triple/name_cases.h"
#include "codecs/utf8.h"

namespace koine::codecs::calls::triple {
namespace {

namespace triple_wrapper = bodies::triple_wrapper;
using base::Reason;
using base::Status;
using grpc::HeaderUse;
using model::BodyFormat;

constexpr std::string_view group_field = "tri-service-group";
constexpr std::string_view version_field = "tri-service-version";
constexpr std::string_view timeout_field = "tri-service-timeout";
constexpr std::string_view names_field = "tri-header-convert";
constexpr std::string_view consumer_field = "tri-consumer-appname";
constexpr std::string_view exception_field = "tri-exception-code";

// What speaks for the call, or for one hop, in headers of Triple's own and in attachments that Dubbo
// reserves: said anew by whom it concerns, and by nobody else. (`timeout` is Java's own deadline in
// milliseconds, and of dubbo-go a text that is not the call's deadline.)
constexpr std::array<std::string_view, 12> reserved = {
    group_field, version_field, timeout_field, names_field, exception_field, "dubbo",
    "group",     "input",       "interface",   "path",      "timeout",       "version"};

// What Variant::read_message says of a wrapper: whose consumer waits for the answer.
enum Mark : std::uint8_t { mark_java = 1, mark_go = 2 };

// TriRpcStatus's code of what it has no other for.
constexpr std::int32_t exception_unknown = 3;

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

// Dubbo's consumers and providers where both have a .proto: gRPC, but for the names of attachments.
class WithProto final : public grpc::Variant {
 public:
  void restore_names(const model::Metadata& fields, model::Metadata& metadata) const override {
    if (fields.has(names_field)) restore_cases(fields.get(names_field), metadata);
  }
  void keep_names(const model::Metadata& metadata, model::Metadata& fields) const override {
    const std::string names = cases_of(metadata);
    if (!names.empty()) fields.add(names_field, names);
  }
};

// What Java's consumers say of themselves, and dubbo-go's of whom they call. Neither says whether values are
// in wrappers: but a consumer that has a .proto is not one of a Java interface.
bool is_dubbos(const model::Metadata& fields) {
  return fields.has(consumer_field) || fields.has("interface");
}

void break_reply(model::Reply& reply, Reason reason, std::string message) {
  reply.has_message = false;
  reply.message = model::Payload();
  reply.outcome = grpc::own_outcome(
      reason == Reason::limit_depth ? model::Code::resource_exhausted : model::Code::internal,
      model::Origin::transport, model::Phase::executed, reason, std::move(message));
}

}  // namespace

HeaderUse TripleVariant::header_use(std::string_view name) const {
  const bool own = std::find(reserved.begin(), reserved.end(), name) != reserved.end();
  return own ? HeaderUse::protocol : grpc::header_use(name);
}

void TripleVariant::restore_names(const model::Metadata& fields, model::Metadata& metadata) const {
  if (fields.has(names_field)) restore_cases(fields.get(names_field), metadata);
}

void TripleVariant::keep_names(const model::Metadata& metadata, model::Metadata& fields) const {
  const std::string names = cases_of(metadata);
  if (!names.empty()) fields.add(names_field, names);
}

// Java's are in Latin-1, without escapes.
std::string TripleVariant::status_text(std::string raw) const { return utf8_or_latin1(raw); }

const grpc::Variant& TripleVariant::variant_of(const model::Metadata& fields, const ServerOptions& options,
                                               model::CallHead& head) const {
  const std::string_view group = fields.get(group_field);
  const std::string_view version = fields.get(version_field);
  if (!group.empty() || !version.empty()) {
    const dubbo::ServiceKey key = {group, head.service, version};
    head.service = dubbo::is_service_key(key) ? dubbo::join_service_key(key) : std::string();
    if (head.service.empty()) return *this;
  }
  const ServiceOwner owner =
      options.service_owner ? options.service_owner(head.service) : ServiceOwner::codec;
  if (owner == ServiceOwner::codec || (owner == ServiceOwner::both && is_dubbos(fields))) return *this;
  static const WithProto with_proto;
  if (fields.has(consumer_field) || fields.has(names_field)) return with_proto;
  return grpc::plain_grpc();
}

void TripleVariant::read_request(const model::Metadata& fields, model::CallHead& head) const {
  if (head.timeout_ns != base::never_ns) return;
  const auto milliseconds = number_of(fields.get(timeout_field));
  if (milliseconds && *milliseconds > 0 && *milliseconds < base::never_ns / base::millisecond_ns) {
    head.timeout_ns = *milliseconds * base::millisecond_ns;
  }
}

Status TripleVariant::read_message(const base::Limits& limits, model::CallHead& head, model::Payload& message,
                                   std::uint8_t& mark) const {
  if (message.format != BodyFormat::protobuf) {
    return Status(Reason::wire_unsupported,
                  "a body in " + std::string(model::to_string(message.format)) + " where a wrapper belongs");
  }
  const base::Slice whole = message.bytes.linearize();
  triple_wrapper::RequestWrapper wrapper;
  KOINE_RETURN_IF_ERROR(triple_wrapper::read_request_wrapper(whole.bytes(), limits, wrapper));
  mark = wrapper.serialization == triple_wrapper::java_serialization ? mark_java : mark_go;
  head.signature = std::move(wrapper.signature);
  head.body_format = message.format = BodyFormat::triple_wrapper;
  return {};
}

// Java's consumers repeat, twice, what ends with a status, but never what was thrown: so what may have run is
// told as if it had been. dubbo-go's panic where something is thrown. (A status that a provider of Triple's
// sent means to a consumer what it always meant.)
bool TripleVariant::write_reply(std::uint8_t mark, model::Reply& reply, model::Metadata& fields) const {
  if (mark == 0) return false;
  model::Outcome& outcome = reply.outcome;
  // Java's consumers look for attachments behind the message only.
  for (std::size_t i = 0; i < reply.head.metadata.size(); ++i) {
    const auto [name, value] = reply.head.metadata[i];
    outcome.trailers.add(name, value, reply.head.metadata.wire_name(i));
  }
  reply.head.metadata = {};
  if (outcome.ok()) return false;
  if (mark == mark_go && outcome.thrown && outcome.native_protocol != protocol_name) {
    outcome.thrown = reply.has_message = false;
    return false;
  }
  std::int32_t code = exception_unknown;
  if (outcome.thrown && reply.has_message && reply.message.format == BodyFormat::triple_wrapper) {
    if (outcome.native_protocol == protocol_name && outcome.native_code >= 0) code = outcome.native_code;
  } else {
    const bool may_have_run = outcome.phase != model::Phase::not_sent;
    if (mark != mark_java || outcome.native_protocol == protocol_name || !may_have_run) return false;
    std::string object;
    const std::string_view class_name = dubbo::append_thrown(object, outcome);
    reply.has_message = true;
    reply.message = model::Payload();
    reply.message.format = BodyFormat::triple_wrapper;
    triple_wrapper::append_answer_wrapper(reply.message.bytes, triple_wrapper::java_serialization, object,
                                          class_name);
  }
  fields.add(exception_field, std::to_string(code));
  return true;
}

std::string_view TripleVariant::path_service(std::string_view service) const {
  return dubbo::split_service_key(service).service;
}

void TripleVariant::write_request(const model::CallHead& head, model::Metadata& fields) const {
  const dubbo::ServiceKey key = dubbo::split_service_key(head.service);
  if (!key.version.empty()) fields.add(version_field, key.version);
  if (!key.group.empty()) fields.add(group_field, key.group);
  if (!head.metadata.has(consumer_field)) fields.add(consumer_field, "koine");
}

std::int32_t TripleVariant::thrown_code(const model::Metadata& fields) const {
  if (!fields.has(exception_field)) return -1;
  const auto code = number_of(fields.get(exception_field));
  return code && *code >= 0 && *code <= INT32_MAX ? static_cast<std::int32_t>(*code) : exception_unknown;
}

void TripleVariant::read_reply(const base::Limits& limits, BodyFormat asked, std::int32_t thrown_code,
                               model::Reply& reply) const {
  if (asked != BodyFormat::triple_wrapper) return;
  if (reply.outcome.native_protocol == grpc::native_grpc) reply.outcome.native_protocol = protocol_name;
  if (!reply.has_message) return;
  const base::Slice whole = reply.message.bytes.linearize();
  triple_wrapper::AnswerWrapper wrapper;
  if (const Status status = triple_wrapper::read_answer_wrapper(whole.bytes(), limits, wrapper);
      !status.ok()) {
    const bool depth = status.reason() == Reason::limit_depth;
    return break_reply(reply, depth ? status.reason() : Reason::upstream_protocol,
                       "the provider's answer: " + std::string(status.message()));
  }
  reply.message.format = BodyFormat::triple_wrapper;
  if (thrown_code < 0 || !reply.outcome.ok()) return;
  const std::optional<dubbo::Thrown> thrown = dubbo::read_thrown(wrapper.value, limits.nesting_max);
  if (!thrown) return break_reply(reply, Reason::upstream_protocol, "the provider threw what is no object");
  model::Metadata trailers = std::move(reply.outcome.trailers);
  reply.outcome = dubbo::outcome_from_thrown(*thrown);
  reply.outcome.trailers = std::move(trailers);
  reply.outcome.native_protocol = protocol_name;
  reply.outcome.native_code = thrown_code;
}

}  // namespace koine::codecs::calls::triple
