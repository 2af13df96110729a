// What is thrown, as an object in Hessian2: of any class, its fields those of java.lang.Throwable and its
// own.
//
//   detailMessage text · cause · stackTrace list · suppressedExceptions list     of every one
//   code int                                                                    of RpcException
//
// org.apache.dubbo.rpc.RpcException (com.alibaba.dubbo.rpc before 2.7) is how the framework itself fails.
// Stateless, any thread. Source: apache/dubbo RpcException.java; hessian-lite ThrowableSerializer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "model/outcome.h"

namespace koine::codecs::calls::dubbo {

inline constexpr std::string_view rpc_exception_class = "org.apache.dubbo.rpc.RpcException";

struct Thrown {
  std::string class_name;
  std::string message;
  std::optional<std::int32_t> code;
};
// Reads the front of what a whole stream has; nothing when it is no object.
std::optional<Thrown> read_thrown(base::Bytes object, std::size_t nesting_max);

inline constexpr std::string_view message_field = "detailMessage";
inline constexpr std::string_view code_field = "code";

// How a call ended in which this was thrown.
model::Outcome outcome_from_thrown(const Thrown& thrown);
// What stands for an outcome whose message is not the exception itself: an error of the application's is a
// java.lang.RuntimeException, anything else an RpcException, which has a code. Both have the name of the
// common code in front of their text.
struct ThrownClass {
  std::string_view name;
  std::optional<std::int32_t> code;
};
ThrownClass class_thrown_for(const model::Outcome& outcome);
// Appends that object. Returns the class.
std::string_view append_thrown(std::string& out, const model::Outcome& outcome);

}  // namespace koine::codecs::calls::dubbo
