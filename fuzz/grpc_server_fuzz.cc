// A gRPC caller's connection.
//
//   u8 what: 1 as frames (fuzz/sessions.h), behind the preface and an empty SETTINGS; else as it is
//            2 small limits, 4 all methods are unary, 8 a few frames are a flood, 128 driven
//            (fuzz/driven.h)
//   u8 how it is cut, or how many deeds, and the deeds · the bytes
#include "codecs/calls/grpc/grpc_codec.h"
#include "codecs/conformance/in_tree/vectors.h"
#include "codecs/transports/http2/types.h"
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
  codecs::ServerOptions options;
  if ((what & 4) == 0) options.streams = [](std::string_view path) { return path.ends_with("t"); };
  static const StillClock still;
  const HastyClock hasty;
  options.clock = (what & 128) != 0 ? static_cast<const base::Clock*>(&hasty) : &still;
  if ((what & 2) != 0) {
    options.limits.message_bytes_max = 16;
    options.limits.headers_bytes_max = 400;
    options.limits.headers_count_max = 8;
    options.limits.streams_per_connection_max = 2;
    options.limits.method_name_bytes_max = 8;
    options.limits.connection_memory_bytes_max = 20;
  }
  if ((what & 8) != 0) few_floods(options.limits);
  const bool driven = (what & 128) != 0;
  const base::Bytes deeds = driven ? input.take(cut % 32) : base::Bytes();
  std::string stream;
  if ((what & 1) != 0) {
    stream = std::string(codecs::transports::http2::client_preface).append(empty_settings);
    stream += http2_frames(input);
  } else {
    stream = base::as_text(input.rest());
  }
  static const codecs::calls::grpc::GrpcCodec codec;
  if (driven) return drive_server(codec, options, deeds, stream);
  serve(codec, options, stream, cut);
}

void seeds(const AddSeed& add) {
  const auto subject = codecs::conformance::in_tree::grpc();
  add_callers(subject.test, std::string("\0\1", 2), add);
  for (const auto& vector : subject.test.callers) {
    const std::string frames = vector.bytes.substr(codecs::transports::http2::client_preface.size());
    add(vector.name + "-frames", std::string("\1\1", 2) + from_http2_frames(frames));
    for (const char what : {'\5', '\3', '\7', '\x0d', '\x0f'}) {
      add(vector.name + "-" + std::to_string(what), std::string({what, '\1'}) + from_http2_frames(frames));
    }
    int number = 0;
    for (const std::string& deeds : deeds_of_servers()) {
      for (const char* what : {"\x81", "\x85", "\x83"}) {
        add(vector.name + "-driven-" + std::to_string(number++), what + deeds + from_http2_frames(frames));
      }
    }
  }
  for (const char what : {'\1', '\5', '\x0d', '\x0b'})
    add_server_frames({what, '\1'}, "frames-" + std::to_string(what) + "-", add);
  int number = 0;
  for (const std::string& deeds : deeds_of_servers()) {
    ++number;
    add_server_frames((number % 2 == 0 ? "\x8d" : "\x81") + deeds, "driven-" + std::to_string(number) + "-",
                      one_in_six(add, number));
  }
}

}  // namespace

extern const Target grpc_server;
// nghttp2's tables alone are some 30 KiB a session, and there are two.
const Target grpc_server = {.name = "grpc_server", .run = &run, .seeds = &seeds, .time_ns = 1'000'000};

}  // namespace koine::fuzz
