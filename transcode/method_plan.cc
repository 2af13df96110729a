// Plans of one method put together: which sides they have, and what a reply becomes.
#include "transcode/method_plan.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "codecs/bodies/thrift_json/reader.h"
#include "codecs/bodies/triple_wrapper/type_names.h"
#include "codecs/bodies/triple_wrapper/wrapper.h"
#include "transcode/error_plans.h"
#include "transcode/formats.h"
#include "transcode/passage.h"
#include "transcode/thrown.h"

namespace koine::transcode {
namespace {

using base::Reason;
using base::Status;
using model::BodyFormat;

constexpr std::int32_t success_id = 0;  // of the value in a Thrift result

bool is_thrift(const MethodSide& side) { return transcode::is_thrift(side.format); }

constexpr std::uint8_t hessian_null = 0x4e;

// Is this body, of which the bytes have not been checked, a result without a value?
bool is_empty_result(BodyFormat format, base::Buffer& bytes) {
  if (bytes.empty()) return false;
  if (format == BodyFormat::hessian2) return bytes.front()[0] == hessian_null;
  if (format == BodyFormat::triple_wrapper) {
    const base::Slice whole = bytes.linearize();
    codecs::bodies::triple_wrapper::FieldReader fields(whole.bytes());
    base::Bytes value;
    while (fields.next()) {
      if (fields.field() == codecs::bodies::triple_wrapper::Field::value) value = fields.content();
    }
    return value.empty() || value[0] == hessian_null;
  }
  if (format != BodyFormat::thrift_json) return bytes.front()[0] == 0;
  const auto first = codecs::bodies::thrift_json::first_field(bytes.linearize().bytes());
  return first && !*first;
}

// How the Thrift struct around a message (arguments, result) stands to the protobuf message.
struct Envelope {
  bool known = false;
  std::optional<std::int32_t> field;  // set: the message is that field; unset: the structs are each other
};

Envelope request_envelope(const idl::Method& thrift, const idl::Method& proto, const Pairing& pairing) {
  if (pairing.spread(thrift, proto, true)) return {true, std::nullopt};
  const std::vector<idl::Field>& arguments = thrift.request->fields;
  if (arguments.size() != 1 || arguments[0].type->kind != idl::Kind::structure) return {};
  return {true, arguments[0].id};
}

Envelope response_envelope(const idl::Method& thrift, const idl::Method& proto, const Pairing& pairing) {
  if (pairing.spread(thrift, proto, false)) return {true, std::nullopt};
  const idl::Field* success = thrift.response->find_field(success_id);
  if (success == nullptr || success->type->kind != idl::Kind::structure) return {};
  return {true, success_id};
}

class CompiledMethod final : public MethodPlan {
 public:
  CompiledMethod(const MethodSide& caller, const MethodSide& provider, const PlanOptions& options)
      : caller_(caller), provider_(provider), limits_(options.limits) {}

  Status compile(const Pairing& pairing, const PlanOptions& options);

  Crossing crossing() const override { return crossing_; }
  Status to_provider(model::Payload& message, std::string_view signature, Context& context) const override {
    return request_.pass(message, signature, limits_, context);
  }
  void to_caller(model::Reply& reply, Context& context) const override;
  base::Result<model::Payload> stream_message(model::Payload&& message, bool from_caller,
                                              Context& context) const override {
    KOINE_RETURN_IF_ERROR((from_caller ? request_ : answer_).pass(message, {}, limits_, context));
    return std::move(message);
  }

 private:
  bool has_answer() const { return !caller_.method->oneway && !provider_.method->oneway; }
  void compile_passage(bool request, const Pairing& pairing, const PlanOptions& options,
                       std::vector<Status>& failed);
  void pair_exceptions(const Pairing& pairing, const PlanOptions& options, std::vector<Status>& failed);
  Status compile_thrown(const Pairing& pairing, const PlanOptions& options);
  Status translate(model::Reply& reply, Context& context) const;
  Status translate_declared(model::Reply& reply, Context& context) const;
  Status take_thrown(model::Reply& reply, Context& context) const;
  Status throw_declared(model::Reply& reply, Context& context) const;
  Status translate_value(model::Reply& reply, Context& context) const;
  void give_nothing(model::Reply& reply) const;
  const Passage& declared_passage() const { return declared_.from == BodyFormat::none ? answer_ : declared_; }

