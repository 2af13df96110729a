// Two lists of names brought together: who of one is called as who of the other.
// Internal to this module. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "idl/schema.h"

namespace koine::idl::match {

// What one element may be called; empty: nothing further.
struct Names {
  std::string name;   // folded
  std::string other;  // koine.name: what the other side calls it, folded
  std::string json;   // folded, where it is not `name`
};
Names names_of(const Field& field);
Names names_of(const Method& method);

struct Join {
  // Indices of the left and the right list; nobody twice.
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  // Names that several have, with a counterpart: nobody of them is paired.
  struct Clash {
    std::vector<std::size_t> left;
    std::vector<std::size_t> right;
  };
  std::vector<Clash> clashes;
};
// Linear in both lists. By koine.name first, then by name, then by JSON name, where that is unambiguous.
Join join(const std::vector<Names>& left, const std::vector<Names>& right);

}  // namespace koine::idl::match
