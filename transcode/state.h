// State: one run of a program, as its executor sees it, and the pieces of running that no format needs to
// know. The input and output positions themselves travel in registers (Cursor), because a store through a
// byte pointer would make the compiler reload everything that lives in memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/status.h"
#include "codecs/wire.h"
#include "transcode/context.h"
#include "transcode/output.h"
#include "transcode/program.h"

namespace koine::transcode {

struct Cursor {
  const std::uint8_t* in;  // null: failed, see State
  std::uint8_t* out;
};

// Behind State::out_limit there is at least this much room: a field's header, a number, a length, and the
// overshoot of a 16-byte copy.
inline constexpr std::size_t out_slack_bytes = 64;

// The longest length in front of a text (Thrift binary's) and sixteen bytes of it, which are copied at once.
inline constexpr std::size_t in_wide_bytes = 20;

struct State {
  const std::uint8_t* in_end = nullptr;  // of the whole input
  // In front of it a length and in_wide_bytes behind it may be read, whatever they mean.
  const std::uint8_t* in_wide_end = nullptr;
  std::uint8_t* out_limit = nullptr;  // at or below it, out_slack_bytes may be written without asking
  std::uint8_t* out_base = nullptr;
  Context* context = nullptr;
  Output* output = nullptr;
  const Program* program = nullptr;
  // A text or binary of so many bytes stays where it is, in the input.
  std::size_t gap_bytes_min = SIZE_MAX;

  // Why there is no result.
  base::Reason reason = base::Reason::none;
  std::string_view message;  // static text
  bool irregular = false;    // not an error: the indexed executor must do it

  // The path of the failure, innermost first, as the frames noted it while they returned.
  // (Nothing here is initialised before it is used: it would cost more than a small message.)
  struct Step {
    const char* name;   // null: an element, or a field that has only a number
    std::size_t index;  // of the element, the name's length, or the number and is_number
    static constexpr std::size_t is_number = std::size_t{1} << 32;
  };
  std::array<Step, 160> path;
  std::size_t path_size = 0;

  // The parts of a message that becomes one number (Code::note).
  std::array<std::int64_t, 2> noted;

  // Positions of the elements of sets and maps being written, relative to out_base: a stack, here as long as
  // it is small, then in the arena.
  std::array<std::uint32_t, 64> first_marks;
  std::uint32_t* marks = nullptr;
  std::size_t marks_size = 0;
  std::size_t marks_capacity = 0;

