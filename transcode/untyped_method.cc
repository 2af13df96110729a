// What passes both ways as it is.
#include "base/result.h"
#include "transcode/method_plan.h"
#include "transcode/passage.h"

namespace koine::transcode {
namespace {

using base::Status;

class UntypedMethod final : public MethodPlan {
 public:
  UntypedMethod(model::BodyFormat caller, model::BodyFormat provider, const PlanOptions& options)
      : limits_(options.limits) {
    request_.from = answer_.to = caller;
    request_.to = answer_.from = provider;
    request_.is_request = true;
  }

  Crossing crossing() const override {
    return request_.from == request_.to ? Crossing::forward : Crossing::reframe;
  }
  Status to_provider(model::Payload& message, std::string_view signature, Context& context) const override {
    return request_.pass(message, signature, limits_, context);
  }
  void to_caller(model::Reply& reply, Context& context) const override {
    if (!reply.has_message) return;
    const Status status = answer_.pass(reply.message, {}, limits_, context);
    if (!status.ok()) refuse_answer(status, reply);
  }
  base::Result<model::Payload> stream_message(model::Payload&& message, bool from_caller,
                                              Context& context) const override {
    KOINE_RETURN_IF_ERROR((from_caller ? request_ : answer_).pass(message, {}, limits_, context));
    return std::move(message);
  }

 private:
  const base::Limits limits_;
  Passage request_;
  Passage answer_;
};

}  // namespace

std::unique_ptr<const MethodPlan> MethodPlan::untyped(model::BodyFormat caller, model::BodyFormat provider,
                                                      const PlanOptions& options) {
  return std::make_unique<const UntypedMethod>(caller, provider, options);
}

}  // namespace koine::transcode
