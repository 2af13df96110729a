// Every end of a call, sent through the functions that translate it, and back.
#include "transcode/pages/errors_page.h"

#include <array>
#include <optional>
#include <string_view>

#include "codecs/bodies/protobuf/rpc_status.h"
#include "codecs/calls/grpc/status_mapping.h"
#include "codecs/calls/thrift/application_exception.h"
#include "idl/derive/derive.h"
#include "idl/source.h"
#include "idl/thrift/read.h"
#include "transcode/context.h"
#include "transcode/method_plan.h"
#include "transcode/plan.h"

namespace koine::transcode::pages {
namespace {

namespace grpc = codecs::calls::grpc;
namespace thrift = codecs::calls::thrift;
namespace protobuf = codecs::bodies::protobuf;
using base::Reason;
using model::BodyFormat;
using model::Origin;
using model::Outcome;
using model::Phase;

constexpr std::string_view introduction = R"(# Errors

How every end of a call crosses, in each direction, and what the way back makes of it. This page is written from the code's own functions; a
test fails when the two differ. The rules behind it are in [mapping.md](mapping.md#errors).

`=` means that the way back (the same call seen through a second gateway that stands the other way round) gives exactly what went in, number and text; otherwise it says what comes back.
Between gRPC and gRPC, and between Thrift and Thrift, every number and text is given back as it came, also those that nobody knows.
)";

// The numbers of TApplicationException that somebody writes, and one that nobody does.
struct ExceptionName {
  std::int32_t type;
  std::string_view name;
};
constexpr std::array exception_names = {ExceptionName{0, "UNKNOWN"},
                                        ExceptionName{1, "UNKNOWN_METHOD"},
                                        ExceptionName{2, "INVALID_MESSAGE_TYPE"},
                                        ExceptionName{3, "WRONG_METHOD_NAME"},
                                        ExceptionName{4, "BAD_SEQUENCE_ID"},
                                        ExceptionName{5, "MISSING_RESULT"},
                                        ExceptionName{6, "INTERNAL_ERROR"},
                                        ExceptionName{7, "PROTOCOL_ERROR"},
                                        ExceptionName{8, "INVALID_TRANSFORM"},
                                        ExceptionName{9, "INVALID_PROTOCOL"},
                                        ExceptionName{10, "UNSUPPORTED_CLIENT_TYPE"},
                                        ExceptionName{11, "fbthrift's LOADSHEDDING"},
                                        ExceptionName{12, "fbthrift's TIMEOUT"},
                                        ExceptionName{16, "fbthrift's TENANT_QUOTA_EXCEEDED"},
                                        ExceptionName{99, "any other"}};

constexpr std::string_view why = "why";

std::string name_of(std::int32_t type) {
  for (const ExceptionName& one : exception_names) {
    if (one.type == type) return std::string(one.name) + " (" + std::to_string(type) + ")";
  }
  return std::to_string(type);
}

std::string name_of(const thrift::ApplicationException& exception) {
  return name_of(exception.type) + ", `" + exception.message + "`";
}

// As the next reader of the status has it.
Outcome over_grpc(const Outcome& outcome) {
  model::Metadata fields;
  grpc::write_status(outcome, 64 << 10, fields);
  return grpc::read_status(fields);
}
Outcome over_thrift(const Outcome& outcome) {
  return thrift::outcome_from_exception(thrift::exception_from_outcome(outcome));
}
Outcome status(model::Code code) {
  Outcome outcome;
  outcome.code = code;
  outcome.message = why;
  return over_grpc(outcome);
}

std::string name_of(const Outcome& outcome) { return std::string(model::to_string(outcome.code)); }
bool same(const Outcome& a, const Outcome& b) {
  return a.code == b.code && a.message == b.message && a.details == b.details;
}
std::string back(const Outcome& now, const Outcome& before) {
  return same(now, before) ? "=" : "**" + name_of(now) + ", `" + now.message + "`**";
}

// A service with a method for each code, that declares an exception of it, and one that declares RpcStatus.
class Declared {
 public:
  Declared() {
    std::string idl =
        "namespace * a\nstruct Q {}\nexception RpcStatus { 1: i32 code, 2: string message, 3: "
        "list<binary> details } (koine.rpc_status = \"true\")\n";
    std::string methods = "Q rpc(1: Q q) throws (1: RpcStatus e)\n";
    for (int i = 1; i <= model::code_max; ++i) {
      const std::string code(model::to_string(static_cast<model::Code>(i)));
      idl += "exception E" + code + " { 1: string message } (koine.code = \"" + code + "\")\n";
      methods += "Q m" + std::to_string(i) + "(1: Q q) throws (1: E" + code + " e)\n";
    }
    const auto sources = idl::memory_sources({{"a.thrift", idl + "service S {\n" + methods + "}\n"}});
    idl::thrift::ReadOptions options;
    options.sources = sources.get();
    schema_ = idl::thrift::read({"a.thrift"}, options).schema;
    if (schema_ == nullptr) return;
    auto derived = idl::derive::derive(*schema_, idl::Language::proto);
    if (derived) derived_ = std::move(*derived);
  }
  // A gRPC provider's end for a Thrift caller, or a Thrift provider's for a gRPC caller.
  bool cross(int method, bool from_grpc, model::Reply& reply) const {
    if (derived_ == nullptr) return false;
    const MethodSide thrift_side = {&method_of(*schema_, method), BodyFormat::thrift_binary, "thrift"};
    const MethodSide grpc_side = {&method_of(*derived_, method), BodyFormat::protobuf, "grpc"};
    const auto plan = from_grpc ? MethodPlan::compile(thrift_side, grpc_side, PlanOptions())
                                : MethodPlan::compile(grpc_side, thrift_side, PlanOptions());
    if (!plan) return false;
    Context context;
    (*plan)->to_caller(reply, context);
    return true;
  }

