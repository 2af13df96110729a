// KeyedHash: the hash of maps whose keys come from peers. The seed differs in each process, so that nobody
// can prepare keys that collide. XXH3, 64 bits. Value type, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace koine::base {

// XXH3_64bits_withSeed of the bytes.
std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) noexcept;

// 64 bits from the machine's random source; made once at start and handed to whoever keeps such maps.
std::uint64_t random_seed();

// For std::unordered_map<std::string, T, KeyedHash, std::equal_to<>>: look-up by string_view, no copy.
class KeyedHash {
 public:
  using is_transparent = void;
  explicit KeyedHash(std::uint64_t seed) noexcept : seed_(seed) {}
  std::size_t operator()(std::string_view key) const noexcept {
    return static_cast<std::size_t>(hash_bytes(key, seed_));
  }

 private:
  std::uint64_t seed_;
};

}  // namespace koine::base
