// Routes of an interface that was written independently of the provider's: paired by name, method by method.
#pragma once

#include <string>
#include <vector>

#include "control/route_builder.h"
#include "idl/diagnostics.h"

namespace koine::control {

// Adds the routes of `exposure` to `snapshot`. Problems go to `findings`, without a place where it is the
// configuration's: errors refuse the whole configuration, or, where service.refuse_method says so, are
// warnings and the method refuses with them. Losses that nobody allowed are among them, as warnings.
void add_exposed_routes(const ServiceRoutes& service, const Exposure& exposure, SchemaSet& schemas,
                        const transcode::PlanOptions& options, Snapshot& snapshot,
                        std::vector<idl::Diagnostic>& findings);

}  // namespace koine::control
