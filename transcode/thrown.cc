// Objects of declared exceptions.
#include "transcode/thrown.h"

#include <utility>

#include "base/result.h"
#include "codecs/bodies/triple_wrapper/wrapper.h"
#include "transcode/hessian_reader.h"
#include "transcode/hessian_schema.h"
#include "transcode/hessian_writer.h"

namespace koine::transcode {

ThrownObjects::ThrownObjects(std::unique_ptr<const HessianSchema> schema, bool in_wrapper,
                             const PlanOptions& options)
    : schema_(std::move(schema)), in_wrapper_(in_wrapper), options_(options) {}
ThrownObjects::~ThrownObjects() = default;

base::Result<std::unique_ptr<const ThrownObjects>> ThrownObjects::compile(const idl::StructType& result,
                                                                          model::BodyFormat format,
                                                                          const PlanOptions& options) {
  base::Result<std::unique_ptr<const HessianSchema>> schema = HessianSchema::compile(result);
  if (!schema) return schema.error();
  return std::unique_ptr<const ThrownObjects>(
      new ThrownObjects(std::move(*schema), format == model::BodyFormat::triple_wrapper, options));
}

base::Status ThrownObjects::read(base::Bytes object, Context& context, Output& out,
                                 std::int32_t& field) const {
  if (in_wrapper_) {
    codecs::bodies::triple_wrapper::AnswerWrapper wrapper;
    KOINE_RETURN_IF_ERROR(read_answer_wrapper(object, options_.limits, wrapper));
    object = wrapper.value;
  }
  return HessianReader(*schema_, object, context, out, options_).run_thrown(field);
}

base::Status ThrownObjects::write(base::Bytes result, std::int32_t field, Context& context,
                                  Output& out) const {
  return HessianWriter(*schema_, result, context, out, options_).run_thrown(field, in_wrapper_);
}

}  // namespace koine::transcode
