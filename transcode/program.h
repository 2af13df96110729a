// Program: what a plan is compiled to, and what the executors interpret.
//
// A Table is a pair of structs: one Op for each field of the source, in the order of their ids on the wire
// (so that the next field is nearly always the next Op), with everything about the target precomputed: wire
// type, encoded header or tag, checks. Containers hang their elements' Ops below. Built by the compiler,
// immutable afterwards, shared by threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "idl/schema.h"
#include "model/call.h"
#include "transcode/plan.h"
#include "transcode/storage.h"
#include "transcode/times.h"

namespace koine::transcode {

struct Op;
struct Table;
struct State;

// How an executor moves one value.
enum class Code : std::uint8_t {
  boolean,
  i32,             // both sides' own form of a 32-bit int or open enum, no check
  i64,             // the same with 64 bits
  integer,         // any integer to any other: Op::source_form, Op::target_form, Op::range
  f64,             // both sides' own form of a double
  real,            // float or double to the other, checked
  text,            // a string whose UTF-8 is checked
  octets,          // any bytes
  uuid,            // a UUID between the forms that the two sides write it in
  enumeration,     // an enum number through Op::enums
  structure,       // Op::table
  list,            // list and set: Op::parts.element
  map,             // Op::parts.key, Op::parts.element
  wrap,            // a value that the target has in a struct of its own: Op::parts.element
  unwrap,          // a struct whose fields the target has where it stands: Op::table
  unwrap_boolean,  // one with a bool, into Thrift: Op::table notes it
  into_time,       // a number that the target has as a Timestamp or Duration: Op::time
  from_time,       // the other way round: Op::time
  note,            // writes nothing, but is kept in State::noted, at Op::target_id
  dropped,         // a field that somebody allowed to be lost
  refused,         // a field without counterpart
};

// How a number is written. Thrift: i8 … i64 (of the compact protocol, varints but for i8) and f64. Protobuf:
// the others, after the declared type.
enum class Form : std::uint8_t {
  i8,
  i16,
  i32,
  i64,
  varint32,   // int32, enum: cut to 32 bits, sign kept
  varint64,   // int64, uint64: the 64-bit pattern
  uvarint32,  // uint32: cut to 32 bits
  zigzag32,
  zigzag64,
  fixed32,   // sfixed32
  ufixed32,  // fixed32
  fixed64,   // fixed64, sfixed64
  f32,
  f64,
  boolean,  // only of what is noted
  // A UUID: Thrift's 16 bytes, 36 characters with a length, 16 bytes with a length.
  uuid,
  uuid_text,
  uuid_octets,
};

enum OpFlag : std::uint16_t {
  op_skip_zero = 1,        // a zero (empty, false) value is not written: the target's field has no presence
  op_bare = 2,             // no header, no length: the value is the target's whole frame
  op_unique = 4,           // elements (keys) that repeat are dropped: the first (last) stays
  op_strict = 8,           // … or refused
  op_check_key = 16,       // a double as key or set element: neither NaN nor -0
  op_packed = 32,          // protobuf target: scalars behind one length
  op_packable = 64,        // protobuf source: may arrive packed
  op_group = 128,          // protobuf target: written as a group
  op_from_group = 256,     // protobuf source: read as a group
  op_range = 512,          // Op::range is checked
  op_zero_unset = 1024,    // an enum number 0, or no text for a UUID, that stands for "unset": not written
  op_set = 2048,           // Thrift target: set, not list
  op_dup_is_error = 4096,  // a repeated key is MAP_DUPKEY: one side writes the map as entries
};
// Op::flags holds an Absent from this bit on.
inline constexpr unsigned absent_shift = 13;

// What to do at the end of a struct about a field that was not there.
enum class Absent : std::uint8_t {
  nothing,
  refuse,         // MAP_REQUIRED
  write_zero,     // the source cannot tell absence from zero, the target must have a value
  write_default,  // the source's default, which the target does not know: Op's default bytes
  refuse_enum,    // MAP_ENUM_UNKNOWN: absence means the number 0, which the target's enum does not have
};

// What is allowed to become of a value that has no faithful form.
enum class Loss : std::uint8_t {
  none,       // it is refused
  rounded,    // a double: to the nearest float
  truncated,  // a time: to whole units
  unset,      // an enum number: the field is not written
  zero,       // an enum number: 0
};

// Which numbers of an enum may pass, and what they become.
struct EnumMap {
  struct Entry {
    std::int32_t from;
    std::int32_t to;
  };
  std::vector<Entry> entries;         // by `from`
  bool pass_unknown = false;          // a number that neither side declares goes on as it is
  std::vector<std::int32_t> refused;  // declared by the source, unknown to the target; by number
};

// The target's number for an enum number, or a failure.
const std::int32_t* find_enum_number(const EnumMap& map, std::int32_t number, std::int32_t& storage) noexcept;

// A value with its header, 40 bytes. What a run needs of it at every field comes first.
struct Op {
  struct Range {
    std::int64_t min;
    std::uint64_t span;  // max - min
  };
  // What the target writes in front of the value, written as these eight bytes of which `size` count.
  struct Head {
    // Protobuf: the tag; Thrift binary: type and id, low byte first. Thrift compact: the id of the field that
    // comes before this one in the target (32 bits, low byte first), and the header byte of then.
    std::uint8_t bytes[5] = {};
    std::uint8_t size = 0;  // 0 = this value has none
    std::uint8_t type = 0;  // the target's wire type
    std::uint8_t unused = 0;
  };

