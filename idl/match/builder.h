// Makes a Match: pairs methods, then all types that they put opposite one another, then says what is wrong
// with each pair. The walk goes over a queue, so recursive and deep schemas take no stack, and stops at a
// number of pairs that no honest schema has.
//
//   builder.cc          the walk, findings, coverage
//   builder_methods.cc  methods and the shapes of their messages
//   builder_structs.cc  fields of two structs, unions opposite oneofs
//   builder_types.cc    two types opposite one another
//   builder_enums.cc    values of two enums
//   builder_errors.cc   exceptions and the messages that carry them
//   checks.cc           what a pair loses, once it is known which way values go
//
// Internal to this module. One thread, used once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "idl/match/data.h"
#include "idl/match/name_join.h"
#include "idl/match/override_table.h"

namespace koine::idl::match {

// Fields and enum values looked at in all pairs together, and what a pair costs by itself: two schemas may
// put every type of one opposite every type of the other. Above it pairing ends with PAIRS_TOO_MANY.
inline constexpr std::size_t pairing_steps_max = 4'000'000;
inline constexpr std::size_t steps_of_pair = 50;

// What a finding is about on one side.
struct Subject {
  std::string label;      // "Order.total"
  std::string full_name;  // "shop.Order.total"
  Location where;
  bool any() const { return !label.empty(); }
};

// The oneofs of one struct, by folded name, with their members.
struct Oneofs {
  const StructType* type = nullptr;
  std::unordered_map<std::string, std::int32_t> by_name;
  std::unordered_map<std::string, std::int32_t> by_rename;  // of the exposed side: the union field's name
  std::vector<std::vector<const Field*>> members;
  std::vector<bool> used;  // has its union
};

class Builder {
 public:
  Builder(const Side& exposed, const Side& provider, const Overrides& overrides);
  std::unique_ptr<const MatchData> build();

 private:
  // Methods.
  void pair_methods();
  void add_method(const Method& exposed, const Method* provider);
  void pair_messages(MethodPair& pair);
  void pair_request(MethodPair& pair, const Method& thrift, const Method& proto);
  void pair_response(MethodPair& pair, const Method& thrift, const Method& proto);
  void pair_arguments(MethodPair& pair);
  void pair_results(MethodPair& pair);
  const Field* raised(const StructType& exception, const StructType& results);
  void tell_exceptions(MethodPair& pair, StructPair& results);
  bool spreads(const Field& only, const StructType& message) const;
  void check_method(MethodPair& pair);

  // Pairs of types: made once, and walked again when values turn out to go the other way too.
  StructPair& struct_pair(const StructType& exposed, const StructType& provider);
  EnumPair& enum_pair(const EnumType& exposed, const EnumType& provider);
  void send(StructPair& pair, std::uint8_t flow);
  void walk();
  StructPair& root(MethodPair& method, const StructType& exposed, const StructType& provider,
                   std::uint8_t flow);
  // A pair whose fields are paired by shape, whatever their names; null: no field.
  StructPair& shaped(MethodPair& method, const StructType& thrift, const Field* thrift_field,
                     const StructType& proto, const Field* proto_field, std::uint8_t flow);

  void pair_fields(StructPair& pair);
  void take_renamed(StructPair& pair, std::unordered_set<const Field*>& taken);
  void take_unions(StructPair& pair, std::unordered_set<const Field*>& taken);
  void fill(Oneofs& oneofs, const StructType& type, bool exposed);
  void take_union(StructPair& pair, const Field& field, Oneofs& oneofs,
                  std::unordered_set<const Field*>& taken);
  void take_named(StructPair& pair, std::unordered_set<const Field*>& taken);
  void leave_rest(StructPair& pair, const std::unordered_set<const Field*>& taken);
  void pair_members(StructPair& pair, UnionPair& both, std::vector<const Field*> of_oneof,
                    std::unordered_set<const Field*>& taken);
  FieldPair& put(StructPair& pair, std::vector<FieldPair>& list, const Field& exposed, const Field& provider);

  // Fills in what the two types of the pair's fields are to one another.
  void relate(FieldPair& fields);
  bool relate_types(const Type& exposed, const Type& provider, FieldPair& fields);
  bool relate_keys(const Type& exposed, const Type& provider, FieldPair& fields);
  bool relate_time(const Type& time, const Field& number, FieldPair& fields);

  void pair_values(EnumPair& pair);
  void check_values(EnumPair& pair);

  void pair_errors(MethodPair& pair);
  const StructType* carrier(const StructType& exception);
  void name_messages();

  // Checks.
  void check_struct(StructPair& pair);
  void check_field(StructPair& pair, FieldPair& fields, bool member);
  void check_presence(StructPair& pair, FieldPair& fields);
  void check_leaves(StructPair& pair, FieldPair& fields, bool member);
  void check_left(StructPair& pair, const Field& field, bool exposed);
  void check_numbers(StructPair& pair);
  void check_overrides();
  void mark_blocked();
  void check_provider_methods();
  void count();

  // Findings.
  Subject subject(const StructType& type, const Field& field) const;
  Subject subject(const EnumType& type, const EnumValue& value) const;
  Subject subject(const Service& service, const Method& method) const;
  Subject subject(const StructType& type) const;
  // True when it was allowed.
  bool report(RuleId id, std::vector<std::size_t>& owner, const Subject& exposed, const Subject& provider,
              std::string text);
  void judge(const Field& field, Verdict verdict, bool exposed);
  bool too_many(std::size_t steps);

  Side exposed_;
  Side provider_;
  bool exposed_thrift_ = false;
  bool provider_thrift_ = false;
  OverrideTable overrides_;
  std::unique_ptr<MatchData> data_;
  std::deque<StructPair*> queue_;
  std::size_t steps_ = 0;
  bool stopped_ = false;
  // Messages that may carry exceptions, by folded name and as they are written.
  std::unordered_map<std::string, std::vector<const StructType*>> messages_;
  std::unordered_map<std::string_view, std::vector<const StructType*>> written_messages_;
  bool messages_named_ = false;
  std::unordered_set<const StructType*> told_errors_;
  std::unordered_set<const StructType*> dropped_errors_;   // by override
  std::unordered_map<const Field*, Verdict> verdicts_[2];  // provider, exposed
  std::unordered_map<const EnumValue*, Verdict> value_verdicts_[2];
};

// How many fields of two structs have one name.
std::size_t common_fields(const StructType& a, const StructType& b);
// The struct that a type is; null for unions, exceptions and everything else.
const StructType* plain_struct(const Type& type);

// Of two verdicts on one element the one that is worse.
Verdict worse(Verdict a, Verdict b);

}  // namespace koine::idl::match
