// How Thrift lays out structs, lists and maps, read in one forward pass. Also the shape of any other source
// whose containers are values of their own with a count in front.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "transcode/closing.h"
#include "transcode/executor.h"
#include "transcode/nesting.h"
#include "transcode/transfer_entry.h"

namespace koine::transcode {

// What the forward and the indexed shape share: containers, and values that stand for absent fields.
template <class E>
struct ThriftContainers {
  using From = typename E::From;
  using FromFrame = typename From::Frame;
  using ToFrame = typename E::ToFrame;

  // A struct needs no length: it ends where its stop byte is.
  struct Extent {
    const std::uint8_t* begin;
    const std::uint8_t* end;
  };
  [[gnu::always_inline]] static bool open(State& /*s*/, const Op& /*op*/, const std::uint8_t* in,
                                          const std::uint8_t* end, std::size_t /*levels*/,
                                          Extent& extent) noexcept {
    extent = {in, end};
    return true;
  }
  [[gnu::always_inline]] static const std::uint8_t* after(const Extent& /*extent*/,
                                                          const std::uint8_t* in) noexcept {
    return in;
  }

  [[gnu::noinline]] static Cursor list(State& s, const Op& op, const std::uint8_t* in,
                                       const std::uint8_t* end, std::uint8_t* out, std::size_t levels,
                                       const FromFrame& /*from*/) {
    if (levels == 0) return fail_fault(s, codecs::Fault::too_deep);
    const Op& element = op.element();
    const ContainerHead head = From::list_head(in, end);
    if (head.next == nullptr) return fail_count(s);
    if (head.count != 0 && !From::same_type(head.element_type, element.source_type)) return fail_type(s);
    Mark mark = make_mark(s, op, levels);
    const FromFrame from;
    ToFrame to;
    in = head.next;
    out = E::To::list_begin(s, out, op, mark, true, head.count);
    const std::size_t first_mark = s.marks_size;
    if (element.code == Code::structure && !op.has(op_unique)) {
      Mark inner = make_mark(s, element, levels - 1);
      for (std::size_t i = 0; i < head.count; ++i) {
        KOINE_ENSURE(s, out);
        const Cursor c = E::template struct_body<false>(
            s, element, in, end, E::To::element_head(out, element, i), levels - 1, inner);
        if (c.in == nullptr) [[unlikely]]
          return trace_index(s, i);
        in = c.in;
        out = c.out;
      }
      out = E::To::list_end(s, out, op, mark, head.count);
      return {out == nullptr ? nullptr : in, out};
    }
    for (std::size_t i = 0; i < head.count; ++i) {
      KOINE_ENSURE(s, out);
      if (op.has(op_unique)) push_mark(s, out);
      const Cursor c =
          E::template transfer<Position::element>(s, element, in, end, out, levels - 1, from, to, i);
      if (c.in == nullptr) [[unlikely]]
        return trace_index(s, i);
      in = c.in;
      out = c.out;
    }
    std::size_t count = head.count;
    if (op.has(op_unique)) out = drop_duplicates(s, out, op, first_mark, false, E::To::separator, count);
    if (out != nullptr) out = E::To::list_end(s, out, op, mark, count);
    return {out == nullptr ? nullptr : in, out};
  }

  [[gnu::noinline]] static Cursor map(State& s, const Op& op, const std::uint8_t* in, const std::uint8_t* end,
                                      std::uint8_t* out, std::size_t levels, const FromFrame& /*from*/) {
    if (levels == 0) return fail_fault(s, codecs::Fault::too_deep);
    const Op& key = op.key();
    const Op& element = op.element();
    const ContainerHead head = From::map_head(in, end);
    if (head.next == nullptr) return fail_count(s);
    if (head.count != 0 && !(From::same_type(head.key_type, key.source_type) &&
                             From::same_type(head.element_type, element.source_type))) {
      return fail_type(s);
    }
    Mark mark = make_mark(s, op, levels);
    const FromFrame from;
    ToFrame to;
    in = head.next;
    out = E::To::map_begin(s, out, op, mark, true, head.count);
    const std::size_t first_mark = s.marks_size;
    Mark entry = make_mark(s, op, levels);
    for (std::size_t i = 0; i < head.count; ++i) {
      KOINE_ENSURE(s, out);
      out = E::To::entry_begin(s, out, op, entry, i);
      if (op.has(op_unique)) push_mark(s, out);
      Cursor c = transfer_entry<E, Position::key>(s, key, in, end, out, levels - 1, from, to, i);
      if (c.in == nullptr) [[unlikely]]
        return trace_index(s, i);
      in = c.in;
      out = c.out;
      KOINE_ENSURE(s, out);
      if (op.has(op_unique)) push_mark(s, out);
      c = transfer_entry<E, Position::element>(s, element, in, end, out, levels - 1, from, to, i);
      if (c.in == nullptr) [[unlikely]]
        return trace_index(s, i);
      in = c.in;
      out = E::end_entry(s, c.out, op, entry);
      if (out == nullptr) return {nullptr, nullptr};
    }
    std::size_t count = head.count;
    if (op.has(op_unique)) out = drop_duplicates(s, out, op, first_mark, true, E::To::separator, count);
    if (out != nullptr) out = E::To::map_end(s, out, op, mark, count);
    return {out == nullptr ? nullptr : in, out};
  }