  Code code = Code::refused;
  Form source_form = Form::i32;
  Form target_form = Form::i32;
  // Thrift: wire type (compact: a bool is 1); protobuf: wire type when not packed.
  std::uint8_t source_type = 0;
  // Protobuf source: the bytes of a one- or two-byte tag, low byte first; else a number that is neither.
  // Thrift binary source: the three bytes of the field header, low byte first. Thrift compact source: the
  // header byte when the op before this one was the field before it (of a bool: when it is true); a number
  // beyond a byte when that cannot be.
  std::uint32_t source_tag = no_tag;
  Head head;
  union {
    const Op* parts = nullptr;  // list, wrap: the element; map: the element, then the key
    const Range* range;         // integer
    const Table* table;         // structure, unwrap, unwrap_boolean
    const EnumMap* enums;       // enumeration
    const TimeRule* time;       // into_time, from_time
  };
  std::uint16_t flags = 0;  // OpFlag; Absent above them
  std::uint16_t slot = 0;   // index in the table
  std::uint16_t place = 0;  // for Context::widths
  Loss loss = Loss::none;
  std::uint8_t unused = 0;
  std::int32_t source_id = 0;
  std::int32_t target_id = 0;

  static constexpr std::uint32_t no_tag = 0xffffffff;

  bool has(OpFlag flag) const noexcept { return (flags & flag) != 0; }
  Absent absent() const noexcept { return static_cast<Absent>(flags >> absent_shift); }
  void set_absent(Absent value) noexcept {
    const unsigned others = flags & ((1u << absent_shift) - 1);
    flags = static_cast<std::uint16_t>(others | static_cast<unsigned>(value) << absent_shift);
  }
  bool is_string() const noexcept { return code == Code::text || code == Code::octets; }
  const Op& element() const noexcept { return parts[0]; }
  const Op& key() const noexcept { return parts[1]; }
};
static_assert(sizeof(Op) == 40);

// Members of which a value may have one.
struct Group {
  const std::uint64_t* members = nullptr;  // bits by slot, Table::words of them
  bool must_have_one = false;              // the target cannot carry "none"
  bool last_wins = false;                  // the source is a protobuf oneof
};

// Absent::write_default: the value as the source format writes it, without a header.
struct Default {
  std::uint32_t slot = 0;
  std::span<const std::uint8_t> bytes;
};

struct Table {
  const Op* ops = nullptr;   // by source id; behind them one that matches nothing
  const Op* none = nullptr;  // that one
  std::uint32_t count = 0;
  std::uint32_t words = 0;              // of 64 bits, for `count` slots
  std::uint64_t first_must = 0;         // must[0]
  const std::uint64_t* must = nullptr;  // slots with an Absent other than nothing; `words` of them
  bool has_groups = false;
  bool has_duties = false;  // groups, or a slot in `must`
  bool bare = false;        // the target's frame belongs to whoever runs this table
  // Source ids first_id … first_id + in_row − 1 are those of the first ops, as in most structs they all are.
  // Else slot + 1 by source id for ids 0 … dense_size − 1; 0 = none. Other ids: `find`.
  std::int32_t first_id = 0;
  std::uint32_t in_row = 0;
  std::uint32_t dense_size = 0;
  const std::uint16_t* dense = nullptr;
  const std::uint16_t* by_target = nullptr;  // slots in order of target id; null: it is the order of the ops
  std::span<const Group> groups;
  std::span<const Default> defaults;
  const idl::StructType* source = nullptr;
  const idl::StructType* target = nullptr;

