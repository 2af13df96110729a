// DroppedFields: which dropped fields the log was told of, so that it hears of each once.
//
// A newer peer's field comes with every call; counters say how often, the log says which. One worker's;
// bounded, because a peer can make up numbers: beyond that nothing more is told until the next configuration.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <set>

namespace koine::gateway {

class DroppedFields {
 public:
  struct Field {
    std::uint64_t version = 0;  // of the Snapshot
    std::uint32_t route = 0;    // MethodRoute::id
    bool in_answer = false;
    std::int32_t id = 0;  // the field's number
    auto operator<=>(const Field&) const = default;
  };
  static constexpr std::size_t fields_max = 256;

  bool is_new(const Field& field) { return told_.size() < fields_max && told_.insert(field).second; }
  void forget() { told_.clear(); }

 private:
  std::set<Field> told_;
};

}  // namespace koine::gateway
