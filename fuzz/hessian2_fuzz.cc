// Hessian2: the walk over a stream of values, its numbers and its texts.
//
//   u8 levels allowed, below 16 · the stream
#include <cmath>
#include <string>
#include <vector>

#include "codecs/bodies/hessian2/copy.h"
#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/bodies/hessian2/walk.h"
#include "codecs/calls/dubbo/thrown.h"
#include "codecs/utf8.h"
#include "fuzz/target.h"

namespace koine::fuzz {
namespace {

namespace format = codecs::bodies::hessian2;

// What is read as a text is UTF-8, and comes back from what is written of it.
void check_text(const std::uint8_t* p, const std::uint8_t* end) {
  const format::Extent extent = format::measure_text(p, end);
  check(extent.next == format::skip_text(p, end), "measured and skipped are the same");
  if (extent.next == nullptr || !extent.is_unicode) return;
  std::string store;
  std::string_view text;
  check(format::read_text(p, end, store, text) == extent.next, "a text that was measured can be read");
  check(text.size() == extent.bytes, "it is as long as was said");
  check(codecs::is_utf8(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()), "it is UTF-8");
  std::string written;
  format::append_text(written, text);
  const auto* again = reinterpret_cast<const std::uint8_t*>(written.data());
  std::string other;
  std::string_view back;
  check(format::read_text(again, again + written.size(), other, back) == again + written.size(),
        "what was written can be read");
  check(back == text, "and is the same");
}

void check_number(const std::uint8_t* p, const std::uint8_t* end) {
  std::uint8_t room[format::scalar_bytes_max];
  const format::Number number = format::read_integer(p, end);
  if (number.next != nullptr) {
    check(number.next == p + format::scalar_bytes(*p), "a number is as long as its lead says");
    const std::uint8_t* behind = format::write_long(room, number.value);
    check(format::read_integer(room, behind).value == number.value, "a number comes back");
  }
  const format::Real real = format::read_double(p, end);
  if (real.next == nullptr) return;
  const std::uint8_t* behind = format::write_double(room, real.value);
  const double back = format::read_double(room, behind).value;
  check(back == real.value || (std::isnan(back) && std::isnan(real.value)), "a double comes back");
}

// Every value in a stream of its own, and that once more.
void check_copies(base::Bytes stream, std::size_t levels) {
  constexpr std::size_t room = 1 << 16;
  format::Copier copier;
  copier.start(levels, room);
  copier.start_source(stream);
  std::vector<std::string> copies;
  do copier.start_target(copies.emplace_back());
  while (copier.copy() && !copier.at_end());
  check(copier.at_end() || copier.is_too_long() || copier.fault() != codecs::Fault::none,
        "a refusal says why");
  if (!copier.at_end()) copies.pop_back();
  for (const std::string& copy : copies) {
    format::Copier again;
    again.start(levels, room);
    again.start_source(base::as_bytes(copy));
    std::string same;
    again.start_target(same);
    check(again.copy() && again.at_end(), "a copy is one value");
    check(same == copy, "which is copied as it is");
  }
}

void run(base::Bytes bytes) {
  Input input(bytes);
  const std::size_t levels = input.byte() % 16;
  const base::Bytes stream = input.rest();
  if (stream.empty()) return;
  const std::uint8_t* const end = stream.data() + stream.size();
  format::Walker walker(levels);
  format::Walker deeper(levels + 1);
  walker.start(stream.data());
  deeper.start(stream.data());
  const std::uint8_t* p = stream.data();
  while (p != end) {
    check_text(p, end);
    check_number(p, end);
    const std::uint8_t* next = walker.skip(p, end);
    check(next != nullptr || walker.fault() != codecs::Fault::none, "a refusal says why");
    if (next == nullptr) break;
    check(next > p && next <= end, "a walk goes forward");
    check(deeper.skip(p, end) == next, "more levels allow more");
    check(walker.definitions() <= stream.size() && walker.references() <= stream.size(),
          "no more is met than there are bytes");
    p = next;
  }
  check_copies(stream, levels);
  (void)codecs::calls::dubbo::read_thrown(stream, levels);
}

// All of it, zeros as well.
template <std::size_t Size>
std::string literal(const char (&text)[Size]) {
  return std::string(text, Size - 1);
}

void seeds(const AddSeed& add) {
  const auto one = [&](const std::string& name, const std::string& body) { add(name, "\x08" + body); };
  one("object", std::string("C\x01"
                            "A\x92\x01"
                            "a\x01"
                            "b`\x91\x02"
                            "hi`NT"));
  one("lists", literal("\x7a\x91\x79\x02\xc3\xa9\xc3\xa9W\x90Zq\x01L\x51\x90q\x90\xe0"));
  one("maps", literal("H\x01k\x91ZM\x01T\x4a\0\0\0\0\0\0\0\1\x5f\0\0\0\1Z"));
  one("thrown", std::string("C\x01"
                            "E\x91\x0d"
                            "detailMessage`\x02\xed\xa0\xbd\xed\xb8\x80"));
  one("pieces", literal("R\0\1aS\0\1bA\0\1x!y\x30\1z"));
}

}  // namespace

extern const Target hessian2;
const Target hessian2 = {.name = "hessian2", .run = &run, .seeds = &seeds};

}  // namespace koine::fuzz
