// `koine decode`: captured bytes as JSON, a line for each message.
//
// Thrift: every transport (framed, unframed, THeader, a zlib stream) and encoding (binary, compact, JSON),
// told apart by their first bytes as a listener does; calls, replies and exceptions. gRPC: length-prefixed
// messages (the bodies of DATA frames), whose method the bytes do not say. Dubbo: decode_dubbo.cc.
#include <array>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/decoding.h"
#include "cli/output.h"
#include "cli/schemas.h"
#include "codecs/calls/thrift/application_exception.h"
#include "codecs/calls/thrift/json_message.h"
#include "codecs/calls/thrift/message_begin.h"
#include "codecs/calls/thrift/message_reader.h"
#include "codecs/calls/thrift/struct_scan.h"

namespace koine::cli {
namespace {

namespace thrift = codecs::calls::thrift;
using codecs::ThriftTransport;

// A method of any service by its Thrift name; a Multiplexed prefix ("Service:method") narrows it.
base::Result<MethodPair> find_by_wire_name(control::SchemaSet& schemas, std::string_view wire_name) {
  const std::size_t colon = wire_name.find(':');
  const std::string method(colon == std::string_view::npos ? wire_name : wire_name.substr(colon + 1));
  for (const std::string& service : schemas.service_names()) {
    if (colon != std::string_view::npos) {
      const std::string_view prefix = wire_name.substr(0, colon);
      if (service != prefix && !service.ends_with("." + std::string(prefix))) continue;
    }
    base::Result<MethodPair> found = find_method(schemas, {service, method, {}}, model::Protocol::thrift);
    if (found) return found;
  }
  return base::Status(base::Reason::call_unknown_method, "no service of the schemas has a method '" + method +
                                                             "'" +
                                                             idl::did_you_mean(method, all_methods(schemas)));
}

std::string_view transport_name(ThriftTransport transport) {
  switch (transport) {
    case ThriftTransport::framed: return "framed";
    case ThriftTransport::unframed: return "unframed";
    case ThriftTransport::header: break;
  }
  return "header";
}

std::string_view encoding_name(thrift::Dialect dialect) {
  switch (dialect) {
    case thrift::Dialect::binary:
    case thrift::Dialect::binary_lax: return "binary";
    case thrift::Dialect::compact: return "compact";
    case thrift::Dialect::json: break;
  }
  return "json";
}

// What is said of every message, without the closing brace.
std::string describe(const thrift::Incoming& incoming, const thrift::MessageBegin& begin, bool zlib_stream) {
  static constexpr std::string_view types[] = {"?", "call", "reply", "exception", "oneway"};
  std::string line = "{\"protocol\":\"thrift\",\"transport\":\"";
  line.append(transport_name(incoming.envelope.transport)).append("\",\"encoding\":\"");
  line.append(encoding_name(begin.dialect)).append("\"");
  if (zlib_stream || incoming.envelope.zlib) line.append(",\"zlib\":true");
  if (begin.dialect == thrift::Dialect::binary_lax) line.append(",\"lax\":true");
  line.append(",\"type\":\"").append(types[begin.type <= 4 ? begin.type : 0]);
  line.append("\",\"method\":").append(base::quote_json(begin.name));
  line.append(",\"seqid\":").append(std::to_string(begin.seqid));
  if (!incoming.infos.empty() || !incoming.persistent.empty()) {
    line.append(",\"headers\":[");
    bool first = true;
    for (const auto* list : {&incoming.persistent, &incoming.infos}) {
      for (const auto& info : *list) {
        line.append(first ? "[" : ",[").append(base::quote_json(info.key)).append(",");
        line.append(base::quote_json(info.value)).append("]");
        first = false;
      }
    }
    line.append("]");
  }
  return line;
}

// A Thrift result holds its value in field 0 or an exception in another one.
model::Reply thrift_reply(model::BodyFormat format, base::Buffer body, const base::Limits& limits) {
  model::Reply answer;
  answer.message.bytes = std::move(body);
  thrift::first_field(format, answer.message.bytes, limits.nesting_max, answer.outcome.declared_field);
  if (answer.outcome.declared_field != 0) answer.outcome.code = model::Code::unknown;
  return answer;
}

// One Thrift message, unwrapped.
base::Status decode_thrift_message(control::SchemaSet& schemas, thrift::Incoming& incoming,
                                   bool zlib_stream) {
  if (incoming.refusal != thrift::Incoming::Refusal::none) {
    return base::Status(base::Reason::wire_unsupported, incoming.why);
  }
  const base::Limits limits;
  const base::Slice message = incoming.message.linearize();
  const thrift::MessageBegin begin =
      thrift::parse_message_begin(message.bytes(), message.size(), true, limits.method_name_bytes_max);
  if (!begin.fault.empty()) {
    return base::Status(base::Reason::wire_malformed, "no Thrift message: " + std::string(begin.fault));
  }
  const model::BodyFormat format = thrift::body_format(begin.dialect);
  base::Buffer body;
  body.append(message.part(begin.length, message.size()));
  if (begin.dialect == thrift::Dialect::json && !thrift::strip_json_end(body)) {
    return base::Status(base::Reason::wire_malformed, "JSON message without its closing bracket");
  }
  const std::string line = describe(incoming, begin, zlib_stream);
  if (begin.type == static_cast<std::uint8_t>(thrift::MessageType::exception)) {
    const auto exception =
        thrift::decode_application_exception(format, body.linearize().bytes(), limits.nesting_max);
    if (!exception) return exception.error();
    print(line + ",\"exception\":{\"type\":" + std::to_string(exception->type) +
          ",\"message\":" + base::quote_json(exception->message) + "}}\n");
    return {};
  }
  const base::Result<MethodPair> method = find_by_wire_name(schemas, begin.name);
  if (!method) return method.error();
  const bool reply = begin.type == static_cast<std::uint8_t>(thrift::MessageType::reply);
  const BodyOf of{*method, model::Protocol::thrift, format};
  const base::Result<std::string> json =
      reply ? reply_json(schemas, of, thrift_reply(format, std::move(body), limits))
            : request_json(of, std::move(body));
  if (!json) return json.error();
  print(line + ",\"body\":" + *json + "}\n");
  return {};
}

base::Status decode_thrift(control::SchemaSet& schemas, base::Buffer input) {
  base::Limits limits;
  limits.message_bytes_max = input_bytes_max;
  thrift::MessageReader reader(limits, nullptr, nullptr, true);
  thrift::Incoming incoming;
  while (true) {
    switch (reader.next(input, incoming)) {
      case thrift::MessageReader::State::message: break;
      case thrift::MessageReader::State::failed:
      case thrift::MessageReader::State::too_large: return reader.error();
      case thrift::MessageReader::State::need_more:
        if (!reader.unfinished(input)) return {};
        return base::Status(base::Reason::wire_truncated,
                            "the bytes end inside message " + std::to_string(reader.messages() + 1));
    }
    KOINE_RETURN_IF_ERROR(decode_thrift_message(schemas, incoming, reader.zlib_stream()));
  }
}

base::Status decode_grpc(const DecodeOptions& options, control::SchemaSet& schemas, base::Buffer input) {
  if (options.method.empty())
    return base::Status(base::Reason::usage, "gRPC messages do not say their method: give -m");
  const base::Result<MethodName> name = parse_method(options.method);
  if (!name) return name.error();
  const base::Result<MethodPair> method = find_method(schemas, *name, model::Protocol::grpc);
  if (!method) return method.error();
  while (!input.empty()) {
    std::array<std::uint8_t, 5> head{};
    if (input.copy_to(head) < head.size())
      return base::Status(base::Reason::wire_truncated, "the bytes end inside a prefix");
    const std::size_t length = (std::size_t{head[1]} << 24) | (std::size_t{head[2]} << 16) |
                               (std::size_t{head[3]} << 8) | std::size_t{head[4]};
    if (head[0] != 0)
      return base::Status(base::Reason::wire_unsupported,
                          "a compressed message; capture without grpc-encoding");
    input.consume(head.size());
    if (input.size() < length) {
      return base::Status(base::Reason::wire_truncated,
                          "the bytes end inside a message of " + std::to_string(length) + " bytes");
    }
    const BodyOf of{*method, model::Protocol::grpc, model::BodyFormat::protobuf};
    model::Reply answer;
    if (options.reply) answer.message.bytes = input.take_front(length);
    const base::Result<std::string> json = options.reply ? reply_json(schemas, of, std::move(answer))
                                                         : request_json(of, input.take_front(length));
    if (!json) return json.error();
    print(
        "{\"protocol\":\"grpc\",\"method\":" + base::quote_json(method->service + "/" + method->wire->name) +
        ",\"type\":\"" + (options.reply ? "reply" : "call") + "\",\"body\":" + *json + "}\n");
  }
  return {};
}

}  // namespace

int decode(const DecodeOptions& options) {
  if (options.schema.empty() && options.protocol != "dubbo") {
    complain("only Dubbo's bytes say what they are: give a schema, -s");
    return exit_usage;
  }
  base::Result<control::SchemaSet> schemas = load_schemas(options.schema, options.import_paths);
  base::Status status = schemas.status();
  if (status.ok()) {
    const base::Result<std::string> input = read_stdin(input_bytes_max);
    status = input.status();
    if (status.ok()) {
      base::Buffer bytes;
      bytes.append(*input);
      status = options.protocol == "thrift"  ? decode_thrift(*schemas, std::move(bytes))
               : options.protocol == "dubbo" ? decode_dubbo(options, *schemas, std::move(bytes))
                                             : decode_grpc(options, *schemas, std::move(bytes));
    }
  }
  if (status.ok()) return exit_ok;
  complain(status.to_string());
  return status.reason() == base::Reason::usage ? exit_usage : exit_failed;
}

}  // namespace koine::cli
