// See plan_body.h.
#include "codecs/conformance/in_tree/plan_body.h"

#include <cstdlib>

#include "transcode/walk.h"

namespace koine::codecs::conformance::in_tree {

PlanBody::PlanBody(model::BodyFormat format, const idl::StructType& root) : format_(format) {
  const transcode::Side side{format, &root, {}};
  auto plan = transcode::Plan::compile(side, side, transcode::OriginPairing(), {});
  if (!plan) std::abort();  // the caller's schema is wrong
  plan_ = std::move(*plan);
}

base::Status PlanBody::rewrite(base::Bytes body, std::string& out) {
  // A copy of exactly this size, so that a sanitizer sees every byte read too far.
  const auto exact = std::make_unique<std::uint8_t[]>(body.size());
  std::copy(body.begin(), body.end(), exact.get());
  base::Status status = plan_->run({exact.get(), body.size()}, *context_, context_->output);
  if (status.ok()) out = base::as_text(context_->output.bytes());
  return status;
}

base::Status PlanBody::walk(base::Bytes body) {
  return transcode::walk_body(format_, body, base::Limits().nesting_max);
}

}  // namespace koine::codecs::conformance::in_tree
