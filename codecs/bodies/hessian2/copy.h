// Copier: values of one stream of Hessian 2.0, written into another one, in which classes, types and what is
// referred to have other numbers (walk.h). For who joins streams, or takes one apart:
//
//   Dubbo2   one stream has all arguments of a call:  C..X 60 ..    60 ..        51 90
//   Triple   a stream for each one:                   C..X 60 .. | C..X 60 .. | C..X 60 ..
//
// A class's definition, and a type's text, are written where they are first needed. What is referred to and
// is not in the target is written there in full, once: inside a target everything that was one value is one,
// and cycles stay. Nothing else of the values changes, and nothing is looked up: any class passes. Not
// thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/slice.h"
#include "codecs/bodies/hessian2/walk.h"
#include "codecs/wire.h"

namespace koine::codecs::bodies::hessian2 {

class Copier {
 public:
  // `nesting_max`: how deep values may lie in one another; `target_bytes_max`: of all targets together.
  void start(std::size_t nesting_max, std::size_t target_bytes_max) noexcept;
  // A new stream to copy from; it stays where it is.
  void start_source(base::Bytes stream);
  // A new stream to copy to, behind what is in `out`, which outlives it.
  void start_target(std::string& out) noexcept;
  bool at_end() const noexcept { return at_ == end_; }
  // Copies the source's next value. False: there is none (fault()), or no room (is_too_long()).
  bool copy();
  // Passes over the next value.
  bool skip();
  // Steps into the next value where it is a list: its elements come next, and how many is returned, open_list
  // for as many as come before at_list_end(). no_list: it is something else.
  static constexpr std::size_t no_list = SIZE_MAX;
  static constexpr std::size_t open_list = SIZE_MAX - 1;
  std::size_t enter_list();
  bool at_list_end() const noexcept { return at_ == end_ || *at_ == 0x5a; }
  Fault fault() const noexcept { return fault_; }
  bool is_too_long() const noexcept { return too_long_; }

 private:
  // The number in the target of each of the source's, as many as were handed out in all targets before; up to
  // `before` they are none of this one.
  struct Numbers {
    std::vector<std::uint32_t> of;
    std::uint32_t handed_out = 0;
    std::uint32_t before = 0;

    bool knows(std::size_t i) const noexcept { return i < of.size() && of[i] > before; }
    std::uint32_t operator[](std::size_t i) const noexcept { return of[i] - before - 1; }
    void add(std::size_t i) {
      if (i >= of.size()) of.resize(i + 1);
      of[i] = ++handed_out;
    }
    void forget() noexcept {
      of.clear();
      // What one long message needed is not kept for all that follow.
      if (of.capacity() > kept_max) of.shrink_to_fit();
      handed_out = before = 0;
    }
    static constexpr std::size_t kept_max = 1 << 16;
  };

  // Each of these goes on behind what begins at `p`; null: stopped.
  const std::uint8_t* copy_value(const std::uint8_t* p, std::size_t levels);
  const std::uint8_t* copy_values(const std::uint8_t* p, std::size_t count, std::size_t levels);
  const std::uint8_t* copy_to_end(const std::uint8_t* p, std::size_t levels);
  const std::uint8_t* copy_referred(const std::uint8_t* p, std::size_t levels);
  const std::uint8_t* copy_object(const std::uint8_t* p, std::size_t levels);
  const std::uint8_t* copy_list(const std::uint8_t* p, std::size_t levels);
  const std::uint8_t* copy_map(const std::uint8_t* p, std::size_t levels);
  // The type, of which the text is `text`, that stands at `p`, right behind its list's or map's lead.
  void copy_type(const std::uint8_t* p, const std::uint8_t* text, std::size_t index);
  // What begins at `p` where it was written here already: a reference to it.
  const std::uint8_t* refer_again(const std::uint8_t* p);
  // Writes the source's bytes up to `p` that were not written yet; they go on at `next`.
  void flush(const std::uint8_t* p, const std::uint8_t* next);
  void put(const std::uint8_t* bytes, std::size_t size);
  void put_int(std::size_t value);
  void put_reference(std::size_t number);
  const std::uint8_t* stop(Fault why) noexcept {
    if (fault_ == Fault::none) fault_ = why;
    return nullptr;
  }

  Walker walker_;
  std::size_t nesting_max_ = 0;
  std::size_t room_ = 0;  // bytes that targets may still have
  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  const std::uint8_t* unwritten_ = nullptr;  // from here on the source's bytes are as the target's
  std::string* out_ = nullptr;
  bool again_ = false;  // what was copied or passed over before is written in full
  Numbers references_;
  Numbers definitions_;
  Numbers types_;
  Fault fault_ = Fault::none;
  bool too_long_ = false;
};

}  // namespace koine::codecs::bodies::hessian2
