// Rounds of a hash join, each over what the rounds before left. Owner: see name_join.h.
#include "idl/match/name_join.h"

#include <string_view>
#include <unordered_map>

#include "idl/folded.h"

namespace koine::idl::match {
namespace {

std::string other_name(const Annotations& annotations) {
  const std::string* other = find_annotation(annotations, "koine.name");
  return other == nullptr ? std::string() : folded(*other);
}

class Joining {
 public:
  Joining(const std::vector<Names>& left, const std::vector<Names>& right)
      : left_(left), right_(right), left_done_(left.size()), right_done_(right.size()) {}

  Join run() {
    round(&Names::other, &Names::name, false);
    round(&Names::name, &Names::other, false);
    round(&Names::name, &Names::name, true);
    round(&Names::name, &Names::json, false);
    round(&Names::json, &Names::name, false);
    round(&Names::json, &Names::json, false);
    return std::move(out_);
  }

 private:
  using Key = std::string Names::*;
  using Groups = std::unordered_map<std::string_view, Join::Clash>;

  void round(Key left_key, Key right_key, bool tell_clashes) {
    Groups groups;
    std::vector<Join::Clash*> order;  // so that what comes out does not hang on hashes
    for (std::size_t i = 0; i < left_.size(); ++i) {
      const std::string& key = left_[i].*left_key;
      if (left_done_[i] || key.empty()) continue;
      Join::Clash& group = groups[key];
      if (group.left.empty()) order.push_back(&group);
      group.left.push_back(i);
    }
    if (groups.empty()) return;
    for (std::size_t i = 0; i < right_.size(); ++i) {
      const std::string& key = right_[i].*right_key;
      if (right_done_[i] || key.empty()) continue;
      const auto group = groups.find(key);
      if (group != groups.end()) group->second.right.push_back(i);
    }
    for (Join::Clash* group : order) {
      if (group->right.empty()) continue;
      if (group->left.size() == 1 && group->right.size() == 1) {
        out_.pairs.emplace_back(group->left[0], group->right[0]);
      } else if (tell_clashes) {
        out_.clashes.push_back(*group);
      } else {
        continue;
      }
      for (const std::size_t i : group->left) left_done_[i] = true;
      for (const std::size_t i : group->right) right_done_[i] = true;
    }
  }

  const std::vector<Names>& left_;
  const std::vector<Names>& right_;
  std::vector<bool> left_done_;
  std::vector<bool> right_done_;
  Join out_;
};

}  // namespace

Names names_of(const Field& field) {
  Names names{folded(field.name), other_name(field.annotations), folded(field.json_name)};
  if (names.json == names.name) names.json.clear();
  return names;
}

Names names_of(const Method& method) { return {folded(method.name), other_name(method.annotations), {}}; }

Join join(const std::vector<Names>& left, const std::vector<Names>& right) {
  return Joining(left, right).run();
}

}  // namespace koine::idl::match
