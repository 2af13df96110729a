// Random trees of either view of a schema, most of them legal on every side, some with one trouble: a number
// beyond its kind, text that is none, a union with two members, a required field that is missing. Equal seeds
// give equal trees. Test code only.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "idl/derive/testing/random_parts.h"
#include "idl/schema.h"
#include "transcode/proof/boundaries.h"
#include "transcode/proof/formats.h"

namespace koine::transcode::proof {

class RandomTrees {
 public:
  explicit RandomTrees(std::uint32_t seed) : random_(seed) {}

  // Nothing for a type without a finite value.
  std::optional<Value> tree(View view, const idl::StructType& type);

 private:
  struct TooDeep {};

  Value structure(const idl::StructType& type, int depth);
  Value special(std::string_view name, const idl::StructType& type, int depth);
  bool left_out(const idl::Field& field, int depth, bool in_entry);
  void keep_one_of_each_oneof(std::vector<const idl::Field*>& fields);
  Value value(const idl::Type& type, int depth, bool key);
  Value container(const idl::Type& type, int depth);
  Value integer(const idl::Type& type, Boundary boundary);
  Value real(const idl::Type& type, Boundary boundary);
  Value text(const idl::Type& type, Boundary boundary);
  Value uuid(const idl::Type& type, Boundary boundary);
  Value number_of(const idl::EnumType& type, bool key);
  Boundary choose(const idl::Type& type, bool key);
  // Whether the tree's one trouble is to be here.
  bool troubled(std::size_t once_in);
  std::uint64_t bits(std::size_t width);
  std::size_t size(const idl::Type& type, int depth);

  idl::derive::testing::Random random_;
  View view_ = View::thrift;
  bool trouble_ = false;
};

}  // namespace koine::transcode::proof
