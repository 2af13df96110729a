// transcode_once CONTENDER FROM TO ROUNDS: translates each of the messages ROUNDS times and nothing else, for
// bench/transcode_instructions, which counts the difference between two numbers of rounds.
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "order.h"

using namespace koine::bench;

namespace {

Format format_of(const char* name) {
  if (std::strcmp(name, "compact") == 0) return Format::compact;
  return std::strcmp(name, "binary") == 0 ? Format::binary : Format::protobuf;
}

std::unique_ptr<Contender> contender_of(const char* name, Format from, Format to) {
  if (std::strcmp(name, "koine") == 0) return make_koine(from, to);
  if (std::strcmp(name, "hand") == 0) return make_hand(from, to);
  if (std::strcmp(name, "generated_arena") == 0)
    return make_generated(from, to, Thrift::standard, Objects::arena);
  if (std::strcmp(name, "generated") == 0) return make_generated(from, to, Thrift::standard, Objects::reused);
  if (std::strcmp(name, "generated_templates") == 0) {
    return make_generated(from, to, Thrift::templates, Objects::reused);
  }
  return nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(
        stderr,
        "usage: transcode_once koine|hand|generated|generated_arena|generated_templates FROM TO ROUNDS\n");
    return 2;
  }
  const Format from = format_of(argv[2]);
  const auto contender = contender_of(argv[1], from, format_of(argv[3]));
  if (contender == nullptr) {
    std::fprintf(stderr, "there is no contender %s for %s to %s\n", argv[1], argv[2], argv[3]);
    return 2;
  }
  const Messages messages = make_orders(64, 5);
  std::size_t bytes = 0;
  const std::string_view rounds_text = argv[4];
  unsigned rounds = 0;
  std::from_chars(rounds_text.data(), rounds_text.data() + rounds_text.size(), rounds);
  for (; rounds > 0; --rounds) {
    for (const std::string& message : messages.in(from)) bytes += contender->run(message).size();
  }
  std::printf("%zu\n", bytes);
  return 0;
}
