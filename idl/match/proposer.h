// Guesses, round after round: each pairs by name with what was guessed so far, and looks at what is left.
// Internal to this module. One thread, used once.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "idl/match/data.h"
#include "idl/match/propose.h"
#include "idl/match/similarity.h"

namespace koine::idl::match {

class Proposer {
 public:
  Proposer(const Side& exposed, const Side& provider, const Overrides& given)
      : exposed_(exposed), provider_(provider), allowed_(given.allow.begin(), given.allow.end()) {
    proposal_.overrides = given;
  }
  Proposal run();

 private:
  // Each adds overrides and says whether it did.
  bool guess(const Match& match);
  bool guess_methods(const MatchData& data);
  bool guess_fields(const StructPair& pair);
  bool guess_group(const StructPair& pair, const std::vector<const Field*>& left,
                   const std::vector<const Field*>& right);
  bool guess_unions(const StructPair& pair, std::vector<const Field*>& left,
                    std::vector<const Field*>& right);
  double likeness(const Type& exposed, const Type& provider);
  bool guess_values(const EnumPair& pair);
  bool guess_errors(const Match& match);
  bool settle_errors(const Match& match);  // what cannot be is left out
  bool settle_collisions(const MatchData& data);
  bool settle_losses(const Match& match);  // what is lost is allowed
  void remove_unused(const Match& match);

  bool rename(const std::string& key, const std::string& to, const std::string& why);
  bool leave_out(const std::string& key);
  bool allow(const Rule& rule, const std::string& subject);
  std::string label(const StructPair& pair, const Field& field) const;

  Side exposed_;
  Side provider_;
  const MatchData* data_ = nullptr;  // of this round
  Proposal proposal_;
  std::unordered_set<std::string> allowed_;
  Similarity similarity_;
  std::unordered_map<const StructType*, std::string> labels_;  // of arguments structs
};

}  // namespace koine::idl::match
