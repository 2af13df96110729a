// Keys and values of maps: strings and plain integers, which most of them are, in line. Internal to
// shape_*.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "transcode/executor.h"

namespace koine::transcode {

// Moves the key or value at `in`, for which there is room, as Executor::transfer() does.
template <class E, Position position>
[[gnu::always_inline]] inline Cursor transfer_entry(State& s, const Op& op, const std::uint8_t* in,
                                                    const std::uint8_t* end, std::uint8_t* out,
                                                    std::size_t levels, const typename E::FromFrame& from,
                                                    typename E::ToFrame& to, std::size_t index) {
  if (op.is_string()) return E::template transfer_text<position>(s, op, in, end, out, to, index);
  if (op.code != Code::i32 && op.code != Code::i64) {
    return E::template transfer_slow<position>(s, op, in, end, out, levels, from, to, index);
  }
  const bool narrow = op.code == Code::i32;
  const Number value = narrow ? E::From::i32(in, end) : E::From::i64(in, end);
  if (value.next == nullptr) [[unlikely]]
    return fail_read(s, in, end);
  out = E::To::element_head(out, op, index);
  return {value.next, narrow ? E::To::i32(out, value.value) : E::To::i64(out, value.value)};
}

}  // namespace koine::transcode
