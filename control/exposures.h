// What a configuration says of exposed interfaces and of annotations, as the rest of control takes it.
// Pure functions, any thread.
#pragma once

#include <vector>

#include "control/route_builder.h"
#include "idl/schema.h"

namespace koine::config::v1 {
class Annotations;
class Service;
}  // namespace koine::config::v1

namespace koine::control {

std::vector<Exposure> exposures_of(const config::v1::Service& service);
idl::Annotations annotations_of(const config::v1::Annotations& from);

}  // namespace koine::control
