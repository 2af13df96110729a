// The texts of base/reason.h.
#include "base/reason.h"

#include <array>
#include <cstddef>

namespace koine::base {
namespace {

constexpr auto texts = std::to_array<std::string_view>({
#define KOINE_REASON_TEXT(name, text) text,
    KOINE_REASONS(KOINE_REASON_TEXT)
#undef KOINE_REASON_TEXT
});

}  // namespace

std::string_view to_string(Reason reason) { return texts[static_cast<std::size_t>(reason)]; }

Reason reason_from_string(std::string_view text) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i] == text) return static_cast<Reason>(i);
  }
  return Reason::internal;
}

}  // namespace koine::base
