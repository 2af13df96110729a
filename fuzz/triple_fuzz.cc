// Triple beyond gRPC: wrappers, exceptions in them, headers, names that have a case.
//
//   u8 what: 0 a request's message, 1 an answer's, 2 one that was thrown; else a request's headers, as lines
//            "name: value", to a service of Triple's own (4) or another (3, 5)
#include <string>
#include <vector>

#include "codecs/bodies/triple_wrapper/rewrap.h"
#include "codecs/bodies/triple_wrapper/wrapper.h"
#include "codecs/calls/dubbo/descriptor.h"
#include "codecs/calls/dubbo/invocation.h"
#include "codecs/calls/triple/name_cases.h"
#include "codecs/calls/triple/triple_variant.h"
#include "fuzz/header_lines.h"
#include "fuzz/target.h"

namespace koine::fuzz {
namespace {

namespace triple = codecs::calls::triple;
using model::BodyFormat;

base::Limits limits() {
  base::Limits made;
  made.nesting_max = 8;
  made.headers_bytes_max = 64;
  return made;
}

model::Payload message_of(base::Bytes bytes) {
  model::Payload message;
  message.format = BodyFormat::protobuf;
  message.bytes.append(bytes);
  return message;
}

// A consumer on Triple calls a provider on Dubbo2, who calls one on Triple, and so on.
void rewrap(base::Slice message, std::string_view signature) {
  codecs::bodies::triple_wrapper::Rewrapper rewrapper;
  base::Buffer joined;
  check(rewrapper.unwrap_arguments(message, limits(), joined).ok(), "what was walked over can be joined");
  base::Buffer apart;
  check(rewrapper.wrap_arguments(joined.linearize(), signature, limits(), apart).ok(), "and taken apart");
  base::Buffer again;
  check(rewrapper.unwrap_arguments(apart.linearize(), limits(), again).ok(), "and joined");
  check(again.to_string() == joined.to_string(), "and stays what it is");
}

void request(const triple::TripleVariant& variant, base::Bytes bytes) {
  model::Payload message = message_of(bytes);
  model::CallHead head;
  std::uint8_t mark = 0;
  const bool good = variant.read_message(limits(), head, message, mark).ok();
  check(good == (head.body_format == BodyFormat::triple_wrapper), "only a wrapper is one");
  check(message.bytes.to_string() == base::as_text(bytes), "a body passes as it is");
  if (!good) return;
  check(mark != 0, "its consumer is known");
  check(codecs::calls::dubbo::count_arguments(head.signature).has_value(), "a signature is a descriptor");
  check(head.signature.size() <= 3 * limits().headers_bytes_max, "and is bounded");
  rewrap(message.bytes.linearize(), head.signature);
  // As an answer it may be none, but what may have run is told in one that is.
  model::Reply reply;
  reply.outcome.code = model::Code::unavailable;
  reply.outcome.origin = model::Origin::transport;
  reply.outcome.phase = model::Phase::maybe_executed;
  model::Metadata fields;
  if (!variant.write_reply(mark, reply, fields)) return;
  const std::int32_t code = variant.thrown_code(fields);
  check(code >= 0, "an exception has its code in the headers");
  model::Reply seen;
  seen.has_message = true;
  seen.message = message_of(reply.message.bytes.linearize().bytes());
  variant.read_reply(base::Limits(), BodyFormat::triple_wrapper, code, seen);
  check(seen.outcome.thrown && seen.outcome.code == model::Code::unavailable, "what is thrown can be caught");
}

void answer(const triple::TripleVariant& variant, base::Bytes bytes, std::int32_t thrown_code) {
  model::Reply reply;
  reply.has_message = true;
  reply.message = message_of(bytes);
  variant.read_reply(limits(), BodyFormat::triple_wrapper, thrown_code, reply);
  if (!reply.has_message) {
    check(!reply.outcome.ok() && reply.outcome.origin == model::Origin::transport, "no answer is no success");
    return;
  }
  check(reply.message.format == BodyFormat::triple_wrapper, "an answer is a wrapper");
  check(reply.message.bytes.to_string() == base::as_text(bytes), "and passes as it is");
  check(reply.outcome.thrown == (thrown_code >= 0) && reply.outcome.ok() == (thrown_code < 0),
        "what was thrown is no success");
}

std::vector<std::string> names_of(const model::Metadata& metadata) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < metadata.size(); ++i) names.emplace_back(metadata.wire_name(i));
  return names;
}

