// Headers as an input has them: lines "name: value"; others are left out.
#pragma once

#include <string_view>

#include "model/metadata.h"

namespace koine::fuzz {

inline model::Metadata header_lines(std::string_view text) {
  model::Metadata fields;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos) fields.add(line.substr(0, colon), line.substr(colon + 2));
    text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
  }
  return fields;
}

}  // namespace koine::fuzz
