// The loop over a struct's fields, and over those of the structs inside it. Part of executor.h, for the
// straight shapes: what a field's header looks like and how the last one is known is theirs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "transcode/closing.h"
#include "transcode/executor.h"
#include "transcode/nesting.h"

namespace koine::transcode {

// What a shape's next_field() came upon. `field`: it is at.op, at.in is behind its header, and `next` is
// expected behind it. `skipped`: at.op is expected next.
enum class Step : std::uint8_t { field, skipped, end, failed };

// Fields come in order nearly always, so the next one is expected to be the next op, and its header is
// compared with one that is known. What is expected lies behind everything seen, hence is new.
template <class E>
struct FieldLoop {
  using FromFrame = typename E::From::Frame;

  [[gnu::noinline]] static Cursor run_struct(State& s, const Table& table, const std::uint8_t* in,
                                             const std::uint8_t* end, std::uint8_t* out, std::size_t levels) {
    return fields<0>(s, table, in, end, out, levels);
  }
  // `nested_max`: how many levels of structs inside it are moved here, and not in a call.
  template <std::size_t nested_max>
  [[gnu::always_inline]] static Cursor fields(State& s, const Table& outermost, const std::uint8_t* in,
                                              const std::uint8_t* end, std::uint8_t* out,
                                              std::size_t levels) {
    using Shape = typename E::Shape;
    FromFrame from;
    Nesting<E, typename Shape::Lookup, nested_max> nesting;
    NestingPlace<E> at{&outermost, outermost.ops, nullptr, in, end, out, levels, {}};
    while (true) {
      while (true) {
        const Op* next = nullptr;
        const Step step = Shape::next_field(s, at, next, from, nesting);
        if (step == Step::end) break;
        if (step == Step::skipped) continue;
        if (step == Step::failed) [[unlikely]]
          return nesting.trace_outer(s);
        if (at.out > s.out_limit) [[unlikely]] {
          at.out = grow(s, at.out, 0);
          if (at.out == nullptr) return nesting.trace_outer(s);
        }
        if constexpr (nested_max != 0) {
          if (nesting.takes(*at.op)) {
            if (!nesting.enter(s, at, next)) [[unlikely]]
              return nesting.trace(s, *at.table, *at.op);
            continue;
          }
        }
        const Cursor c = E::template transfer<Position::field>(s, *at.op, at.in, at.end, at.out,
                                                               at.levels_left, from, at.to, 0);
        if (c.in == nullptr) [[unlikely]]
          return nesting.trace(s, *at.table, *at.op);
        at.in = c.in;
        at.out = c.out;
        at.op = next;
      }
      const Cursor c = Closing<E>::template close<Shape::last_wins>(
          s, *at.table, nesting.lookup().seen, at.run, at.op, at.in, at.out, at.levels_left, at.to);
      if constexpr (nested_max == 0) {
        return c;
      } else {
        if (nesting.depth == 0) return c;
        if (c.in == nullptr) [[unlikely]]
          return nesting.trace_outer(s);
        at.in = c.in;
        at.out = c.out;
        if (!nesting.leave(s, at)) [[unlikely]]
          return nesting.trace(s, *at.table, *at.op);
      }
    }
  }
};

}  // namespace koine::transcode
