// The annotations that Koine knows, in every IDL by one name: `koine.unit` is (koine.unit = "ms") in Thrift
// and (koine.field).unit in protobuf. One table for the readers' warnings and for docs/mapping.md.
//
// Pure functions, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "idl/diagnostics.h"
#include "idl/schema.h"

namespace koine::idl {

struct KnownAnnotation {
  enum class Use : std::uint8_t {
    read,     // decides something here
    kept,     // carried from one IDL to the other, for those who read it there
    derived,  // written by derivation, for the way back
  };
  std::string_view name;  // without "koine."
  Use use = Use::read;
  std::string_view on;     // what it is written on, for a person
  std::string_view means;  // for a person
};
// Sorted by name.
std::span<const KnownAnnotation> known_annotations();

// For a name "koine.…" that nobody knows: "unknown annotation 'koine.rnge'; did you mean 'koine.range'?".
// Empty for all other names.
std::string unknown_annotation(std::string_view name);
// That as warnings (UNKNOWN_ANNOTATION), for every node of a schema.
void warn_of_unknown_annotations(const Schema& schema, std::vector<Diagnostic>& diagnostics);

// A field's name in JSON as its annotations give it: koine.json_name, else json_name, else the json part of
// go.tag ("json:\"order_id,omitempty\""). Empty when none does.
std::string annotated_json_name(const Annotations& annotations);

}  // namespace koine::idl
