// ProtoJSON as the text of protobuf bytes.
#include <utility>

#include "transcode/json_reader.h"
#include "transcode/json_schema.h"
#include "transcode/json_writer.h"
#include "transcode/plan.h"
#include "transcode/text_form.h"

namespace koine::transcode {
namespace {

class JsonForm final : public TextForm {
 public:
  explicit JsonForm(std::unique_ptr<const JsonSchema> schema) : schema_(std::move(schema)) {}

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

base::Result<std::unique_ptr<const TextForm>> compile_json_form(const idl::StructType& root) {
  base::Result<std::unique_ptr<const JsonSchema>> schema = JsonSchema::compile(root);
  if (!schema) return schema.error();
  return std::unique_ptr<const TextForm>(std::make_unique<const JsonForm>(std::move(*schema)));
}

}  // namespace koine::transcode
