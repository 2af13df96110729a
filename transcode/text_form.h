// TextForm: one end of a plan that is text, compiled for its schema: text to the bytes of the binary format
// that it stands for (formats.h), and back. Immutable, any thread. Internal to plan.cc and *_form.cc.
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

class TextForm {
 public:
  virtual ~TextForm() = default;
  TextForm(const TextForm&) = delete;
  TextForm& operator=(const TextForm&) = delete;

  // The form of `root` in a text format; null for the others. Errors: what the format has no place for.
  // `root` outlives it.
  static base::Result<std::unique_ptr<const TextForm>> compile(model::BodyFormat format,
                                                               const idl::StructType& root);

  // One message, text to binary: `binary` is started here. Errors: MAP_*, WIRE_*, LIMIT_DEPTH, LIMIT_MESSAGE,
  // with the path of the value. No heap once the context is warm.
  virtual base::Status read(base::Bytes text, Context& context, Output& binary,
                            const PlanOptions& options) const = 0;
  // The same the other way. `binary` is what a plan has written.
  virtual base::Status write(base::Bytes binary, Context& context, Output& text,
                             const PlanOptions& options) const = 0;

 protected:
  TextForm() = default;
};

// One each text format.
base::Result<std::unique_ptr<const TextForm>> compile_json_form(const idl::StructType& root);
base::Result<std::unique_ptr<const TextForm>> compile_thrift_json_form(const idl::StructType& root);

}  // namespace koine::transcode
