// How alike two elements are that have no common name: what proposals guess by.
// Internal to this module. One thread for each Similarity.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "idl/schema.h"

namespace koine::idl::match {

// What is seen of a field from outside.
struct Trait {
  std::string name;  // folded
  Kind kind = Kind::structure;
};

// Pairs of names compared for one proposal, and fields looked at: no more are, and what is left is not
// guessed. Two structs with thousands of fields without counterpart are no renaming.
inline constexpr std::size_t guess_steps_max = 2'000'000;

class Similarity {
 public:
  // Of folded names, 0 to 1: 1 when equal; high where one is in the other or few letters differ.
  double names(std::string_view a, std::string_view b);
  // Of two types, 0 to 1, or -1 when no value of one is one of the other.
  double types(const Type& a, const Type& b) { return types(a, b, 0); }
  // How much of two lists is common by name, alike ones of one kind counted; rare names count more, by
  // `frequency`.
  double lists(const std::vector<Trait>& a, const std::vector<Trait>& b,
               const std::unordered_map<std::string, std::size_t>& frequency);
  // Of two structs by the names of their fields.
  double structs(const StructType& a, const StructType& b);

  bool spent() const { return steps_ > guess_steps_max; }

 private:
  double types(const Type& a, const Type& b, int depth);
  double struct_types(const StructType& a, const StructType& b, int depth);

  std::size_t steps_ = 0;
};

// Fields, oneofs, and members of unions in it: what the struct looks like from outside.
std::vector<Trait> outline(const StructType& type);

// The best of several scores, and whether it is so much better than the next that it says something.
struct Best {
  std::size_t index = 0;
  double score = 0;
  double next = 0;

  void add(std::size_t candidate, double value) {
    if (value > score) {
      next = score;
      score = value;
      index = candidate;
    } else if (value > next) {
      next = value;
    }
  }
};

}  // namespace koine::idl::match
