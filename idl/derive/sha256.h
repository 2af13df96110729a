// SHA-256 (FIPS 180-4), for koine.derived_from: the name of a schema's content. Not for secrets.
// Internal to this module; pure.
#pragma once

#include <string>
#include <string_view>

namespace koine::idl::derive {

// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view data);

}  // namespace koine::idl::derive
