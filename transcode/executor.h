// Executor: moves values from a source format to a target format by the Ops of a program.
//
// One template, instantiated for each pair of formats in a translation unit of its own. What it is made of:
//   From   reads numbers, lengths and heads (source_thrift.h, source_protobuf.h)
//   To     writes them (target_thrift.h, target_protobuf.h)
//   Shape  how the source lays out structs, lists and maps, and in which order they are read: one forward
//          pass (shape_thrift.h, shape_protobuf.h) or by an index of the fields (shape_*_indexed.h)
// A further format adds a From, a To and, unless an existing one fits, a Shape.
//
// A position in the input is valid until the failure that makes it null; then State says why. Frames of
// recursion are bounded by nesting_max: every struct and container of the source takes one of `levels`.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/uuid.h"
#include "codecs/utf8.h"
#include "transcode/source_thrift.h"
#include "transcode/state.h"

namespace koine::transcode {

// Where a value stands: with a field's header in front of it, as an element (or a map's value), or as a key.
enum class Position : std::uint8_t { field, element, key };

// Makes sure that a field's header and number fit, or returns the failure.
#define KOINE_ENSURE(s, out)                                 \
  do {                                                       \
    if ((out) > (s).out_limit) [[unlikely]] {                \
      (out) = ::koine::transcode::grow((s), (out), 0);       \
      if ((out) == nullptr) return Cursor{nullptr, nullptr}; \
    }                                                        \
  } while (false)

// Checks of doubles that are keys or set elements.
bool is_plain_key(std::uint64_t bits) noexcept;

template <class E>
struct TimeTransfer;  // transfer_times.h

template <class FromFormat, class ToFormat, template <class> class ShapeTemplate>
struct Executor {
  using From = FromFormat;
  using To = ToFormat;
  using FromFrame = typename From::Frame;
  using ToFrame = typename To::Frame;
  using Shape = ShapeTemplate<Executor>;
  using Times = TimeTransfer<Executor>;

  template <Position position>
  [[gnu::always_inline]] static std::uint8_t* head(std::uint8_t* out, ToFrame& to, const Op& op,
                                                   std::size_t index) noexcept {
    if constexpr (position == Position::field) return To::head(out, to, op);
    return To::element_head(out, op, index);
  }
  template <Position position>
  [[gnu::always_inline]] static std::uint8_t* container_head(std::uint8_t* out, ToFrame& to, const Op& op,
                                                             std::size_t /*index*/) noexcept {
    if constexpr (position == Position::field) return To::container_head(out, to, op);
    return out;
  }

  // Closes a map's entry. In protobuf its length stands in front of it: where that takes another width than
  // was left for it, the entry moves, and with it what was marked inside.
  [[gnu::always_inline]] static std::uint8_t* end_entry(State& s, std::uint8_t* out, const Op& op,
                                                        Mark& mark) noexcept {
    if constexpr (To::counts_containers) return To::entry_end(s, out, op, mark);
    const std::size_t left = mark.width;
    out = To::entry_end(s, out, op, mark);
    if (op.has(op_unique)) [[unlikely]]
      move_entry_marks(s, mark.width - left);
    return out;
  }

