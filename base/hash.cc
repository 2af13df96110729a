// XXH3 and the seed.
#include "base/hash.h"

#include <cstdlib>

#include <sys/random.h>
#include <xxhash.h>

namespace koine::base {

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) noexcept {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  // Up to 256 bytes are never cut short once the kernel's source is ready, and it waits until then.
  while (getrandom(&seed, sizeof(seed), 0) != static_cast<ssize_t>(sizeof(seed))) {}
  return seed;
}

}  // namespace koine::base
