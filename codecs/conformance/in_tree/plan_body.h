// A body format's reader and writer as one thing for the kit: a plan from a struct to itself. Test code.
#pragma once

#include <memory>
#include <string>

#include "codecs/conformance/body_kit.h"
#include "transcode/plan.h"

namespace koine::codecs::conformance::in_tree {

class PlanBody final : public BodyUnderTest {
 public:
  // `root` in `format`'s own view: a Thrift struct for Thrift formats, a message for the others.
  PlanBody(model::BodyFormat format, const idl::StructType& root);

  base::Status rewrite(base::Bytes body, std::string& out) override;
  base::Status walk(base::Bytes body) override;
  void forget() override { context_ = std::make_unique<transcode::Context>(); }

 private:
  model::BodyFormat format_;
  std::unique_ptr<const transcode::Plan> plan_;
  std::unique_ptr<transcode::Context> context_ = std::make_unique<transcode::Context>();
};

}  // namespace koine::codecs::conformance::in_tree
