// Dubbo's generic calls: consumers without a service's classes call `$invoke` with what they mean.
//
//   arguments   method: text · types of its parameters: list of texts, or null · arguments: list
//   types       as Java's source has them: int, java.lang.String[], shop.Item, shop.Order$Line
//   answers     the value, its objects as maps (hessian_schema.h, HessianStyle::generic)
//
// In Dubbo2 these are values of one stream, in Triple arguments of a wrapper. An attachment, `generic`, says
// how the arguments are written: nothing or true is what is above. Stateless, any thread.
// Source: apache/dubbo 3.3 GenericFilter.java, GenericImplFilter.java, ReflectUtils.java.
#pragma once

#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/result.h"
#include "model/call.h"

namespace koine::transcode {

// Their names, and their parameters.
inline constexpr std::string_view generic_methods[] = {"$invoke", "$invokeAsync"};
inline constexpr std::string_view generic_signature =
    "Ljava/lang/String;[Ljava/lang/String;[Ljava/lang/Object;";
inline constexpr std::string_view generic_attachment = "generic";

struct GenericCall {
  std::string method;
  std::string signature;  // of the parameters; empty where the caller did not name their types
};

// What a generic call means; `payload` in a format that holds objects. WIRE_MALFORMED, LIMIT_HEADERS.
base::Result<GenericCall> read_generic_call(const model::Payload& payload, const base::Limits& limits);

}  // namespace koine::transcode
