// What a gRPC provider answers.
//
//   u8 what: 1 as frames (fuzz/sessions.h), behind an empty SETTINGS; else as it is
//            2 small limits, 4 the second call is cancelled, 8 the first is oneway, 16 a few frames are a
//            flood, 128 driven (fuzz/driven.h)
//   u8 how it is cut, or how many deeds, and the deeds · the bytes
#include "codecs/calls/grpc/grpc_codec.h"
#include "codecs/conformance/in_tree/vectors.h"
#include "fuzz/driven.h"
#include "fuzz/http2_seeds.h"
#include "fuzz/sessions.h"

namespace koine::fuzz {
namespace {

constexpr std::string_view empty_settings("\0\0\0\4\0\0\0\0\0", 9);

void run(base::Bytes bytes) {
  Input input(bytes);
  const std::uint8_t what = input.byte();
  const std::uint8_t cut = input.byte();
  codecs::ClientOptions options;
  options.authority = "shop";
  options.body_format = model::BodyFormat::protobuf;
  if ((what & 2) != 0) {
    options.limits.message_bytes_max = 16;
    options.limits.headers_bytes_max = 400;
    options.limits.headers_count_max = 8;
  }
  if ((what & 16) != 0) few_floods(options.limits);
  Started started;
  started.format = options.body_format;
  started.calls = {{"s.S", "Get", (what & 8) != 0, "x"}, {"s.S", "Put", false, "y"}};
  if ((what & 4) != 0) started.cancelled = 2;
  const bool driven = (what & 128) != 0;
  const base::Bytes deeds = driven ? input.take(cut % 32) : base::Bytes();
  std::string stream;
  if ((what & 1) != 0) {
    stream = std::string(empty_settings) + http2_frames(input);
  } else {
    stream = base::as_text(input.rest());
  }
  static const codecs::calls::grpc::GrpcCodec codec;
  if (driven) return drive_client(codec, options, 2, deeds, stream);
  receive(codec, options, started, stream, cut);
}

void seeds(const AddSeed& add) {
  const auto subject = codecs::conformance::in_tree::grpc();
  add_providers(subject.test, std::string("\0\1", 2), add);
  for (const auto& vector : subject.test.providers) {
    add(vector.name + "-frames", std::string("\1\1", 2) + from_http2_frames(vector.bytes));
    int number = 0;
    for (const std::string& deeds : deeds_of_clients()) {
      add(vector.name + "-driven-" + std::to_string(number++),
          "\x81" + deeds + from_http2_frames(vector.bytes));
    }
  }
  for (const char what : {'\1', '\x17', '\x09'})
    add_client_frames({what, '\1'}, "frames-" + std::to_string(what) + "-", add);
  int number = 0;
  for (const std::string& deeds : deeds_of_clients()) {
    ++number;
    add_client_frames((number % 2 == 0 ? "\x81" : "\x93") + deeds, "driven-" + std::to_string(number) + "-",
                      one_in_six(add, number));
  }
}

}  // namespace

extern const Target grpc_client;
// Thirty calls that its owner starts and nobody reads are 17 KiB each.
const Target grpc_client = {
    .name = "grpc_client", .run = &run, .seeds = &seeds, .heap_bytes = 1u << 20, .time_ns = 1'000'000};

}  // namespace koine::fuzz
