// Other bytes for the same value, and bytes of several values that readers take for one: what the formats
// allow and few writers do. Protobuf's are referees::Rewriter's. Test code only.
#pragma once

#include <cstdint>
#include <string>

#include "idl/derive/testing/random_parts.h"
#include "idl/schema.h"
#include "transcode/referees/thrift_values.h"

namespace koine::transcode::proof {

using referees::Value;

// The fields of every struct in any order, some of them twice: first as `other` has them, where it does. What
// counts is the last of each (docs/mapping.md, duplicates), that is `value`.
Value shuffled(idl::derive::testing::Random& random, const idl::StructType& type, const Value& value,
               const Value& other);
// Of fields that are there twice the last.
Value last_of_each(const Value& value);

// A JSON text with its members in any order, white space wherever it may be, characters as escapes.
std::string shuffled_json(idl::derive::testing::Random& random, const std::string& text);

}  // namespace koine::transcode::proof
