// How often each kind met each boundary between each ordered pair of formats. Test code only.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "transcode/proof/boundaries.h"
#include "transcode/proof/formats.h"

namespace koine::transcode::proof {

class Coverage {
 public:
  // A tree with these cells crossed, or was refused for one of them that is trouble.
  void add(Format from, Format to, const std::vector<Cell>& cells, bool refused);
  void add(const Coverage& other);
  // Kind, boundary and pair of every cell that must be met and was not.
  std::vector<std::string> empty() const;
  // Kinds and boundaries down, pairs across.
  std::string table() const;

 private:
  std::array<std::array<std::uint32_t, cell_count>, pair_count> counts_{};
};

}  // namespace koine::transcode::proof
