// A fuzz target: bytes from a stranger go in, and what must hold of whatever comes out is checked.
//
// The same source is two programs. With clang and libFuzzer every target is a program of its own that looks
// for inputs (scripts/fuzz); with any compiler all of them are in fuzz_replay, which runs the inputs that
// were kept (fuzz/corpus) and is part of the unit tests. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/buffer.h"

namespace koine::fuzz {

// Takes an input that a search may begin with.
using AddSeed = std::function<void(const std::string& name, const std::string& bytes)>;

struct Target {
  std::string_view name;
  void (*run)(base::Bytes input);
  void (*seeds)(const AddSeed& add);
  // Null, or what is made once and kept before such an input is run: it is nobody's growth.
  void (*prepare)(base::Bytes input) = nullptr;
  // What one run may hold of the heap beyond what was held before it: so much, and so much for each byte of
  // the input. A run that checks a thing in two ways holds it twice, and its records of it as well.
  std::size_t heap_bytes = 512u << 10;
  std::size_t heap_per_byte = 64;
  // And of the processor. For a parser the design allows 2 µs and 50 ns a byte; a run does several times the
  // work of one parse, and a schema that is compiled is not bytes that are parsed.
  std::int64_t time_ns = 500'000;
  std::int64_t time_per_byte_ns = 5'000;
};

// Runs the target on these bytes within its bounds. What does not hold ends the process, with a text that
// says what it was.
void run_target(const Target& target, base::Bytes input);

// Ends the process.
[[noreturn]] void fail(const char* what, const std::string& detail);
// What must hold. `detail` is made only when it does not.
inline void check(bool holds, const char* what) {
  if (!holds) [[unlikely]]
    fail(what, {});
}
template <class Detail>
void check(bool holds, const char* what, Detail detail) {
  if (!holds) [[unlikely]]
    fail(what, detail());
}

// The input, taken from the front: first what chooses, then the bytes themselves.
class Input {
 public:
  explicit Input(base::Bytes bytes) : left_(bytes) {}
  // 0 when there is nothing left.
  std::uint8_t byte() {
    if (left_.empty()) return 0;
    const std::uint8_t value = left_.front();
    left_ = left_.subspan(1);
    return value;
  }
  // One of `count` choices.
  std::size_t choose(std::size_t count) { return byte() % count; }
  base::Bytes take(std::size_t count) {
    const base::Bytes part = left_.first(count < left_.size() ? count : left_.size());
    left_ = left_.subspan(part.size());
    return part;
  }
  base::Bytes rest() { return take(left_.size()); }
  bool empty() const { return left_.empty(); }

 private:
  base::Bytes left_;
};

}  // namespace koine::fuzz
