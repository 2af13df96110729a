// What a Dubbo2 provider answers.
//
//   u8 what: 8 small limits, 16 the first call is cancelled, 32 it is oneway, 128 driven (fuzz/driven.h)
//   u8 how many calls were started
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
  codecs::ClientOptions options;
  options.body_format = model::BodyFormat::hessian2;
  const std::size_t calls = 1 + input.choose(8);
  const std::uint8_t cut = input.byte();
  if ((what & 8) != 0) {
    options.limits.message_bytes_max = 128;
    options.limits.nesting_max = 4;
    options.limits.headers_count_max = 2;
  }
  static const codecs::calls::dubbo::DubboCodec codec;
  if ((what & 128) != 0) {
    const base::Bytes deeds = input.take(cut % 32);
    return drive_client(codec, options, calls, deeds, base::as_text(input.rest()));
  }
  Started started;
  started.format = options.body_format;
  for (std::size_t i = 0; i < calls; ++i)
    started.calls.push_back({"s.S", "m", i == 0 && (what & 32) != 0, "\1x"});
  if ((what & 48) == 16) started.cancelled = 1;
  receive(codec, options, started, base::as_text(input.rest()), cut);
}

void seeds(const AddSeed& add) {
  const auto subject = codecs::conformance::in_tree::dubbo();
  int number = 0;
  for (const auto& vector : subject.test.providers) {
    add(std::to_string(number++), std::string("\0\6\1", 3) + vector.bytes);
    for (const std::string& deeds : deeds_of_clients()) {
      add(std::to_string(number++), std::string("\x80\6", 2) + deeds + vector.bytes);
    }
  }
}

}  // namespace

extern const Target dubbo_client;
const Target dubbo_client = {.name = "dubbo_client", .run = &run, .seeds = &seeds};

}  // namespace koine::fuzz
