// Which form a text format has.
#include "transcode/text_form.h"

namespace koine::transcode {

base::Result<std::unique_ptr<const TextForm>> TextForm::compile(model::BodyFormat format,
                                                                const idl::StructType& root) {
  switch (format) {
    case model::BodyFormat::json: return compile_json_form(root);
    case model::BodyFormat::thrift_json: return compile_thrift_json_form(root);
    default: return std::unique_ptr<const TextForm>();
  }
}

}  // namespace koine::transcode