  const Op* find(std::int32_t id) const noexcept {
    const std::uint32_t row = static_cast<std::uint32_t>(id) - static_cast<std::uint32_t>(first_id);
    if (row < in_row) [[likely]]
      return ops + row;
    const auto index = static_cast<std::uint32_t>(id);
    if (index < dense_size) [[likely]] {
      const std::uint16_t slot = dense[index];
      return slot == 0 ? nullptr : ops + (slot - 1);
    }
    return find_sparse(id);
  }
  const Op* find_sparse(std::int32_t id) const noexcept;
  // The op that is `index`th in order of target id.
  const Op& in_target_order(std::size_t index) const noexcept {
    return ops[by_target != nullptr ? by_target[index] : index];
  }
  // Empty when the slot has none.
  std::span<const std::uint8_t> default_of(const Op& op) const noexcept;
};

// Runs the whole message that `state` was set up for; null where the result would be when it failed.
using Execute = const std::uint8_t* (*)(State& state, const std::uint8_t* in, std::uint8_t*& out);

// The executors of a pair of formats.
struct Executors {
  model::BodyFormat source = model::BodyFormat::none;
  model::BodyFormat target = model::BodyFormat::none;
  Execute straight = nullptr;
  Execute indexed = nullptr;
};
// Null when nobody can read the one or write the other.
const Executors* find_executors(model::BodyFormat source, model::BodyFormat target);

// Of PlanOptions, what every run asks; the rest is for compiling and for text.
struct RunOptions {
  std::size_t message_bytes_max = 0;
  std::size_t nesting_max = 0;
  NotInSchema not_in_schema = NotInSchema::drop_and_count;
  std::uint8_t compact_false_element = 0;
  bool reject_repeats = false;
};

struct Program {
  Side source;
  Side target;
  RunOptions options;
  const Executors* executors = nullptr;
  const Op* root = nullptr;
  bool target_enveloped = false;
  // Readers in front (format_step.h) refuse text that is none, and JSON a map with a key twice, before
  // anybody sees it here.
  bool source_checked = false;
  // A Thrift format stands for Hessian2: texts have to be Unicode, and what repeats nothing is an empty
  // collection.
  bool target_is_java = false;
  std::uint64_t seed = 0;  // of the hash that finds duplicates
  std::size_t field_count = 0;

  Storage storage;  // of the ops and what they refer to
  std::vector<std::unique_ptr<const EnumMap>> enum_maps;
};

// Fills `program` but for its sides and executors. Errors as Plan::compile.
base::Status compile_program(const Pairing& pairing, const PlanOptions& options, Program& program);

}  // namespace koine::transcode
