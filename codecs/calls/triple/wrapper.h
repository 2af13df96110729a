// The messages around the values of a call to a service that no .proto describes (apache/dubbo:
// dubbo-rpc-triple/src/main/proto/triple_wrapper.proto):
//
//   request   1 string  how values are written: "hessian4" (so Java calls Hessian2) or "hessian2" (so does
//   Go)
//             2 bytes   an argument, each a stream of its own
//             3 string  the argument's type, as Class.getName() has it
//   answer    1 string  as above
//             2 bytes   the value, or what was thrown; null ("N") where there is none
//             3 string  its declared type
//
// Fields may come in any order, and others are passed over. Stateless, any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/status.h"

namespace koine::codecs::calls::triple {

struct RequestWrapper {
  std::string_view serialization;  // in the message
  std::string signature;           // the arguments' types as JVM descriptors, one behind the other
};

struct AnswerWrapper {
  std::string_view serialization;  // both in the message
  base::Bytes value;
};

inline constexpr std::string_view java_serialization = "hessian4";
inline constexpr std::string_view go_serialization = "hessian2";

// Both walk over the values. wire_malformed; wire_unsupported with another serialization; limit_depth.
[[nodiscard]] base::Status read_request_wrapper(base::Bytes message, const base::Limits& limits,
                                                RequestWrapper& out);
[[nodiscard]] base::Status read_answer_wrapper(base::Bytes message, const base::Limits& limits,
                                               AnswerWrapper& out);

void append_answer_wrapper(base::Buffer& out, std::string_view serialization, std::string_view value,
                           std::string_view type);

}  // namespace koine::codecs::calls::triple