  // Moves the value at `in`, its header included. `end` is where the enclosing message ends. The caller has
  // made sure of room for a header and a number.
  template <Position position>
  [[gnu::always_inline]] static Cursor transfer(State& s, const Op& op, const std::uint8_t* in,
                                                const std::uint8_t* end, std::uint8_t* out,
                                                std::size_t levels, const FromFrame& from, ToFrame& to,
                                                std::size_t index) {
    constexpr bool is_field = position == Position::field;
    switch (op.code) {
      case Code::boolean: {
        const Number value = is_field ? From::boolean_field(in, end, from) : From::boolean_element(in, end);
        if (value.next == nullptr) [[unlikely]]
          return fail_read(s, in, end);
        if (is_field && op.has(op_skip_zero) && value.value == 0) return {value.next, out};
        if constexpr (is_field) return {value.next, To::boolean_field(out, to, op, value.value != 0)};
        out = To::element_head(out, op, index);
        return {value.next, To::boolean_element(s, out, value.value != 0)};
      }
      case Code::i32: {
        const Number value = From::i32(in, end);
        if (value.next == nullptr) [[unlikely]]
          return fail_read(s, in, end);
        if (is_field && value.value == 0 && op.has(op_skip_zero)) return {value.next, out};
        out = head<position>(out, to, op, index);
        return {value.next, To::i32(out, value.value)};
      }
      case Code::i64: {
        const Number value = From::i64(in, end);
        if (value.next == nullptr) [[unlikely]]
          return fail_read(s, in, end);
        if (is_field && value.value == 0 && op.has(op_skip_zero)) return {value.next, out};
        out = head<position>(out, to, op, index);
        return {value.next, To::i64(out, value.value)};
      }
      case Code::f64: {
        const Number bits = From::f64(in, end);
        if (bits.next == nullptr) [[unlikely]]
          return fail_read(s, in, end);
        if (is_field && bits.value == 0 && op.has(op_skip_zero)) return {bits.next, out};
        if (!is_field && op.has(op_check_key) && !is_plain_key(static_cast<std::uint64_t>(bits.value))) {
          return fail_key(s);
        }
        out = head<position>(out, to, op, index);
        return {bits.next, To::f64(out, static_cast<std::uint64_t>(bits.value))};
      }
      case Code::text:
      case Code::octets: return transfer_text<position>(s, op, in, end, out, to, index);
      case Code::structure:
        return transfer_struct(s, op, in, end, head<position>(out, to, op, index), levels);
      case Code::list:
        out = container_head<position>(out, to, op, index);
        return Shape::list(s, op, in, end, out, levels, FromFrame(from));
      case Code::map:
        out = container_head<position>(out, to, op, index);
        return Shape::map(s, op, in, end, out, levels, FromFrame(from));
      case Code::integer:
      case Code::real:
      case Code::enumeration:
      case Code::uuid:
      case Code::wrap:
      case Code::unwrap:
      case Code::unwrap_boolean:
      case Code::into_time:
      case Code::from_time:
      case Code::note:
      case Code::dropped:
      case Code::refused: {
        ToFrame copy = to;  // so that the caller's frame can stay in a register
        const Cursor c = transfer_rare<position>(s, op, in, end, out, levels, FromFrame(from), copy, index);
        to = copy;
        return c;
      }
    }
    __builtin_unreachable();  // no code is another one, so no bound is checked
  }

  // Nearly every text is short and ASCII: what is up to 16 bytes long is checked and copied at once.
  template <Position position>
  [[gnu::always_inline]] static Cursor transfer_text(State& s, const Op& op, const std::uint8_t* in,
                                                     const std::uint8_t* end, std::uint8_t* out, ToFrame& to,
                                                     std::size_t index) {
#if defined(__SSE2__)
    if (in < s.in_wide_end) [[likely]] {
      const std::size_t size = From::short_length(in);
      const std::uint8_t* const text = in + From::short_length_bytes;
      if (size - 1 < 16 && text + size <= end) [[likely]] {
        const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
        const auto high = static_cast<std::uint32_t>(_mm_movemask_epi8(chunk));
        if ((high & short_masks[size]) == 0 || op.code == Code::octets) [[likely]] {
          out = To::short_length(head<position>(out, to, op, index), size);
          _mm_storeu_si128(reinterpret_cast<__m128i*>(out), chunk);
          return {text + size, out + size};
        }
      }
    }
#endif
    ToFrame copy = to;  // so that the caller's frame can stay in a register
    const Cursor c = transfer_any_text<position>(s, op, in, end, out, copy, index);
    to = copy;
    return c;
  }

