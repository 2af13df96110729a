// Allowances: losses that a lenient configuration permits, each to one field and by its name.
//
// Whoever compiles a plan gives them in PlanOptions. A field may lose what is allowed to its own node or to
// its counterpart's, so that a name means the same in the written and the derived schema. What a value loses
// at run time is counted (Counters::lost_values).
#pragma once

#include <map>

#include "idl/schema.h"
#include "model/losses.h"

namespace koine::transcode {

using model::Allowance;

// Can a value of that field, or an element of it, lose what is allowed?
bool concerns(Allowance allowance, const idl::Field& field);

class Allowances {
 public:
  void add(Allowance allowance, const idl::Field& field) { fields_[&field] |= bit(allowance); }
  bool has(Allowance allowance, const idl::Field& field) const {
    const auto found = fields_.find(&field);
    return found != fields_.end() && (found->second & bit(allowance)) != 0;
  }

 private:
  static unsigned bit(Allowance allowance) { return 1u << static_cast<unsigned>(allowance); }
  std::map<const idl::Field*, unsigned> fields_;
};

}  // namespace koine::transcode