  // An empty struct's stand-in: its absent fields only.
  static Cursor run_absent(State& s, const Table& table, std::uint8_t* out, std::size_t levels) {
    Seen seen;
    ToFrame to;
    static constexpr std::uint8_t nothing = 0;
    return Closing<E>::template close<false>(s, table, seen, nullptr, table.ops, &nothing, out, levels, to);
  }

  // The source's default for a field that was not there.
  static Cursor put_default(State& s, const Table& table, const Op& op, std::uint8_t* out, std::size_t levels,
                            ToFrame& to) {
    const std::span<const std::uint8_t> bytes = table.default_of(op);
    FromFrame from;
    From::set_default_frame(from, bytes);
    // Where the input ends, whoever reads more at once than it needs must know: here it is the default.
    const std::uint8_t* const message_end = s.in_end;
    const std::uint8_t* const message_wide_end = s.in_wide_end;
    s.set_input(bytes.data(), bytes.data() + bytes.size());
    const Cursor c =
        E::template transfer_slow<Position::field>(s, op, bytes.data(), s.in_end, out, levels, from, to, 0);
    s.in_end = message_end;
    s.in_wide_end = message_wide_end;
    return c;
  }

  [[gnu::cold, gnu::noinline]] static Cursor fail_count(State& s) {
    return fail(s, base::Reason::wire_truncated, "a container says it has more elements than bytes are left");
  }
  [[gnu::cold, gnu::noinline]] static Cursor fail_type(State& s) {
    return fail(s, base::Reason::map_type, "the elements on the wire have another type than in the schema");
  }
};

template <class E>
struct ThriftShape : ThriftContainers<E> {
  using Base = ThriftContainers<E>;
  using From = typename E::From;
  using FromFrame = typename From::Frame;
  using ToFrame = typename E::ToFrame;

  // Fields come in the order of their ids nearly always, so the next one is expected to be the next op, and
  // its header is compared with one that is known. What is expected lies behind everything seen, hence is
  // new.
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
      while (true) {
        const Op* next = at.op + 1;
        if (From::is_expected(at.in, at.end, *at.op, from)) [[likely]] {
          at.in += From::expected_head_bytes;
        } else {
          if (at.in == at.end) [[unlikely]] {
            fail_read(s, at.in, at.end);
            return nesting.trace_outer(s);
          }
          if (*at.in == From::type_stop) {
            ++at.in;
            break;
          }
          const Found found =
              find(s, *at.table, at.in, at.end, at.run, at.op, at.levels_left, nesting.lookup());
          if (found.next == nullptr) [[unlikely]]
            return nesting.trace_outer(s);
          at.in = found.next;
          at.run = next = nesting.lookup().next;
          if (found.op == nullptr) {
            at.op = next;
            if (found.type == From::type_stop) [[unlikely]]
              break;
            continue;
          }
          at.op = found.op;
          from = nesting.lookup().from;
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
      const Cursor c = Closing<E>::template close<false>(s, *at.table, nesting.lookup().seen, at.run, at.op,
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

 private:
  // What is only needed when a field is not the expected one.
  struct Lookup {
    // (Not initialised: the first look-up does it.)
    const Op* seen_up_to;  // this op and those behind it are new; as of the last look-up
    const Op* next;        // which one is expected behind the field that was found
    Seen seen;
    std::int32_t last_id;  // of the field that was found
    FromFrame from;        // of the same
  };

  // The field at `in`, which is not `expected`: looked up by id. Unknown and dropped ones are skipped: a
  // position without op. So is a stop, with its type: a compact one may carry a difference, which no library
  // looks at. Null: failed.
  [[gnu::noinline]] static Found find(State& s, const Table& table, const std::uint8_t* in,
                                      const std::uint8_t* end, const Op* run, const Op* expected,
                                      std::size_t levels, Lookup& lookup) {
    if (run == nullptr) {
      lookup.seen.clear();
      lookup.seen_up_to = run = table.ops;
      lookup.last_id = 0;
    }
    if (run != expected) {
      lookup.seen.add(s, table, run, expected);
      lookup.last_id = expected[-1].source_id;
      lookup.seen_up_to = expected;
    }
    lookup.next = table.none;
    Found found = From::next_field(in, end, table, lookup.last_id, lookup.from);
    if (found.next == nullptr) {
      fail_read(s, in, end);
      return found;
    }
    if (found.op == nullptr || found.op->code == Code::dropped) {
      if (found.op == nullptr && found.type == From::type_stop) return found;
      found.next = skip_field(s, table, found, lookup.last_id, end, levels);
      found.op = nullptr;
      return found;
    }
    const Op* const op = found.op;
    if (!lookup.seen.set(s, table, *op)) {
      give_up(s);
      found.next = nullptr;
    }
    if (op >= lookup.seen_up_to) lookup.seen_up_to = op + 1;
    lookup.next = op + 1 < lookup.seen_up_to ? table.none : op + 1;
    return found;
  }

  static const std::uint8_t* skip_field(State& s, const Table& table, const Found& found, std::int32_t id,
                                        const std::uint8_t* end, std::size_t levels) {
    if (!leave_out(s, table, id, found.op)) return nullptr;
    codecs::Fault fault = codecs::Fault::none;
    const std::uint8_t* next = From::skip(found.next, end, found.type, levels, fault);
    return next != nullptr ? next : fail_fault(s, fault).in;
  }
};

}  // namespace koine::transcode
