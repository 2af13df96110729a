// How protobuf lays out messages, repeated fields and maps, read in one forward pass.
//
// A repeated field is a run of fields of one number, packed or not in any mixture; a map is a run of entries
// {1: key, 2: value}. The pass gives up (for the indexed shape) where the order of the wire is not the order
// in which it can write: a number that comes again after others, a second member of a oneof, an entry whose
// value comes first.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codecs/bodies/protobuf/primitives.h"
#include "transcode/closing.h"
#include "transcode/executor.h"
#include "transcode/nesting.h"
#include "transcode/transfer_entry.h"

namespace koine::transcode {

// What the forward and the indexed shape share.
template <class E>
struct ProtobufMessages {
  using From = typename E::From;
  using FromFrame = typename From::Frame;
  using ToFrame = typename E::ToFrame;

  struct Extent {
    const std::uint8_t* begin;
    const std::uint8_t* end;    // of the content
    const std::uint8_t* after;  // behind a group's end tag
  };
  [[gnu::always_inline]] static bool open(State& s, const Op& op, const std::uint8_t* in,
                                          const std::uint8_t* end, std::size_t levels,
                                          Extent& extent) noexcept {
    if (op.has(op_from_group)) [[unlikely]]
      return open_group(s, op, in, end, levels, extent);
    const codecs::Varint size = codecs::bodies::protobuf::read_length(in, end);
    if (size.next == nullptr) [[unlikely]] {
      E::fail_length(s);
      return false;
    }
    extent = {size.next, size.next + size.value, size.next + size.value};
    return true;
  }
  [[gnu::always_inline]] static const std::uint8_t* after(const Extent& extent,
                                                          const std::uint8_t* /*in*/) noexcept {
    return extent.after;
  }

  // The op of a field whose wire type fits what the schema says; null for any other.
  static const Op* find_op(const Table& table, std::uint32_t tag) noexcept {
    const Op* op = table.find(static_cast<std::int32_t>(tag >> 3));
    if (op == nullptr || op->source_type == (tag & 7)) return op;
    return op->has(op_packable) && (tag & 7) == codecs::bodies::protobuf::wire_length ? op : nullptr;
  }

  // `op`: as for leave_out.
  [[gnu::noinline]] static const std::uint8_t* skip_field(State& s, const Table& table, const Op* op,
                                                          const std::uint8_t* in, const std::uint8_t* end,
                                                          std::uint32_t tag, std::size_t levels) {
    if (!leave_out(s, table, static_cast<std::int32_t>(tag >> 3), op)) return nullptr;
    codecs::Fault fault = codecs::Fault::none;
    const std::uint8_t* next = codecs::bodies::protobuf::skip_value(in, end, tag, levels, fault);
    return next != nullptr ? next : fail_fault(s, fault).in;
  }

  // The elements of one occurrence of a repeated field: one, or all of a packed one.
  [[gnu::always_inline]] static Cursor elements(State& s, const Op& op, const std::uint8_t* in,
                                                const std::uint8_t* end, std::uint8_t* out,
                                                std::size_t levels, std::uint8_t wire_type, ToFrame& to,
                                                std::size_t& count) {
    const Op& element = op.element();
    const std::uint8_t* packed_end = nullptr;
    if (op.has(op_packable) && wire_type == codecs::bodies::protobuf::wire_length) {
      const codecs::Varint size = codecs::bodies::protobuf::read_length(in, end);
      if (size.next == nullptr) return E::fail_length(s);
      in = size.next;
      end = packed_end = in + size.value;
      if (in == end) return {in, out};
    }
    const FromFrame from;
    do {
      KOINE_ENSURE(s, out);
      if (op.has(op_unique)) push_mark(s, out);
      const Cursor c =
          E::template transfer<Position::element>(s, element, in, end, out, levels, from, to, count);
      if (c.in == nullptr) [[unlikely]]
        return trace_index(s, count);
      in = c.in;
      out = c.out;
      ++count;
    } while (packed_end != nullptr && in != packed_end);
    return {in, out};
  }

  static Cursor run_absent(State& s, const Table& table, std::uint8_t* out, std::size_t levels) {
    static constexpr std::uint8_t nothing = 0;
    return E::Shape::run_struct(s, table, &nothing, &nothing, out, levels);
  }
  // Protobuf has no defaults that a reader must invent.
  static Cursor put_default(State& s, const Table& /*table*/, const Op& op, std::uint8_t* out,
                            std::size_t levels, ToFrame& to) {
    return E::template zero<Position::field>(s, op, out, levels, to, 0);
  }

 private:
  [[gnu::noinline]] static bool open_group(State& s, const Op& op, const std::uint8_t* in,
                                           const std::uint8_t* end, std::size_t levels, Extent& extent) {
    codecs::Fault fault = codecs::Fault::none;
    extent.begin = in;
    extent.after = codecs::bodies::protobuf::skip_group(in, end, static_cast<std::uint32_t>(op.source_id),
                                                        levels, extent.end, fault);
    if (extent.after == nullptr) fail_fault(s, fault);
    return extent.after != nullptr;
  }
};

template <class E>
struct ProtobufShape : ProtobufMessages<E> {
  using Base = ProtobufMessages<E>;
  using From = typename E::From;
  using FromFrame = typename From::Frame;
  using ToFrame = typename E::ToFrame;

