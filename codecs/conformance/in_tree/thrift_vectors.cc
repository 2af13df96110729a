// Thrift's dialects as the conformance kit wants them (vectors.h).
#include <string>
#include <string_view>
#include <utility>

#include "codecs/calls/thrift/golden_dialects.h"
#include "codecs/calls/thrift/thrift_codec.h"
#include "codecs/calls/thrift/thrift_test_support.h"
#include "codecs/conformance/in_tree/vectors.h"

namespace koine::codecs::conformance::in_tree {
namespace {

using calls::thrift::Golden;
using calls::thrift::unhex;
namespace golden = calls::thrift::golden;
using model::BodyFormat;

// zlib's states, inflate's and deflate's, and the slabs that they write to.
constexpr std::size_t zlib_heap_bytes = 320u << 10;

constexpr std::string_view json_args = "{\"1\":{\"i64\":-42},\"2\":{\"str\":\"h\xc3\xa9\"}}";

std::string args(BodyFormat format) {
  if (format == BodyFormat::thrift_json) return std::string(json_args);
  return unhex(format == BodyFormat::thrift_compact ? golden::args_compact : golden::args_binary);
}

std::string framed(const std::string& message) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(message.size() >> shift));
  return out + message;
}

ExpectedCall call(std::string service, std::string method, BodyFormat format) {
  ExpectedCall out;
  out.service = std::move(service);
  out.method = std::move(method);
  out.kind = out.method == "post" ? model::MethodKind::oneway : model::MethodKind::unary;
  out.format = format;
  out.messages = {args(format)};
  return out;
}

class Callers {
 public:
  explicit Callers(CodecUnderTest& to) : to_(to) {}

  CallerVector& add(std::string name, std::string bytes, std::vector<ExpectedCall> calls) {
    CallerVector& vector = to_.callers.emplace_back();
    vector.name = std::move(name);
    vector.bytes = std::move(bytes);
    vector.calls = std::move(calls);
    return vector;
  }
  // A golden set with and without its frames.
  void add_golden(const std::string& name, BodyFormat format, std::string_view Golden::*dialect,
                  bool unframed) {
    const auto bytes = [&](const Golden& one) { return unhex(one.*dialect).substr(unframed ? 4 : 0); };
    const ExpectedCall get = call("", "getOrder", format);
    const ExpectedCall shop = call("Shop", "getOrder", format);
    add(name + " call", bytes(golden::call), {get});
    add(name + " negative id", bytes(golden::call_negative), {get});
    add(name + " oneway", bytes(golden::oneway), {call("", "post", format)});
    add(name + " multiplexed", bytes(golden::multiplexed), {shop});
    add(name + " three calls",
        bytes(golden::call) + bytes(golden::call_concurrent) + bytes(golden::multiplexed), {get, get, shop});
  }
  // Where a stream of zlib says so, a call is whole before its last byte has come.
  void add_zlib(const std::string& name, BodyFormat format, std::string_view hex) {
    CallerVector& vector = add(name, unhex(hex), {call("", "getOrder", format)});
    vector.behind = std::string::npos;
    vector.heap_bytes = zlib_heap_bytes;
  }
  void add_header(const std::string& name, BodyFormat format, std::string_view hex, bool info = false,
                  const std::string& method = "getOrder") {
    ExpectedCall expected = call("", method, format);
    if (info) expected.metadata = {{"trace-id", "abc"}};
    // Any THeader becomes one that asks for zlib when its transforms are turned over.
    add(name, unhex(hex), {std::move(expected)}).heap_bytes = zlib_heap_bytes;
  }

 private:
  CodecUnderTest& to_;
};

