// Builds the routes of one service: every method, as callers of every protocol see it, with its compiled
// plans.
#pragma once

#include <string>
#include <vector>

#include "control/schema_set.h"
#include "control/snapshot.h"
#include "idl/match/overrides.h"
#include "router/route.h"
#include "transcode/pairing.h"
#include "transcode/plan.h"

namespace koine::control {

// An interface that callers may use: one paired with the provider's by name, or the provider's own.
struct Exposure {
  std::string interface;
  idl::match::Overrides overrides;
};

struct ServiceRoutes {
  const router::Cluster* cluster = nullptr;  // in the Snapshot already
  idl::Language written_in = idl::Language::thrift;
  router::PolicyNumbers policy;
  bool refuse_method = false;  // of an exposure: one that has no form refuses alone
};

// Adds the routes to `snapshot`, plans included. OK, or what cannot be served: MAP_* with every field, one a
// line; CALL_AMBIGUOUS_METHOD when another service has the name already. A single method without a form for
// callers of one protocol (streaming to Thrift) does not fail the service: its route refuses with the reason,
// and `warnings` says so.
base::Status add_routes(const ServiceRoutes& service, SchemaSet& schemas,
                        const transcode::PlanOptions& options, Snapshot& snapshot,
                        std::vector<std::string>& warnings);

// The routes of a service without a schema (Cluster::untyped), one for each protocol whose callers can have
// it: CALL_AMBIGUOUS_METHOD, or OK.
base::Status add_untyped_routes(const ServiceRoutes& service, const transcode::PlanOptions& options,
                                Snapshot& snapshot);

// ---- for exposed_routes.cc: what routes of any pairing have in common

idl::Language language_of(router::Protocol protocol);
router::Protocol protocol_of(idl::Language language);
// A route of `method` of `callers` to `target` of `provider`, without plans.
router::MethodRoute make_route(const ServiceRoutes& service, router::Protocol caller,
                               const idl::Service& callers, const idl::Method& method,
                               const idl::Service& provider, const idl::Method* target);
// Compiles the plans of one route into it; the first failure is returned. A method that a text format cannot
// say is served to everybody else, with a warning.
base::Status compile_plans(router::MethodRoute& route, const transcode::Pairing& pairing,
                           const transcode::PlanOptions& options, Snapshot& snapshot,
                           std::vector<std::string>& warnings);

// How callers of that Java interface, who know it by those names, make generic calls: passed on where their
// providers have it as well, else each names the method that it means.
base::Status add_generic_routes(const ServiceRoutes& service, router::Protocol caller, bool forwarded,
                                const idl::Service& callers, const std::vector<std::string>& names,
                                const transcode::PlanOptions& options, Snapshot& snapshot);

// The method of `provider` that a caller's method stands for: the same node, or the other end of a
// derivation; null when there is none.
const idl::Method* counterpart(const idl::Method& caller, const idl::Service& provider);

}  // namespace koine::control
