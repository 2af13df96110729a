// What a Thrift provider answers.
//
//   u8 what: 0 … 2 binary, compact, JSON; 4 Multiplexed, 8 small limits, 16 the first call is cancelled, 32
//   it is
//            oneway, 64 zlib, 128 driven (fuzz/driven.h)
//   u8 transport: framed, unframed, THeader · u8 how many calls were started
//   u8 how it is cut, or how many deeds, and the deeds · the bytes
#include "codecs/calls/thrift/thrift_codec.h"
#include "codecs/conformance/in_tree/vectors.h"
#include "fuzz/driven.h"
#include "fuzz/sessions.h"

namespace koine::fuzz {
namespace {

using model::BodyFormat;

constexpr BodyFormat formats[] = {BodyFormat::thrift_binary, BodyFormat::thrift_compact,
                                  BodyFormat::thrift_json};

void run(base::Bytes bytes) {
  Input input(bytes);
  const std::uint8_t what = input.byte();
  codecs::ClientOptions options;
  options.body_format = formats[(what & 3) % 3];
  options.thrift_transport = static_cast<codecs::ThriftTransport>(input.choose(3));
  options.thrift_zlib = (what & 64) != 0;
  // THeader has no number for JSON.
  if (options.thrift_transport == codecs::ThriftTransport::header && options.body_format == formats[2])
    return;
  const std::size_t calls = 1 + input.choose(8);
  const std::uint8_t cut = input.byte();
  options.pipelined_max = 8;
  if ((what & 4) != 0) options.multiplexed_name = "Shop";
  if ((what & 8) != 0) {
    options.limits.message_bytes_max = 128;
    options.limits.nesting_max = 4;
  }
  static const codecs::calls::thrift::ThriftCodec codec;
  if ((what & 128) != 0) {
    const base::Bytes deeds = input.take(cut % 32);
    return drive_client(codec, options, calls, deeds, base::as_text(input.rest()));
  }
  Started started;
  started.format = options.body_format;
  const std::string body = codecs::conformance::in_tree::thrift_body(options.body_format, "x");
  for (std::size_t i = 0; i < calls; ++i) {
    started.calls.push_back({"", "getOrder", i == 0 && (what & 32) != 0, body});
  }
  if ((what & 48) == 16) started.cancelled = 1;
  receive(codec, options, started, base::as_text(input.rest()), cut);
}

void seeds(const AddSeed& add) {
  const auto subject = codecs::conformance::in_tree::thrift();
  int number = 0;
  for (const auto& vector : subject.test.providers) {
    char what = static_cast<char>(vector.options.thrift_zlib ? 64 : 0);
    while (formats[what & 3] != vector.options.body_format) ++what;
    const char transport = static_cast<char>(vector.options.thrift_transport);
    add(std::to_string(number++), std::string({what, transport, 6, 1}) + vector.bytes);
    const std::string driven = {static_cast<char>(what | 128), transport, 6};
    for (const std::string& deeds : deeds_of_clients())
      add(std::to_string(number++), driven + deeds + vector.bytes);
  }
}

}  // namespace

extern const Target thrift_client;
// zlib's state is some 50 KiB a stream, and there are two sessions.
const Target thrift_client = {.name = "thrift_client", .run = &run, .seeds = &seeds, .heap_bytes = 1u << 20};

}  // namespace koine::fuzz
