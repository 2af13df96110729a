// Structs inside structs, moved in one loop: what is set aside of those around the one at hand. Part of
// executor.h, for the straight shapes.
//
// A call a level would be simpler, but a processor predicts sixteen returns and is wrong about all others.
#pragma once

#include <cstddef>
#include <cstdint>

#include "transcode/executor.h"

namespace koine::transcode {

// Where the loop is.
template <class E>
struct NestingPlace {
  const Table* table;
  const Op* op;   // expected next; in enter() the field at hand
  const Op* run;  // what lies between it (null: the first) and `op` came in order
  const std::uint8_t* in;
  const std::uint8_t* end;
  std::uint8_t* out;
  std::size_t levels_left;
  typename E::ToFrame to;
};

// `Lookup`: what the shape keeps of a struct whose fields do not come in order. `max`: how many levels share
// a loop; 0: none.
template <class E, class Lookup, std::size_t max>
struct Nesting {
  // (Nothing is initialised before it is used.)
  struct Level {
    Lookup lookup;
    // Of a level that has another one inside:
    const Table* table;
    const Op* op;    // the field that is the struct inside
    const Op* next;  // see the shapes' loops
    const Op* run;
    const std::uint8_t* end;
    typename E::Shape::Extent extent;  // of the struct inside
    Mark mark;                         // … and its length
    typename E::ToFrame to;
  };
  Level levels[max + 1];
  std::size_t depth = 0;

  Lookup& lookup() noexcept { return levels[depth].lookup; }

  using Place = NestingPlace<E>;

  bool takes(const Op& op) const noexcept {
    return op.code == Code::structure && depth < max && !op.has(op_bare);
  }
  // Goes on with the struct at hand; `next` is expected behind it. False: failed.
  [[gnu::always_inline]] bool enter(State& s, Place& at, const Op* next) {
    Level& level = levels[depth];
    if (at.levels_left == 0) [[unlikely]] {
      fail_fault(s, codecs::Fault::too_deep);
      return false;
    }
    if (!E::Shape::open(s, *at.op, at.in, at.end, at.levels_left, level.extent)) [[unlikely]]
      return false;
    at.out = E::To::head(at.out, at.to, *at.op);
    level.mark = make_mark(s, *at.op, at.levels_left);
    at.out = E::To::struct_begin(s, at.out, *at.op, level.mark);
    level.table = at.table;
    level.op = at.op;
    level.next = next;
    level.run = at.run;
    level.end = at.end;
    level.to = at.to;
    ++depth;
    --at.levels_left;
    at.table = at.op->table;
    at.op = at.table->ops;
    at.run = nullptr;
    at.in = level.extent.begin;
    at.end = level.extent.end;
    at.to = typename E::ToFrame();
    return true;
  }
  // Goes on behind the struct that has ended. False: failed.
  [[gnu::always_inline]] bool leave(State& s, Place& at) {
    const Level& level = levels[--depth];
    at.table = level.table;
    Mark mark = level.mark;
    at.out = E::To::struct_end(s, at.out, *level.op, mark);
    at.op = level.op;
    if (at.out == nullptr) [[unlikely]]
      return false;
    at.in = E::Shape::after(level.extent, at.in);
    at.end = level.end;
    at.op = level.next;
    at.run = level.run;
    at.to = level.to;
    ++at.levels_left;
    return true;
  }

  // The steps of a failure's path: of the field `op`, and of all around it.
  [[gnu::cold, gnu::noinline]] Cursor trace(State& s, const Table& table, const Op& op) noexcept {
    trace_field(s, table, op);
    return trace_outer(s);
  }
  [[gnu::cold, gnu::noinline]] Cursor trace_outer(State& s) noexcept {
    while (depth > 0) {
      --depth;
      trace_field(s, *levels[depth].table, *levels[depth].op);
    }
    return {nullptr, nullptr};
  }
};

// One struct alone.
template <class E, class Lookup>
struct Nesting<E, Lookup, 0> {
  using Place = NestingPlace<E>;

  Lookup only;

  Lookup& lookup() noexcept { return only; }
  static Cursor trace(State& s, const Table& table, const Op& op) noexcept {
    return trace_field(s, table, op);
  }
  static Cursor trace_outer(State& /*s*/) noexcept { return {nullptr, nullptr}; }
};

}  // namespace koine::transcode
