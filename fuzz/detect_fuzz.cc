// The first bytes of a connection: at most one codec claims them, and none changes its mind.
//
//   u8 what: 1 the lax Thrift protocol is recognised too · the bytes
#include <iterator>

#include "codecs/calls/dubbo/dubbo_codec.h"
#include "codecs/calls/grpc/grpc_codec.h"
#include "codecs/calls/thrift/thrift_codec.h"
#include "codecs/conformance/in_tree/vectors.h"
#include "fuzz/sessions.h"

namespace koine::fuzz {
namespace {

using codecs::Detected;

void run(base::Bytes bytes) {
  Input input(bytes);
  codecs::calls::thrift::ThriftOptions thrift_options;
  thrift_options.lax_binary = (input.byte() & 1) != 0;
  const codecs::calls::thrift::ThriftCodec thrift(thrift_options);
  const codecs::calls::grpc::GrpcCodec grpc;
  const codecs::calls::dubbo::DubboCodec dubbo;
  const codecs::CallCodec* const all[] = {&thrift, &grpc, &dubbo};
  const base::Limits limits;
  const base::Bytes first = input.rest();
  Detected before[] = {Detected::need_more, Detected::need_more, Detected::need_more};
  for (std::size_t size = 1; size <= first.size(); ++size) {
    int claims = 0;
    for (std::size_t i = 0; i < std::size(all); ++i) {
      const Detected now = all[i]->detect(first.first(size), limits);
      claims += now == Detected::yes ? 1 : 0;
      check(before[i] == Detected::need_more || before[i] == now, "a codec does not change its mind",
            [&] { return "codec " + std::to_string(i) + " at byte " + std::to_string(size); });
      before[i] = now;
    }
    check(claims <= 1, "one codec at most claims a connection");
  }
}

void seeds(const AddSeed& add) {
  const auto cut = [&](const std::string& name, const std::string& bytes) { add(name, bytes.substr(0, 40)); };
  const auto thrift = codecs::conformance::in_tree::thrift();
  add_callers(thrift.test, std::string(1, '\1'), cut);
  const auto grpc = codecs::conformance::in_tree::grpc();
  add_callers(grpc.test, std::string(1, '\0'), cut);
  add("http1", std::string(1, '\0') + "POST / HTTP/1.1\r\n");
  add("tls", std::string("\0\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 12));
  add("dubbo", std::string("\0\xda\xbb\xc2\x00", 5));
}

}  // namespace

extern const Target detect;
const Target detect = {.name = "detect", .run = &run, .seeds = &seeds};

}  // namespace koine::fuzz
