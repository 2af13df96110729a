// Exceptions and statuses.
#include "transcode/error_plans.h"

#include <utility>

#include "codecs/bodies/protobuf/primitives.h"
#include "codecs/bodies/protobuf/rpc_status.h"
#include "transcode/error_pairings.h"
#include "transcode/formats.h"

namespace koine::transcode {
namespace {

namespace protobuf = codecs::bodies::protobuf;
using base::Reason;
using base::Status;
using idl::Kind;

constexpr std::string_view code_annotation = "koine.code";

// The field that says what happened, for a person.
const idl::Field* text_of(const idl::StructType& exception) {
  const idl::Field* text = exception.find_field("message");
  return text != nullptr && text->type->kind == Kind::string ? text : nullptr;
}

void add_text(idl::StructType& to, std::int32_t number, const idl::Type* type) {
  idl::Field& field = to.fields.emplace_back();
  field.name = field.json_name = "message";
  field.id = number;
  field.type = type;
}

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

// A message that our own writer wrote, without its fields of that number.
std::string without_field(base::Bytes message, std::int32_t number) {
  std::string out;
  const std::uint8_t* at = message.data();
  const std::uint8_t* end = at + message.size();
  codecs::Fault fault = codecs::Fault::none;
  while (at != end) {
    const codecs::Varint tag = protobuf::read_tag(at, end);
    const std::uint8_t* next =
        tag.next == nullptr
            ? nullptr
            : protobuf::skip_value(tag.next, end, static_cast<std::uint32_t>(tag.value), 256, fault);
    if (next == nullptr) break;
    if (static_cast<std::int32_t>(tag.value >> 3) != number) out.append(at, next);
    at = next;
  }
  return out;
}

// A message and a text behind it, the last field of its number.
std::string with_field(std::string_view message, std::int32_t number, std::string_view text) {
  std::string out(message);
  if (text.empty()) return out;
  std::uint8_t head[2 * codecs::varint_bytes_max];
  std::uint8_t* end = codecs::write_varint(
      head, protobuf::make_tag(static_cast<std::uint32_t>(number), protobuf::wire_length));
  end = codecs::write_varint(end, text.size());
  out.append(head, end).append(text);
  return out;
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
  thrift_format_ = result_format(thrift.format);
  declare_status();
  for (const idl::Field& field : thrift.method->response->fields) {
    if (field.id != 0) add(*thrift.method->response, field, *other.method, pairing, failed);
  }
}

ErrorPlans::ErrorPlans(const MethodSide& provider, const std::vector<const idl::Field*>& undeclared,
                       const PlanOptions& options, std::vector<std::string>& failed)
    : thrift_format_(result_format(provider.format)), from_thrift_(true), options_(options) {
  for (const idl::Field* field : undeclared) {
    Exception exception;
    exception.field = field->id;
    exception.type = field->type->structure;
    const Status compiled = compile_text(exception, *provider.method->response);
    keep_or_tell(std::move(exception), compiled, failed);
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
  Status compiled;
  if (is_rpc_status(*exception.type)) {
    exception.form = Form::status;
    compiled = keep(exception, compile(result, field.id, *status_, StatusPairing(*status_)));
  } else if (const idl::StructType* message = pairing.error(*exception.type, message_method)) {
    compiled = compile_detail(exception, result, *message, pairing);
  } else if (pairing.must_carry_errors()) {
    compiled = Status(Reason::map_no_pair, "nothing declares it");
  } else if (!from_thrift_) {
    return;  // nobody raises it
  } else {
    compiled = compile_text(exception, result);
  }
  keep_or_tell(std::move(exception), compiled, failed);
}

void ErrorPlans::keep_or_tell(Exception&& exception, const Status& compiled,
                              std::vector<std::string>& failed) {
  if (compiled.ok()) {
    exceptions_.push_back(std::move(exception));
  } else {
    failed.push_back("exception " + exception.type->full_name + ": " + compiled.to_string());
  }
}

Status ErrorPlans::keep(Exception& exception, base::Result<std::unique_ptr<const Plan>>&& plan) {
  if (!plan) return plan.error();
  exception.plan = std::move(*plan);
  return {};
}

Status ErrorPlans::compile_detail(Exception& exception, const idl::StructType& result,
                                  const idl::StructType& message, const Pairing& pairing) {
  exception.detail = message.full_name;
  exception.code = declared_code(*exception.type, message);
  const idl::Field* text = text_of(*exception.type);
  const idl::Field* there = text == nullptr ? nullptr : pairing.field(*exception.type, *text, message);
  if (there != nullptr && there->type->kind == Kind::string) exception.text_field = there->id;
  if (text == nullptr || there != nullptr || message.find_field(text_number) != nullptr) {
    return keep(exception, compile(result, exception.field, message, pairing));
  }
  // The status's text is the exception's: to the plan it is one more field of the message.
  idl::StructType& with_text = own_.add_struct();
  with_text = message;
  add_text(with_text, text_number, own_.scalar(Kind::string));
  exception.text_field = text_number;
  exception.text_apart = true;
  return keep(exception,
              compile(result, exception.field, with_text, TextPairing(pairing, message, with_text, *text)));
}

Status ErrorPlans::compile_text(Exception& exception, const idl::StructType& result) {
  exception.form = Form::text;
  exception.code = declared_code(*exception.type, *exception.type);
  idl::StructType& alone = own_.add_struct();
  alone.name = alone.full_name = exception.type->name;
  const idl::Field* text = text_of(*exception.type);
  if (text == nullptr) return {};
  add_text(alone, 1, own_.scalar(Kind::string));
  exception.text_field = 1;
  return keep(exception, compile(result, exception.field, alone, TextAlone(*text, alone)));
}

Status ErrorPlans::to_status(model::Reply& reply, Context& context) const {
  const std::int32_t field = std::exchange(reply.outcome.declared_field, 0);
  const base::Slice result = reply.message.bytes.linearize();
  reply.has_message = false;
  reply.message = model::Payload();
  for (const Exception& exception : exceptions_) {
    if (exception.field != field) continue;
    context.output.clear();
    if (exception.plan != nullptr) {
      KOINE_RETURN_IF_ERROR(exception.plan->run(result.bytes(), context, context.output));
    }
    const base::Bytes bytes = context.output.bytes();
    if (exception.form == Form::status) {
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
    if (exception.form == Form::text) {
      reply.outcome = outcome_of(exception.code, std::move(status.message), std::move(reply.outcome));
      return {};
    }
    status.details.push_back({std::string(protobuf::type_url_prefix) + exception.detail,
                              exception.text_apart ? without_field(bytes, exception.text_field)
                                                   : std::string(base::as_text(bytes))});
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
      if (exception.form != Form::detail || exception.detail != without_prefix(detail.type_url)) continue;
      if (!exception.text_apart)
        return run(exception, base::as_bytes(detail.value), thrift_format_, reply, context);
      const std::string bytes = with_field(detail.value, exception.text_field, outcome.message);
      return run(exception, base::as_bytes(bytes), thrift_format_, reply, context);
    }
  }
  for (const Exception& exception : exceptions_) {
    if (exception.form != Form::status) continue;
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
