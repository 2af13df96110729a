// What is thrown, as an object in Hessian2: of any class, its fields those of java.lang.Throwable and its
// own.
//
//   detailMessage text · cause · stackTrace list · suppressedExceptions list     of every one
//   code int                                                                    of RpcException
//
// org.apache.dubbo.rpc.RpcException (com.alibaba.dubbo.rpc before 2.7) is how the framework itself fails.
// Stateless, any thread. Source: apache/dubbo RpcException.java; hessian-lite ThrowableSerializer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "codecs/bodies/hessian2/thrown.h"
#include "model/outcome.h"

namespace koine::codecs::calls::dubbo {

inline constexpr std::string_view rpc_exception_class = "org.apache.dubbo.rpc.RpcException";

using bodies::hessian2::code_field;
using bodies::hessian2::message_field;
using bodies::hessian2::read_thrown;
using bodies::hessian2::Thrown;

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
