// Passage: one direction of a method between its two sides, of a call's arguments or of what comes back:
// translated by a plan, or as it is. Immutable, any thread. Internal to method_plan.cc and untyped_method.cc.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/status.h"
#include "model/call.h"
#include "transcode/plan.h"

namespace koine::transcode {

class Context;

struct Passage {
  model::BodyFormat from = model::BodyFormat::none;
  model::BodyFormat to = model::BodyFormat::none;
  bool is_request = false;
  // Of an answer as Triple's callers are told it: its declared type, as Class.getName() has it.
  std::string type = "java.lang.Object";
  // Null: values pass as they are, where `from` and `to` are one format, or the two that Dubbo's calls have.
  std::unique_ptr<const Plan> plan;

  // `signature`: see MethodPlan::to_provider(). Errors: wire_unsupported, and those of plans and walks.
  [[nodiscard]] base::Status pass(model::Payload& message, std::string_view signature,
                                  const base::Limits& limits, Context& context) const;
};

// Are values of one format those of the other, with nothing to be translated between them?
bool are_same_values(model::BodyFormat one, model::BodyFormat other);

// What became of an answer that has no form for its caller.
void refuse_answer(const base::Status& why, model::Reply& reply);

}  // namespace koine::transcode
