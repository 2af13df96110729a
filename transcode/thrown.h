// Exceptions that travel as objects (Dubbo; in a wrapper: Triple), as the fields of a result that they are
// everywhere else.
//
// Which exceptions a method declares is known by their class, exactly: an object of any other class has no
// form beside the text that its codec found in it. Immutable, any thread. Internal to method_plan.cc.
#pragma once

#include <cstdint>
#include <memory>

#include "base/buffer.h"
#include "base/result.h"
#include "base/status.h"
#include "idl/schema.h"
#include "model/call.h"
#include "transcode/plan.h"

namespace koine::transcode {

class HessianSchema;

class ThrownObjects {
 public:
  // `result` outlives it. MAP_TYPE: an exception has a field without a form in Hessian2.
  static base::Result<std::unique_ptr<const ThrownObjects>> compile(const idl::StructType& result,
                                                                    model::BodyFormat format,
                                                                    const PlanOptions& options);
  ~ThrownObjects();

  // The object as a binary result, whose field of that class it becomes; `field` is 0 when there is none, and
  // nothing is written. Errors: as a plan's.
  base::Status read(base::Bytes object, Context& context, Output& out, std::int32_t& field) const;
  // A binary result's exception as an object.
  base::Status write(base::Bytes result, std::int32_t field, Context& context, Output& out) const;

 private:
  ThrownObjects(std::unique_ptr<const HessianSchema> schema, bool in_wrapper, const PlanOptions& options);

  std::unique_ptr<const HessianSchema> schema_;
  const bool in_wrapper_;
  const PlanOptions options_;
};

}  // namespace koine::transcode
