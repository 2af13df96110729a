// Hessian2 as binary structs.
#include <utility>

#include "transcode/format_step.h"
#include "transcode/hessian_reader.h"
#include "transcode/hessian_schema.h"
#include "transcode/hessian_writer.h"
#include "transcode/plan.h"

namespace koine::transcode {
namespace {

class HessianStep final : public FormatStep {
 public:
  explicit HessianStep(std::unique_ptr<const HessianSchema> schema) : schema_(std::move(schema)) {}

  base::Status read(base::Bytes in, Context& context, Output& out,
                    const PlanOptions& options) const override {
    return HessianReader(*schema_, in, context, out, options).run();
  }
  base::Status write(base::Bytes in, Context& context, Output& out,
                     const PlanOptions& options) const override {
    return HessianWriter(*schema_, in, context, out, options).run();
  }

 private:
  std::unique_ptr<const HessianSchema> schema_;
};

}  // namespace

base::Result<std::unique_ptr<const FormatStep>> compile_hessian_step(const idl::StructType& root) {
  base::Result<std::unique_ptr<const HessianSchema>> schema = HessianSchema::compile(root);
  if (!schema) return schema.error();
  return std::unique_ptr<const FormatStep>(std::make_unique<const HessianStep>(std::move(*schema)));
}

}  // namespace koine::transcode
