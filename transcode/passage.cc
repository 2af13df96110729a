// Messages through a passage.
#include "transcode/passage.h"

#include <utility>

#include "base/result.h"
#include "transcode/context.h"
#include "transcode/formats.h"
#include "transcode/walk.h"

namespace koine::transcode {
namespace {

using base::Reason;
using base::Status;
using model::BodyFormat;

// A body that goes on as it is. Who looks for what stands behind the values of a Dubbo call has walked over
// them.
Status walk_unread(BodyFormat format, base::Bytes body, std::size_t nesting_max) {
  if (holds_objects(format)) return {};
  return walk_body(format, body, nesting_max);
}

}  // namespace

bool are_same_values(BodyFormat one, BodyFormat other) {
  return one == other || (holds_objects(one) && holds_objects(other));
}

Status Passage::pass(model::Payload& message, std::string_view signature, const base::Limits& limits,
                     Context& context) const {
  const bool is_as_it_is = plan == nullptr && from == to;
  if (message.compression != model::Compression::identity) {
    // Nobody can look into it; its own decompressed size is for whoever decompresses it.
    if (is_as_it_is) return {};
    return Status(Reason::wire_unsupported, "a compressed body cannot be translated");
  }
  if (message.format != from) {
    return Status(Reason::wire_unsupported, "a body in " + std::string(model::to_string(message.format)) +
                                                " where " + std::string(model::to_string(from)) + " belongs");
  }
  // One that came in pieces is copied together, to be read.
  const base::Slice whole = message.bytes.linearize();
  if (is_as_it_is) return walk_unread(from, whole.bytes(), limits.nesting_max);
  base::Buffer out(message.bytes.pool());
  using codecs::bodies::triple_wrapper::Rewrapper;
  Rewrapper& rewrapper = context.rewrapper;
  if (plan != nullptr) {
    KOINE_RETURN_IF_ERROR(plan->run(whole, context, out));
  } else if (to == BodyFormat::triple_wrapper && is_request) {
    KOINE_RETURN_IF_ERROR(rewrapper.wrap_arguments(whole, signature, limits, out));
  } else if (to == BodyFormat::triple_wrapper) {
    Rewrapper::wrap_value(std::move(message.bytes), type, out);
  } else if (is_request) {
    KOINE_RETURN_IF_ERROR(rewrapper.unwrap_arguments(whole, limits, out));
  } else {
    KOINE_RETURN_IF_ERROR(Rewrapper::unwrap_value(whole, out));
  }
  message.format = to;
  message.bytes = std::move(out);
  return {};
}

void refuse_answer(const Status& why, model::Reply& reply) {
  model::Outcome outcome = model::outcome_from(
      why.with_context("the provider's answer cannot be given to the caller"), model::Phase::executed);
  outcome.trailers = std::move(reply.outcome.trailers);
  reply.outcome = std::move(outcome);
  reply.has_message = false;
  reply.message = model::Payload();
}

}  // namespace koine::transcode
