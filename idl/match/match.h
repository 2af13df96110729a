// Two services whose IDLs were written independently, paired by name: which method, field and enum value of
// one side stands for which of the other, and everything that is wrong with that.
//
// Methods correspond by folded name (idl/folded.h), and types because a pair of methods or fields puts them
// opposite one another; a type's own name counts for exceptions alone. Fields correspond by folded name or
// JSON name, enum values without the prefix that all of them share. Numbers are never looked at. What names
// do not tell, Overrides say. One element never has two counterparts in one pair of types.
//
// "Exposed" is the IDL that callers use, "provider" the one that the provider was built with; either may be
// Thrift or protobuf. Look-ups take the two sides in either order.
//
// Immutable, any thread; refers to both schemas, which outlive it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "idl/match/overrides.h"
#include "idl/match/rules.h"
#include "idl/schema.h"

namespace koine::idl::match {

// One end: a service in its own IDL. The schema holds the messages that may stand for exceptions.
struct Side {
  const Schema* schema = nullptr;
  const Service* service = nullptr;
};

struct Finding {
  const Rule* rule = nullptr;
  std::string subject;  // "Type.field", "Method", …: what an override names it by, without package
  std::string text;     // a sentence without the subject and the rule
  Location exposed;     // where the two sides say it; line 0 where a side says nothing
  Location provider;
  bool allowed = false;      // somebody said so in Overrides or by koine.drop
  bool from_exposed = true;  // whose IDL the subject is in
};

// A Thrift union field opposite a oneof: the union's members are those of the struct that holds the oneof.
struct UnionPair {
  const StructType* union_holder = nullptr;  // has `field`
  const Field* field = nullptr;              // of a union's type
  const StructType* oneof_holder = nullptr;
  std::int32_t oneof_index = -1;
  struct Member {
    const Field* of_union = nullptr;
    const Field* of_oneof = nullptr;
  };
  std::vector<Member> members;
};

// How much of both sides has a counterpart.
enum class Verdict : std::uint8_t {
  mapped,    // has one
  adapter,   // has one of another shape: a wrapper message, a time, a set, a oneof
  allowed,   // is lost, and somebody said that it may be
  lossy,     // has one that cannot hold all of it (LOSSY_PRESENCE)
  unmapped,  // has none
  refused,   // has one that no value can go to, or an error stands in the way
};
inline constexpr std::size_t verdict_count = 6;
std::string_view to_string(Verdict verdict);

struct Counts {
  std::array<std::size_t, verdict_count> of{};

  std::size_t operator[](Verdict verdict) const { return of[static_cast<std::size_t>(verdict)]; }
  std::size_t& operator[](Verdict verdict) { return of[static_cast<std::size_t>(verdict)]; }
  std::size_t all() const;
  std::size_t covered() const;  // mapped, adapter and allowed
};
// Fields and enum values of the types that paired methods reach; all methods.
struct SideCoverage {
  Counts methods;
  Counts fields;
  Counts enum_values;
};
struct Coverage {
  SideCoverage exposed;
  SideCoverage provider;
  bool complete() const;  // nothing lossy, unmapped or refused
};

struct MatchData;  // idl/match/data.h, for this module alone

class Match {
 public:
  static std::unique_ptr<const Match> make(const Side& exposed, const Side& provider,
                                           const Overrides& overrides);
  ~Match();
  Match(const Match&) = delete;
  Match& operator=(const Match&) = delete;

  // Null: the provider has none. `blocking` says whether what there is can be called.
  const Method* provider_method(const Method& exposed) const;
  // How the methods' messages correspond, where one side is Thrift and the other protobuf. Spread: the
  // arguments struct (result struct) as a whole to the message, one field an argument (field 0 the only
  // field; no field 0 the empty message). Not spread: the only argument, a struct, is the request; the struct
  // in field 0 is the response. False where both sides are of one language: their structs correspond.
  bool request_spread(const Method& exposed) const;
  bool response_spread(const Method& exposed) const;
  // Of two Thrift methods the one whose only argument, a struct, is the other's arguments as a whole; null
  // where their arguments correspond.
  const Method* enveloped(const Method& exposed) const;

  // May values of one become values of the other?
  bool structs(const StructType& a, const StructType& b) const;
  // The field of `to` that stands for `field` of `from`; null when there is none. A member of a oneof or a
  // union field that are opposite one another have none of their own: see `unions`.
  const Field* field(const StructType& from, const Field& field, const StructType& to) const;
  // A field without counterpart that may be lost: dropped and counted, not refused. Of a member of a union
  // opposite a oneof: `from` is the union, `to` the struct that holds the oneof.
  bool may_drop(const StructType& from, const Field& field, const StructType& to) const;
  // The union fields of one that are opposite oneofs of the other.
  const std::vector<UnionPair>& unions(const StructType& a, const StructType& b) const;

  bool enums(const EnumType& a, const EnumType& b) const;
  // The number of `to` that stands for a declared `number` of `from`; nothing when there is none.
  std::optional<std::int32_t> number(const EnumType& from, std::int32_t number, const EnumType& to) const;
  // Does `number` of `from` (COLOR_UNSPECIFIED, without counterpart in `to`) say that the field is unset?
  bool means_unset(const EnumType& from, std::int32_t number, const EnumType& to) const;

  // The message that carries an exception of the other side, or the exception that a message carries. Null
  // when there is none: the rules for undeclared errors hold.
  const StructType* error(const StructType& declared) const;

  // In the order in which methods and then fields were come upon.
  const std::vector<Finding>& findings() const;
  // The errors among them that stand in the way of a method; empty: it can be called, or is not offered on
  // purpose (no provider_method). One type's error is in the way of every method that has it.
  std::vector<const Finding*> blocking(const Method& exposed) const;
  // Errors that concern no method: overrides that name nothing.
  std::vector<const Finding*> blocking() const;
  const Coverage& coverage() const;
  // Everything is covered: no error, and no loss that nobody allowed.
  bool complete() const;

  const MatchData& data() const;  // for proposals: everything that was paired

 private:
  explicit Match(std::unique_ptr<const MatchData> data);
  std::unique_ptr<const MatchData> data_;
};

// "shop.thrift:3:5: error: Order.total: has no counterpart … [UNMAPPED_REQUIRED]".
std::string to_string(const Finding& finding);

}  // namespace koine::idl::match
