// Folding. Owner: see folded.h.
#include "idl/folded.h"

namespace koine::idl {

std::string folded(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  for (const char c : name) {
    if (c != '_') out += lower_letter(c);
  }
  return out;
}

}  // namespace koine::idl
