// Trees: values of either view of a schema, and what they are by it. Pure. Test code only.
#pragma once

#include <string_view>

#include "idl/schema.h"
#include "transcode/proof/formats.h"
#include "transcode/referees/thrift_values.h"

namespace koine::transcode::proof {

using referees::Value;

// The field of `to` that stands for `field` of `from`, or null.
const idl::Field* counterpart(const idl::StructType& from, const idl::Field& field,
                              const idl::StructType& to);

// Is there a map with a key that comes twice?
bool repeats_a_key(const idl::StructType& type, const Value& value);

// No value of the kind is less: what a plain field of proto3 means that is not there.
bool is_zero(const idl::Type& type, const Value& value);
// "Maps with other keys: a list of entries".
bool is_entries(const idl::Type& type);
// Is the field plain proto3: no presence, absent means zero?
bool is_plain(const idl::Field& field);
// The name of a type of google.protobuf that either view's struct is, without the package; else "".
std::string_view well_known(const idl::StructType& type);

// The same tree as every reader understands it: maps sorted, of a key of protobuf's that comes twice the last
// value; protobuf's plain zeros gone.
Value canonical(View view, const idl::StructType& type, const Value& value);

}  // namespace koine::transcode::proof
