// The executors of one pair of formats, from its three templates. Included by exec_*.cc only.
#pragma once

#include "transcode/executor.h"
#include "transcode/program.h"
#include "transcode/transfer_times.h"

namespace koine::transcode {

// Runs the program's root on the whole input.
template <class E>
const std::uint8_t* execute(State& s, const std::uint8_t* in, std::uint8_t*& out) {
  const Op& root = *s.program->root;
  const std::size_t levels = s.program->options.nesting_max;
  if (levels == 0) return fail_fault(s, codecs::Fault::too_deep).in;
  if (!s.program->target_enveloped) {
    const Cursor c = E::Shape::run_struct(s, *root.table, in, s.in_end, out, levels - 1);
    out = c.out;
    return c.in;
  }
  typename E::ToFrame to;
  Mark mark = make_mark(s, root, levels);
  out = E::To::struct_begin(s, E::To::head(out, to, root), root, mark);
  Cursor c = E::Shape::run_struct(s, *root.table, in, s.in_end, out, levels - 1);
  if (c.in == nullptr) return nullptr;
  out = E::To::struct_end(s, c.out, root, mark);
  if (out != nullptr) out = ensure(s, out);
  if (out == nullptr) return nullptr;
  if constexpr (E::To::has_stop) out = E::To::close(out);
  return c.in;
}

template <class From, class To, template <class> class Straight, template <class> class Indexed>
constexpr Executors make_executors(model::BodyFormat source, model::BodyFormat target) {
  return {source, target, &execute<Executor<From, To, Straight>>, &execute<Executor<From, To, Indexed>>};
}

// One a translation unit exec_<source>_to_<target>.cc.
extern const Executors binary_to_binary;
extern const Executors binary_to_compact;
extern const Executors binary_to_protobuf;
extern const Executors compact_to_binary;
extern const Executors compact_to_compact;
extern const Executors compact_to_protobuf;
extern const Executors protobuf_to_binary;
extern const Executors protobuf_to_compact;
extern const Executors protobuf_to_protobuf;

}  // namespace koine::transcode
