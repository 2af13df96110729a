// Which formats take a step.
#include "transcode/format_step.h"

namespace koine::transcode {

base::Result<std::unique_ptr<const FormatStep>> FormatStep::compile(model::BodyFormat format,
                                                                    const idl::StructType& root,
                                                                    bool generic) {
  switch (format) {
    case model::BodyFormat::json: return compile_json_step(root);
    case model::BodyFormat::thrift_json: return compile_thrift_json_step(root);
    case model::BodyFormat::hessian2: return compile_hessian_step(root, generic);
    case model::BodyFormat::triple_wrapper: return compile_triple_step(root);
    default: return std::unique_ptr<const FormatStep>();
  }
}

}  // namespace koine::transcode