  // A struct whose header has been written. `inlined`: its fields are moved here, not in a call.
  template <bool inlined>
  [[gnu::always_inline]] static Cursor struct_body(State& s, const Op& op, const std::uint8_t* in,
                                                   const std::uint8_t* end, std::uint8_t* out,
                                                   std::size_t levels, Mark& mark) {
    typename Shape::Extent extent;
    if (levels == 0) [[unlikely]]
      return fail_fault(s, codecs::Fault::too_deep);
    if (!Shape::open(s, op, in, end, levels, extent)) [[unlikely]]
      return {nullptr, nullptr};
    out = To::struct_begin(s, out, op, mark);
    const Cursor c =
        inlined ? Shape::template fields<nested_max>(s, *op.table, extent.begin, extent.end, out, levels - 1)
                : Shape::run_struct(s, *op.table, extent.begin, extent.end, out, levels - 1);
    if (c.in == nullptr) [[unlikely]]
      return c;
    out = To::struct_end(s, c.out, op, mark);
    return {out == nullptr ? nullptr : Shape::after(extent, c.in), out};
  }
  // So many levels of structs share a call (transcode/nesting.h).
  static constexpr std::size_t nested_max = 7;
  [[gnu::noinline]] static Cursor transfer_struct(State& s, const Op& op, const std::uint8_t* in,
                                                  const std::uint8_t* end, std::uint8_t* out,
                                                  std::size_t levels) {
    if (op.has(op_bare)) [[unlikely]] {
      typename Shape::Extent extent;
      if (levels == 0) return fail_fault(s, codecs::Fault::too_deep);
      if (!Shape::open(s, op, in, end, levels, extent)) return {nullptr, nullptr};
      const Cursor c = Shape::run_struct(s, *op.table, extent.begin, extent.end, out, levels - 1);
      return {c.in == nullptr ? nullptr : Shape::after(extent, c.in), c.out};
    }
    Mark mark = make_mark(s, op, levels);
    return struct_body<true>(s, op, in, end, out, levels, mark);
  }

  // The same out of line, for whoever is not in a hurry.
  template <Position position>
  [[gnu::noinline]] static Cursor transfer_slow(State& s, const Op& op, const std::uint8_t* in,
                                                const std::uint8_t* end, std::uint8_t* out,
                                                std::size_t levels, const FromFrame& from, ToFrame& to,
                                                std::size_t index) {
    return transfer<position>(s, op, in, end, out, levels, from, to, index);
  }

  // A zero, empty or default value where the source has none. Of key and value as of fields.
  template <Position position>
  [[gnu::noinline]] static Cursor zero(State& s, const Op& op, std::uint8_t* out, std::size_t levels,
                                       ToFrame& to, std::size_t index) {
    KOINE_ENSURE(s, out);
    static constexpr std::uint8_t nothing = 0;
    const std::uint8_t* in = &nothing;  // any position but null
    Mark mark = make_mark(s, op, levels);
    switch (op.code) {
      case Code::boolean:
      case Code::unwrap_boolean: return {in, put_boolean<position>(s, op, out, to, index, false)};
      case Code::i32: return {in, To::i32(head<position>(out, to, op, index), 0)};
      case Code::i64: return {in, To::i64(head<position>(out, to, op, index), 0)};
      case Code::integer: return {in, To::integer(head<position>(out, to, op, index), op.target_form, 0)};
      case Code::f64: return {in, To::f64(head<position>(out, to, op, index), 0)};
      case Code::real: return {in, To::real(head<position>(out, to, op, index), op.target_form, 0)};
      case Code::text:
      case Code::octets: return {in, To::length(head<position>(out, to, op, index), 0)};
      case Code::enumeration: return put_enum<position>(s, op, in, 0, out, to, index);
      case Code::uuid: return fail_uuid(s);
      case Code::list:
        out = To::list_begin(s, container_head<position>(out, to, op, index), op, mark, true, 0);
        return {in, To::list_end(s, out, op, mark, 0)};
      case Code::map:
        out = To::map_begin(s, container_head<position>(out, to, op, index), op, mark, true, 0);
        return {in, To::map_end(s, out, op, mark, 0)};
      case Code::structure: {  // as if it were there with nothing in it
        if (levels == 0) return fail_fault(s, codecs::Fault::too_deep);
        out = To::struct_begin(s, head<position>(out, to, op, index), op, mark);
        const Cursor c = Shape::run_absent(s, *op.table, out, levels - 1);
        if (c.in == nullptr) return c;
        out = To::struct_end(s, c.out, op, mark);
        return {out == nullptr ? nullptr : in, out};
      }
      case Code::wrap: {
        ToFrame inner;
        out = To::struct_begin(s, head<position>(out, to, op, index), op, mark);
        const Cursor c = zero<Position::field>(s, op.element(), out, levels, inner, 0);
        if (c.in == nullptr) return c;
        if constexpr (To::has_stop) out = To::close(c.out);
        out = To::struct_end(s, c.out, op, mark);
        return {out == nullptr ? nullptr : in, out};
      }
      case Code::unwrap: return zero<position>(s, op.table->ops[0], out, levels, to, index);
      case Code::into_time:
        return Times::template put_message<position>(s, op, in, 0, out, levels, to, index);
      case Code::from_time: return {in, To::integer(head<position>(out, to, op, index), op.target_form, 0)};
      case Code::note:
      case Code::dropped:
      case Code::refused: break;
    }
    return {in, out};
  }

