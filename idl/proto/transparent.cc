// Depth first, without recursion: there may be a long chain of them. Owner: see transparent.h.
#include "idl/proto/transparent.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "base/limits.h"

namespace koine::idl::proto {
namespace {

bool is_transparent(const StructType& type) {
  return type.role == StructRole::wrapper || type.role == StructRole::map_entry;
}

class Walk {
 public:
  std::optional<NestingFault> from(const StructType& start) {
    if (depths_.contains(&start)) return std::nullopt;
    open(start);
    while (!steps_.empty()) {
      Step& step = steps_.back();
      if (step.next == 2 * step.type->fields.size()) {
        const std::size_t depth = step.depth;
        if (depth > base::Limits().nesting_max) return too_deep(*step.type);
        depths_[step.type] = depth;
        steps_.pop_back();
        if (!steps_.empty()) steps_.back().depth = std::max(steps_.back().depth, depth + 1);
        continue;
      }
      // A field's own type, then that of its elements.
      const Type* type = step.type->fields[step.next / 2].type;
      if (step.next++ % 2 == 1) type = type->element;
      const StructType* inner = type == nullptr ? nullptr : type->structure;
      if (inner == nullptr || !is_transparent(*inner)) continue;
      const auto known = depths_.find(inner);
      if (known == depths_.end()) {
        open(*inner);
      } else if (known->second == 0) {
        return NestingFault{inner,
                            "a message with the role ROLE_WRAPPER or ROLE_MAP_ENTRY cannot contain itself"};
      } else {
        step.depth = std::max(step.depth, known->second + 1);
      }
    }
    return std::nullopt;
  }

 private:
  struct Step {
    const StructType* type;
    std::size_t next = 0;   // what of it is looked at next
    std::size_t depth = 1;  // with what is inside it, as far as it was looked at
  };

  void open(const StructType& type) {
    depths_[&type] = 0;
    steps_.push_back({&type, 0, 1});
  }
  static NestingFault too_deep(const StructType& type) {
    return {&type, "messages with the roles ROLE_WRAPPER or ROLE_MAP_ENTRY are nested more than " +
                       std::to_string(base::Limits().nesting_max) + " deep (nesting_max)"};
  }

  std::unordered_map<const StructType*, std::size_t> depths_;  // 0: not at its end yet
  std::vector<Step> steps_;
};

}  // namespace

std::optional<NestingFault> check_transparent(const std::deque<StructType>& structs) {
  Walk walk;
  for (const StructType& type : structs) {
    if (!is_transparent(type)) continue;
    if (std::optional<NestingFault> fault = walk.from(type)) return fault;
  }
  return std::nullopt;
}

}  // namespace koine::idl::proto