 private:
  // 0 is the method with RpcStatus, the others are codes.
  static const idl::Method& method_of(const idl::Schema& schema, int method) {
    return schema.find_service("a.S")->methods[static_cast<std::size_t>(method)];
  }
  std::unique_ptr<const idl::Schema> schema_;
  std::unique_ptr<const idl::Schema> derived_;
};

// The result {1: exception {1: "why"}} in the binary protocol.
constexpr std::string_view exception_bytes("\x0c\x00\x01\x0b\x00\x01\x00\x00\x00\x03why\x00\x00", 15);

model::Reply thrift_exception() {
  model::Reply reply;
  reply.has_message = true;
  reply.message.format = BodyFormat::thrift_binary;
  reply.message.bytes.append(exception_bytes);
  reply.outcome.code = model::Code::unknown;
  reply.outcome.declared_field = 1;
  return reply;
}

std::string rpc_status_and_back(const Declared& declared, model::Code code) {
  protobuf::RpcStatus details;
  details.code = static_cast<std::int32_t>(code);
  details.message = why;
  details.details.push_back({"type.googleapis.com/a.Unknown", "bytes"});
  model::Reply reply;
  reply.outcome = status(code);
  reply.outcome.details = protobuf::encode(details);
  const Outcome before = reply.outcome;
  const bool crossed = declared.cross(0, true, reply);
  if (!crossed || reply.outcome.declared_field == 0) return "?";
  reply.outcome.code = model::Code::unknown;
  if (!declared.cross(0, false, reply)) return "?";
  return back(over_grpc(reply.outcome), before);
}

void add_statuses(std::string& page, const Declared& declared) {
  page +=
      "\n## A gRPC provider's status, for a Thrift caller\n\n"
      "A method whose source is a .proto declares `RpcStatus`; one whose source is a .thrift does not, and "
      "its caller gets a "
      "TApplicationException. A status whose details hold an exception that the method declares becomes that "
      "exception.\n\n"
      "| status, text `why` | TApplicationException | back | RpcStatus, back |\n|---|---|---|---|\n";
  for (int i = 1; i <= model::code_max; ++i) {
    const Outcome given = status(static_cast<model::Code>(i));
    page += "| " + name_of(given) + " (" + std::to_string(i) + ") | " +
            name_of(thrift::exception_from_outcome(given)) + " | " +
            back(over_grpc(over_thrift(given)), given) + " | " +
            rpc_status_and_back(declared, static_cast<model::Code>(i)) + " |\n";
  }
}

void add_declared(std::string& page, const Declared& declared) {
  page +=
      "\n## A Thrift provider's declared exception, for a gRPC caller\n\n"
      "| `koine.code` | status | text | detail | back |\n|---|---|---|---|---|\n";
  for (int i = 1; i <= model::code_max; ++i) {
    model::Reply reply = thrift_exception();
    if (!declared.cross(i, false, reply)) continue;
    const Outcome given = over_grpc(reply.outcome);
    const auto details = protobuf::decode_rpc_status(given.details);
    const std::string detail = details && !details->details.empty() ? details->details[0].type_url : "none";
    reply = model::Reply();
    reply.outcome = given;
    const bool crossed = declared.cross(i, true, reply);
    const bool is_same = crossed && reply.outcome.declared_field == 1 &&
                         base::as_text(reply.message.bytes.linearize().bytes()) == exception_bytes;
    page += "| " + std::string(model::to_string(static_cast<model::Code>(i))) + " | " + name_of(given) +
            " | `" + given.message + "` | `" + detail + "` | " + (is_same ? "=" : "**another one**") + " |\n";
  }
}

void add_exceptions(std::string& page) {
  page +=
      "\n## A Thrift provider's TApplicationException, for a gRPC caller\n\n"
      "One whose text begins with a code's name in brackets, `[NOT_FOUND] why`, is that status, whatever its "
      "type.\n\n"
      "| TApplicationException, text `why` | status | ended by | back |\n|---|---|---|---|\n";
  for (const ExceptionName& one : exception_names) {
    thrift::ApplicationException given;
    given.type = one.type;
    given.message = why;
    const Outcome outcome = thrift::outcome_from_exception(given);
    const thrift::ApplicationException again = thrift::exception_from_outcome(over_grpc(outcome));
    const bool is_same = again.type == given.type && again.message == given.message;
    page += "| " + name_of(one.type) + " | " + name_of(outcome) + " | " +
            std::string(model::to_string(outcome.origin)) + " | " + (is_same ? "=" : name_of(again)) + " |\n";
  }
}

// Is it the answer to a call? A caller that is gone gets none, and a reset says its own code.
bool ends_calls(Reason reason) {
  for (const Reason other :
       {Reason::map_no_pair, Reason::call_cancelled, Reason::call_draining, Reason::upstream_reset}) {
    if (reason == other) return false;
  }
  const std::string_view name = base::to_string(reason);
  for (const std::string_view family : {"MAP_", "WIRE_", "LIMIT_", "CALL_", "UPSTREAM_", "INTERNAL"}) {
    if (name.starts_with(family)) return true;
  }
  return false;
}

void add_reasons(std::string& page) {
  page +=
      "\n## The gateway's own errors\n\n"
      "In the request: before the provider has it; in the answer: the call did run, and must not be "
      "repeated. A gRPC caller gets the status "
      "with the reason in google.rpc.ErrorInfo (`domain: \"koine\"`), a Thrift caller a "
      "TApplicationException with the text "
      "`[CODE] REASON: …`. What a reset says, and an HTTP answer that is no gRPC, is in the tables below.\n\n"
      "| reason | in the request | for a Thrift caller | in the answer | for a Thrift caller "
      "|\n|---|---|---|---|---|\n";
  for (std::size_t i = 0; i <= static_cast<std::size_t>(Reason::internal); ++i) {
    const auto reason = static_cast<Reason>(i);
    if (!ends_calls(reason)) continue;
    page += "| " + std::string(base::to_string(reason));
    for (const Phase phase : {Phase::not_sent, Phase::executed}) {
      const Outcome outcome = model::outcome_from(base::Status(reason, "why"), phase);
      page += " | " + name_of(outcome) + " | " + name_of(thrift::exception_from_outcome(outcome).type);
    }
    page += " |\n";
  }
}

void add_transports(std::string& page) {
  using codecs::transports::http2::ErrorCode;
  page +=
      "\n## A gRPC provider's transport\n\n| RST_STREAM | status | when the provider did not see the call "
      "|\n|---|---|---|\n";
  for (std::uint32_t i = 0; i <= static_cast<std::uint32_t>(ErrorCode::http_1_1_required); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    page += "| " + std::string(codecs::transports::http2::to_string(code)) + " | " +
            name_of(grpc::outcome_from_reset(code, false)) + " | " +
            name_of(grpc::outcome_from_reset(code, true)) + " |\n";
  }
  page += "\n| HTTP status without grpc-status | status |\n|---|---|\n";
  for (const int http : {400, 401, 403, 404, 429, 502, 503, 504, 500}) {
    page += "| " + (http == 500 ? std::string("any other") : std::to_string(http)) + " | " +
            std::string(model::to_string(grpc::code_from_http(http))) + " |\n";
  }
}

}  // namespace

std::string errors_page() {
  std::string page(introduction);
  const Declared declared;
  add_statuses(page, declared);
  add_declared(page, declared);
  add_exceptions(page);
  add_reasons(page);
  add_transports(page);
  return page;
}

}  // namespace koine::transcode::pages
