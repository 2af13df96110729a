// What the protocols of `koine decode` share: a message's body as JSON, by its method's schema.
#pragma once

#include <cstddef>
#include <string>

#include "base/buffer.h"
#include "base/result.h"
#include "cli/commands.h"
#include "cli/schemas.h"
#include "model/call.h"
#include "model/protocol.h"

namespace koine::cli {

// What is read of standard input.
inline constexpr std::size_t input_bytes_max = 256u << 20;

// Whose message it is, and how it was written.
struct BodyOf {
  MethodPair method;
  model::Protocol protocol;
  model::BodyFormat format;
};
base::Result<std::string> request_json(const BodyOf& of, base::Buffer bytes);
// Of an answer whose message is there; an exception is {"error":…,"details":[…]}.
base::Result<std::string> reply_json(control::SchemaSet& schemas, const BodyOf& of, model::Reply answer);

// Frames of Dubbo2, a line each; `schemas` may be empty.
base::Status decode_dubbo(const DecodeOptions& options, control::SchemaSet& schemas, base::Buffer input);

}  // namespace koine::cli
