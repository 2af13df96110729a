// Exceptions and statuses.
#include "transcode/error_plans.h"

#include <utility>

#include "codecs/bodies/protobuf/primitives.h"
#include "codecs/bodies/protobuf/rpc_status.h"
#include "transcode/formats.h"

namespace koine::transcode {
namespace {

namespace protobuf = codecs::bodies::protobuf;
using base::Reason;
using base::Status;
using idl::Kind;

// The mark of the exception that derived Thrift methods declare for any gRPC status (idl/derive/derive.h):
// {1: i32 code, 2: string message, 3: list<binary> details}.
constexpr std::string_view rpc_status_annotation = "koine.rpc_status";
constexpr std::string_view code_annotation = "koine.code";

bool is_rpc_status(const idl::StructType& type) {
  return idl::find_annotation(type.annotations, rpc_status_annotation) != nullptr;
}

// google.rpc.Status and RpcStatus have the same fields by the same numbers, once an Any is seen as bytes.
class StatusPairing final : public Pairing {
 public:
  explicit StatusPairing(const idl::StructType& status) : status_(status) {}
  bool structs(const idl::StructType& source, const idl::StructType& target) const override {
    return (&source == &status_ && is_rpc_status(target)) || (&target == &status_ && is_rpc_status(source));
  }
  const idl::Field* field(const idl::StructType& /*source*/, const idl::Field& field,
                          const idl::StructType& target) const override {
    return target.find_field(field.id);
  }
  bool enums(const idl::EnumType& /*source*/, const idl::EnumType& /*target*/) const override {
    return false;
  }
  std::optional<std::int32_t> number(const idl::EnumType& /*source*/, std::int32_t /*number*/,
                                     const idl::EnumType& /*target*/) const override {
    return std::nullopt;
  }
  bool passes_unknown(const idl::EnumType& /*source*/, const idl::EnumType& /*target*/) const override {
    return false;
  }

