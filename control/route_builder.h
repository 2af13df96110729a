// Builds the routes of one service: every method, as callers of every protocol see it, with its compiled
// plans.
#pragma once

#include <string>
#include <vector>

#include "control/schema_set.h"
#include "control/snapshot.h"
#include "transcode/plan.h"

namespace koine::control {

struct ServiceRoutes {
  const router::Cluster* cluster = nullptr;  // in the Snapshot already
  idl::Language written_in = idl::Language::thrift;
  router::PolicyNumbers policy;
};

// Adds the routes to `snapshot`, plans included. OK, or what cannot be served: MAP_* with every field, one a
// line; CALL_AMBIGUOUS_METHOD when another service has the name already. A single method without a form for
// callers of one protocol (streaming to Thrift) does not fail the service: its route refuses with the reason,
// and `warnings` says so.
base::Status add_routes(const ServiceRoutes& service, SchemaSet& schemas,
                        const transcode::PlanOptions& options, Snapshot& snapshot,
                        std::vector<std::string>& warnings);

// The method of `provider` that a caller's method stands for: the same node, or the other end of a
// derivation; null when there is none.
const idl::Method* counterpart(const idl::Method& caller, const idl::Service& provider);

}  // namespace koine::control
