// What is special about a value: the ends of its kind and what lies just beyond, by which values are made and
// what they covered is counted. Test code only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "idl/schema.h"
#include "transcode/proof/formats.h"
#include "transcode/referees/thrift_values.h"

namespace koine::transcode::proof {

using referees::Value;

enum class Boundary : std::uint8_t {
  ordinary,
  zero,
  minimum,
  maximum,
  below,  // the minimum, in a wire form that holds more
  above,  // the maximum
  nan,
  infinity,
  minus_zero,
  denormal,
  imprecise,  // more digits than a float has
  beyond,     // than the largest float
  empty,
  long_,    // a length of more than one byte
  wide,     // text beyond ASCII
  invalid,  // no UTF-8, no UUID
  surrogate,
  declared,
  undeclared,
  upper_case,
  one,
  many,  // more than compact's short form holds
  duplicate,
  none,  // of a union's members
  two,
  absent,
};
inline constexpr std::size_t boundary_count = static_cast<std::size_t>(Boundary::absent) + 1;
std::string_view name(Boundary boundary);

inline constexpr std::size_t kind_count = static_cast<std::size_t>(idl::Kind::map) + 1;
// A kind and a boundary.
using Cell = std::uint16_t;
inline constexpr std::size_t cell_count = kind_count * boundary_count;
inline constexpr Cell cell(idl::Kind kind, Boundary boundary) {
  return static_cast<Cell>(static_cast<std::size_t>(kind) * boundary_count +
                           static_cast<std::size_t>(boundary));
}
inline constexpr idl::Kind kind_of(Cell cell) { return static_cast<idl::Kind>(cell / boundary_count); }
inline constexpr Boundary boundary_of(Cell cell) { return static_cast<Boundary>(cell % boundary_count); }

// The boundaries that values of the kind have in a view.
std::vector<Boundary> boundaries(View view, idl::Kind kind);
// What no other view or format may take: such values are made rarely, one to a tree.
bool is_trouble(Boundary boundary);

// All cells that a tree meets, each once.
std::vector<Cell> cells(View view, const idl::StructType& type, const Value& value);

}  // namespace koine::transcode::proof
