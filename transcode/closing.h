// The end of a struct: what its fields left to do. Part of executor.h, for shapes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "transcode/executor.h"

namespace koine::transcode {

// What a struct's fields leave to do at its end.
template <class E>
struct Closing {
  using ToFrame = typename E::ToFrame;

  // Required fields, zeros and defaults, unions; then the stop byte where the target has one. What lies from
  // `run` up to `op` came in order and is not in `seen` yet; `run` null: from the first one, and `seen` is
  // empty.
  template <bool last_wins>
  [[gnu::always_inline]] static Cursor close(State& s, const Table& table, Seen& seen, const Op* run,
                                             const Op* op, const std::uint8_t* in, std::uint8_t* out,
                                             std::size_t levels, ToFrame& to) {
    const bool all_came = run == nullptr && op == table.none;
    if (!all_came || table.has_groups) [[unlikely]] {
      if (run == nullptr) {
        seen.clear();
        run = table.ops;
      }
      if (table.has_duties) {
        seen.add(s, table, run, op);
        if ((table.first_must & ~seen.first) != 0 || table.has_groups || table.words != 1) {
          ToFrame copy = to;
          out = complete_struct<last_wins>(s, table, seen, out, levels, copy);
          if (out == nullptr) return {nullptr, nullptr};
        }
      }
      if (seen.wide != nullptr) [[unlikely]]
        give_back(s, seen.wide->place);
    }
    if (E::To::has_stop && !table.bare) {
      KOINE_ENSURE(s, out);
      out = E::To::close(out);
    }
    return {in, out};
  }

 private:
  template <bool last_wins>
  [[gnu::noinline]] static std::uint8_t* complete_struct(State& s, const Table& table, Seen& seen_slots,
                                                         std::uint8_t* out, std::size_t levels, ToFrame& to) {
    std::uint64_t small = 0;
    const std::uint64_t* seen = seen_slots.all(s, table, small);
    for (const Group& group : table.groups) {
      const int members = members_set(group, table, seen);
      if (members > 1) {
        if (last_wins) return give_up(s).out;
        return fail(s, base::Reason::map_union, "more than one member of a union is set").out;
      }
      if (members == 0 && group.must_have_one) {
        return fail(s, base::Reason::map_union, "no member of the union is set, which Thrift cannot carry")
            .out;
      }
    }
    for (std::size_t i = 0; i < table.words; ++i) {
      for (std::uint64_t missing = table.must[i] & ~seen[i]; missing != 0; missing &= missing - 1) {
        const auto slot = i * 64 + static_cast<std::size_t>(std::countr_zero(missing));
        out = put_absent(s, table, table.ops[slot], out, levels, to);
        if (out == nullptr) return trace_field(s, table, table.ops[slot]).out;
      }
    }
    return out;
  }

  static std::uint8_t* put_absent(State& s, const Table& table, const Op& op, std::uint8_t* out,
                                  std::size_t levels, ToFrame& to) {
    out = ensure(s, out);
    if (out == nullptr) return nullptr;
    switch (op.absent()) {
      case Absent::nothing: return out;
      case Absent::refuse: return E::fail_required(s).out;
      case Absent::refuse_enum:
        return fail(s, base::Reason::map_enum_unknown,
                    "the field is unset, which means the number 0, and the enum of the other side has none")
            .out;
      case Absent::write_zero: return E::template zero<Position::field>(s, op, out, levels, to, 0).out;
      case Absent::write_default: return E::Shape::put_default(s, table, op, out, levels, to).out;
    }
    return out;
  }
};

}  // namespace koine::transcode
