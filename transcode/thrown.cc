// Objects of declared exceptions.
#include "transcode/thrown.h"

#include <utility>

#include "transcode/hessian_reader.h"
#include "transcode/hessian_schema.h"
#include "transcode/hessian_writer.h"

namespace koine::transcode {

ThrownObjects::ThrownObjects(std::unique_ptr<const HessianSchema> schema, const PlanOptions& options)
    : schema_(std::move(schema)), options_(options) {}
ThrownObjects::~ThrownObjects() = default;

base::Result<std::unique_ptr<const ThrownObjects>> ThrownObjects::compile(const idl::StructType& result,
                                                                          const PlanOptions& options) {
  base::Result<std::unique_ptr<const HessianSchema>> schema = HessianSchema::compile(result);
  if (!schema) return schema.error();
  return std::unique_ptr<const ThrownObjects>(new ThrownObjects(std::move(*schema), options));
}

base::Status ThrownObjects::read(base::Bytes object, Context& context, Output& out,
                                 std::int32_t& field) const {
  return HessianReader(*schema_, object, context, out, options_).run_thrown(field);
}

base::Status ThrownObjects::write(base::Bytes result, std::int32_t field, Context& context,
                                  Output& out) const {
  return HessianWriter(*schema_, result, context, out, options_).run_thrown(field);
}

}  // namespace koine::transcode
