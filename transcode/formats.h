// What body formats are to plans: which family's rules of shape they follow, and which of them plans run on.
//
// Executors read and write three formats. Any other one stands for one of those, of the same schema, with a
// step in front or behind (format_step.h), so that a new format needs an entry here and its two steps, and no
// rule of mapping is written twice.
#pragma once

#include "model/call.h"

namespace koine::transcode {

// Are its values Java's: may one be null, are exceptions objects that are thrown?
constexpr bool holds_objects(model::BodyFormat format) {
  return format == model::BodyFormat::hessian2 || format == model::BodyFormat::triple_wrapper;
}

// The format that a plan runs on where an end is in `format`.
constexpr model::BodyFormat plan_format(model::BodyFormat format) {
  if (format == model::BodyFormat::json) return model::BodyFormat::protobuf;
  if (format == model::BodyFormat::thrift_json) return model::BodyFormat::thrift_binary;
  if (holds_objects(format)) return model::BodyFormat::thrift_binary;
  return format;
}

// Does a method have an arguments and a result struct there? Else it has messages.
constexpr bool is_thrift(model::BodyFormat format) {
  const model::BodyFormat binary = plan_format(format);
  return binary == model::BodyFormat::thrift_binary || binary == model::BodyFormat::thrift_compact;
}
// The format of the result that a declared exception is a field of: an object that is thrown has none, and is
// made into one (thrown.h).
constexpr model::BodyFormat result_format(model::BodyFormat format) {
  return holds_objects(format) ? plan_format(format) : format;
}
constexpr bool is_protobuf(model::BodyFormat format) { return format == model::BodyFormat::protobuf; }

}  // namespace koine::transcode