  // Sets where the input ends. `begin`: where it begins.
  void set_input(const std::uint8_t* begin, const std::uint8_t* end) noexcept {
    in_end = end;
    const bool is_wide = static_cast<std::size_t>(end - begin) >= in_wide_bytes;
    in_wide_end = is_wide ? end - in_wide_bytes + 1 : begin;
  }
};

// Notes the failure; the first one stays.
[[gnu::cold, gnu::noinline]] Cursor fail(State& s, base::Reason reason, std::string_view message) noexcept;
// The value at hand needs the indexed executor.
[[gnu::cold, gnu::noinline]] Cursor give_up(State& s) noexcept;
[[gnu::cold, gnu::noinline]] Cursor fail_fault(State& s, codecs::Fault fault) noexcept;
// A number, length or header at `p` could not be read.
[[gnu::cold, gnu::noinline]] Cursor fail_read(State& s, const std::uint8_t* p,
                                              const std::uint8_t* end) noexcept;
// Adds a step to the path of a failure on its way out.
[[gnu::cold, gnu::noinline]] Cursor trace_field(State& s, const Table& table, const Op& op) noexcept;
[[gnu::cold, gnu::noinline]] Cursor trace_index(State& s, std::size_t index) noexcept;
// A field that goes nowhere: counts it. `op` is not null when its loss was allowed; else the table does not
// know it, or not with that wire type. False with the failure noted where such fields are refused.
[[gnu::noinline]] bool leave_out(State& s, const Table& table, std::int32_t id, const Op* op) noexcept;
// The same, of a map's entry: it has fields 1 and 2.
[[gnu::noinline]] bool leave_out_of_entry(State& s, std::int32_t id) noexcept;
// A value that an allowance changed.
inline void count_loss(State& s, model::Allowance what) noexcept {
  ++s.context->counters.lost_values[static_cast<std::size_t>(what)];
}
// A field that comes again: a failure where that is refused, else nothing.
[[gnu::noinline]] bool refuses_repeat(State& s) noexcept;
// "order.items[2].sku"
base::Status failure_status(const State& s);

// Room for `bytes` and the slack; null with a failure noted when the message is longer than allowed.
[[gnu::noinline]] std::uint8_t* grow(State& s, std::uint8_t* out, std::size_t bytes) noexcept;
[[gnu::always_inline]] inline std::uint8_t* ensure(State& s, std::uint8_t* out) noexcept {
  if (out > s.out_limit) [[unlikely]]
    return grow(s, out, 0);
  return out;
}

// Failures of a value, which a later occurrence of its field might replace.
inline bool may_be_overridden(base::Reason reason) noexcept {
  return reason >= base::Reason::map_type && reason <= base::Reason::map_no_pair;
}

// A value that a later one replaces: `transfer(out)` (giving a Cursor) moves it, and what it wrote is thrown
// away. Every library reads it before it knows, so it has to be readable; a form on the other side it need
// not have. Null with the failure noted, else `out`, or where it lies now.
template <class Transfer>
std::uint8_t* transfer_replaced(State& s, std::uint8_t* out, Transfer&& transfer) {
  out = ensure(s, out);
  if (out == nullptr) return nullptr;
  const auto at = static_cast<std::size_t>(out - s.out_base);
  const std::size_t marks_before = s.marks_size;
  const Counters counters_before = s.context->counters;
  const Cursor c = transfer(out);
  s.marks_size = marks_before;
  s.context->counters = counters_before;
  if (c.in == nullptr) {
    if (!may_be_overridden(s.reason)) return nullptr;
    s.reason = base::Reason::none;
    s.path_size = 0;
  }
  return s.out_base + at;
}

// Leaves `size` bytes at `from` of the input where they are; false when they have to be copied: what is being
// written is looked at again, as elements of sets and keys are.
inline bool leave_gap(State& s, std::uint8_t* out, const std::uint8_t* from, std::size_t size) noexcept {
  return s.marks_size == 0 && s.output->leave_gap(static_cast<std::size_t>(out - s.out_base), from, size);
}
// Copies text, checking UTF-8 (false: it is not). Any sizes, no overshoot.
bool copy_text(std::uint8_t* out, const std::uint8_t* text, std::size_t size) noexcept;

// A length or count whose place must be left free before it is known, as wide as it was last time at this
// place and depth.
struct Mark {
  std::size_t at = 0;  // relative to out_base, because the output may move
  std::size_t width = 0;
  std::uint8_t* last_width = nullptr;  // in the context
};

[[gnu::always_inline]] inline Mark make_mark(State& s, const Op& op, std::size_t levels) noexcept {
  return {0, 0, &s.context->widths[(op.place + levels * 29) & 0xff]};
}
// Leaves room for a varint.
[[gnu::always_inline]] inline std::uint8_t* reserve_varint(State& s, std::uint8_t* out, Mark& mark) noexcept {
  mark.at = static_cast<std::size_t>(out - s.out_base);
  mark.width = *mark.last_width;
  return out + mark.width;
}
// The guess was wrong: moves what was written since.
[[gnu::noinline]] std::uint8_t* move_reserved(State& s, std::uint8_t* out, Mark& mark,
                                              std::size_t width) noexcept;
// Writes `value` into the room left for it, null when the output became too long.
[[gnu::noinline]] std::uint8_t* fill_varint_slow(State& s, std::uint8_t* out, Mark& mark,
                                                 std::uint64_t value) noexcept;
[[gnu::always_inline]] inline std::uint8_t* fill_varint(State& s, std::uint8_t* out, Mark& mark,
                                                        std::uint64_t value) noexcept {
  if (value >= 0x80 || mark.width != 1) [[unlikely]]
    return fill_varint_slow(s, out, mark, value);
  s.out_base[mark.at] = static_cast<std::uint8_t>(value);
  return out;
}

// Remembers a position of the output.
[[gnu::noinline]] void grow_marks(State& s);
inline void push_mark(State& s, const std::uint8_t* out) {
  if (s.marks_size == s.marks_capacity) grow_marks(s);
  s.marks[s.marks_size++] = static_cast<std::uint32_t>(out - s.out_base);
}
// The two marks of the entry written last move, back as well (`by` wraps).
inline void move_entry_marks(State& s, std::size_t by) noexcept {
  for (std::size_t i = s.marks_size - 2; i < s.marks_size; ++i) s.marks[i] += static_cast<std::uint32_t>(by);
}

// The elements written since `first_mark`, each with its start in the marks (and, for maps, the position
// behind its key: two marks an element), up to `out`: drops repeated ones, keeping the first (of a set) or
// last (of a map) and `separator` bytes (their value at *separator_text) between them. Pops the marks.
// Returns the new end; `count` is corrected. Null: refused, noted in the state. An op into protobuf refuses
// always (op_strict, op_dup_is_error): what stands in front of its entries is not in the marks.
std::uint8_t* drop_duplicates(State& s, std::uint8_t* out, const Op& op, std::size_t first_mark, bool is_map,
                              std::string_view separator, std::size_t& count);

// What a frame takes from the arena goes back with it: a struct of many fields may come a million times in a
// message. Not when the marks have moved there meanwhile, which outlive it.
struct ArenaPlace {
  base::Arena::Mark mark;
  const std::uint32_t* marks;
};
inline ArenaPlace arena_place(const State& s) noexcept { return {s.context->arena.mark(), s.marks}; }
inline void give_back(State& s, const ArenaPlace& place) noexcept {
  if (s.marks == place.marks) s.context->arena.rewind(place.mark);
}
class Scratch {
 public:
  explicit Scratch(State& s) noexcept : state_(s), place_(arena_place(s)) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { give_back(state_, place_); }

