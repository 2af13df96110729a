// Names without what languages disagree about: `placeOrder`, `PlaceOrder` and `place_order` have one fold.
// Names with one fold have one accessor in some language.
//
// Pure functions, any thread. ASCII only: no IDL has other letters in its names.
#pragma once

#include <string>
#include <string_view>

namespace koine::idl {

// An upper-case letter as lower case, everything else as it is.
constexpr char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Lower case, without underscores.
std::string folded(std::string_view name);

}  // namespace koine::idl
