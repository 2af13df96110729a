// How Thrift lays out structs, lists and maps, read in one forward pass. Also the shape of any other source
// whose containers are values of their own with a count in front.
#pragma once

#include <cstddef>
#include <cstdint>

#include "transcode/executor.h"

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
    const Op& element = *op.parts.element;
    const ContainerHead head = From::list_head(in, end);
    if (head.next == nullptr) return fail_count(s);
    if (head.count != 0 && !From::same_type(head.element_type, element.source_type)) return fail_type(s);
    Mark mark;
    const FromFrame from;
    ToFrame to;
    in = head.next;
    out = E::To::list_begin(s, out, op, levels, mark, true, head.count);
    const std::size_t first_mark = s.marks_size;
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
    if (out != nullptr) out = E::To::list_end(s, out, op, levels, mark, count);
    return {out == nullptr ? nullptr : in, out};
  }

  [[gnu::noinline]] static Cursor map(State& s, const Op& op, const std::uint8_t* in, const std::uint8_t* end,
                                      std::uint8_t* out, std::size_t levels, const FromFrame& /*from*/) {
    if (levels == 0) return fail_fault(s, codecs::Fault::too_deep);
    const Op& key = *op.parts.key;
    const Op& element = *op.parts.element;
    const ContainerHead head = From::map_head(in, end);
    if (head.next == nullptr) return fail_count(s);
    if (head.count != 0 && !(From::same_type(head.key_type, key.source_type) &&
                             From::same_type(head.element_type, element.source_type))) {
      return fail_type(s);
    }
    Mark mark;
    const FromFrame from;
    ToFrame to;
    in = head.next;
    out = E::To::map_begin(s, out, op, levels, mark, true, head.count);
    const std::size_t first_mark = s.marks_size;
    for (std::size_t i = 0; i < head.count; ++i) {
      KOINE_ENSURE(s, out);
      Mark entry;
      out = E::To::entry_begin(s, out, op, levels, entry, i);
      if (op.has(op_unique)) push_mark(s, out);
      Cursor c = E::template transfer<Position::key>(s, key, in, end, out, levels - 1, from, to, i);
      if (c.in == nullptr) [[unlikely]]
        return trace_index(s, i);
      in = c.in;
      out = c.out;
      KOINE_ENSURE(s, out);
      if (op.has(op_unique)) push_mark(s, out);
      c = E::template transfer<Position::element>(s, element, in, end, out, levels - 1, from, to, i);
      if (c.in == nullptr) [[unlikely]]
        return trace_index(s, i);
      in = c.in;
      out = E::To::entry_end(s, c.out, op, levels, entry);
      if (out == nullptr) return {nullptr, nullptr};
    }
    std::size_t count = head.count;
    if (op.has(op_unique)) out = drop_duplicates(s, out, op, first_mark, true, E::To::separator, count);
    if (out != nullptr) out = E::To::map_end(s, out, op, levels, mark, count);
    return {out == nullptr ? nullptr : in, out};
  }

  // An empty struct's stand-in: its absent fields only.
  static Cursor run_absent(State& s, const Table& table, std::uint8_t* out, std::size_t levels) {
    const Seen seen(s, table);
    ToFrame to;
    static constexpr std::uint8_t nothing = 0;
    return Closing<E>::template close<false>(s, table, seen.words(), &nothing, out, levels, to);
  }

  // The source's default for a field that was not there.
  static Cursor put_default(State& s, const Table& table, const Op& op, std::uint8_t* out, std::size_t levels,
                            ToFrame& to) {
    const std::vector<std::uint8_t>& bytes = table.info[op.slot].default_bytes;
    FromFrame from;
    From::set_default_frame(from, bytes);
    return E::template transfer_slow<Position::field>(s, op, bytes.data(), bytes.data() + bytes.size(), out,
                                                      levels, from, to, 0);
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
  using From = typename E::From;
  using FromFrame = typename From::Frame;
  using ToFrame = typename E::ToFrame;

  static Cursor run_struct(State& s, const Table& table, const std::uint8_t* in, const std::uint8_t* end,
                           std::uint8_t* out, std::size_t levels) {
    FromFrame from;
    ToFrame to;
    Seen seen(s, table);
    const Op* expected = table.ops;
    while (true) {
      const Found found = From::next_field(in, end, table, expected, from);
      if (found.op == nullptr) [[unlikely]] {
        if (found.next == nullptr) return fail_read(s, in, end);
        if (found.type == From::type_stop) {
          in = found.next;
          break;
        }
        in = skip_unknown(s, found, from.last_id, end, levels);
        if (in == nullptr) return {nullptr, nullptr};
        expected = table.ops + table.count;
        continue;
      }
      const Op& op = *found.op;
      expected = &op + 1;
      if (!seen.set(op.slot)) [[unlikely]]
        return give_up(s);
      KOINE_ENSURE(s, out);
      const Cursor c =
          E::template transfer<Position::field>(s, op, found.next, end, out, levels, from, to, 0);
      if (c.in == nullptr) [[unlikely]] {
        if (!skip_dropped(s, op, found, end, levels, in)) return trace_field(s, table, op);
        continue;
      }
      in = c.in;
      out = c.out;
    }
    return Closing<E>::template close<false>(s, table, seen.words(), in, out, levels, to);
  }

 private:
  [[gnu::noinline]] static const std::uint8_t* skip_unknown(State& s, const Found& found, std::int32_t id,
                                                            const std::uint8_t* end, std::size_t levels) {
    if (s.program->options.not_in_schema == NotInSchema::reject) {
      return fail(s, base::Reason::map_unknown_field, "the message has a field that the schema does not know")
          .in;
    }
    ++s.context->counters.dropped_fields;
    s.context->last_dropped_id = id;
    codecs::Fault fault = codecs::Fault::none;
    const std::uint8_t* next = From::skip(found.next, end, found.type, levels, fault);
    return next != nullptr ? next : fail_fault(s, fault).in;
  }
  // A field that somebody allowed to be lost: skips it, false when it is another.
  [[gnu::noinline]] static bool skip_dropped(State& s, const Op& op, const Found& found,
                                             const std::uint8_t* end, std::size_t levels,
                                             const std::uint8_t*& in) {
    if (op.code != Code::dropped) return false;
    codecs::Fault fault = codecs::Fault::none;
    ++s.context->counters.dropped_fields;
    s.context->last_dropped_id = op.source_id;
    in = From::skip(found.next, end, found.type, levels, fault);
    if (in == nullptr) fail_fault(s, fault);
    return in != nullptr;
  }
};

}  // namespace koine::transcode
