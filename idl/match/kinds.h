// Groups of kinds, and a type in a few words. Internal to this module. Pure functions, any thread.
#pragma once

#include <string>

#include "idl/schema.h"

namespace koine::idl::match {

constexpr bool is_integer(Kind kind) { return kind >= Kind::i8 && kind <= Kind::u64; }
constexpr bool is_unsigned(Kind kind) { return kind >= Kind::u8 && kind <= Kind::u64; }
constexpr bool is_real(Kind kind) { return kind == Kind::f32 || kind == Kind::f64; }
constexpr bool is_text(Kind kind) { return kind == Kind::string || kind == Kind::bytes; }
constexpr bool is_sequence(Kind kind) { return kind == Kind::list || kind == Kind::set; }
inline bool is_union(const Type& type) {
  return type.kind == Kind::structure && type.structure->form == StructForm::union_;
}

// "i32", "Order", "list of Order", "map of string to Colour".
std::string describe(const Type& type);

}  // namespace koine::idl::match
