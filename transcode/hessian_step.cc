// Hessian2 as binary structs: a stream of it, or streams in a message of Triple's.
#include <string>
#include <utility>
#include <vector>

#include "codecs/bodies/triple_wrapper/type_names.h"
#include "transcode/format_step.h"
#include "transcode/hessian_reader.h"
#include "transcode/hessian_schema.h"
#include "transcode/hessian_writer.h"
#include "transcode/plan.h"

namespace koine::transcode {
namespace {

using SchemaRef = std::unique_ptr<const HessianSchema>;
using Step = std::unique_ptr<const FormatStep>;

class HessianStep final : public FormatStep {
 public:
  explicit HessianStep(SchemaRef schema) : schema_(std::move(schema)) {}

  base::Status read(base::Bytes in, Context& context, Output& out,
                    const PlanOptions& options) const override {
    return HessianReader(*schema_, in, context, out, options).run();
  }
  base::Status write(base::Bytes in, Context& context, Output& out,
                     const PlanOptions& options) const override {
    return HessianWriter(*schema_, in, context, out, options).run();
  }

 private:
  SchemaRef schema_;
};

class TripleStep final : public FormatStep {
 public:
  TripleStep(SchemaRef schema, std::vector<std::string> types)
      : schema_(std::move(schema)), types_(std::move(types)) {}

  base::Status read(base::Bytes in, Context& context, Output& out,
                    const PlanOptions& options) const override {
    return HessianReader(*schema_, in, context, out, options).run_wrapped();
  }
  base::Status write(base::Bytes in, Context& context, Output& out,
                     const PlanOptions& options) const override {
    return HessianWriter(*schema_, in, context, out, options).run_wrapped(types_);
  }

 private:
  SchemaRef schema_;
  std::vector<std::string> types_;
};

}  // namespace

base::Result<Step> compile_hessian_step(const idl::StructType& root, bool generic) {
  base::Result<SchemaRef> schema =
      HessianSchema::compile(root, generic ? HessianStyle::generic : HessianStyle::typed);
  if (!schema) return schema.error();
  return Step(std::make_unique<const HessianStep>(std::move(*schema)));
}

base::Result<Step> compile_triple_step(const idl::StructType& root) {
  base::Result<SchemaRef> schema = HessianSchema::compile(root);
  if (!schema) return schema.error();
  std::vector<std::string> types;
  if (const auto* signature = idl::find_annotation(root.annotations, idl::java_signature_annotation)) {
    types = codecs::bodies::triple_wrapper::type_names(*signature);
  }
  if (root.role == idl::StructRole::arguments && types.size() != root.fields.size()) {
    return base::Status(base::Reason::map_type, root.full_name + " does not say its arguments' types");
  }
  return Step(std::make_unique<const TripleStep>(std::move(*schema), std::move(types)));
}

}  // namespace koine::transcode
