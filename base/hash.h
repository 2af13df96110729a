// KeyedHash: the hash of maps whose keys come from peers. The seed differs in each process, so that nobody
// can prepare keys that collide. XXH3, 64 bits. Value type, any thread.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace koine::base {

// XXH3_64bits_withSeed of the bytes.
std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) noexcept;

// Another hash of the same purpose, for keys that are mostly short: up to 16 bytes are taken as two words,
// multiplied to 128 bits with the seed in both, without a call.
inline std::uint64_t hash_short(const std::uint8_t* bytes, std::size_t size, std::uint64_t seed) noexcept {
  if (size > 16) [[unlikely]]
    return hash_bytes({reinterpret_cast<const char*>(bytes), size}, seed);
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (size >= 8) {
    std::memcpy(&first, bytes, 8);
    std::memcpy(&last, bytes + size - 8, 8);
  } else if (size >= 4) {
    std::memcpy(&first, bytes, 4);
    std::memcpy(&last, bytes + size - 4, 4);
  } else if (size > 0) {
    first = bytes[0] | std::uint64_t{bytes[size >> 1]} << 8 | std::uint64_t{bytes[size - 1]} << 16;
  }
  __extension__ using Wide = unsigned __int128;
  const Wide product =
      Wide{first ^ seed ^ 0x9e3779b97f4a7c15u} * (last ^ std::rotl(seed, 32) ^ (0xd1b54a32d192ed03u + size));
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

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