  template <Position position>
  static std::uint8_t* put_boolean(State& s, const Op& op, std::uint8_t* out, ToFrame& to, std::size_t index,
                                   bool value) {
    if constexpr (position == Position::field) return To::boolean_field(out, to, op, value);
    return To::boolean_element(s, To::element_head(out, op, index), value);
  }

  [[gnu::cold, gnu::noinline]] static Cursor fail_key(State& s) {
    return fail(s, base::Reason::map_nonfinite,
                "NaN and -0 cannot be keys or set elements: they do not compare alike everywhere");
  }
  [[gnu::cold, gnu::noinline]] static Cursor fail_uuid(State& s) {
    return fail(s, base::Reason::map_type,
                "this is no UUID: 8-4-4-4-12 hexadecimal digits as text, 16 as bytes");
  }
  [[gnu::cold, gnu::noinline]] static Cursor fail_text(State& s) {
    return fail(s, base::Reason::map_utf8, "the text is not valid UTF-8");
  }
  [[gnu::cold, gnu::noinline]] static Cursor fail_required(State& s) {
    return fail(s, base::Reason::map_required, "a required field is missing");
  }
  [[gnu::cold, gnu::noinline]] static Cursor fail_length(State& s) {
    return fail(s, base::Reason::wire_truncated, "a length is larger than what is left of the message");
  }

