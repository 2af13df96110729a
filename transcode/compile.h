// The compiler of programs: one walk over both schemas side by side. Internal to compile*.cc.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "transcode/allowance.h"
#include "transcode/formats.h"
#include "transcode/program.h"

namespace koine::transcode {

// How a format writes a type that is no container.
struct WireForm {
  std::uint8_t type = 0;  // the format's own type code
  Form form = Form::i32;
};
WireForm wire_form(model::BodyFormat format, const idl::Type& type);
// The type as `format` writes it: wrappers vanish where they are not written.
const idl::Type& written_type(model::BodyFormat format, const idl::Type& type);

inline bool is_integer(idl::Kind kind) { return kind >= idl::Kind::i8 && kind <= idl::Kind::u64; }

struct Interval {
  std::int64_t min;
  std::int64_t max;
};
// What numbers of the kind are, as far as an i64 holds them.
Interval kind_range(idl::Kind kind);

// A default as the Thrift format writes it, without a header (a compact bool: its type code); empty when the
// value does not fit the type.
std::vector<std::uint8_t> encode_default(model::BodyFormat format, const idl::Type& type,
                                         const idl::Value& value);
// Is it what a reader takes for an absent proto3 field?
bool is_zero(const idl::Value& value);

class Compiler {
 public:
  Compiler(const Pairing& pairing, const PlanOptions& options, Program& program)
      : pairing_(pairing), options_(options), program_(program) {}
  base::Status compile();

 private:
  // Where a value stands on the wire.
  struct Spot {
    std::int32_t source_number = 0;  // field number; 0 = an element that has none
    std::int32_t target_number = 0;
    bool field = false;   // with a field header on either side (else: element, key)
    bool bare = false;    // the target has no header for it at all
    bool body = false;    // bare, and the target's whole body
    bool packed = false;  // elements of a packed target
    bool key = false;     // map key or set element
    const idl::StructType* source_struct = nullptr;
    const idl::Field* source_field = nullptr;
    const idl::Field* target_field = nullptr;
    // Whose annotations say how to read the value: of the field itself, or of that whose element it is.
    const idl::Field* source_annotated = nullptr;
    const idl::Field* target_annotated = nullptr;

    // For the elements of a container that stands here.
    Spot inside() const {
      Spot inner;
      inner.source_struct = source_struct;
      inner.source_annotated = source_annotated;
      inner.target_annotated = target_annotated;
      return inner;
    }
  };

  // What is known of a field while its table is compiled.
  struct Draft {
    Op op;
    const idl::Field* source = nullptr;
    const idl::Field* target = nullptr;       // null: it has no counterpart
    std::vector<std::uint8_t> default_bytes;  // Absent::write_default
    bool of_required_union = false;           // the target must have the union that it is a member of
  };

  // compile.cc
  base::Status compile_root();
  const Table* pair_table(const idl::StructType& source, const idl::StructType& target);
  // A table of one field that is not a pair of structs: an envelope, or a wrapper whose content goes bare.
  const Table* single_table(const idl::StructType& source, const idl::Field& field, const idl::Type& target,
                            Spot spot, Absent absent);
  // What all fields begin with; false: there are too many.
  bool begin_field(Draft& draft, Spot& spot, const idl::StructType& source, const idl::Field& field);
  bool skips_zero(const idl::Field* target) const;  // is zero left out of it?
  // Draft::target's counterpart of a field that was begun, or the refusal of one without.
  bool compile_field(Draft& draft, Spot& spot, const idl::StructType& source, const idl::StructType& target);
  bool add_field(std::vector<Draft>& drafts, const idl::StructType& source, const idl::Field& field,
                 const idl::StructType& target, const idl::Field* counterpart);
  void set_absent(Draft& draft, const idl::StructType& target);
  // compile_adapters.cc: a value in a struct of its own on one side, bare on the other
  bool compile_wrap(Op& op, const idl::Type& source, const idl::Type& target, const idl::Field& inner,
                    const Spot& spot);
  bool compile_unwrap(Op& op, const idl::Type& source, const idl::Field& inner, const idl::Type& target,
                      const Spot& spot);
  // A union of one side whose members lie in the other side's struct. False: `field` is no part of one.
  bool add_inlined(std::vector<Draft>& drafts, const std::vector<Pairing::Inlined>& unions,
                   const idl::StructType& source, const idl::Field& field, const idl::StructType& target);
  bool compile_union(Op& op, const Pairing::Inlined& one, const idl::StructType& target, const Spot& spot);
  bool compile_member(Op& op, const Pairing::Inlined& one, const idl::Field& field, const idl::Field& member,
                      Spot spot);
  const Table* noted_table(const idl::StructType& source, std::span<const idl::Field* const> parts,
                           Absent absent);
  // table.cc; the drafts in order of their ids.
  void finish_table(Table& table, std::vector<Draft> drafts);
  void set_order(Table& table, const std::vector<Draft>& drafts);
  void add_groups(Table& table, const std::vector<Draft>& drafts);
  void add_defaults(Table& table, const std::vector<Draft>& drafts);
  void set_expected_head(Op& op, std::int32_t previous) const;
  void set_compact_heads(const Table& table, Op* ops) const;

  // compile_types.cc
  bool compile_value(Op& op, const idl::Type& source, const idl::Type& target, const Spot& spot);
  bool compile_number(Op& op, const idl::Type& source, const idl::Type& target);
  bool compile_enum(Op& op, const idl::Type& source, const idl::Type& target, const Spot& spot);
  bool compile_text(Op& op, const idl::Type& source, const idl::Type& target, const Spot& spot);
  bool compile_list(Op& op, const idl::Type& source, const idl::Type& target, const Spot& spot);
  bool compile_map(Op& op, const idl::Type& source, const idl::Type& target, const Spot& spot);
  void set_heads(Op& op, const Spot& spot);
  // compile_times.cc: a number on one side, google.protobuf's Timestamp or Duration on the other
  static bool are_times(const idl::Type& source, const idl::Type& target);
  bool compile_time(Op& op, const idl::Type& source, const idl::Type& target, const Spot& spot);
  bool same_unit(const Spot& spot);  // of two numbers; else refused
  const Op* time_parts(const idl::Field* const (&parts)[2]);
  // What tells a field of the source that has no counterpart.
  void set_source(Op& op, const idl::Type& type, const Spot& spot);

  // Is that loss allowed to the field at hand?
  bool allowed(Allowance allowance) const { return (allowed_ >> static_cast<unsigned>(allowance) & 1) != 0; }
  unsigned allowed_to(const idl::Field& source, const idl::Field& target) const;
  // The value must be written whatever it is. An enum number without counterpart that was allowed to be unset
  // becomes 0 then; refused where the target's enum has none.
  bool cannot_be_unset(Op& op, const idl::Type& target);
  bool refuse(std::string why);  // notes the problem at path_; always false
  // Elements and keys, kept once for all lists and maps that have the same.
  const Op* keep_parts(std::span<const Op> parts);
  Table& new_table() { return *program_.storage.make_array<Table>(1); }

  const Pairing& pairing_;
  const PlanOptions& options_;
  Program& program_;
  std::map<std::pair<const idl::StructType*, const idl::StructType*>, Table*> pairs_;
  std::unordered_map<std::string, const Op*> parts_;  // by their bytes
  std::vector<std::string> path_;
  std::vector<std::string> problems_;
  bool too_many_ = false;
  std::uint16_t next_place_ = 0;
  unsigned allowed_ = 0;  // bits by Allowance, of the field at hand
};

}  // namespace koine::transcode
