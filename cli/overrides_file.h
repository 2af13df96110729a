// The overrides of a pair of IDLs as a file: the part `expose:` of a configuration by itself, which is also
// what `koine idl match --propose` prints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "idl/match/overrides.h"

namespace koine::cli {

struct ExposeEntry {
  std::string interface;
  idl::match::Overrides overrides;
};

// CONFIG_INVALID with file:line:column of what is wrong first.
base::Result<std::vector<ExposeEntry>> read_overrides(std::string_view text, const std::string& file);

}  // namespace koine::cli
