// What mapping must do, told once more from docs/mapping.md and by nothing of transcode/: a tree of one view
// of a schema becomes a tree of the other, or of the same, and what has no faithful form there is named. The
// proof holds the plans against it. Pure. Test code only.
#pragma once

#include <vector>

#include "base/reason.h"
#include "idl/schema.h"
#include "transcode/proof/formats.h"
#include "transcode/proof/trees.h"

namespace koine::transcode::proof {

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

}  // namespace koine::transcode::proof
