// The values of a call of Dubbo's, from one of its protocols to the other: in one stream of Hessian2
// (Dubbo2), or in a wrapper, each argument in a stream of its own (Triple). The values stay what they are, of
// whatever class: only their numbering is another (hessian2/copy.h). What is one value in two arguments is
// two to Triple, as its own consumers have it.
//
// A single value's bytes are referred to, not copied. One thread.
#pragma once

#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/status.h"
#include "codecs/bodies/hessian2/copy.h"

namespace koine::codecs::bodies::triple_wrapper {

class Rewrapper {
 public:
  // Arguments, one behind the other; `signature` has their types as JVM descriptors. wire_malformed,
  // wire_truncated, limit_depth, limit_message.
  [[nodiscard]] base::Status wrap_arguments(const base::Slice& stream, std::string_view signature,
                                            const base::Limits& limits, base::Buffer& out);
  [[nodiscard]] base::Status unwrap_arguments(const base::Slice& message, const base::Limits& limits,
                                              base::Buffer& out);
  // What came back; `type` is its declared type as Class.getName() has it.
  static void wrap_value(base::Buffer&& stream, std::string_view type, base::Buffer& out);
  [[nodiscard]] static base::Status unwrap_value(const base::Slice& message, base::Buffer& out);

 private:
  base::Status why() const;
  void use(const base::Limits& limits);

  hessian2::Copier copier_;
  std::string scratch_;
};

}  // namespace koine::codecs::bodies::triple_wrapper
