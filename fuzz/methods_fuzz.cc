// Whole calls between a caller's and a provider's form of a method: requests, answers of every kind, and
// messages of streams.
//
//   u8 method · u8 caller's form · u8 provider's form · u8 what: 0 request, 1 answer, 2 declared exception,
//   3 failure with details, 4 stream message, 5 OK without a message, 6 a request in another form or
//   compressed · u8 code or declared field · the body (or details)
#include <map>
#include <memory>
#include <tuple>

#include "codecs/bodies/protobuf/rpc_status.h"
#include "fuzz/crossing.h"
#include "transcode/method_plan.h"
#include "transcode/plan.h"

namespace koine::fuzz {
namespace {

using model::BodyFormat;

struct Form {
  BodyFormat format;
  std::string_view protocol;
};
constexpr Form forms[] = {{BodyFormat::thrift_binary, "thrift"}, {BodyFormat::thrift_compact, "thrift"},
                          {BodyFormat::protobuf, "grpc"},        {BodyFormat::json, "grpc"},
                          {BodyFormat::thrift_json, "thrift"},   {BodyFormat::thrift_binary, "other"}};

using Key = std::tuple<std::size_t, std::size_t, std::size_t>;

transcode::MethodSide side(const TwinMethod& method, const Form& form) {
  return {form.protocol == "grpc" ? method.proto : method.thrift, form.format, form.protocol};
}

const transcode::MethodPlan* plan_of(const Key& key) {
  static std::map<Key, std::unique_ptr<const transcode::MethodPlan>> made;
  const auto [at, fresh] = made.try_emplace(key);
  if (fresh) {
    const auto [index, from, to] = key;
    const TwinMethod& method = schemas().methods()[index];
    transcode::PlanOptions options;
    options.limits.nesting_max = 12;
    options.limits.message_bytes_max = 4000;
    const auto caller = side(method, forms[from]);
    const auto provider = side(method, forms[to]);
    if (caller.method != nullptr && provider.method != nullptr) {
      if (auto plan = transcode::MethodPlan::compile(caller, provider, options))
        at->second = std::move(*plan);
    }
  }
  return at->second.get();
}

Key key_of(Input& input) {
  const std::size_t method = input.choose(schemas().methods().size());
  const std::size_t from = input.choose(std::size(forms));
  return {method, from, input.choose(std::size(forms))};
}

void prepare(base::Bytes bytes) {
  Input input(bytes);
  (void)plan_of(key_of(input));
}

void run(base::Bytes bytes) {
  Input input(bytes);
  const Key key = key_of(input);
  const transcode::MethodPlan* plan = plan_of(key);
  if (plan == nullptr) return;
  const BodyFormat caller = forms[std::get<1>(key)].format;
  const BodyFormat provider = forms[std::get<2>(key)].format;
  static transcode::Context context;
  const std::size_t what = input.choose(7);
  check(!transcode::to_string(plan->crossing()).empty(), "a crossing has a name");
  const std::uint8_t number = input.byte();
  const base::Bytes body = input.rest();
  model::Payload payload;
  payload.bytes.append(body);
  if (what == 0) {
    payload.format = caller;
    const auto request = plan->request(std::move(payload), context);
    check(!request || request->format == provider, "a request arrives in the provider's form");
    return;
  }
  if (what == 6) {
    payload.format = number % 2 == 0 ? caller : BodyFormat::opaque;
    if (number % 2 == 0) payload.compression = model::Compression::gzip;
    const auto request = plan->request(std::move(payload), context);
    check(request || !request.error().message().empty(), "a refusal says why");
    return;
  }
  const TwinMethod& method = schemas().methods()[std::get<0>(key)];
  if (what == 4) {
    if (method.thrift != nullptr) return;  // has no streams
    payload.format = provider;
    const auto message = plan->stream_message(std::move(payload), false, context);
    check(!message || message->format == caller, "a message arrives in the caller's form");
    return;
  }
  // Nothing answers a oneway call.
  if (method.thrift != nullptr && method.thrift->oneway) return;
  model::Reply reply;
  reply.has_message = what != 3 && what != 5;
  payload.format = provider;
  if (what == 2) {
    reply.outcome.code = model::Code::unknown;
    reply.outcome.declared_field = number % 8 == 0 ? 8 : number % 8;  // 0: none was declared
  }
  if (what == 3) {
    reply.outcome.code = static_cast<model::Code>(number % 17);
    reply.outcome.message = "failed";
    reply.outcome.details = base::as_text(body);
  }
  reply.message = std::move(payload);
  const bool was_ok = reply.outcome.ok();
  const model::Reply answer = plan->reply(std::move(reply), context);
  check(was_ok || !answer.outcome.ok(), "a failure never becomes a success");
  check(!answer.has_message || answer.message.bytes.empty() || answer.message.format == caller,
        "an answer arrives in the caller's form");
}

void seeds(const AddSeed& add) {
  const std::string details = [] {
    codecs::bodies::protobuf::RpcStatus status;
    status.code = 5;
    status.message = "gone";
    status.details = {{"type.googleapis.com/fuzz.thrift.NotFound", "\x0a\x01x\x10\x05"}};
    return codecs::bodies::protobuf::encode(status);
  }();
  // Results: {0: {}}, {}, {1: {1: "x", 2: 5}}, {2: …}, {4: …}, as binary and as compact.
  const std::string nothing(1, '\0');
  const std::string binary[] = {std::string("\x0c\0\0\0\0", 5), nothing,
                                std::string("\x0c\0\1\x0b\0\1\0\0\0\1x\x08\0\2\0\0\0\5\0\0", 20),
                                std::string("\x0c\0\2\x08\0\1\0\0\0\1\0\0", 12),
                                std::string("\x0c\0\4\0\0", 5)};
  const std::string compact[] = {std::string("\x0c\0\0\0", 4), nothing,
                                 std::string("\x1c\x18\1x\x15\x0a\0\0", 8), std::string("\x2c\x15\2\0\0", 5),
                                 std::string("\x4c\0\0", 3)};
  for (std::size_t method = 0; method < schemas().methods().size(); ++method) {
    for (char from = 0; from < 6; ++from) {
      for (char to = 0; to < 6; ++to) {
        const auto one = [&](char what, char number, const std::string& body) {
          std::string name;
          for (const std::size_t part : {method, std::size_t(from), std::size_t(to), std::size_t(what),
                                         std::size_t(number), body.size()}) {
            name += std::to_string(part) + "-";
          }
          add(name, std::string({static_cast<char>(method), from, to, what, number}) + body);
        };
        one(0, 0, from == 3 || from == 4 ? "{}" : from == 2 ? "" : nothing);
        one(4, 0, to == 3 || to == 4 ? "{}" : to == 2 ? "" : nothing);
        one(6, 0, "x");
        one(6, 1, "x");
        one(5, 0, "");
        if (to == 2) one(1, 0, "");
        if (to == 3 || to == 4) one(1, 0, "{}");
        if (to == 2 || to == 3) one(3, 5, details);
        if (to == 2) one(3, 5, "");
        for (int i = 0; i < 5 && to < 2; ++i) {
          const std::string& body = to == 0 ? binary[i] : compact[i];
          one(static_cast<char>(i < 2 ? 1 : 2), static_cast<char>(i == 2 ? 1 : i == 3 ? 2 : 4), body);
        }
      }
    }
  }
}

}  // namespace

extern const Target methods;
const Target methods = {.name = "methods", .run = &run, .seeds = &seeds, .prepare = &prepare};

}  // namespace koine::fuzz