 private:
  const idl::StructType& status_;
};

model::Code declared_code(const idl::StructType& exception, const idl::StructType& message) {
  for (const idl::StructType* type : {&exception, &message}) {
    const std::string* code = idl::find_annotation(type->annotations, code_annotation);
    if (code == nullptr) continue;
    const model::Code found = model::code_from_string(*code);
    if (found != model::Code::ok) return found;
  }
  return model::Code::unknown;
}

// The bytes of a string field in a protobuf message that our own writer wrote.
std::string_view find_text(base::Bytes message, std::int32_t number) {
  const std::uint8_t* at = message.data();
  const std::uint8_t* end = at + message.size();
  std::string_view text;
  codecs::Fault fault = codecs::Fault::none;
  while (at != end) {
    const codecs::Varint tag = protobuf::read_tag(at, end);
    if (tag.next == nullptr) break;
    if (tag.value == protobuf::make_tag(static_cast<std::uint32_t>(number), protobuf::wire_length)) {
      const codecs::Varint size = protobuf::read_length(tag.next, end);
      if (size.next == nullptr) break;
      text = {reinterpret_cast<const char*>(size.next), static_cast<std::size_t>(size.value)};
      at = size.next + size.value;
    } else {
      at = protobuf::skip_value(tag.next, end, static_cast<std::uint32_t>(tag.value), 256, fault);
      if (at == nullptr) break;
    }
  }
  return text;
}

std::string_view without_prefix(std::string_view type_url) {
  const std::size_t slash = type_url.rfind('/');
  return slash == std::string_view::npos ? type_url : type_url.substr(slash + 1);
}

model::Outcome outcome_of(model::Code code, std::string message, model::Outcome&& before) {
  model::Outcome outcome;
  outcome.code = code;
  outcome.message = std::move(message);
  outcome.trailers = std::move(before.trailers);
  return outcome;
}

}  // namespace

ErrorPlans::ErrorPlans(const MethodSide& caller, const MethodSide& provider, const Pairing& pairing,
                       const PlanOptions& options, std::vector<std::string>& failed)
    : from_thrift_(is_thrift(provider.format)), options_(options) {
  const MethodSide& thrift = from_thrift_ ? provider : caller;
  const MethodSide& other = from_thrift_ ? caller : provider;
  thrift_format_ = thrift.format;
  declare_status();
  for (const idl::Field& field : thrift.method->response->fields) {
    if (field.id != 0) add(*thrift.method->response, field, *other.method, pairing, failed);
  }
}

void ErrorPlans::declare_status() {
  idl::StructType& status = own_.add_struct();
  status.name = "Status";
  status.full_name = "google.rpc.Status";
  idl::Type& details = own_.add_type();
  details.kind = Kind::list;
  details.element = own_.scalar(Kind::bytes);
  const std::pair<const char*, const idl::Type*> fields[] = {
      {"code", own_.scalar(Kind::i32)}, {"message", own_.scalar(Kind::string)}, {"details", &details}};
  for (const auto& [name, type] : fields) {
    idl::Field& field = status.fields.emplace_back();
    field.name = field.json_name = name;
    field.id = static_cast<std::int32_t>(status.fields.size());
    field.type = type;
  }
  status_ = &status;
}

base::Result<std::unique_ptr<const Plan>> ErrorPlans::compile(const idl::StructType& result,
                                                              std::int32_t field,
                                                              const idl::StructType& message,
                                                              const Pairing& pairing) const {
  const Side in_result{thrift_format_, &result, field};
  const Side alone{model::BodyFormat::protobuf, &message, std::nullopt};
  return from_thrift_ ? Plan::compile(in_result, alone, pairing, options_)
                      : Plan::compile(alone, in_result, pairing, options_);
}

void ErrorPlans::add(const idl::StructType& result, const idl::Field& field,
                     const idl::Method& message_method, const Pairing& pairing,
                     std::vector<std::string>& failed) {
  if (field.type->kind != Kind::structure) return;
  Exception exception;
  exception.field = field.id;
  exception.type = field.type->structure;
  base::Result<std::unique_ptr<const Plan>> plan = Status(Reason::map_no_pair, "nothing declares it");
  if (is_rpc_status(*exception.type)) {
    plan = compile(result, field.id, *status_, StatusPairing(*status_));
  } else {
    for (const idl::StructType* message : message_method.declared_errors) {
      const bool pair = from_thrift_ ? pairing.structs(*exception.type, *message)
                                     : pairing.structs(*message, *exception.type);
      if (!pair) continue;
      exception.detail = message->full_name;
      exception.code = declared_code(*exception.type, *message);
      const idl::Field* text = exception.type->find_field("message");
      const idl::Field* text_there =
          text == nullptr ? nullptr : pairing.field(*exception.type, *text, *message);
      if (text_there != nullptr && text_there->type->kind == Kind::string)
        exception.text_field = text_there->id;
      plan = compile(result, field.id, *message, pairing);
      break;
    }
  }
  if (!plan) {
    failed.push_back("exception " + exception.type->full_name + ": " + plan.error().to_string());
    return;
  }
  exception.plan = std::move(*plan);
  exceptions_.push_back(std::move(exception));
}

Status ErrorPlans::to_status(model::Reply& reply, Context& context) const {
  const std::int32_t field = std::exchange(reply.outcome.declared_field, 0);
  const base::Slice result = reply.message.bytes.linearize();
  reply.has_message = false;
  reply.message = model::Payload();
  for (const Exception& exception : exceptions_) {
    if (exception.field != field) continue;
    KOINE_RETURN_IF_ERROR(exception.plan->run(result.bytes(), context, context.output));
    const base::Bytes bytes = context.output.bytes();
    if (exception.detail.empty()) {
      base::Result<protobuf::RpcStatus> status = protobuf::decode_rpc_status(base::as_text(bytes));
      if (!status) return status.error();
      const bool known = status->code > 0 && status->code <= model::code_max;
      reply.outcome = outcome_of(known ? static_cast<model::Code>(status->code) : model::Code::unknown,
                                 std::move(status->message), std::move(reply.outcome));
      if (!status->details.empty()) reply.outcome.details = base::as_text(bytes);
      return {};
    }
    protobuf::RpcStatus status;
    status.code = static_cast<std::int32_t>(exception.code);
    if (exception.text_field != 0) status.message = find_text(bytes, exception.text_field);
    if (status.message.empty()) status.message = exception.type->name;
    status.details.push_back(
        {std::string(protobuf::type_url_prefix) + exception.detail, std::string(base::as_text(bytes))});
    std::string details = protobuf::encode(status);
    if (details.size() > status_bytes_max) {
      status.message += " (details of " + std::to_string(bytes.size()) + " bytes are too long for a status)";
      details.clear();
    }
    reply.outcome = outcome_of(exception.code, std::move(status.message), std::move(reply.outcome));
    reply.outcome.details = std::move(details);
    return {};
  }
  reply.outcome = outcome_of(model::Code::unknown,
                             "the provider answered with an exception in field " + std::to_string(field) +
                                 " of its result, which the schema does not have",
                             std::move(reply.outcome));
  return {};
}

Status ErrorPlans::to_exception(model::Reply& reply, Context& context) const {
  model::Outcome& outcome = reply.outcome;
  reply.has_message = false;
  if (outcome.origin != model::Origin::application || exceptions_.empty()) return {};
  protobuf::RpcStatus status;
  if (!outcome.details.empty()) {
    // Details that cannot be read are no reason to lose the status itself.
    base::Result<protobuf::RpcStatus> read = protobuf::decode_rpc_status(outcome.details);
    if (read) status.details = std::move(read->details);
  }
  for (const protobuf::RpcAny& detail : status.details) {
    for (const Exception& exception : exceptions_) {
      if (exception.detail.empty() || exception.detail != without_prefix(detail.type_url)) continue;
      return run(exception, base::as_bytes(detail.value), thrift_format_, reply, context);
    }
  }
  for (const Exception& exception : exceptions_) {
    if (!exception.detail.empty()) continue;
    // What grpc-status and grpc-message say counts, whatever the details say of them.
    status.code = static_cast<std::int32_t>(outcome.code);
    status.message = outcome.message;
    const std::string bytes = protobuf::encode(status);
    return run(exception, base::as_bytes(bytes), thrift_format_, reply, context);
  }
  return {};
}

Status ErrorPlans::run(const Exception& exception, base::Bytes in, model::BodyFormat format,
                       model::Reply& reply, Context& context) const {
  KOINE_RETURN_IF_ERROR(exception.plan->run(in, context, context.output));
  reply.message = model::Payload();
  reply.message.format = format;
  reply.message.bytes.append(context.output.take());
  reply.has_message = true;
  reply.outcome.declared_field = exception.field;
  return {};
}

}  // namespace koine::transcode
