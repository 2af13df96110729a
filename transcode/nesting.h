// Structs inside structs, moved in one loop: what is set aside of those around the one at hand. Part of
// executor.h, for the straight shapes.
//
// A call a level would be simpler, but a processor predicts sixteen returns and is wrong about all others.
#pragma once

#include <cstddef>
#include <cstdint>

#include "transcode/executor.h"

namespace koine::transcode {

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

  Level& here() noexcept { return levels[depth]; }
  Lookup& lookup() noexcept { return here().lookup; }
  bool takes(const Op& op) const noexcept {
    return op.code == Code::structure && depth < max && !op.has(op_bare);
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
  Lookup only;

  Lookup& lookup() noexcept { return only; }
  static Cursor trace(State& s, const Table& table, const Op& op) noexcept {
    return trace_field(s, table, op);
  }
  static Cursor trace_outer(State& /*s*/) noexcept { return {nullptr, nullptr}; }
};

}  // namespace koine::transcode
