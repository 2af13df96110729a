// What mapping must do, told once more from docs/mapping.md and by nothing of transcode/: a tree of one view
// of a schema becomes a tree of the other, or of the same, and what has no faithful form there is named. The
// proof holds the plans against it. Pure. Test code only.
#pragma once

#include <string>
#include <vector>

#include "base/reason.h"
#include "idl/schema.h"
#include "transcode/proof/formats.h"
#include "transcode/referees/thrift_values.h"

namespace koine::transcode::proof {

using referees::Value;

// Why the value does not cross, and between which formats.
struct Issue {
  base::Reason reason = base::Reason::none;
  Pairs pairs = every_pair;
  // libprotobuf writes the value as other JSON, or as none.
  bool unwritten_in_json = false;
  // In an entry of a map that a later one replaces: whoever looks at it may refuse it.
  bool replaced = false;
};

struct Crossed {
  Value value;  // right for every pair that no issue names
  std::vector<Issue> issues;

  // The reasons that the pair may be refused with.
  std::vector<base::Reason> reasons(Format from, Format to) const;
  // Must it be refused?
  bool refused(Format from, Format to) const;
  bool unwritten_in_json() const;
};

// `to` is `from`, or one was derived from the other.
Crossed cross(View from_view, const idl::StructType& from, View to_view, const idl::StructType& to,
              const Value& value);

// The field of `to` that stands for `field` of `from`, or null.
const idl::Field* counterpart(const idl::StructType& from, const idl::Field& field,
                              const idl::StructType& to);

// Is there a map with a key that comes twice?
bool repeats_a_key(const idl::StructType& type, const Value& value);

// No value of the kind is less: what a plain field of proto3 means that is not there.
bool is_zero(const idl::Type& type, const Value& value);
// Is the field plain proto3: no presence, absent means zero?
bool is_plain(const idl::Field& field);
// The name of a type of google.protobuf that either view's struct is, without the package; else "".
std::string_view well_known(const idl::StructType& type);

// The same tree as every reader understands it: maps sorted, of a key of protobuf's that comes twice the last
// value; protobuf's plain zeros gone.
Value canonical(View view, const idl::StructType& type, const Value& value);

}  // namespace koine::transcode::proof