  // As in ThriftShape: the next field is expected to be the next op, and what is expected is new.
  [[gnu::noinline]] static Cursor run_struct(State& s, const Table& table, const std::uint8_t* in,
                                             const std::uint8_t* end, std::uint8_t* out, std::size_t levels) {
    return fields<0>(s, table, in, end, out, levels);
  }
  // `nested_max`: how many levels of structs inside it are moved here, and not in a call.
  template <std::size_t nested_max>
  [[gnu::always_inline]] static Cursor fields(State& s, const Table& outermost, const std::uint8_t* in,
                                              const std::uint8_t* end, std::uint8_t* out,
                                              std::size_t levels) {
    FromFrame from;
    Nesting<E, Lookup, nested_max> nesting;
    typename Nesting<E, Lookup, nested_max>::Place at{&outermost, outermost.ops, nullptr, in,
                                                      end,        out,           levels,  {}};
    while (true) {
      while (at.in != at.end) {
        const Op* next = at.op + 1;
        if (*at.in == at.op->source_tag) [[likely]] {
          from.type = From::as_expected;
          ++at.in;
        } else if (at.end - at.in >= 2 && codecs::load<std::uint16_t>(at.in) == at.op->source_tag) {
          from.type = From::as_expected;
          at.in += 2;
        } else {
          const Place place =
              find(s, *at.table, at.in, at.end, at.run, at.op, at.levels_left, nesting.lookup());
          if (place.in == nullptr) [[unlikely]]
            return nesting.trace_outer(s);
          at.in = place.in;
          at.run = next = nesting.lookup().next;
          if (place.op == nullptr) {
            at.op = next;
            continue;
          }
          at.op = place.op;
          from.type = place.type;
        }
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
      const Cursor c = Closing<E>::template close<true>(s, *at.table, nesting.lookup().seen, at.run, at.op,
                                                        at.in, at.out, at.levels_left, at.to);
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

  // A run of one repeated field; `in` is behind the first tag.
  [[gnu::noinline]] static Cursor list(State& s, const Op& op, const std::uint8_t* in,
                                       const std::uint8_t* end, std::uint8_t* out, std::size_t levels,
                                       FromFrame from) {
    if (levels == 0) return fail_fault(s, codecs::Fault::too_deep);
    Mark mark = make_mark(s, op, levels);
    ToFrame to;
    std::size_t count = 0;
    out = E::To::list_begin(s, out, op, mark, false, 0);
    const std::size_t first_mark = s.marks_size;
    const Op& element = op.element();
    if (element.code == Code::structure && !op.has(op_unique)) {
      Mark inner = make_mark(s, element, levels - 1);
      while (true) {
        KOINE_ENSURE(s, out);
        const Cursor c = E::template struct_body<false>(
            s, element, in, end, E::To::element_head(out, element, count), levels - 1, inner);
        if (c.in == nullptr) [[unlikely]]
          return trace_index(s, count);
        ++count;
        out = c.out;
        in = next_of_run(op, c.in, end, from);
        if (in == nullptr) {
          in = c.in;
          break;
        }
      }
      out = E::To::list_end(s, out, op, mark, count);
      return {out == nullptr ? nullptr : in, out};
    }
    while (true) {
      const Cursor c = Base::elements(s, op, in, end, out, levels - 1, wire_type(op, from), to, count);
      if (c.in == nullptr) [[unlikely]]
        return c;
      out = c.out;
      in = next_of_run(op, c.in, end, from);
      if (in == nullptr) {
        in = c.in;
        break;
      }
    }
    if (op.has(op_unique)) out = drop_duplicates(s, out, op, first_mark, false, E::To::separator, count);
    if (out != nullptr) out = E::To::list_end(s, out, op, mark, count);
    return {out == nullptr ? nullptr : in, out};
  }

  [[gnu::noinline]] static Cursor map(State& s, const Op& op, const std::uint8_t* in, const std::uint8_t* end,
                                      std::uint8_t* out, std::size_t levels, FromFrame from) {
    if (levels == 0) return fail_fault(s, codecs::Fault::too_deep);
    Mark mark = make_mark(s, op, levels);
    ToFrame to;
    std::size_t count = 0;
    out = E::To::map_begin(s, out, op, mark, false, 0);
    const std::size_t first_mark = s.marks_size;
    Mark inner = make_mark(s, op, levels);
    while (true) {
      KOINE_ENSURE(s, out);
      const Cursor c = entry(s, op, in, end, out, levels, to, count, inner);
      if (c.in == nullptr) [[unlikely]]
        return trace_index(s, count);
      ++count;
      out = c.out;
      in = next_of_run(op, c.in, end, from);
      if (in == nullptr) {
        in = c.in;
        break;
      }
    }
    if (op.has(op_unique)) out = drop_duplicates(s, out, op, first_mark, true, E::To::separator, count);
    if (out != nullptr) out = E::To::map_end(s, out, op, mark, count);
    return {out == nullptr ? nullptr : in, out};
  }

 private:
  // What is only needed when a field is not the expected one.
  struct Lookup {
    // (Not initialised: the first look-up does it.)
    const Op* seen_up_to;  // this op and those behind it are new; as of the last look-up
    const Op* next;        // which one is expected behind the field that was found
    Seen seen;
  };
  struct Place {
    const std::uint8_t* in;  // null: failed
    const Op* op;            // null: it was skipped
    std::uint8_t type;
  };
  // The field at `in`, which is not `expected`: looked up by number; unknown and dropped ones are skipped.
  [[gnu::noinline]] static Place find(State& s, const Table& table, const std::uint8_t* in,
                                      const std::uint8_t* end, const Op* run, const Op* expected,
                                      std::size_t levels, Lookup& lookup) {
    if (run == nullptr) {
      lookup.seen.clear();
      lookup.seen_up_to = run = table.ops;
    }
    if (run != expected) {
      lookup.seen.add(s, table, run, expected);
      lookup.seen_up_to = expected;
    }
    lookup.next = expected;
    const codecs::Varint raw = codecs::bodies::protobuf::read_tag(in, end);
    if (raw.next == nullptr) return {fail_read(s, in, end).in, nullptr, 0};
    const auto tag = static_cast<std::uint32_t>(raw.value);
    const Op* op = Base::find_op(table, tag);
    if (op == nullptr || op->code == Code::dropped) {
      return {Base::skip_field(s, table, op, raw.next, end, tag, levels), nullptr, 0};
    }
    if (!lookup.seen.set(s, table, *op)) return {give_up(s).in, nullptr, 0};
    if (op >= lookup.seen_up_to) lookup.seen_up_to = op + 1;
    lookup.next = op + 1 < lookup.seen_up_to ? table.none : op + 1;
    return {raw.next, op, static_cast<std::uint8_t>(tag & 7)};
  }

  static std::uint8_t wire_type(const Op& op, const FromFrame& from) noexcept {
    return from.type == From::as_expected ? op.source_tag & 7 : from.type;
  }

  // Behind the tag at `in` if the run goes on there, else null.
  [[gnu::always_inline]] static const std::uint8_t* next_of_run(const Op& op, const std::uint8_t* in,
                                                                const std::uint8_t* end,
                                                                FromFrame& from) noexcept {
    if (in == end) return nullptr;
    if (*in == op.source_tag) [[likely]] {
      from.type = From::as_expected;
      return in + 1;
    }
    const codecs::Varint tag = codecs::bodies::protobuf::read_tag(in, end);
    if (tag.next == nullptr || static_cast<std::int32_t>(tag.value >> 3) != op.source_id) return nullptr;
    const auto type = static_cast<std::uint8_t>(tag.value & 7);
    const bool packed = op.has(op_packable) && type == codecs::bodies::protobuf::wire_length;
    if (type != op.source_type && !packed) return nullptr;
    from.type = type;
    return tag.next;
  }

  [[gnu::always_inline]] static Cursor entry(State& s, const Op& op, const std::uint8_t* in,
                                             const std::uint8_t* end, std::uint8_t* out, std::size_t levels,
                                             ToFrame& to, std::size_t count, Mark& mark) {
    const Op& key = op.key();
    const Op& element = op.element();
    typename Base::Extent extent;
    if (!Base::open(s, op, in, end, levels, extent)) [[unlikely]]
      return {nullptr, nullptr};
    in = extent.begin;
    const FromFrame from;
    out = E::To::entry_begin(s, out, op, mark, count);
    if (op.has(op_unique)) push_mark(s, out);
    Cursor c{in, out};
    if (in != extent.end && *in == key.source_tag) [[likely]] {
      c = transfer_entry<E, Position::key>(s, key, in + 1, extent.end, out, levels - 1, from, to, count);
      in = c.in;
    } else {
      c = E::template zero<Position::key>(s, key, out, levels - 1, to, count);
    }
    if (c.in == nullptr) [[unlikely]]
      return c;
    out = c.out;
    KOINE_ENSURE(s, out);
    if (op.has(op_unique)) push_mark(s, out);
    if (in != extent.end && *in == element.source_tag) [[likely]] {
      c = transfer_entry<E, Position::element>(s, element, in + 1, extent.end, out, levels - 1, from, to,
                                               count);
      in = c.in;
    } else {
      c = E::template zero<Position::element>(s, element, out, levels - 1, to, count);
    }
    if (c.in == nullptr) [[unlikely]]
      return c;
    if (in != extent.end) [[unlikely]]
      return give_up(s);
    out = E::end_entry(s, c.out, op, mark);
    return {out == nullptr ? nullptr : extent.after, out};
  }
};

}  // namespace koine::transcode
