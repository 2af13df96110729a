// FormatStep: one end of a plan in a format that no executor reads, compiled for its schema: its bytes to
// those of the format that plans run on instead (formats.h), and back. Immutable, any thread. Internal to
// plan.cc and *_step.cc.
#pragma once

#include <memory>

#include "base/buffer.h"
#include "base/result.h"
#include "base/status.h"
#include "idl/schema.h"
#include "model/call.h"

namespace koine::transcode {

class Context;
class Output;
struct PlanOptions;

class FormatStep {
 public:
  virtual ~FormatStep() = default;
  FormatStep(const FormatStep&) = delete;
  FormatStep& operator=(const FormatStep&) = delete;

  // The step of `root` in such a format; null for the others. Errors: what the format has no place for.
  // `root` outlives it.
  static base::Result<std::unique_ptr<const FormatStep>> compile(model::BodyFormat format,
                                                                 const idl::StructType& root,
                                                                 bool generic = false);

  // One message, to the plan's format: `out` is started here. Errors: MAP_*, WIRE_*, LIMIT_DEPTH,
  // LIMIT_MESSAGE, with the path of the value. No heap once the context is warm.
  virtual base::Status read(base::Bytes in, Context& context, Output& out,
                            const PlanOptions& options) const = 0;
  // The same the other way. `in` is what a plan has written.
  virtual base::Status write(base::Bytes in, Context& context, Output& out,
                             const PlanOptions& options) const = 0;

 protected:
  FormatStep() = default;
};

// One each format.
base::Result<std::unique_ptr<const FormatStep>> compile_json_step(const idl::StructType& root);
base::Result<std::unique_ptr<const FormatStep>> compile_thrift_json_step(const idl::StructType& root);
base::Result<std::unique_ptr<const FormatStep>> compile_hessian_step(const idl::StructType& root,
                                                                     bool generic);
base::Result<std::unique_ptr<const FormatStep>> compile_triple_step(const idl::StructType& root);

}  // namespace koine::transcode
