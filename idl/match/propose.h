// Overrides that make two IDLs pair completely: renames guessed where one counterpart is clearly the best,
// and everything else said to have none. A person reads them before they are used.
//
// Pure functions, any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "idl/match/match.h"

namespace koine::idl::match {

struct Proposal {
  Overrides overrides;  // with those that were given
  // Of renames that were guessed: what speaks for it, "the names are alike".
  std::map<std::string, std::string> why;
  // Errors that no override mends: the IDL or its annotations have to say something.
  std::vector<Finding> left;
};

Proposal propose(const Side& exposed, const Side& provider, const Overrides& given);

// As the configuration has them, a list of one entry under `expose:`, guesses with their reasons as comments.
std::string to_yaml(const Proposal& proposal, const Service& exposed);

}  // namespace koine::idl::match
