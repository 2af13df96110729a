// Generic calls of a method ($invoke): what is around the values of a call whose caller has no classes.
#include <string>
#include <utility>

#include "base/result.h"
#include "codecs/bodies/hessian2/copy.h"
#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/bodies/hessian2/thrown.h"
#include "codecs/bodies/triple_wrapper/rewrap.h"
#include "transcode/context.h"
#include "transcode/method_plan.h"
#include "transcode/passage.h"
#include "transcode/plan.h"

namespace koine::transcode {
namespace {

namespace hessian2 = codecs::bodies::hessian2;
using base::Reason;
using base::Status;
using codecs::bodies::triple_wrapper::Rewrapper;
using hessian2::Copier;
using model::BodyFormat;

// What 3.3.6's and 2.7's providers throw to generic callers.
constexpr std::string_view exception_class = "com.alibaba.dubbo.rpc.service.GenericException";
constexpr std::string_view runtime_exception = "java.lang.RuntimeException";
constexpr std::string_view value_type = "java.lang.Object";

Status why(const Copier& copier) {
  if (copier.is_too_long()) {
    return Status(Reason::limit_message, "what is referred to is longer than message_bytes_max");
  }
  if (copier.fault() == codecs::Fault::too_deep) {
    return Status(Reason::limit_depth, "objects, lists and maps are nested deeper than nesting_max");
  }
  return Status(Reason::wire_malformed, "a generic call's arguments cannot be read");
}

class GenericMethod final : public MethodPlan {
 public:
  GenericMethod(BodyFormat caller, const PlanOptions& options, std::unique_ptr<const MethodPlan> inner)
      : caller_(caller), limits_(options.limits), inner_(std::move(inner)) {}

  Crossing crossing() const override { return Crossing::transcode; }

  Status to_provider(model::Payload& message, std::string_view signature, Context& context) const override {
    if (message.compression != model::Compression::identity) {
      return Status(Reason::wire_unsupported, "a compressed body cannot be translated");
    }
    if (message.format != caller_) {
      return Status(Reason::wire_unsupported, "a generic call's body in " +
                                                  std::string(model::to_string(message.format)) + " where " +
                                                  std::string(model::to_string(caller_)) + " belongs");
    }
    base::Slice whole = message.bytes.linearize();
    base::Buffer unwrapped(message.bytes.pool());
    if (caller_ == BodyFormat::triple_wrapper) {
      KOINE_RETURN_IF_ERROR(context.rewrapper.unwrap_arguments(whole, limits_, unwrapped));
      whole = unwrapped.linearize();
    }
    std::string arguments;
    KOINE_RETURN_IF_ERROR(take_arguments(whole.bytes(), arguments));
    message.format = BodyFormat::hessian2;
    message.bytes.clear();
    message.bytes.append(arguments);
    return inner_->to_provider(message, signature, context);
  }

  void to_caller(model::Reply& reply, Context& context) const override {
    inner_->to_caller(reply, context);
    const bool is_thrown = !reply.outcome.ok() && reply.outcome.origin == model::Origin::application;
    std::string_view type = value_type;
    if (is_thrown) {
      throw_generic(reply);
      type = exception_class;
    }
    if (!reply.has_message || caller_ != BodyFormat::triple_wrapper) return;
    base::Buffer wrapped(reply.message.bytes.pool());
    Rewrapper::wrap_value(std::move(reply.message.bytes), type, wrapped);
    reply.message.format = caller_;
    reply.message.bytes = std::move(wrapped);
  }

  base::Result<model::Payload> stream_message(model::Payload&&, bool, Context&) const override {
    return Status(Reason::wire_unsupported, "generic calls have one message each way");
  }

 private:
  // The elements of the third value, as values of a stream of their own.
  Status take_arguments(base::Bytes stream, std::string& out) const {
    Copier copier;
    copier.start(limits_.nesting_max, limits_.message_bytes_max);
    copier.start_source(stream);
    copier.start_target(out);
    if (!copier.skip() || !copier.skip() || copier.at_end()) return why(copier);
    // (No arguments may be null.)
    const std::size_t count = copier.enter_list();
    if (count == Copier::no_list) return copier.skip() && copier.at_end() ? Status() : why(copier);
    for (std::size_t i = 0; count == Copier::open_list ? !copier.at_list_end() : i < count; ++i) {
      if (!copier.copy()) return why(copier);
    }
    return {};
  }

  // An error of the application's, declared or not, as what generic callers are told it by.
  void throw_generic(model::Reply& reply) const {
    hessian2::Thrown thrown{std::string(runtime_exception), model::coded_text(reply.outcome), std::nullopt};
    if (reply.outcome.thrown && reply.has_message) {
      auto read = hessian2::read_thrown(reply.message.bytes.linearize().bytes(), limits_.nesting_max);
      if (read) thrown = std::move(*read);
    }
    std::string object;
    object.push_back(static_cast<char>(hessian2::lead_definition));
    hessian2::append_text(object, exception_class);
    object.push_back(static_cast<char>(hessian2::lead_int_zero + 3));
    for (const std::string_view field : {hessian2::message_field, std::string_view("exceptionMessage"),
                                         std::string_view("exceptionClass")}) {
      hessian2::append_text(object, field);
    }
    object.push_back(static_cast<char>(hessian2::lead_object_short));
    hessian2::append_text(object, thrown.class_name + ": " + thrown.message);
    hessian2::append_text(object, thrown.message);
    hessian2::append_text(object, thrown.class_name);
    reply.message = model::Payload();
    reply.message.format = BodyFormat::hessian2;
    reply.message.bytes.append(object);
    reply.has_message = true;
    reply.outcome.thrown = true;
    reply.outcome.declared_field = 0;
  }

  const BodyFormat caller_;
  const base::Limits limits_;
  const std::unique_ptr<const MethodPlan> inner_;
};

}  // namespace

base::Result<std::unique_ptr<const MethodPlan>> MethodPlan::generic(const MethodSide& caller,
                                                                    const MethodSide& provider,
                                                                    const Pairing& pairing,
                                                                    const PlanOptions& options) {
  MethodSide values = caller;
  values.format = BodyFormat::hessian2;
  values.generic = true;
  auto inner = compile(values, provider, pairing, options);
  if (!inner) return inner.error();
  return std::unique_ptr<const MethodPlan>(
      std::make_unique<const GenericMethod>(caller.format, options, std::move(*inner)));
}

}  // namespace koine::transcode
