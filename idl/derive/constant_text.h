// Constants as text and back: the default values that derived files carry.
// Internal to this module. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "idl/schema.h"

namespace koine::idl::derive {

// idl::value_text, with \xHH for what no text file should hold: control characters, and octets that are no
// UTF-8.
std::string constant_text(const Value& value);

// Reads back what constant_text (and value_text) wrote. Nothing when the text is no constant of that type.
std::optional<Value> parse_constant(std::string_view text, const Type& type);

}  // namespace koine::idl::derive
