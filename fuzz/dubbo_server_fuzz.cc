// A Dubbo2 consumer's connection.
//
//   u8 what: 2 small limits, 128 driven (fuzz/driven.h)
//   u8 how it is cut, or how many deeds, and the deeds · the bytes
#include "codecs/calls/dubbo/dubbo_codec.h"
#include "codecs/conformance/in_tree/vectors.h"
#include "fuzz/driven.h"
#include "fuzz/sessions.h"

namespace koine::fuzz {
namespace {

void run(base::Bytes bytes) {
  Input input(bytes);
  const std::uint8_t what = input.byte();
  const std::uint8_t cut = input.byte();
  codecs::ServerOptions options;
  if ((what & 2) != 0) {
    options.limits.message_bytes_max = 256;
    options.limits.method_name_bytes_max = 40;
    options.limits.pipelined_calls_max = 2;
    options.limits.write_high_bytes = 32;
    options.limits.write_low_bytes = 8;
    options.limits.nesting_max = 4;
    options.limits.headers_count_max = 3;
  }
  const codecs::calls::dubbo::DubboCodec codec;
  if ((what & 128) != 0) {
    const base::Bytes deeds = input.take(cut % 32);
    return drive_server(codec, options, deeds, base::as_text(input.rest()));
  }
  serve(codec, options, base::as_text(input.rest()), cut);
}

void seeds(const AddSeed& add) {
  const auto subject = codecs::conformance::in_tree::dubbo();
  add_callers(subject.test, std::string("\0\1", 2), add);
  add_callers(subject.test, "\2\1",
              [&](const std::string& name, const std::string& bytes) { add(name + "-small", bytes); });
  int number = 0;
  for (const std::string& deeds : deeds_of_servers()) {
    ++number;
    add_callers(subject.test, "\x80" + deeds, [&](const std::string& name, const std::string& bytes) {
      add(name + "-driven-" + std::to_string(number), bytes);
    });
  }
}

}  // namespace

extern const Target dubbo_server;
const Target dubbo_server = {.name = "dubbo_server", .run = &run, .seeds = &seeds};

}  // namespace koine::fuzz
