// What a Match holds. Internal to this module; immutable once a Builder made it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "idl/match/match.h"
#include "idl/schema.h"

namespace koine::idl::match {

// Which way values go, as bits.
inline constexpr std::uint8_t flow_request = 1;   // exposed to provider
inline constexpr std::uint8_t flow_response = 2;  // provider to exposed

struct EnumPair {
  const EnumType* exposed = nullptr;
  const EnumType* provider = nullptr;
  std::uint8_t flow = 0;
  std::unordered_map<std::int32_t, std::int32_t> to_provider;
  std::unordered_map<std::int32_t, std::int32_t> to_exposed;
  bool exposed_zero_unset = false;  // 0 of that side stands for unset
  bool provider_zero_unset = false;
  std::unordered_set<std::int32_t> dropped;        // of the exposed side, by override
  std::unordered_set<const EnumValue*> colliding;  // of the exposed side: have one name with another
  std::vector<std::size_t> findings;
};

struct StructPair;
struct MethodPair;

// Two fields opposite one another, and what their types are to one another.
struct FieldPair {
  const Field* exposed = nullptr;
  const Field* provider = nullptr;
  bool adapter = false;
  RuleId problem = RuleId::type_clash;
  std::string why;  // empty: values can go from one to the other
  // The pairs of types in it that decide whether they can.
  std::vector<StructPair*> structs;
  std::vector<EnumPair*> enums;
};

struct StructPair {
  const StructType* exposed = nullptr;
  const StructType* provider = nullptr;
  std::uint8_t flow = 0;
  bool made = false;            // its fields were paired
  MethodPair* shape = nullptr;  // paired by the shape of this method's messages, whatever the names
  bool disjoint = false;        // both have fields, and none has a counterpart
  std::vector<FieldPair> fields;
  std::vector<FieldPair> members;  // of unions opposite oneofs
  std::vector<UnionPair> unions;
  std::vector<const Field*> exposed_left;  // without counterpart
  std::vector<const Field*> provider_left;
  std::unordered_map<const Field*, const Field*> counterparts;        // both ways
  std::unordered_map<const Field*, const StructType*> union_members;  // of unions opposite oneofs: of which
  std::unordered_set<const Field*> member_fields;                     // those of `members`
  std::unordered_set<const Field*> droppable;
  bool blocked = false;  // an error in it or in what it holds
  std::vector<std::size_t> findings;

  // The struct that has the field: the pair's own, or a union opposite a oneof.
  const StructType& declaring(const Field& field, bool of_exposed) const;
};

struct MethodPair {
  const Method* exposed = nullptr;
  const Method* provider = nullptr;  // null: none
  bool request_spread = false;
  bool response_spread = false;
  const Method* enveloped = nullptr;  // of two Thrift methods the one whose only argument is the request
  bool blocked = false;               // an error in it or in what it holds
  std::vector<StructPair*> structs;
  std::vector<std::size_t> findings;
};

struct PairHash {
  std::size_t operator()(const std::pair<const void*, const void*>& pair) const {
    const std::hash<const void*> hash;
    return hash(pair.first) * 0x9E3779B97F4A7C15u + hash(pair.second);
  }
};
using PairSet = std::unordered_set<std::pair<const void*, const void*>, PairHash>;
template <class Pair>
using PairIndex = std::unordered_map<std::pair<const void*, const void*>, Pair*, PairHash>;

struct MatchData {
  bool exposed_thrift = false;
  bool provider_thrift = false;
  std::deque<MethodPair> methods;  // of the exposed service, in its order
  std::unordered_map<const Method*, MethodPair*> method_index;
  std::deque<StructPair> structs;
  PairIndex<StructPair> struct_index;
  std::deque<EnumPair> enums;
  PairIndex<EnumPair> enum_index;
  std::unordered_map<const StructType*, const StructType*> errors;  // both ways
  PairSet dropped_members;  // members of unions, and the structs whose oneof has none for them
  std::vector<Finding> findings;
  std::vector<std::size_t> general;  // findings that concern no method
  Coverage coverage;

  // In either order; null when they do not correspond.
  const StructPair* find(const StructType& a, const StructType& b) const;
  const EnumPair* find(const EnumType& a, const EnumType& b) const;
};

}  // namespace koine::idl::match
