// `koine decode -p dubbo`: frames of Dubbo2, of one direction or of both, one behind the other.
//
// By a schema where it has the method (an answer's is that of the request of its id, or the one given), else
// as the values say it themselves.
#include <map>
#include <optional>
#include <utility>

#include "base/log.h"
#include "cli/decoding.h"
#include "cli/hessian_json.h"
#include "cli/java_method.h"
#include "cli/output.h"
#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/calls/dubbo/answer.h"
#include "codecs/calls/dubbo/descriptor.h"
#include "codecs/calls/dubbo/frame_reader.h"
#include "codecs/calls/dubbo/invocation.h"
#include "codecs/calls/dubbo/result.h"
#include "codecs/calls/dubbo/status.h"
#include "codecs/calls/dubbo/thrown.h"

namespace koine::cli {
namespace {

namespace dubbo = codecs::calls::dubbo;
namespace hessian2 = codecs::bodies::hessian2;

constexpr std::int64_t types_with_attachments_from = 3;

base::Limits limits_of_input() {
  base::Limits limits;
  limits.message_bytes_max = limits.headers_bytes_max = limits.headers_count_max = input_bytes_max;
  return limits;
}

std::string member(std::string_view name, const std::string& json) {
  return ",\"" + std::string(name) + "\":" + json;
}

std::string_view type_of(const dubbo::FrameHead& head, dubbo::Event event) {
  if (!head.is_event) return !head.is_request ? "reply" : head.is_two_way ? "call" : "oneway";
  switch (event) {
    case dubbo::Event::heartbeat: return "heartbeat";
    case dubbo::Event::read_only: return "read-only";
    case dubbo::Event::writeable: return "writeable";
    case dubbo::Event::unknown: break;
  }
  return "event";
}

base::Buffer part_of(base::Bytes body, std::size_t at, std::size_t size) {
  base::Buffer part;
  part.append(body.subspan(at, size));
  return part;
}

class DubboFrames {
 public:
  DubboFrames(control::SchemaSet& schemas, std::optional<MethodPair> answers)
      : schemas_(schemas), answers_(std::move(answers)) {}

  // One frame as a line.
  base::Status decode(const dubbo::FrameHead& head, const base::Buffer& body, std::string& line) {
    const auto event = head.is_event ? dubbo::read_event(body) : dubbo::Event::unknown;
    const base::Slice whole = body.linearize();
    line = "{\"protocol\":\"dubbo\",\"type\":\"" + std::string(type_of(head, event)) + "\"";
    line += member("id", "\"" + std::to_string(static_cast<std::int64_t>(head.id)) + "\"");
    if (!head.is_request) line += member("status", std::to_string(head.status));
    base::Status status;
    if (head.serialization != dubbo::serialization_hessian2) {
      line += member("serialization", std::to_string(head.serialization));
      line += member("bytes", std::to_string(head.length));
    } else if (!head.is_event) {
      status =
          head.is_request ? add_request(head.id, whole.bytes(), line) : add_answer(head, whole.bytes(), line);
    }
    line += "}\n";
    return status;
  }

 private:
  base::Status add_request(std::uint64_t id, base::Bytes body, std::string& line) {
    dubbo::Invocation call;
    KOINE_RETURN_IF_ERROR(dubbo::read_invocation(body, walker_, limits_, call));
    line += member("service", base::quote_json(call.head.service));
    line += member("method", base::quote_json(call.head.method));
    line += member("parameters", base::quote_json(call.head.signature));
    HessianJson values(body.subspan(call.arguments_at), limits_.nesting_max);
    std::string arguments = "[";
    for (std::size_t i = *dubbo::count_arguments(call.head.signature); i != 0; --i) {
      KOINE_RETURN_IF_ERROR(values.append_next(arguments));
      if (i != 1) arguments += ",";
    }
    arguments += "]";
    KOINE_RETURN_IF_ERROR(add_attachments(values, line));
    const auto method = find_method(schemas_, {call.head.service, call.head.method, call.head.signature},
                                    model::Protocol::dubbo);
    if (!method) {
      line += member("arguments", arguments);
      return {};
    }
    called_.insert_or_assign(id, *method);
    add_body(request_json(of(*method), part_of(body, call.arguments_at, call.arguments_size)), "arguments",
             arguments, line);
    return {};
  }