 private:
  State& state_;
  const ArenaPlace place_;
};

// Which of a table's slots a frame has seen, as far as it was noted: fields that come in order are noted
// when their run ends. The first word is a value of its own, most structs need no other; a wide table's
// others are taken from the arena when there is something to note.
struct Seen {
  // In the arena; a struct that is complete gives it back.
  struct Wide {
    std::uint64_t* words;  // words[0] is filled in by all()
    ArenaPlace place;      // before it was taken
  };
  // (Not initialised: most structs come in order, and then nobody asks.)
  std::uint64_t first;
  Wide* wide;

  void clear() noexcept {
    first = 0;
    wide = nullptr;
  }
  // False when the slot was set before.
  bool set(State& s, const Table& table, const Op& op) noexcept {
    std::uint64_t& word = op.slot < 64 ? first : other_word(s, table, op.slot >> 6);
    const std::uint64_t bit = std::uint64_t{1} << (op.slot & 63);
    const bool fresh = (word & bit) == 0;
    word |= bit;
    return fresh;
  }
  // The slots from `from` up to `to`, which is behind the last of them.
  void add(State& s, const Table& table, const Op* from, const Op* to) noexcept {
    if (from == to) return;
    if (table.words != 1) return add_wide(s, table, from->slot, to->slot);
    first |= ~std::uint64_t{0} << from->slot & ~std::uint64_t{0} >> (64 - to->slot);
  }
  // All words; `small` is where a single one can be put.
  const std::uint64_t* all(State& s, const Table& table, std::uint64_t& small) noexcept {
    if (table.words == 1) {
      small = first;
      return &small;
    }
    if (wide == nullptr) take(s, table);
    wide->words[0] = first;
    return wide->words;
  }

 private:
  std::uint64_t& other_word(State& s, const Table& table, std::size_t index) noexcept {
    if (wide == nullptr) take(s, table);
    return wide->words[index];
  }
  [[gnu::noinline]] void add_wide(State& s, const Table& table, std::size_t from, std::size_t to) noexcept;
  [[gnu::noinline]] void take(State& s, const Table& table) noexcept;
};

// How many members of a group are set, at most 2.
int members_set(const Group& group, const Table& table, const std::uint64_t* seen) noexcept;

}  // namespace koine::transcode
