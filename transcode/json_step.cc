// ProtoJSON as the text of protobuf bytes.
#include <utility>

#include "transcode/format_step.h"
#include "transcode/json_reader.h"
#include "transcode/json_schema.h"
#include "transcode/json_writer.h"
#include "transcode/plan.h"

namespace koine::transcode {
namespace {

class JsonStep final : public FormatStep {
 public:
  explicit JsonStep(std::unique_ptr<const JsonSchema> schema) : schema_(std::move(schema)) {}

  base::Status read(base::Bytes text, Context& context, Output& binary,
                    const PlanOptions& options) const override {
    return JsonReader(*schema_, text, context, binary, options.limits).run();
  }
  base::Status write(base::Bytes binary, Context& context, Output& text,
                     const PlanOptions& options) const override {
    return JsonWriter(*schema_, binary, context, text, options).run();
  }

 private:
  std::unique_ptr<const JsonSchema> schema_;
};

}  // namespace

base::Result<std::unique_ptr<const FormatStep>> compile_json_step(const idl::StructType& root) {
  base::Result<std::unique_ptr<const JsonSchema>> schema = JsonSchema::compile(root);
  if (!schema) return schema.error();
  return std::unique_ptr<const FormatStep>(std::make_unique<const JsonStep>(std::move(*schema)));
}

}  // namespace koine::transcode
