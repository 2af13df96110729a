// Tarjan's strongly connected components, over the fields whose type is a struct of the same file; containers
// hold their elements elsewhere. Its components come out in the order that is wanted, and a component of
// several structs is a circle. Where it begins is decided before: C++ compares maps by pairs, which have to
// be complete, so what is in a map comes first where no circle forbids it. Without recursion, since a file
// may be a long chain. Owner: see holding_order.h.
#include "idl/thrift/holding_order.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace koine::idl::thrift {
namespace {

constexpr std::size_t unseen = static_cast<std::size_t>(-1);

class Circles {
 public:
  explicit Circles(const File& file) : file_(file), nodes_(file.structs.size()) {
    for (std::size_t i = 0; i < file.structs.size(); ++i) places_[file.structs[i]] = i;
  }

  HoldingOrder find() {
    for (const std::size_t i : beginnings()) {
      if (nodes_[i].index == unseen) visit_from(i);
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      for (const Field& field : file_.structs[i]->fields) {
        const std::size_t held = held_by(field);
        if (held != unseen && nodes_[held].circle == nodes_[i].circle) order_.by_reference.insert(&field);
      }
    }
    return std::move(order_);
  }

 private:
  struct Node {
    std::size_t index = unseen;  // when it was first seen
    std::size_t low = unseen;    // the earliest one that can be reached
    std::size_t circle = unseen;
    std::size_t next_field = 0;
    bool waiting = false;
  };

  std::size_t held_by(const Field& field) const {
    if (field.type->kind != Kind::structure) return unseen;
    const auto found = places_.find(field.type->structure);
    return found == places_.end() ? unseen : found->second;
  }

  std::size_t place_of(const Type& type) const {
    const auto found = type.structure == nullptr ? places_.end() : places_.find(type.structure);
    return found == places_.end() ? unseen : found->second;
  }

  // The structs that the field holds itself, or in a map.
  std::vector<std::size_t> needed_by(const Field& field) const {
    std::vector<std::size_t> needed;
    bool in_map = field.type->element == nullptr;
    for (const Type* type = field.type; type != nullptr; type = type->element) {
      in_map = in_map || type->key != nullptr;
      if (type->key != nullptr && place_of(*type->key) != unseen) needed.push_back(place_of(*type->key));
      if (in_map && place_of(*type) != unseen) needed.push_back(place_of(*type));
    }
    return needed;
  }

  // All of them, each behind those that it needs.
  std::vector<std::size_t> beginnings() const {
    std::vector<std::size_t> order;
    std::vector<bool> seen(nodes_.size());
    for (std::size_t root = 0; root < nodes_.size(); ++root) {
      if (seen[root]) continue;
      std::vector<std::pair<std::size_t, std::vector<std::size_t>>> path = {{root, all_needed(root)}};
      seen[root] = true;
      while (!path.empty()) {
        std::vector<std::size_t>& left = path.back().second;
        if (left.empty()) {
          order.push_back(path.back().first);
          path.pop_back();
          continue;
        }
        const std::size_t next = left.back();
        left.pop_back();
        if (seen[next]) continue;
        seen[next] = true;
        path.emplace_back(next, all_needed(next));
      }
    }
    return order;
  }

  // In reverse.
  std::vector<std::size_t> all_needed(std::size_t at) const {
    std::vector<std::size_t> needed;
    for (const Field& field : file_.structs[at]->fields) {
      for (const std::size_t one : needed_by(field)) needed.push_back(one);
    }
    std::reverse(needed.begin(), needed.end());
    return needed;
  }

  void enter(std::size_t at) {
    nodes_[at].index = nodes_[at].low = seen_++;
    nodes_[at].waiting = true;
    waiting_.push_back(at);
    path_.push_back(at);
  }

  void visit_from(std::size_t root) {
    enter(root);
    while (!path_.empty()) {
      const std::size_t at = path_.back();
      Node& node = nodes_[at];
      const auto& fields = file_.structs[at]->fields;
      if (node.next_field == fields.size()) {
        leave(at);
        continue;
      }
      const std::size_t held = held_by(fields[node.next_field++]);
      if (held == unseen) continue;
      if (nodes_[held].index == unseen) {
        enter(held);
      } else if (nodes_[held].waiting) {
        node.low = std::min(node.low, nodes_[held].index);
      }
    }
  }

  void leave(std::size_t at) {
    path_.pop_back();
    if (!path_.empty()) nodes_[path_.back()].low = std::min(nodes_[path_.back()].low, nodes_[at].low);
    if (nodes_[at].low != nodes_[at].index) return;
    const auto first = std::find(waiting_.begin(), waiting_.end(), at);
    std::sort(first, waiting_.end());  // inside a circle the file's order is as good as any
    for (auto member = first; member != waiting_.end(); ++member) {
      nodes_[*member].waiting = false;
      nodes_[*member].circle = circles_;
      order_.structs.push_back(file_.structs[*member]);
    }
    ++circles_;
    waiting_.erase(first, waiting_.end());
  }

  const File& file_;
  std::vector<Node> nodes_;
  std::map<const StructType*, std::size_t> places_;
  std::vector<std::size_t> path_, waiting_;
  std::size_t seen_ = 0;
  std::size_t circles_ = 0;
  HoldingOrder order_;
};

}  // namespace

HoldingOrder holding_order(const File& file) { return Circles(file).find(); }

}  // namespace koine::idl::thrift