 private:
  template <Position position>
  [[gnu::noinline]] static Cursor transfer_rare(State& s, const Op& op, const std::uint8_t* in,
                                                const std::uint8_t* end, std::uint8_t* out,
                                                std::size_t levels, const FromFrame& from, ToFrame& to,
                                                std::size_t index) {
    constexpr bool is_field = position == Position::field;
    switch (op.code) {
      case Code::integer: {
        const Number value = From::integer(in, end, op.source_form);
        if (value.next == nullptr) return fail_read(s, in, end);
        if (op.has(op_range) &&
            static_cast<std::uint64_t>(value.value) - static_cast<std::uint64_t>(op.range->min) >
                op.range->span) {
          return fail(s, base::Reason::map_range, "the number does not fit the type on the other side");
        }
        if (is_field && value.value == 0 && op.has(op_skip_zero)) return {value.next, out};
        out = head<position>(out, to, op, index);
        return {value.next, To::integer(out, op.target_form, value.value)};
      }
      case Code::real: {
        double value = 0;
        const std::uint8_t* next = From::real(in, end, op.source_form, value);
        if (next == nullptr) return fail_read(s, in, end);
        if (op.has(op_range) && !std::isnan(value)) {
          if (std::isfinite(value) && std::fabs(value) > std::numeric_limits<float>::max()) {
            return fail(s, base::Reason::map_range, "the number is too large for a float");
          }
          const auto rounded = static_cast<double>(static_cast<float>(value));
          if (rounded != value) {
            if (op.loss == Loss::none) {
              return fail(s, base::Reason::map_precision, "the number has more digits than a float can hold");
            }
            count_loss(s, model::Allowance::f64_to_f32);
            value = rounded;
          }
        }
        if (!is_field && op.has(op_check_key) && !is_plain_key(std::bit_cast<std::uint64_t>(value))) {
          return fail_key(s);
        }
        if (is_field && std::bit_cast<std::uint64_t>(value) == 0 && op.has(op_skip_zero)) return {next, out};
        out = head<position>(out, to, op, index);
        return {next, To::real(out, op.target_form, value)};
      }
      case Code::enumeration: {
        const Number value = From::i32(in, end);
        if (value.next == nullptr) return fail_read(s, in, end);
        return put_enum<position>(s, op, value.next, static_cast<std::int32_t>(value.value), out, to, index);
      }
      case Code::uuid: return transfer_uuid<position>(s, op, in, end, out, to, index);
      case Code::wrap: {
        out = head<position>(out, to, op, index);
        Mark mark = make_mark(s, op, levels);
        ToFrame inner;
        out = To::struct_begin(s, out, op, mark);
        Cursor c{nullptr, nullptr};
        if (!is_field && op.element().code == Code::boolean) {  // an element is read as one
          const Number value = From::boolean_element(in, end);
          if (value.next == nullptr) return fail_read(s, in, end);
          const bool skipped = value.value == 0 && op.element().has(op_skip_zero);
          c = {value.next, skipped ? out : To::boolean_field(out, inner, op.element(), value.value != 0)};
        } else {
          c = transfer_slow<Position::field>(s, op.element(), in, end, out, levels, from, inner, 0);
        }
        if (c.in == nullptr) return c;
        out = c.out;
        if constexpr (To::has_stop) {
          KOINE_ENSURE(s, out);
          out = To::close(out);
        }
        out = To::struct_end(s, out, op, mark);
        return {out == nullptr ? nullptr : c.in, out};
      }
      case Code::unwrap: {
        typename Shape::Extent extent;
        if (!Shape::open(s, op, in, end, levels, extent)) return {nullptr, nullptr};
        out = container_head<position>(out, to, op, index);
        const Cursor c = Shape::run_struct(s, *op.table, extent.begin, extent.end, out, levels);
        return {c.in == nullptr ? nullptr : Shape::after(extent, c.in), c.out};
      }
      case Code::into_time:
        return Times::template to_message<position>(s, op, in, end, out, levels, to, index);
      case Code::from_time:
        return Times::template to_number<position>(s, op, in, end, out, levels, to, index);
      case Code::unwrap_boolean: {
        typename Shape::Extent extent;
        if (!Shape::open(s, op, in, end, levels, extent)) return {nullptr, nullptr};
        s.noted = {};
        const Cursor c = Shape::run_struct(s, *op.table, extent.begin, extent.end, out, levels);
        if (c.in == nullptr) return c;
        return {Shape::after(extent, c.in), put_boolean<position>(s, op, c.out, to, index, s.noted[0] != 0)};
      }
      case Code::note: {
        const Number value = op.source_form == Form::boolean ? From::boolean_field(in, end, from)
                                                             : From::integer(in, end, op.source_form);
        if (value.next == nullptr) return fail_read(s, in, end);
        s.noted[static_cast<std::size_t>(op.target_id)] = value.value;
        return {value.next, out};
      }
      case Code::dropped: return {nullptr, nullptr};  // the caller skips it
      default: return fail(s, base::Reason::map_unknown_field, "the other side has no field for this one");
    }
  }