  const MethodSide caller_;
  const MethodSide provider_;
  const base::Limits limits_;
  Crossing crossing_ = Crossing::transcode;
  Passage request_;
  Passage answer_;
  // Where exceptions are objects on one side or both: of results, and the objects.
  Passage declared_;
  std::unique_ptr<const ThrownObjects> thrown_by_provider_;
  std::unique_ptr<const ThrownObjects> thrown_to_caller_;
  std::unique_ptr<const ErrorPlans> errors_;
  // Between two Thrift methods: the field of an exception in the provider's result and in the caller's.
  std::vector<std::pair<std::int32_t, std::int32_t>> exceptions_;
};

void CompiledMethod::compile_passage(bool request, const Pairing& pairing, const PlanOptions& options,
                                     std::vector<Status>& failed) {
  Passage& passage = request ? request_ : answer_;
  const MethodSide& from = request ? caller_ : provider_;
  const MethodSide& to = request ? provider_ : caller_;
  passage.from = from.format;
  passage.to = to.format;
  passage.is_request = request;
  const auto root = [&](const MethodSide& side) {
    return request ? side.method->request : side.method->response;
  };
  const std::string what = request ? "request" : "answer";
  if (are_same_values(from.format, to.format) && root(from) == root(to) && !caller_.generic) {
    if (request) return;
    const auto* declared = idl::find_annotation(root(from)->annotations, idl::java_signature_annotation);
    if (declared != nullptr) passage.type = codecs::bodies::triple_wrapper::type_names(*declared).front();
    return;
  }
  Side source{from.format, root(from), std::nullopt, from.generic};
  Side target{to.format, root(to), std::nullopt, to.generic};
  if (is_thrift(from) != is_thrift(to)) {
    const idl::Method& thrift = *(is_thrift(from) ? from : to).method;
    const idl::Method& proto = *(is_thrift(from) ? to : from).method;
    const Envelope envelope =
        request ? request_envelope(thrift, proto, pairing) : response_envelope(thrift, proto, pairing);
    if (!envelope.known) {
      failed.push_back(Status(
          Reason::map_no_pair,
          what + ": " + (request ? thrift.request : thrift.response)->full_name + " neither corresponds to " +
              (request ? proto.request : proto.response)->full_name + " nor holds one struct that could"));
      return;
    }
    (is_thrift(from) ? source : target).envelope = envelope.field;
  } else if (request && is_thrift(from)) {
    const idl::Method* enveloped = pairing.enveloped(*from.method, *to.method);
    if (enveloped != nullptr) {
      (enveloped == from.method ? source : target).envelope = enveloped->request->fields.front().id;
    }
  }
  base::Result<std::unique_ptr<const Plan>> plan = Plan::compile(source, target, pairing, options);
  if (!plan) {
    failed.push_back(plan.error().with_context(what));
    return;
  }
  passage.plan = std::move(*plan);
}

// Between two Thrift methods.
void CompiledMethod::pair_exceptions(const Pairing& pairing, const PlanOptions& options,
                                     std::vector<Status>& failed) {
  const idl::StructType& from = *provider_.method->response;
  const idl::StructType& to = *caller_.method->response;
  if (&from == &to) return;
  std::vector<const idl::Field*> undeclared;
  for (const idl::Field& field : from.fields) {
    if (field.id == success_id) continue;
    if (const idl::Field* counterpart = pairing.field(from, field, to)) {
      exceptions_.emplace_back(field.id, counterpart->id);
    } else if (pairing.may_drop(from, field, to)) {
      undeclared.push_back(&field);
    }
  }
  if (undeclared.empty()) return;
  std::vector<std::string> without_form;
  errors_ = std::make_unique<const ErrorPlans>(provider_, undeclared, options, without_form);
  for (std::string& text : without_form) failed.push_back(Status(Reason::map_no_pair, std::move(text)));
}

Status CompiledMethod::compile(const Pairing& pairing, const PlanOptions& options) {
  if (caller_.method == nullptr || provider_.method == nullptr) {
    return Status(Reason::usage, "a method plan needs the method of both sides");
  }
  std::vector<Status> failed;
  compile_passage(true, pairing, options, failed);
  answer_.from = provider_.format;
  answer_.to = caller_.format;
  if (has_answer()) compile_passage(false, pairing, options, failed);
  if (is_thrift(caller_) && is_thrift(provider_)) pair_exceptions(pairing, options, failed);
  if (has_answer()) {
    const Status thrown = compile_thrown(pairing, options);
    if (!thrown.ok()) failed.push_back(thrown.with_context("answer"));
  }
  if (has_answer() && is_thrift(caller_) != is_thrift(provider_)) {
    std::vector<std::string> without_form;
    errors_ = std::make_unique<const ErrorPlans>(caller_, provider_, pairing, options, without_form);
    for (std::string& text : without_form) failed.push_back(Status(Reason::map_no_pair, std::move(text)));
  }
  if (!failed.empty()) {
    std::string text;
    for (const Status& status : failed) {
      if (!text.empty()) text += '\n';
      text += status.message();
    }
    return Status(failed.front().reason(), std::move(text));
  }
  if (request_.plan != nullptr || answer_.plan != nullptr) return {};
  const bool is_other_framing = caller_.protocol != provider_.protocol || caller_.format != provider_.format;
  crossing_ = is_other_framing ? Crossing::reframe : Crossing::forward;
  return {};
}

Status CompiledMethod::compile_thrown(const Pairing& pairing, const PlanOptions& options) {
  const auto objects = [&](const MethodSide& side, std::unique_ptr<const ThrownObjects>& made) {
    if (!holds_objects(side.format)) return Status();
    auto compiled = ThrownObjects::compile(*side.method->response, side.format, options);
    if (!compiled) return compiled.error();
    made = std::move(*compiled);
    return Status();
  };
  if (answer_.plan == nullptr) return {};
  KOINE_RETURN_IF_ERROR(objects(provider_, thrown_by_provider_));
  KOINE_RETURN_IF_ERROR(objects(caller_, thrown_to_caller_));
  const bool any = thrown_by_provider_ != nullptr || thrown_to_caller_ != nullptr;
  if (!any || !is_thrift(caller_) || !is_thrift(provider_)) return {};  // errors_ has the plans
  const idl::StructType* const from = provider_.method->response;
  const idl::StructType* const to = caller_.method->response;
  declared_.from = result_format(provider_.format);
  declared_.to = result_format(caller_.format);
  if (declared_.from == declared_.to && from == to) return {};
  auto plan = Plan::compile({declared_.from, from, {}}, {declared_.to, to, {}}, pairing, options);
  if (!plan) return plan.error();
  declared_.plan = std::move(*plan);
  return {};
}

// An answer without a value: an empty message where the caller must get one.
void CompiledMethod::give_nothing(model::Reply& reply) const {
  reply.message = model::Payload();
  reply.message.format = caller_.format;
  reply.has_message = !is_thrift(caller_);
  if (caller_.format == BodyFormat::json) reply.message.bytes.append(std::string_view("{}"));
}

Status CompiledMethod::translate_value(model::Reply& reply, Context& context) const {
  if (!reply.has_message) {
    return Status(Reason::upstream_protocol, "the provider answered OK without a message");
  }
  // An empty result of a method that is not void: MISSING_RESULT to Thrift's own clients. From a Dubbo
  // provider it is null, which messages and Dubbo's own consumers have a form for.
  const bool missing = is_thrift(provider_) && reply.outcome.ok() &&
                       is_empty_result(provider_.format, reply.message.bytes) &&
                       provider_.method->response->find_field(success_id) != nullptr;
  if (missing && !holds_objects(provider_.format)) {
    return Status(Reason::map_required, "the provider answered without a result (Thrift's MISSING_RESULT)");
  }
  if (missing && is_thrift(caller_) && !holds_objects(caller_.format)) {
    return Status(Reason::map_null, "the provider answered null, which a Thrift result has no form for");
  }
  return answer_.pass(reply.message, {}, limits_, context);
}

Status CompiledMethod::translate(model::Reply& reply, Context& context) const {
  model::Outcome& outcome = reply.outcome;
  if (outcome.thrown) {
    if (answer_.plan == nullptr) return answer_.pass(reply.message, {}, limits_, context);  // as it is
    KOINE_RETURN_IF_ERROR(take_thrown(reply, context));
  }
  KOINE_RETURN_IF_ERROR(translate_declared(reply, context));
  return throw_declared(reply, context);
}

// An object that was thrown becomes the result's field of its class; one of another class is what its codec
// made of it: a code and a text.
Status CompiledMethod::take_thrown(model::Reply& reply, Context& context) const {
  model::Outcome& outcome = reply.outcome;
  outcome.thrown = false;
  const bool readable = thrown_by_provider_ != nullptr && reply.has_message &&
                        reply.message.compression == model::Compression::identity;
  const base::Slice object = reply.message.bytes.linearize();
  reply.has_message = false;
  reply.message = model::Payload();
  if (!readable) return {};
  std::int32_t field = 0;
  context.output.clear();
  KOINE_RETURN_IF_ERROR(thrown_by_provider_->read(object.bytes(), context, context.output, field));
  if (field == 0) return {};
  reply.message.format = result_format(provider_.format);
  reply.message.bytes.append(context.output.take());
  reply.has_message = true;
  outcome.declared_field = field;
  return {};
}

// A result's exception becomes the object that is thrown, for a caller to whom it is one.
Status CompiledMethod::throw_declared(model::Reply& reply, Context& context) const {
  model::Outcome& outcome = reply.outcome;
  if (thrown_to_caller_ == nullptr || outcome.declared_field == 0 || !reply.has_message) return {};
  const std::int32_t field = std::exchange(outcome.declared_field, 0);
  const base::Slice result = reply.message.bytes.linearize();
  reply.message = model::Payload();
  context.output.clear();
  KOINE_RETURN_IF_ERROR(thrown_to_caller_->write(result.bytes(), field, context, context.output));
  reply.message.format = caller_.format;
  reply.message.bytes.append(context.output.take());
  outcome.thrown = true;
  return {};
}

Status CompiledMethod::translate_declared(model::Reply& reply, Context& context) const {
  model::Outcome& outcome = reply.outcome;
  const bool declared = outcome.declared_field != 0 && reply.has_message;
  if (outcome.ok()) {
    if (has_answer()) return translate_value(reply, context);
    give_nothing(reply);
    return {};
  }
  if (is_thrift(provider_) == is_thrift(caller_)) {
    // Thrift's declared exceptions are fields of the result like any other.
    if (declared && is_thrift(caller_)) {
      for (const auto& [from, to] : exceptions_) {
        if (from != outcome.declared_field) continue;
        outcome.declared_field = to;
        return declared_passage().pass(reply.message, {}, limits_, context);
      }
      if (errors_ != nullptr) return errors_->to_status(reply, context);
      return declared_passage().pass(reply.message, {}, limits_, context);
    }
    if (answer_.plan != nullptr && reply.has_message) {
      // A message before an error is in the provider's form, which this caller cannot read.
      reply.has_message = false;
      reply.message = model::Payload();
    }
    return {};
  }
  if (errors_ == nullptr) return {};
  if (is_thrift(caller_)) return errors_->to_exception(reply, context);
  return declared ? errors_->to_status(reply, context) : Status();
}

void CompiledMethod::to_caller(model::Reply& reply, Context& context) const {
  const Status status = translate(reply, context);
  if (!status.ok()) refuse_answer(status, reply);
}

}  // namespace

std::string_view to_string(Crossing crossing) {
  switch (crossing) {
    case Crossing::forward: return "forward";
    case Crossing::reframe: return "reframe";
    case Crossing::transcode: return "transcode";
  }
  return "";
}

base::Result<std::unique_ptr<const MethodPlan>> MethodPlan::compile(const MethodSide& caller,
                                                                    const MethodSide& provider,
                                                                    const Pairing& pairing,
                                                                    const PlanOptions& options) {
  auto plan = std::make_unique<CompiledMethod>(caller, provider, options);
  KOINE_RETURN_IF_ERROR(plan->compile(pairing, options));
  return std::unique_ptr<const MethodPlan>(std::move(plan));
}

base::Result<std::unique_ptr<const MethodPlan>> MethodPlan::compile(const MethodSide& caller,
                                                                    const MethodSide& provider,
                                                                    const PlanOptions& options) {
  return compile(caller, provider, OriginPairing(), options);
}

}  // namespace koine::transcode
