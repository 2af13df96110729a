// Reads back what idl::value_text wrote: the default values that derived files carry as text.
// Internal to this module. One thread.
#pragma once

#include <optional>
#include <string_view>

#include "idl/schema.h"

namespace koine::idl::derive {

// Nothing when the text is no constant of that type.
std::optional<Value> parse_constant(std::string_view text, const Type& type);

}  // namespace koine::idl::derive