  template <Position position>
  static Cursor transfer_uuid(State& s, const Op& op, const std::uint8_t* in, const std::uint8_t* end,
                              std::uint8_t* out, ToFrame& to, std::size_t index) {
    std::uint8_t id[base::uuid_bytes];
    std::size_t size = base::uuid_bytes;
    if (op.source_form != Form::uuid) {
      const codecs::Varint length = From::length(in, end);
      if (length.next == nullptr) return fail_length(s);
      in = length.next;
      size = length.value;
      if (position == Position::field && size == 0 && op.has(op_zero_unset)) {
        if (op.absent() == Absent::refuse) return fail_required(s);
        return {in, out};
      }
    } else if (end - in < static_cast<std::ptrdiff_t>(base::uuid_bytes)) {
      return fail_fault(s, codecs::Fault::truncated);
    }
    if (op.source_form == Form::uuid_text) {
      if (!base::parse_uuid({reinterpret_cast<const char*>(in), size}, id)) return fail_uuid(s);
    } else {
      if (size != base::uuid_bytes) return fail_uuid(s);
      std::memcpy(id, in, base::uuid_bytes);
    }
    out = head<position>(out, to, op, index);
    // The slack behind the output has room for the longest form.
    if (op.target_form == Form::uuid_text) {
      return {in + size, base::write_uuid(To::length(out, base::uuid_text_bytes), id)};
    }
    if (op.target_form == Form::uuid_octets) out = To::length(out, base::uuid_bytes);
    std::memcpy(out, id, base::uuid_bytes);
    return {in + size, out + base::uuid_bytes};
  }

  template <Position position>
  static Cursor put_enum(State& s, const Op& op, const std::uint8_t* next, std::int32_t number,
                         std::uint8_t* out, ToFrame& to, std::size_t index) {
    constexpr bool is_field = position == Position::field;
    if (is_field && number == 0 && op.has(op_zero_unset)) return {next, out};
    std::int32_t storage = 0;
    const std::int32_t* mapped = find_enum_number(*op.enums, number, storage);
    if (mapped == nullptr) {
      if (op.loss == Loss::none) {
        return fail(s, base::Reason::map_enum_unknown, "the enum of the other side has no such value");
      }
      count_loss(s, model::Allowance::enum_value_unmatched);
      if (op.loss == Loss::unset) return {next, out};
      storage = 0;
      mapped = &storage;
    }
    if (is_field && *mapped == 0 && op.has(op_skip_zero)) return {next, out};
    out = head<position>(out, to, op, index);
    return {next, To::i32(out, *mapped)};
  }

  template <Position position>
  [[gnu::noinline]] static Cursor transfer_any_text(State& s, const Op& op, const std::uint8_t* in,
                                                    const std::uint8_t* end, std::uint8_t* out, ToFrame& to,
                                                    std::size_t index) {
    const codecs::Varint size = From::length(in, end);
    if (size.next == nullptr) [[unlikely]]
      return fail_length(s);
    if (position == Position::field && size.value == 0 && op.has(op_skip_zero)) return {size.next, out};
    if (size.value > static_cast<std::size_t>(s.out_limit - out)) [[unlikely]] {
      out = grow(s, out, size.value);
      if (out == nullptr) return {nullptr, nullptr};
    }
    out = To::length(head<position>(out, to, op, index), size.value);
    if (size.value >= s.gap_bytes_min && leave_gap(s, out, size.next, size.value)) [[unlikely]] {
      if (op.code == Code::text && !codecs::is_utf8(size.next, size.value)) return fail_text(s);
    } else if (op.code == Code::octets) {
      std::memcpy(out, size.next, size.value);
    } else if (!copy_text(out, size.next, size.value)) {
      return fail_text(s);
    }
    return {size.next + size.value, out + size.value};
  }

  // Which of sixteen bytes belong to a text of that size.
  static constexpr std::array<std::uint32_t, 17> short_masks = [] {
    std::array<std::uint32_t, 17> masks{};
    for (std::size_t size = 0; size <= 16; ++size) masks[size] = (1u << size) - 1;
    return masks;
  }();
};

}  // namespace koine::transcode
