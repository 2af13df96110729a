// Protobuf messages in any legal order: first every field's occurrences are found, then they are written in
// the order of the target.
//
// As libprotobuf reads: the last occurrence of a singular field counts, occurrences of a message field are
// merged, the last member of a oneof drops the others before it, elements keep their order on the wire. The
// index lives in the context's arena and refers to the input.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codecs/bodies/protobuf/primitives.h"
#include "transcode/closing.h"
#include "transcode/executor.h"
#include "transcode/shape_protobuf.h"

namespace koine::transcode {

// Bytes of the input: a field's value, or a message's content; several of them in order.
struct Span {
  const std::uint8_t* begin = nullptr;
  const std::uint8_t* end = nullptr;
  Span* next = nullptr;
  std::uint8_t type = 0;  // wire type of a field
};
struct SpanList {
  Span* first = nullptr;
  Span* last = nullptr;
  void add(State& s, const std::uint8_t* begin, const std::uint8_t* end, std::uint8_t type) {
    Span* span = s.context->arena.make_array<Span>(1);
    *span = Span{begin, end, nullptr, type};
    (last == nullptr ? first : last->next) = span;
    last = span;
  }
};

template <class E>
struct ProtobufIndexedShape : ProtobufMessages<E> {
  using Base = ProtobufMessages<E>;
  using From = typename E::From;
  using FromFrame = typename From::Frame;
  using ToFrame = typename E::ToFrame;

  template <std::size_t nested_max>
  static Cursor fields(State& s, const Table& table, const std::uint8_t* in, const std::uint8_t* end,
                       std::uint8_t* out, std::size_t levels) {
    return run_struct(s, table, in, end, out, levels);
  }
  static Cursor run_struct(State& s, const Table& table, const std::uint8_t* in, const std::uint8_t* end,
                           std::uint8_t* out, std::size_t levels) {
    const Span content{in, end, nullptr, 0};
    const Cursor c = run_contents(s, table, &content, out, levels);
    return {c.in == nullptr ? nullptr : end, c.out};
  }

  // A repeated field or map that stands where a value does; only its first occurrence is at hand.
  static Cursor list(State& s, const Op& op, const std::uint8_t* in, const std::uint8_t* end,
                     std::uint8_t* out, std::size_t levels, FromFrame from) {
    const Span span{in, end, nullptr, from.type};
    const Cursor c = put_list(s, op, &span, out, levels);
    return {c.in == nullptr ? nullptr : end, c.out};
  }
  static Cursor map(State& s, const Op& op, const std::uint8_t* in, const std::uint8_t* end,
                    std::uint8_t* out, std::size_t levels, FromFrame from) {
    const Span span{in, end, nullptr, from.type};
    const Cursor c = put_map(s, op, &span, out, levels);
    return {c.in == nullptr ? nullptr : end, c.out};
  }

 private:
  // One message that may have come in several pieces.
  [[gnu::noinline]] static Cursor run_contents(State& s, const Table& table, const Span* contents,
                                               std::uint8_t* out, std::size_t levels) {
    const Scratch scratch(s);
    auto* fields = s.context->arena.make_array<SpanList>(table.count);
    for (const Span* content = contents; content != nullptr; content = content->next) {
      if (!index_fields(s, table, *content, levels, fields, out)) return {nullptr, nullptr};
    }
    ToFrame to;
    Seen seen;
    seen.clear();
    for (std::uint32_t i = 0; i < table.count; ++i) {
      const Op& op = table.in_target_order(i);
      const std::uint16_t slot = op.slot;
      if (fields[slot].first == nullptr) continue;
      seen.set(s, table, op);
      KOINE_ENSURE(s, out);
      const Cursor c = put<Position::field>(s, op, fields[slot], out, levels, to, 0);
      if (c.in == nullptr) return trace_field(s, table, op);
      out = c.out;
    }
    return Closing<E>::template close<false>(s, table, seen, table.none, table.none, contents->begin, out,
                                             levels, to);
  }

  static bool index_fields(State& s, const Table& table, const Span& content, std::size_t levels,
                           SpanList* fields, std::uint8_t*& out) {
    const std::uint8_t* in = content.begin;
    while (in != content.end) {
      const codecs::Varint raw = codecs::bodies::protobuf::read_tag(in, content.end);
      if (raw.next == nullptr) return fail_read(s, in, content.end).in != nullptr;
      const auto tag = static_cast<std::uint32_t>(raw.value);
      const Op* op = Base::find_op(table, tag);
      if (op == nullptr || op->code == Code::dropped) {
        in = Base::skip_field(s, table, op, raw.next, content.end, tag, levels);
        if (in == nullptr) return false;
        continue;
      }
      codecs::Fault fault = codecs::Fault::none;
      in = codecs::bodies::protobuf::skip_value(raw.next, content.end, tag, levels, fault);
      if (in == nullptr) {
        fail_fault(s, fault);
        trace_field(s, table, *op);
        return false;
      }
      if (fields[op->slot].first != nullptr && !repeats(*op) && refuses_repeat(s)) {
        return trace_field(s, table, *op).in != nullptr;
      }
      if (table.has_groups && !drop_other_members(s, table, op->slot, fields, out, levels)) return false;
      fields[op->slot].add(s, raw.next, in, static_cast<std::uint8_t>(tag & 7));
    }
    return true;
  }