void add_callers(CodecUnderTest& to) {
  Callers callers(to);
  constexpr BodyFormat binary = BodyFormat::thrift_binary;
  constexpr BodyFormat compact = BodyFormat::thrift_compact;
  constexpr BodyFormat json = BodyFormat::thrift_json;
  for (const bool unframed : {false, true}) {
    const std::string how = unframed ? "unframed " : "framed ";
    callers.add_golden(how + "binary", binary, &Golden::binary, unframed);
    callers.add_golden(how + "lax", binary, &Golden::lax, unframed);
    callers.add_golden(how + "compact", compact, &Golden::compact, unframed);
    const auto bytes = [&](std::string_view hex) { return unframed ? unhex(hex) : framed(unhex(hex)); };
    callers.add(how + "JSON call", bytes(golden::json_call), {call("", "getOrder", json)});
    callers.add(how + "JSON oneway", bytes(golden::json_oneway), {call("", "post", json)});
    callers.add(how + "JSON multiplexed", bytes(golden::json_multiplexed), {call("Shop", "getOrder", json)});
  }
  callers.add_zlib("zlib binary", binary, golden::zlib_binary_call);
  callers.add_zlib("zlib compact", compact, golden::zlib_compact_call);
  callers.add_zlib("zlib JSON", json, golden::zlib_json_call);
  callers.add_zlib("framed zlib binary", binary, golden::framedzlib_binary_call);
  callers.add_zlib("framed zlib compact", compact, golden::framedzlib_compact_call);
  callers.add_header("THeader binary", binary, golden::header_binary_call);
  callers.add_header("THeader binary info", binary, golden::header_binary_info_call, true);
  callers.add_header("THeader binary zlib", binary, golden::header_binary_zlib_call);
  callers.add_header("THeader binary oneway", binary, golden::header_binary_oneway, false, "post");
  callers.add_header("THeader compact", compact, golden::header_compact_call);
  callers.add_header("THeader compact zlib info", compact, golden::header_compact_zlib_info_call, true);
  callers.add_header("Go THeader binary", binary, golden::go_header_binary_call, true);
  callers.add_header("Go THeader compact zlib", compact, golden::go_header_compact_zlib_call, true);
}

struct Provided {
  std::string name;
  BodyFormat format;
  ThriftTransport transport = ThriftTransport::framed;
  bool zlib = false;
  std::string bytes;
};

// A golden answer has sequence id 7: six calls go before it and are not answered.
void add_provider(CodecUnderTest& to, const Provided& provided, const ExpectedReply& expected) {
  ProviderVector vector;
  vector.name = provided.name;
  vector.options.body_format = provided.format;
  vector.options.thrift_transport = provided.transport;
  vector.options.thrift_zlib = provided.zlib;
  vector.options.pipelined_max = 8;
  for (int i = 1; i <= 7; ++i) {
    vector.calls.push_back({"", "getOrder", false, args(provided.format)});
    ExpectedReply none;
    none.none = true;
    vector.replies.push_back(i == 7 ? expected : none);
  }
  vector.bytes = provided.bytes;
  if (provided.zlib && provided.transport != ThriftTransport::header) vector.behind = std::string::npos;
  if (provided.zlib || provided.transport == ThriftTransport::header) vector.heap_bytes = zlib_heap_bytes;
  to.providers.push_back(std::move(vector));
}

ExpectedReply ok(std::string body) {
  ExpectedReply reply;
  reply.messages = {std::move(body)};
  return reply;
}
ExpectedReply failed() {
  ExpectedReply reply;
  reply.code = model::Code::unknown;
  return reply;
}
ExpectedReply declared(std::string body) {
  ExpectedReply reply = failed();
  reply.declared_field = 2;
  reply.messages = {std::move(body)};
  return reply;
}

