// A Thrift caller's connection.
//
//   u8 what: 1 the lax binary protocol too, 2 small limits, 128 driven (fuzz/driven.h)
//   u8 how it is cut, or how many deeds, and the deeds · the bytes
#include "codecs/calls/thrift/thrift_codec.h"
#include "codecs/conformance/in_tree/vectors.h"
#include "fuzz/driven.h"
#include "fuzz/sessions.h"

namespace koine::fuzz {
namespace {

void run(base::Bytes bytes) {
  Input input(bytes);
  const std::uint8_t what = input.byte();
  const std::uint8_t cut = input.byte();
  codecs::calls::thrift::ThriftOptions thrift;
  thrift.lax_binary = (what & 1) != 0;
  codecs::ServerOptions options;
  if ((what & 2) != 0) {
    options.limits.message_bytes_max = 64;
    options.limits.method_name_bytes_max = 8;
    options.limits.pipelined_calls_max = 2;
    options.limits.write_high_bytes = 32;
    options.limits.write_low_bytes = 8;
    options.limits.nesting_max = 4;
  }
  const codecs::calls::thrift::ThriftCodec codec(thrift);
  if ((what & 128) != 0) {
    const base::Bytes deeds = input.take(cut % 32);
    return drive_server(codec, options, deeds, base::as_text(input.rest()));
  }
  serve(codec, options, base::as_text(input.rest()), cut);
}

void seeds(const AddSeed& add) {
  const auto subject = codecs::conformance::in_tree::thrift();
  add_callers(subject.test, std::string("\1\1", 2), add);
  add_callers(subject.test, std::string("\3\1", 2),
              [&](const std::string& name, const std::string& bytes) { add(name + "-small", bytes); });
  int number = 0;
  for (const std::string& deeds : deeds_of_servers()) {
    ++number;
    const AddSeed some = one_in_six(add, number);
    add_callers(subject.test, "\x81" + deeds, [&](const std::string& name, const std::string& bytes) {
      some(name + "-driven-" + std::to_string(number), bytes);
    });
  }
}

}  // namespace

extern const Target thrift_server;
// zlib has some 50 KiB a stream, and there are two sessions.
const Target thrift_server = {.name = "thrift_server", .run = &run, .seeds = &seeds, .heap_bytes = 1u << 20};

}  // namespace koine::fuzz
