// A match as text: for a person, for a script, and the explanation of a rule.
//
// Pure functions, any thread.
#pragma once

#include <string>

#include "idl/match/match.h"
#include "idl/match/propose.h"

namespace koine::idl::match {

// How much is covered, then what stands in the way, then what is lost, then what to know. What was allowed is
// counted alone.
std::string report(const Match& match, const Side& exposed, const Side& provider);
// One object: exposed, provider, complete, coverage, findings; with a proposal also its overrides.
std::string report_json(const Match& match, const Side& exposed, const Side& provider,
                        const Proposal* proposal = nullptr);

// The rule's text, as `koine idl explain` prints it.
std::string explain(const Rule& rule);

}  // namespace koine::idl::match
