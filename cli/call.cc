// `koine call`: one call in any protocol, JSON in and JSON out.
#include <algorithm>
#include <cstdio>
#include <memory>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/error_details.h"
#include "cli/generic_call.h"
#include "cli/java_method.h"
#include "cli/one_call.h"
#include "cli/output.h"
#include "cli/schemas.h"
#include "control/route_builder.h"
#include "control/yaml_reader.h"
#include "gateway/codecs.h"
#include "model/protocol.h"
#include "transcode/generic_call.h"
#include "transcode/plan.h"

namespace koine::cli {
namespace {

using model::Protocol;

std::string milliseconds(base::Nanoseconds ns) {
  char text[32];
  const int size = std::snprintf(text, sizeof text, "%.2f ms", static_cast<double>(ns) / 1e6);
  return std::string(text, static_cast<std::size_t>(size));
}

std::string lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c;
  return text;
}

// "name: value" or "name=value"; a name that ends in -bin is given as it is (bytes of the argument). Names of
// Dubbo's attachments have a case.
base::Status add_metadata(const std::vector<std::string>& from, bool has_case, model::Metadata& into) {
  for (const std::string& one : from) {
    const std::size_t cut = one.find_first_of(":=");
    const std::string said = one.substr(0, cut);
    const std::string name = has_case ? lower_case(said) : said;
    if (cut == std::string::npos || !model::Metadata::legal_name(name)) {
      return base::Status(base::Reason::usage, "metadata '" + one + "' is not 'name: value'" +
                                                   (has_case ? "" : " (names are lower case)"));
    }
    const std::size_t start = one.find_first_not_of(' ', cut + 1);
    const std::string value = start == std::string::npos ? std::string() : one.substr(start);
    const bool printable =
        std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (!printable && !name.ends_with("-bin")) {
      return base::Status(base::Reason::usage, "the value of metadata '" + name +
                                                   "' is not printable ASCII; only names that end in -bin "
                                                   "carry other bytes");
    }
    into.add(name, value, said);
  }
  return {};
}

std::string metadata_json(const model::Metadata& metadata) {
  std::string out = "[";
  for (std::size_t i = 0; i < metadata.size(); ++i) {
    out += (i == 0 ? "[" : ",[") + base::quote_json(metadata[i].name) + "," +
           base::quote_json(metadata[i].value) + "]";
  }
  return out + "]";
}

void print_metadata(const char* what, const model::Metadata& metadata) {
  for (std::size_t i = 0; i < metadata.size(); ++i) {
    std::fprintf(stderr, "%s %s: %s\n", what, std::string(metadata[i].name).c_str(),
                 base::quote_text(metadata[i].value).c_str());
  }
}

// A connection that ended, or a stream that was reset, answered nothing.
int exit_code(const model::Outcome& outcome) {
  if (outcome.ok()) return exit_ok;
  return outcome.origin == model::Origin::transport ? exit_failed : exit_call_error;
}

// The gateway's own reason: the text begins with it.
bool said_already(const ErrorDetail& detail) {
  return detail.type == "google.rpc.ErrorInfo" &&
         detail.value.find("\"domain\":\"koine\"") != std::string::npos;
}

int report(const CallOptions& options, const model::Reply& reply, control::SchemaSet& schemas,
           const OneCallTimes& times) {
  const model::Outcome& outcome = reply.outcome;
  const std::string body = reply.has_message ? reply.message.bytes.to_string() : "";
  const std::vector<ErrorDetail> details = error_details(schemas, outcome.details);
  if (options.json) {
    print("{\"code\":" + base::quote_json(model::to_string(outcome.code)) +
          ",\"message\":" + base::quote_json(outcome.message) + ",\"details\":" + details_json(details) +
          ",\"origin\":" + base::quote_json(model::to_string(outcome.origin)) + ",\"reply\":" +
          (body.empty() ? "null" : body) + ",\"metadata\":" + metadata_json(reply.head.metadata) +
          ",\"trailers\":" + metadata_json(outcome.trailers) +
          ",\"elapsed_us\":" + std::to_string(times.total_ns / base::microsecond_ns) + "}\n");
    return exit_code(outcome);
  }
  if (options.verbose) {
    print_metadata("<", reply.head.metadata);
    print_metadata("< trailer", outcome.trailers);
    std::fprintf(stderr, "* connected in %s, answered in %s\n", milliseconds(times.connected_ns).c_str(),
                 milliseconds(times.total_ns).c_str());
  }
  if (!body.empty()) print(body + "\n");
  if (outcome.ok()) return exit_ok;
  complain(std::string(model::to_string(outcome.code)) + ": " + outcome.message);
  for (const ErrorDetail& one : details) {
    if (options.verbose || !said_already(one)) complain(one.type + " " + one.value);
  }
  return exit_code(outcome);
}

// What each option needs; given where it would mean nothing, it is refused and not ignored.
base::Status check_options(const CallOptions& options) {
  const bool thrift = options.protocol == "thrift";
  if (thrift && !options.metadata.empty() && options.transport != "header") {
    return base::Status(base::Reason::usage,
                        options.transport +
                            " Thrift carries no metadata: leave out -H, or use --transport "
                            "header or -p grpc");
  }
  if (!thrift && !options.multiplexed.empty()) {
    return base::Status(base::Reason::usage, "--multiplexed is Thrift's: add -p thrift");
  }
  if (!thrift && options.encoding != "binary") {
    return base::Status(base::Reason::usage, "--encoding is Thrift's: add -p thrift");
  }
  if (!thrift && (options.transport != "framed" || options.zlib)) {
    return base::Status(base::Reason::usage, "--transport and --zlib are Thrift's: add -p thrift");
  }
  if (options.transport == "header" && options.encoding == "json") {
    return base::Status(base::Reason::usage, "the header transport carries binary or compact, not json");
  }
  return {};
}

model::BodyFormat body_format(const CallOptions& options, Protocol protocol) {
  if (protocol != Protocol::thrift) return model::info(protocol).formats[0];
  if (options.encoding == "json") return model::BodyFormat::thrift_json;
  return options.encoding == "compact" ? model::BodyFormat::thrift_compact : model::BodyFormat::thrift_binary;
}

codecs::ClientOptions session_options(const CallOptions& options, model::BodyFormat format) {
  codecs::ClientOptions session;
  if (!options.address.starts_with("unix:")) session.authority = options.address;
  session.multiplexed_name = options.multiplexed;
  session.body_format = format;
  session.thrift_transport = options.transport == "header"     ? codecs::ThriftTransport::header
                             : options.transport == "unframed" ? codecs::ThriftTransport::unframed
                                                               : codecs::ThriftTransport::framed;
  session.thrift_zlib = options.zlib;
  return session;
}

model::CallHead head_of(const MethodPair& method, Protocol protocol, model::BodyFormat format) {
  const model::ProtocolInfo& spoken = model::info(protocol);
  model::CallHead head;
  head.protocol = spoken.name;
  if (spoken.names_services) head.service = method.service;
  head.method = method.wire->name;
  if (control::language_of(method.bodies) == idl::Language::java) {
    head.method = java_name(*method.wire);
    head.signature = java_signature(*method.wire);
  }
  if (method.wire->oneway) head.kind = model::MethodKind::oneway;
  head.body_format = format;
  return head;
}

base::Result<std::int64_t> timeout_of(const std::string& text) {
  const std::optional<std::int64_t> ns = control::parse_duration(text);
  if (ns && *ns > 0) return *ns;
  return base::Status(base::Reason::usage, "--timeout '" + text +
                                               "' is no time to wait: a number with its unit is, such as "
                                               "500ms or 15s");
}

// What is sent to whom, and how long it may take.
struct Wanted {
  Protocol protocol = Protocol::grpc;
  MethodName name;
  OneCallOptions call;
};

base::Result<Wanted> read_options(const CallOptions& options) {
  KOINE_RETURN_IF_ERROR(check_options(options));
  const base::Result<std::int64_t> timeout = timeout_of(options.timeout);
  if (!timeout) return timeout.error();
  base::Result<MethodName> name = parse_method(options.method);
  if (!name) return name.error();
  Wanted wanted;
  wanted.protocol = model::protocol_named(options.protocol, Protocol::grpc);
  wanted.name = std::move(*name);
  wanted.call.address = options.address;
  wanted.call.timeout_ns = *timeout;
  return wanted;
}

base::Result<model::Reply> send(const Wanted& wanted, model::CallHead head, model::Payload body,
                                OneCallTimes& times) {
  const std::shared_ptr<const gateway::Codecs> codecs = gateway::make_codecs();
  return one_call(*codecs->find(wanted.protocol), wanted.call, std::move(head), std::move(body), times);
}

bool is_dubbos(Protocol protocol) { return protocol == Protocol::dubbo || protocol == Protocol::triple; }

// Without a schema: a generic call.
base::Result<int> make_generic_call(const CallOptions& options, Wanted wanted) {
  if (!is_dubbos(wanted.protocol)) {
    return base::Status(base::Reason::usage,
                        "give a schema, -s: only -p dubbo and -p triple call without one");
  }
  if (wanted.name.service.empty()) {
    return base::Status(
        base::Reason::usage,
        "'" + options.method + "' does not say which service: write package.Interface/method");
  }
  const base::Result<std::string> data =
      data_argument(options.data.empty() ? "[]" : options.data, wanted.call.session.limits.message_bytes_max);
  if (!data) return data.error();
  base::Result<model::Payload> body = generic_request(wanted.name, *data, wanted.protocol);
  if (!body) return body.error();
  model::CallHead head;
  head.protocol = model::to_string(wanted.protocol);
  head.service = wanted.name.service;
  head.method = transcode::generic_methods[0];
  head.signature = transcode::generic_signature;
  head.body_format = body->format;
  head.metadata.add(transcode::generic_attachment, "true");
  KOINE_RETURN_IF_ERROR(add_metadata(options.metadata, true, head.metadata));
  wanted.call.session = session_options(options, body->format);
  OneCallTimes times;
  base::Result<model::Reply> reply = send(wanted, std::move(head), std::move(*body), times);
  if (!reply) return reply.error();
  KOINE_RETURN_IF_ERROR(show_generic_answer(*reply));
  control::SchemaSet none;
  return report(options, *reply, none, times);
}

// Everything between the command line and the wire; an error is a message for the person who typed it.
base::Result<int> make_call(const CallOptions& options) {
  base::Result<Wanted> wanted = read_options(options);
  if (!wanted) return wanted.error();
  if (options.schema.empty()) return make_generic_call(options, std::move(*wanted));
  base::Result<control::SchemaSet> schemas = load_schemas(options.schema, options.import_paths);
  if (!schemas) return schemas.error();
  const base::Result<MethodPair> method = find_method(*schemas, wanted->name, wanted->protocol);
  if (!method) return method.error();

  const transcode::PlanOptions plan_options;
  const model::BodyFormat format = body_format(options, method->bodies);
  const auto plan = transcode::MethodPlan::compile({method->json, model::BodyFormat::json, "grpc"},
                                                   {method->wire, format, model::to_string(wanted->protocol)},
                                                   plan_options);
  if (!plan) return plan.error();

  wanted->call.session = session_options(options, format);
  model::CallHead head = head_of(*method, wanted->protocol, format);
  KOINE_RETURN_IF_ERROR(add_metadata(options.metadata, is_dubbos(wanted->protocol), head.metadata));

  const base::Result<std::string> data = data_argument(options.data.empty() ? "{}" : options.data,
                                                       wanted->call.session.limits.message_bytes_max);
  if (!data) return data.error();
  transcode::Context context;
  model::Payload request;
  request.format = model::BodyFormat::json;
  request.bytes.append(*data);
  base::Result<model::Payload> body = (*plan)->request(std::move(request), context);
  if (!body) return body.error().with_context("the request does not fit " + options.method);

  OneCallTimes times;
  base::Result<model::Reply> reply = send(*wanted, std::move(head), std::move(*body), times);
  if (!reply) return reply.error();
  return report(options, (*plan)->reply(std::move(*reply), context), *schemas, times);
}

}  // namespace

int call(const CallOptions& options) {
  const base::Result<int> code = make_call(options);
  if (code) return *code;
  complain(code.error().to_string());
  return code.error().reason() == base::Reason::usage ? exit_usage : exit_failed;
}

}  // namespace koine::cli