// The service is called shop.Orders in the path.
void headers(const triple::TripleVariant& variant, bool is_own, std::string_view text) {
  const model::Metadata fields = header_lines(text);
  codecs::ServerOptions options;
  options.service_owner = [is_own](std::string_view) {
    return is_own ? codecs::ServiceOwner::codec : codecs::ServiceOwner::wire;
  };
  model::CallHead head;
  head.service = "shop.Orders";
  const codecs::calls::grpc::Variant& whose = variant.variant_of(fields, options, head);
  if (head.service.empty()) return;
  const codecs::calls::dubbo::ServiceKey key = codecs::calls::dubbo::split_service_key(head.service);
  check(key.service == "shop.Orders", "headers add to a service's name and nothing else");
  check((&whose == &variant) == is_own, "a call is whichever its service is");
  whose.read_request(fields, head);
  if (!codecs::calls::grpc::read_metadata(fields, head.metadata, &head.trace, whose).ok()) return;

  model::Metadata written;
  variant.write_request(head, written);
  codecs::calls::grpc::write_metadata(head.metadata, written, variant);
  model::CallHead again;
  again.service = variant.path_service(head.service);
  variant.variant_of(written, {}, again);
  model::CallHead once = again;
  model::Metadata rewritten;
  variant.write_request(again, rewritten);
  again.service = variant.path_service(again.service);
  variant.variant_of(rewritten, {}, again);
  check(again.service == once.service, "a service keeps its key");
  if (!codecs::calls::grpc::read_metadata(written, once.metadata, nullptr, variant).ok()) return;
  for (std::size_t i = 0; i < once.metadata.size(); ++i) {
    check(variant.header_use(once.metadata[i].name) == codecs::calls::grpc::HeaderUse::metadata,
          "nobody else speaks for a call");
  }
  model::Metadata last;
  model::Metadata fields_again;
  codecs::calls::grpc::write_metadata(once.metadata, fields_again, variant);
  if (!codecs::calls::grpc::read_metadata(fields_again, last, nullptr, variant).ok()) return;
  check(names_of(last) == names_of(once.metadata), "names keep their case");
}

void run(base::Bytes bytes) {
  static const triple::TripleVariant variant;
  Input input(bytes);
  const std::size_t what = input.choose(6);
  const base::Bytes rest = input.rest();
  switch (what) {
    case 0: return request(variant, rest);
    case 1: return answer(variant, rest, -1);
    case 2: return answer(variant, rest, 3);
    default: return headers(variant, what % 2 == 0, base::as_text(rest));
  }
}

void seeds(const AddSeed& add) {
  const std::string call = "\n\x08hessian4\x12\x01\x97\x12\x02\x01y\x1a\x03int\x1a\x10java.lang.String";
  const std::string thrown =
      "\n\x08hessian2\x12\x13"
      "C\x01"
      "E\x91\x0d"
      "detailMessage`N\x1a\x01"
      "E";
  const std::string value = "\n\x08hessian4\x12\x01N\x1a\x04void";
  const std::string lines =
      "tri-service-group: g\ntri-service-version: 1.0.0\ntri-service-timeout: 250\ntri-consumer-appname: "
      "shop\n"
      "somename: a\nraw-bin: AP8\ntimeout: 3s\n"
      "tri-header-convert: %7B%22somename%22%3A%22someName%22%2C%22raw%22%3A%22RAW%22%7D\n";
  add("call", std::string(1, '\0') + call);
  add("value", "\1" + value);
  add("thrown", "\2" + thrown);
  add("not-thrown", "\2" + value);
  add("own", "\4" + lines);
  add("others", "\3" + lines);
}

}  // namespace

extern const Target triple;
const Target triple = {.name = "triple", .run = &run, .seeds = &seeds};

}  // namespace koine::fuzz
