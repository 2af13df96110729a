// Moving times: numbers into messages, and messages, whose parts were noted, into numbers. Part of
// executor.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "transcode/executor.h"
#include "transcode/times.h"

namespace koine::transcode {

template <class E>
struct TimeTransfer {
  using From = typename E::From;
  using To = typename E::To;
  using ToFrame = typename E::ToFrame;
  using Shape = typename E::Shape;

  // A number whose wire form lies at `in`.
  template <Position position>
  static Cursor to_message(State& s, const Op& op, const std::uint8_t* in, const std::uint8_t* end,
                           std::uint8_t* out, std::size_t levels, ToFrame& to, std::size_t index) {
    const Number number = From::integer(in, end, op.source_form);
    if (number.next == nullptr) return fail_read(s, in, end);
    return put_message<position>(s, op, number.next, number.value, out, levels, to, index);
  }
  template <Position position>
  static Cursor put_message(State& s, const Op& op, const std::uint8_t* next, std::int64_t number,
                            std::uint8_t* out, std::size_t levels, ToFrame& to, std::size_t index) {
    SecondsNanos value;
    const TimeFault fault = split_time(*op.time, number, value);
    if (fault.reason != base::Reason::none) return fail(s, fault.reason, fault.message);
    Mark mark = make_mark(s, op, levels);
    ToFrame inner;
    out = To::struct_begin(s, E::template head<position>(out, to, op, index), op, mark);
    // The slack behind the output has room for both parts.
    const std::int64_t numbers[] = {value.seconds, value.nanos};
    for (std::size_t i = 0; i < 2; ++i) {
      const Op& part = op.time->parts[i];
      if (numbers[i] == 0 && part.has(op_skip_zero)) continue;
      out = To::integer(To::head(out, inner, part), part.target_form, numbers[i]);
    }
    if constexpr (To::has_stop) out = To::close(out);
    out = To::struct_end(s, out, op, mark);
    return {out == nullptr ? nullptr : next, out};
  }

  // A message that lies at `in`.
  template <Position position>
  static Cursor to_number(State& s, const Op& op, const std::uint8_t* in, const std::uint8_t* end,
                          std::uint8_t* out, std::size_t levels, ToFrame& to, std::size_t index) {
    typename Shape::Extent extent;
    if (levels == 0) return fail_fault(s, codecs::Fault::too_deep);
    if (!Shape::open(s, op, in, end, levels, extent)) return {nullptr, nullptr};
    s.noted = {};
    const Cursor c = Shape::run_struct(s, *op.time->table, extent.begin, extent.end, out, levels - 1);
    if (c.in == nullptr) return c;
    return put_number<position>(s, op, Shape::after(extent, c.in), c.out, to, index);
  }
  // The number that the noted parts are.
  template <Position position>
  static Cursor put_number(State& s, const Op& op, const std::uint8_t* next, std::uint8_t* out, ToFrame& to,
                           std::size_t index) {
    std::int64_t number = 0;
    SecondsNanos value{s.noted[0], static_cast<std::int32_t>(s.noted[1])};
    const bool cut = op.loss == Loss::truncated && truncate_time(*op.time, value);
    const TimeFault fault = join_time(*op.time, value, number);
    if (fault.reason != base::Reason::none) return fail(s, fault.reason, fault.message);
    if (cut) count_loss(s, model::Allowance::time_precision);
    if (position == Position::field && number == 0 && op.has(op_skip_zero)) return {next, out};
    out = E::template head<position>(out, to, op, index);
    return {next, To::integer(out, op.target_form, number)};
  }
};

}  // namespace koine::transcode
