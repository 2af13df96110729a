// Thrift structs whose fields come more than once: the last one counts, as in the runtimes that replace a
// field's value when they read it again (Java, Go, PHP; C++ for everything but structs).
#pragma once

#include <cstddef>
#include <cstdint>

#include "transcode/closing.h"
#include "transcode/executor.h"
#include "transcode/shape_thrift.h"

namespace koine::transcode {

template <class E>
struct ThriftIndexedShape : ThriftContainers<E> {
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
    struct Place {
      const std::uint8_t* value = nullptr;
      FromFrame frame;
    };
    const Scratch scratch(s);
    auto* places = s.context->arena.make_array<Place>(table.count);
    FromFrame from;
    std::int32_t last_id = 0;
    while (true) {
      const Found found = From::next_field(in, end, table, last_id, from);
      if (found.next == nullptr) return fail_read(s, in, end);
      if (found.op == nullptr && found.type == From::type_stop) {
        in = found.next;
        break;
      }
      if (found.op == nullptr || found.op->code == Code::dropped) {
        if (!leave_out(s, table, last_id, found.op)) return {nullptr, nullptr};
      } else {
        const Op& op = *found.op;
        Place& place = places[op.slot];
        if (place.value != nullptr) {
          if (refuses_repeat(s)) return trace_field(s, table, op);
          out = transfer_replaced(s, out, [&](std::uint8_t* at) {
            ToFrame to;
            return E::template transfer_slow<Position::field>(s, op, place.value, end, at, levels,
                                                              place.frame, to, 0);
          });
          if (out == nullptr) return trace_field(s, table, op);
        }
        place = {found.next, from};
      }
      codecs::Fault fault = codecs::Fault::none;
      in = From::skip(found.next, end, found.type, levels, fault);
      if (in == nullptr) return fail_fault(s, fault);
    }
    ToFrame to;
    Seen seen;
    seen.clear();
    for (std::uint32_t i = 0; i < table.count; ++i) {
      const Op& op = table.in_target_order(i);
      const std::uint16_t slot = op.slot;
      if (places[slot].value == nullptr) continue;
      seen.set(s, table, op);
      KOINE_ENSURE(s, out);
      const Cursor c = E::template transfer_slow<Position::field>(s, op, places[slot].value, end, out, levels,
                                                                  places[slot].frame, to, 0);
      if (c.in == nullptr) return trace_field(s, table, op);
      out = c.out;
    }
    return Closing<E>::template close<false>(s, table, seen, table.none, table.none, in, out, levels, to);
  }
};

}  // namespace koine::transcode
