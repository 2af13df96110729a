// The page docs/limits.md, out of the tables of base/limits.h and the keys of the configuration. Any thread.
#pragma once

#include <string>

namespace koine::control {

std::string limits_page();

}  // namespace koine::control
