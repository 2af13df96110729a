// MethodPlan: everything that happens to the bodies of one method's calls, between one caller's form of it
// and the provider's: the request plan, the response plan and one plan for each declared exception.
//
// Compiled once when a configuration loads, immutable, shared between threads; what a run needs is in the
// caller's Context. Forward (same wire, same body) and reframe (same body, other framing) leave the bytes as
// they are after a structural walk, but for what Dubbo's two protocols number differently
// (triple_wrapper/rewrap.h); everything else is transcoded.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "idl/schema.h"
#include "model/call.h"

namespace koine::transcode {

class Context;
class Pairing;
struct PlanOptions;

// How a call's bodies cross.
enum class Crossing : std::uint8_t { forward, reframe, transcode };
std::string_view to_string(Crossing crossing);

// One end of a method: its shape in that end's own IDL, and how bodies are written there.
struct MethodSide {
  const idl::Method* method = nullptr;  // outlives the plan
  model::BodyFormat format = model::BodyFormat::none;
  std::string_view protocol;  // the call codec's name, "thrift" or "grpc"
  // A caller's calls are Dubbo's generic ones ($invoke).
  bool generic = false;
};

class MethodPlan {
 public:
  virtual ~MethodPlan() = default;

  // `pairing` is of the two sides' schemas, and asked here only. Errors list every field without a faithful
  // form (MAP_NO_PAIR, MAP_TYPE, …), one a line with its path.
  static base::Result<std::unique_ptr<const MethodPlan>> compile(const MethodSide& caller,
                                                                 const MethodSide& provider,
                                                                 const Pairing& pairing,
                                                                 const PlanOptions& options);

  // Of one schema, or two of which one was derived from the other.
  static base::Result<std::unique_ptr<const MethodPlan>> compile(const MethodSide& caller,
                                                                 const MethodSide& provider,
                                                                 const PlanOptions& options);

  // Of a method that nobody has a schema for, between two sides that write the same format, or the values of
  // a Dubbo call in either of their forms: bodies stay as they are, after a structural walk where their codec
  // has not made it.
  static std::unique_ptr<const MethodPlan> untyped(model::BodyFormat caller, model::BodyFormat provider,
                                                   const PlanOptions& options);

  // Of Dubbo's generic calls of the caller's method (generic_call.h): its arguments stand in a list, and
  // nothing is of a class.
  static base::Result<std::unique_ptr<const MethodPlan>> generic(const MethodSide& caller,
                                                                 const MethodSide& provider,
                                                                 const Pairing& pairing,
                                                                 const PlanOptions& options);

  virtual Crossing crossing() const = 0;
  // Makes the caller's message the provider's; what passes as it is stays where it is. `signature`: the
  // parameters that the provider is told of (CallHead::signature), where it is. Errors: MAP_* and WIRE_* with
  // the field's path; then nothing is said of the message.
  [[nodiscard]] virtual base::Status to_provider(model::Payload& message, std::string_view signature,
                                                 Context& context) const = 0;
  // Makes the provider's whole answer the caller's: a value, a declared exception (Thrift result field ↔
  // google.rpc.Status details, koine.RpcStatus for methods derived from gRPC) or another outcome. A body that
  // cannot be mapped turns the outcome into INTERNAL with phase executed: it must not be tried again.
  virtual void to_caller(model::Reply& reply, Context& context) const = 0;
  // One message of a stream, either way.
  virtual base::Result<model::Payload> stream_message(model::Payload&& message, bool from_caller,
                                                      Context& context) const = 0;

  // The same for who has no use for the original.
  base::Result<model::Payload> request(model::Payload&& message, Context& context) const {
    KOINE_RETURN_IF_ERROR(to_provider(message, {}, context));
    return std::move(message);
  }
  model::Reply reply(model::Reply&& reply, Context& context) const {
    to_caller(reply, context);
    return std::move(reply);
  }
};

}  // namespace koine::transcode
