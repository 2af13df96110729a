// What of an object that is thrown says what happened: its class, its text, and RpcException's code.
// Stateless, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/buffer.h"

namespace koine::codecs::bodies::hessian2 {

struct Thrown {
  std::string class_name;
  std::string message;
  std::optional<std::int32_t> code;
};
// Reads the front of what a whole stream has; nothing when it is no object.
std::optional<Thrown> read_thrown(base::Bytes object, std::size_t nesting_max);

inline constexpr std::string_view message_field = "detailMessage";
inline constexpr std::string_view code_field = "code";

}  // namespace koine::codecs::bodies::hessian2
