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

#include <cstdint>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/status.h"

namespace koine::codecs::bodies::triple_wrapper {

enum class Field : std::uint32_t { serialization = 1, value = 2, type = 3 };

// Goes from one of these fields to the next.
class FieldReader {
 public:
  explicit FieldReader(base::Bytes message) : at_(message.data()), end_(message.data() + message.size()) {}
  // False at the end, and where the message goes on malformed: status() says which.
  bool next();
  Field field() const noexcept { return field_; }
  base::Bytes content() const noexcept { return content_; }  // in the message
  const base::Status& status() const noexcept { return status_; }

 private:
  bool stop(std::string_view why);

  const std::uint8_t* at_;
  const std::uint8_t* const end_;
  Field field_ = Field::serialization;
  base::Bytes content_;
  base::Status status_;
};

struct RequestWrapper {
  std::string_view serialization;  // in the message
  std::string signature;           // the arguments' types as JVM descriptors, one behind the other
};

struct AnswerWrapper {
  std::string_view serialization;  // both in the message
  base::Bytes value;               // empty: null, as newer versions of dubbo-go say it
};

inline constexpr std::string_view java_serialization = "hessian4";
inline constexpr std::string_view go_serialization = "hessian2";

// Both walk over the values. wire_malformed; wire_unsupported with another serialization; limit_depth.
[[nodiscard]] base::Status read_request_wrapper(base::Bytes message, const base::Limits& limits,
                                                RequestWrapper& out);
[[nodiscard]] base::Status read_answer_wrapper(base::Bytes message, const base::Limits& limits,
                                               AnswerWrapper& out);

// A field, or what is in front of `size` bytes of its content.
void append_field(base::Buffer& out, Field field, std::string_view content);
void append_field_head(base::Buffer& out, Field field, std::size_t size);
void append_answer_wrapper(base::Buffer& out, std::string_view serialization, std::string_view value,
                           std::string_view type);

}  // namespace koine::codecs::bodies::triple_wrapper
