// See coverage.h.
#include "transcode/proof/coverage.h"

#include <algorithm>
#include <cstdio>

namespace koine::transcode::proof {
namespace {

// Can a value with this boundary be written in the format it comes from?
bool exists(Format from, idl::Kind kind, Boundary boundary) {
  const std::vector<Boundary> all = boundaries(view_of(from), kind);
  if (std::find(all.begin(), all.end(), boundary) == all.end()) return false;
  if (from != Format::json) return true;
  // libprotobuf writes no JSON for text that is none; what comes twice or is two members is one in its
  // messages.
  return boundary != Boundary::surrogate && boundary != Boundary::two &&
         !(boundary == Boundary::invalid && kind == idl::Kind::string);
}

}  // namespace

void Coverage::add(Format from, Format to, const std::vector<Cell>& cells, bool refused) {
  auto& counts = counts_[index(from, to)];
  for (const Cell one : cells) {
    if (!refused || is_trouble(boundary_of(one))) ++counts[one];
  }
}

void Coverage::add(const Coverage& other) {
  for (std::size_t pair = 0; pair < pair_count; ++pair) {
    for (std::size_t one = 0; one < cell_count; ++one) counts_[pair][one] += other.counts_[pair][one];
  }
}

std::vector<std::string> Coverage::empty() const {
  std::vector<std::string> all;
  for (const Format from : formats) {
    for (std::size_t kind = 0; kind < kind_count; ++kind) {
      for (const Boundary boundary : boundaries(view_of(from), static_cast<idl::Kind>(kind))) {
        if (!exists(from, static_cast<idl::Kind>(kind), boundary)) continue;
        for (const Format to : formats) {
          const Cell one = cell(static_cast<idl::Kind>(kind), boundary);
          if (counts_[index(from, to)][one] != 0) continue;
          all.push_back(std::string(idl::to_string(static_cast<idl::Kind>(kind))) + " " +
                        std::string(name(boundary)) + ", " + std::string(name(from)) + " to " +
                        std::string(name(to)));
        }
      }
    }
  }
  return all;
}

std::string Coverage::table() const {
  constexpr std::string_view letters = "bctpj";
  std::string text = "kind   boundary   ";
  char cell_text[32];
  for (const Format from : formats) {
    for (const Format to : formats) {
      text += "     ";
      text += letters[index(from)];
      text += letters[index(to)];
    }
  }
  text += "\n";
  for (Cell one = 0; one < cell_count; ++one) {
    const bool any =
        std::any_of(counts_.begin(), counts_.end(), [&](const auto& counts) { return counts[one] != 0; });
    if (!any) continue;
    std::snprintf(cell_text, sizeof cell_text, "%-6s %-11s",
                  std::string(idl::to_string(kind_of(one))).c_str(),
                  std::string(name(boundary_of(one))).c_str());
    text += cell_text;
    for (const auto& counts : counts_) {
      std::snprintf(cell_text, sizeof cell_text, "%7u", counts[one]);
      text += counts[one] == 0 ? "      ." : cell_text;
    }
    text += "\n";
  }
  return text + "b binary, c compact, t tjson, p protobuf, j json; from, to\n";
}

}  // namespace koine::transcode::proof