  base::Status add_answer(const dubbo::FrameHead& head, base::Bytes body, std::string& line) {
    if (head.status != dubbo::status_ok) {
      std::string text;
      KOINE_RETURN_IF_ERROR(HessianJson(body, limits_.nesting_max).append_next(text));
      line += member("message", text);
      return {};
    }
    dubbo::Result result;
    KOINE_RETURN_IF_ERROR(dubbo::read_result(body, walker_, limits_, result));
    const std::int64_t type = hessian2::read_integer(body.data(), body.data() + body.size()).value;
    HessianJson values(body.subspan(result.value_at), limits_.nesting_max);
    std::string value;
    if (result.is_null) {
      value = "null";
    } else {
      KOINE_RETURN_IF_ERROR(values.append_next(value));
    }
    if (type >= types_with_attachments_from) KOINE_RETURN_IF_ERROR(add_attachments(values, line));
    const std::string_view untyped = result.is_exception ? "exception" : "value";
    const MethodPair* method = method_of(head.id);
    if (method == nullptr) {
      line += member(untyped, value);
      return {};
    }
    model::Reply answer;
    answer.message.bytes = part_of(body, result.value_at, result.value_size);
    if (result.is_null) answer.message.bytes.append("N");
    if (result.is_exception) {
      const auto thrown =
          dubbo::read_thrown(body.subspan(result.value_at, result.value_size), limits_.nesting_max);
      if (thrown) answer.outcome = dubbo::outcome_from_thrown(*thrown);
    }
    add_body(reply_json(schemas_, of(*method), std::move(answer)), untyped, value, line);
    return {};
  }

  base::Status add_attachments(HessianJson& values, std::string& line) {
    if (values.at_end()) return {};
    std::string attachments;
    KOINE_RETURN_IF_ERROR(values.append_next(attachments));
    line += member("attachments", attachments);
    return {};
  }

  // By the schema; what does not fit it is shown as it is, with the reason.
  static void add_body(const base::Result<std::string>& typed, std::string_view untyped_name,
                       const std::string& untyped, std::string& line) {
    if (typed) {
      line += member("body", *typed);
      return;
    }
    line += member(untyped_name, untyped) + member("mismatch", base::quote_json(typed.error().to_string()));
  }

  const MethodPair* method_of(std::uint64_t id) const {
    const auto found = called_.find(id);
    if (found != called_.end()) return &found->second;
    return answers_ ? &*answers_ : nullptr;
  }
  static BodyOf of(const MethodPair& method) {
    return {method, model::Protocol::dubbo, model::BodyFormat::hessian2};
  }

  control::SchemaSet& schemas_;
  const std::optional<MethodPair> answers_;  // whose they are, when no request says so
  const base::Limits limits_ = limits_of_input();
  hessian2::Walker walker_{limits_.nesting_max};
  std::map<std::uint64_t, MethodPair> called_;
};

}  // namespace

base::Status decode_dubbo(const DecodeOptions& options, control::SchemaSet& schemas, base::Buffer input) {
  std::optional<MethodPair> answers;
  if (!options.method.empty()) {
    const base::Result<MethodName> name = parse_method(options.method);
    if (!name) return name.error();
    const base::Result<MethodPair> method = find_method(schemas, *name, model::Protocol::dubbo);
    if (!method) return method.error();
    answers = *method;
  }
  DubboFrames frames(schemas, std::move(answers));
  dubbo::FrameReader reader(input_bytes_max);
  dubbo::FrameHead head;
  base::Buffer body;
  std::string line;
  while (true) {
    switch (reader.next(input, head, body)) {
      case dubbo::FrameReader::State::frame: break;
      case dubbo::FrameReader::State::malformed:
        return base::Status(
            base::Reason::wire_malformed,
            "no Dubbo frame: it begins with another number than dabb, or has a negative length");
      case dubbo::FrameReader::State::too_large:
      case dubbo::FrameReader::State::need_more:
        if (!reader.unfinished(input)) return {};
        return base::Status(base::Reason::wire_truncated,
                            "the bytes end inside frame " + std::to_string(reader.frames() + 1));
    }
    KOINE_RETURN_IF_ERROR(
        frames.decode(head, body, line).with_context("frame " + std::to_string(reader.frames())));
    print(line);
  }
}

}  // namespace koine::cli
