// How a method's failures cross between Thrift and gRPC: declared exceptions, google.rpc.Status, RpcStatus.
//
//   Thrift provider, gRPC caller   the exception in the result's field N becomes a status: its code by the
//                                  annotation koine.code (else UNKNOWN), its text by the exception's string
//                                  field `message` (else its name), the exception itself one detail, an Any
//                                  of type.googleapis.com/<full name>. An RpcStatus becomes what it says.
//   gRPC provider, Thrift caller   the first detail whose type the method declares decides which exception;
//                                  else the status becomes the RpcStatus that derived Thrift methods
//                                  declare; else it stays an outcome without a declared form.
//   Thrift on both sides           an exception that the caller's method does not declare becomes an outcome
//                                  with its code and its text; all others are fields of the result.
//
// Errors of the gateway and of transports never have a declared form. Internal to method_plan.cc; immutable,
// any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "idl/schema.h"
#include "model/call.h"
#include "transcode/method_plan.h"
#include "transcode/plan.h"

namespace koine::transcode {

// A status in gRPC's trailers should hold no more than this: runtimes allow some 8 KiB of trailers, and the
// text form is a third longer. Larger details are left out, and the message says so.
inline constexpr std::size_t status_bytes_max = 4096;

class ErrorPlans {
 public:
  // One side must be Thrift, the other not. `failed` receives a text for each exception without a form.
  ErrorPlans(const MethodSide& caller, const MethodSide& provider, const Pairing& pairing,
             const PlanOptions& options, std::vector<std::string>& failed);
  // Of two Thrift methods: of these exceptions of the provider's result, which the caller does not declare,
  // code and text.
  ErrorPlans(const MethodSide& provider, const std::vector<const idl::Field*>& undeclared,
             const PlanOptions& options, std::vector<std::string>& failed);

  // A declared exception of the Thrift provider (outcome.declared_field, reply.message) as a status.
  base::Status to_status(model::Reply& reply, Context& context) const;
  // A gRPC provider's failure as the Thrift caller's; unchanged when it has no declared form.
  base::Status to_exception(model::Reply& reply, Context& context) const;

 private:
  enum class Form : std::uint8_t {
    detail,  // in a message of its own
    status,  // an RpcStatus
    text,    // its code and text only: no message carries it
  };
  struct Exception {
    Form form = Form::detail;
    std::int32_t field = 0;  // in the Thrift result
    const idl::StructType* type = nullptr;
    std::string detail;  // full name of the protobuf message
    model::Code code = model::Code::unknown;
    std::int32_t text_field = 0;  // number of the message's field for its text; 0 = none
    // The message has no such field: the plan's has, the one on the wire has not.
    bool text_apart = false;
    std::unique_ptr<const Plan> plan;
  };

  void keep_or_tell(Exception&& exception, const base::Status& compiled, std::vector<std::string>& failed);
  void add(const idl::StructType& result, const idl::Field& field, const idl::Method& message_method,
           const Pairing& pairing, std::vector<std::string>& failed);
  base::Status compile_detail(Exception& exception, const idl::StructType& result,
                              const idl::StructType& message, const Pairing& pairing);
  base::Status compile_text(Exception& exception, const idl::StructType& result);
  static base::Status keep(Exception& exception, base::Result<std::unique_ptr<const Plan>>&& plan);
  base::Result<std::unique_ptr<const Plan>> compile(const idl::StructType& result, std::int32_t field,
                                                    const idl::StructType& message,
                                                    const Pairing& pairing) const;
  void declare_status();
  base::Status run(const Exception& exception, base::Bytes in, model::BodyFormat format, model::Reply& reply,
                   Context& context) const;

  model::BodyFormat thrift_format_;
  bool from_thrift_;
  PlanOptions options_;
  idl::Schema own_;  // google.rpc.Status with its details as bytes
  const idl::StructType* status_ = nullptr;
  std::vector<Exception> exceptions_;
};

}  // namespace koine::transcode