  // A repeated field or map, whose occurrences belong together.
  static bool repeats(const Op& op) {
    const Code code = op.code == Code::wrap ? op.element().code : op.code;
    return code == Code::list || code == Code::map;
  }

  static bool drop_other_members(State& s, const Table& table, std::size_t slot, SpanList* fields,
                                 std::uint8_t*& out, std::size_t levels) {
    for (const Group& group : table.groups) {
      if (!group.last_wins || (group.members[slot >> 6] >> (slot & 63) & 1) == 0) continue;
      for (std::size_t other = 0; other < table.count; ++other) {
        const bool drops = other != slot && (group.members[other >> 6] >> (other & 63) & 1) != 0;
        if (!drops || fields[other].first == nullptr) continue;
        if (s.program->options.reject_repeats) {
          return fail(s, base::Reason::map_union, "more than one member of a union is set").in != nullptr;
        }
        const Op& op = table.ops[other];
        out = transfer_replaced(s, out, [&](std::uint8_t* at) {
          ToFrame to;
          return put<Position::field>(s, op, fields[other], at, levels, to, 0);
        });
        if (out == nullptr) return trace_field(s, table, op).in != nullptr;
        fields[other] = {};
      }
    }
    return true;
  }

  // The contents of a message field's occurrences. Null with the failure noted.
  static const Span* open_all(State& s, const Op& op, const SpanList& spans, std::size_t levels) {
    SpanList contents;
    for (const Span* span = spans.first; span != nullptr; span = span->next) {
      typename Base::Extent extent;
      if (!Base::open(s, op, span->begin, span->end, levels, extent)) return nullptr;
      contents.add(s, extent.begin, extent.end, 0);
    }
    return contents.first;
  }

  // Writes a value from all occurrences of its field.
  template <Position position>
  static Cursor put(State& s, const Op& op, const SpanList& spans, std::uint8_t* out, std::size_t levels,
                    ToFrame& to, std::size_t index) {
    switch (op.code) {
      case Code::list:
        return put_list(s, op, spans.first, E::template container_head<position>(out, to, op, index), levels);
      case Code::map:
        return put_map(s, op, spans.first, E::template container_head<position>(out, to, op, index), levels);
      case Code::structure: {
        if (levels == 0) return fail_fault(s, codecs::Fault::too_deep);
        const Span* contents = open_all(s, op, spans, levels);
        if (contents == nullptr) return {nullptr, nullptr};
        if (op.has(op_bare)) return run_contents(s, *op.table, contents, out, levels - 1);
        Mark mark = make_mark(s, op, levels);
        out = E::To::struct_begin(s, E::template head<position>(out, to, op, index), op, mark);
        const Cursor c = run_contents(s, *op.table, contents, out, levels - 1);
        if (c.in == nullptr) return c;
        out = E::To::struct_end(s, c.out, op, mark);
        return {out == nullptr ? nullptr : c.in, out};
      }
      case Code::unwrap: {
        const Span* contents = open_all(s, op, spans, levels);
        if (contents == nullptr) return {nullptr, nullptr};
        return run_contents(s, *op.table, contents, E::template container_head<position>(out, to, op, index),
                            levels);
      }
      case Code::unwrap_boolean: {
        const Span* contents = open_all(s, op, spans, levels);
        if (contents == nullptr) return {nullptr, nullptr};
        s.noted = {};
        const Cursor c = run_contents(s, *op.table, contents, out, levels);
        if (c.in == nullptr) return c;
        return {c.in, E::template put_boolean<position>(s, op, c.out, to, index, s.noted[0] != 0)};
      }
      case Code::from_time: {
        if (levels == 0) return fail_fault(s, codecs::Fault::too_deep);
        const Span* contents = open_all(s, op, spans, levels);
        if (contents == nullptr) return {nullptr, nullptr};
        s.noted = {};
        const Cursor c = run_contents(s, *op.time->table, contents, out, levels - 1);
        if (c.in == nullptr) return c;
        return E::Times::template put_number<position>(s, op, c.in, c.out, to, index);
      }
      case Code::wrap: {
        Mark mark = make_mark(s, op, levels);
        ToFrame inner;
        out = E::To::struct_begin(s, E::template head<position>(out, to, op, index), op, mark);
        const Cursor c = put<Position::field>(s, op.element(), spans, out, levels, inner, 0);
        if (c.in == nullptr) return c;
        out = c.out;
        if constexpr (E::To::has_stop) {
          KOINE_ENSURE(s, out);
          out = E::To::close(out);
        }
        out = E::To::struct_end(s, out, op, mark);
        return {out == nullptr ? nullptr : c.in, out};
      }
      default: {
        FromFrame from;
        from.type = spans.last->type;
        return E::template transfer_slow<position>(s, op, spans.last->begin, spans.last->end, out, levels,
                                                   from, to, index);
      }
    }
  }