void add_providers(CodecUnderTest& to) {
  constexpr BodyFormat binary = BodyFormat::thrift_binary;
  constexpr BodyFormat compact = BodyFormat::thrift_compact;
  constexpr BodyFormat json = BodyFormat::thrift_json;
  const auto text = [](BodyFormat format) {
    if (format == json) return std::string("{\"0\":{\"str\":\"ok\"}}");
    return unhex(format == compact ? "0800026f6b00" : "0b0000000000026f6b00");
  };
  for (const bool unframed : {false, true}) {
    const ThriftTransport transport = unframed ? ThriftTransport::unframed : ThriftTransport::framed;
    for (const BodyFormat format : {binary, compact}) {
      const auto add = [&](const std::string& what, const Golden& one, const ExpectedReply& reply) {
        const std::string bytes = unhex(format == binary ? one.binary : one.compact).substr(unframed ? 4 : 0);
        const std::string name =
            (unframed ? "unframed " : "framed ") + std::string(model::to_string(format)) + " " + what;
        add_provider(to, {name, format, transport, false, bytes}, reply);
      };
      add("reply", golden::reply, ok(text(format)));
      add("void", golden::reply_void, ok(std::string(1, '\0')));
      add("declared", golden::declared, declared(unhex(format == compact ? "2c0000" : "0c00020000")));
      add("exception", golden::exception, failed());
    }
    const auto add = [&](const std::string& what, std::string_view hex, const ExpectedReply& reply) {
      const std::string bytes = unframed ? unhex(hex) : framed(unhex(hex));
      add_provider(to, {(unframed ? "unframed JSON " : "framed JSON ") + what, json, transport, false, bytes},
                   reply);
    };
    add("reply", golden::json_reply, ok(text(json)));
    add("declared", golden::json_declared, declared("{\"2\":{\"rec\":{}}}"));
    add("exception", golden::json_exception, failed());
  }
  add_provider(to, {"zlib binary", binary, ThriftTransport::unframed, true, unhex(golden::zlib_binary_reply)},
               ok(text(binary)));
  add_provider(to,
               {"framed zlib compact", compact, ThriftTransport::framed, true,
                unhex(golden::framedzlib_compact_reply)},
               ok(text(compact)));
  const auto header = [&](const std::string& what, BodyFormat format, std::string_view hex,
                          const ExpectedReply& reply) {
    add_provider(to, {"THeader " + what, format, ThriftTransport::header, false, unhex(hex)}, reply);
  };
  header("binary reply", binary, golden::header_binary_reply, ok(text(binary)));
  header("binary info reply", binary, golden::header_binary_info_reply, ok(text(binary)));
  header("binary exception", binary, golden::header_binary_exception, failed());
  header("compact zlib reply", compact, golden::header_compact_zlib_reply, ok(text(compact)));
  header("compact declared", compact, golden::header_compact_declared, declared(unhex("2c0000")));
}

void add_speakers(CodecUnderTest& to) {
  for (const BodyFormat format :
       {BodyFormat::thrift_binary, BodyFormat::thrift_compact, BodyFormat::thrift_json}) {
    for (const ThriftTransport transport :
         {ThriftTransport::framed, ThriftTransport::unframed, ThriftTransport::header}) {
      if (transport == ThriftTransport::header && format == BodyFormat::thrift_json) continue;
      for (const bool zlib : {false, true}) {
        Speaker speaker;
        static constexpr const char* transports[] = {"framed ", "unframed ", "THeader "};
        speaker.name = transports[static_cast<int>(transport)] + std::string(zlib ? "zlib " : "") +
                       std::string(model::to_string(format));
        speaker.options.body_format = format;
        speaker.options.thrift_transport = transport;
        speaker.options.thrift_zlib = zlib;
        // Multiplexed in half of them.
        if (zlib == (transport == ThriftTransport::framed))
          speaker.service = speaker.options.multiplexed_name = "Shop";
        if (transport == ThriftTransport::header) speaker.metadata = {{"x-nonce", "4711"}};
        speaker.body = [format](std::string_view filler) { return thrift_body(format, filler); };
        to.speakers.push_back(std::move(speaker));
      }
    }
  }
}

}  // namespace

std::string thrift_body(BodyFormat format, std::string_view filler) {
  std::string out;
  if (format == BodyFormat::thrift_json) { return "{\"0\":{\"str\":\"" + std::string(filler) + "\"}}"; }
  if (format == BodyFormat::thrift_compact) {
    out = std::string("\x08\0", 2);
    std::size_t left = filler.size();
    for (; left >= 0x80; left >>= 7) out.push_back(static_cast<char>(left | 0x80));
    out.push_back(static_cast<char>(left));
  } else {
    out = std::string("\x0b\0\0", 3);
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(filler.size() >> shift));
  }
  return out.append(filler).append(1, '\0');
}

Subject thrift() {
  Subject out;
  calls::thrift::ThriftOptions options;
  options.lax_binary = true;
  out.codec = std::make_unique<calls::thrift::ThriftCodec>(options);
  out.test.codec = out.codec.get();
  add_callers(out.test);
  add_providers(out.test);
  add_speakers(out.test);
  return out;
}

}  // namespace koine::codecs::conformance::in_tree
