// What is wrong with an override that was of no use: the name that was meant, most likely.
// Internal to this module. Owner: the builder; one thread, used once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "idl/match/data.h"
#include "idl/match/match.h"
#include "idl/match/override_table.h"

namespace koine::idl::match {

class OverrideHints {
 public:
  OverrideHints(const Side& exposed, const Side& provider, const MatchData& data, const OverrideTable& table)
      : exposed_(exposed), provider_(provider), data_(data), table_(table) {}

  // A sentence: "'Order' has no 'totl'; did you mean 'total'?".
  std::string unknown(const OverrideTable::Rename& rename);

 private:
  // What an exposed type has, and what its counterparts have.
  struct Members {
    std::vector<std::string> own;
    std::vector<std::string> others;
  };
  void collect();
  Members& members_of(const std::string& label, const std::string& full_name);
  std::string unknown_member(std::string_view type, const std::string& member, const std::string& to);
  std::string unknown_method(const OverrideTable::Rename& rename) const;

  Side exposed_;
  Side provider_;
  const MatchData& data_;
  const OverrideTable& table_;
  std::unordered_map<std::string, Members> types_;  // by label
  std::unordered_map<std::string, std::string> by_full_name_;
  std::vector<std::string> labels_;
  bool collected_ = false;
  std::size_t told_ = 0;
};

}  // namespace koine::idl::match