  static Cursor put_list(State& s, const Op& op, const Span* spans, std::uint8_t* out, std::size_t levels) {
    if (levels == 0) return fail_fault(s, codecs::Fault::too_deep);
    Mark mark = make_mark(s, op, levels);
    ToFrame to;
    std::size_t count = 0;
    const std::uint8_t* in = spans->begin;
    out = E::To::list_begin(s, out, op, mark, false, 0);
    const std::size_t first_mark = s.marks_size;
    for (const Span* span = spans; span != nullptr; span = span->next) {
      const Cursor c = Base::elements(s, op, span->begin, span->end, out, levels - 1, span->type, to, count);
      if (c.in == nullptr) return c;
      out = c.out;
    }
    if (op.has(op_unique)) out = drop_duplicates(s, out, op, first_mark, false, E::To::separator, count);
    if (out != nullptr) out = E::To::list_end(s, out, op, mark, count);
    return {out == nullptr ? nullptr : in, out};
  }

  static Cursor put_map(State& s, const Op& op, const Span* spans, std::uint8_t* out, std::size_t levels) {
    if (levels == 0) return fail_fault(s, codecs::Fault::too_deep);
    Mark mark = make_mark(s, op, levels);
    ToFrame to;
    std::size_t count = 0;
    const std::uint8_t* in = spans->begin;
    out = E::To::map_begin(s, out, op, mark, false, 0);
    const std::size_t first_mark = s.marks_size;
    for (const Span* span = spans; span != nullptr; span = span->next) {
      KOINE_ENSURE(s, out);
      const Cursor c = put_entry(s, op, *span, out, levels, to, count);
      if (c.in == nullptr) return trace_index(s, count);
      ++count;
      out = c.out;
    }
    if (op.has(op_unique)) out = drop_duplicates(s, out, op, first_mark, true, E::To::separator, count);
    if (out != nullptr) out = E::To::map_end(s, out, op, mark, count);
    return {out == nullptr ? nullptr : in, out};
  }

  static Cursor put_entry(State& s, const Op& op, const Span& span, std::uint8_t* out, std::size_t levels,
                          ToFrame& to, std::size_t count) {
    const Op& key = op.key();
    const Op& element = op.element();
    typename Base::Extent extent;
    if (!Base::open(s, op, span.begin, span.end, levels, extent)) return {nullptr, nullptr};
    SpanList keys;
    SpanList values;
    for (const std::uint8_t* in = extent.begin; in != extent.end;) {
      const codecs::Varint tag = codecs::bodies::protobuf::read_tag(in, extent.end);
      if (tag.next == nullptr) return fail_read(s, in, extent.end);
      codecs::Fault fault = codecs::Fault::none;
      in = codecs::bodies::protobuf::skip_value(tag.next, extent.end, static_cast<std::uint32_t>(tag.value),
                                                levels, fault);
      if (in == nullptr) return fail_fault(s, fault);
      const auto type = static_cast<std::uint8_t>(tag.value & 7);
      const bool again = (tag.value == key.source_tag && keys.first != nullptr) ||
                         (tag.value == element.source_tag && values.first != nullptr);
      if (again && refuses_repeat(s)) return {nullptr, nullptr};
      if (tag.value == key.source_tag) {  // tags of the numbers 1 and 2 are one byte
        keys.add(s, tag.next, in, type);
      } else if (tag.value == element.source_tag) {
        values.add(s, tag.next, in, type);
      } else {
        if (!leave_out_of_entry(s, static_cast<std::int32_t>(tag.value >> 3))) return {nullptr, nullptr};
      }
    }
    Mark mark = make_mark(s, op, levels);
    out = E::To::entry_begin(s, out, op, mark, count);
    if (op.has(op_unique)) push_mark(s, out);
    Cursor c = put_part<Position::key>(s, key, keys, out, levels - 1, to, count);
    if (c.in == nullptr) return c;
    out = c.out;
    KOINE_ENSURE(s, out);
    if (op.has(op_unique)) push_mark(s, out);
    c = put_part<Position::element>(s, element, values, out, levels - 1, to, count);
    if (c.in == nullptr) return c;
    out = E::end_entry(s, c.out, op, mark);
    return {out == nullptr ? nullptr : extent.begin, out};
  }

  template <Position position>
  static Cursor put_part(State& s, const Op& op, const SpanList& spans, std::uint8_t* out, std::size_t levels,
                         ToFrame& to, std::size_t index) {
    if (spans.first == nullptr) return E::template zero<position>(s, op, out, levels, to, index);
    return put<position>(s, op, spans, out, levels, to, index);
  }
};

}  // namespace koine::transcode
