// What services[].mapping asks of a service's plans: its mode, and the losses that a lenient one names.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "idl/schema.h"
#include "transcode/allowance.h"
#include "transcode/plan.h"

namespace koine::config::v1 {
class Mapping;
}

namespace koine::control {

// Told of each mistake: the key below `mapping` ("allow[2]"), a rule's id, a text.
using Complain = std::function<void(const std::string& key, std::string rule, std::string message)>;

// What is wrong with the keys themselves, whatever the schemas say.
void check_mapping(const config::v1::Mapping& mapping, const Complain& complain);

// Options for the plans of a service; `services` is the service as callers of each language see it. What
// `allow` names goes into `allowances`, which the options point to.
transcode::PlanOptions mapping_options(const config::v1::Mapping& mapping,
                                       const std::vector<const idl::Service*>& services,
                                       transcode::Allowances& allowances, const Complain& complain);

}  // namespace koine::control
