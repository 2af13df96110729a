// KeySet against std::set.
#include "transcode/key_set.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace koine::transcode {
namespace {

// A key behind its length, as protobuf writes it.
std::string key_of(std::string_view text) {
  std::string key(1, static_cast<char>(text.size()));
  key += text;
  return key;
}

TEST(KeySet, KnowsEveryKeyThatWasThereAndNoOther) {
  std::uint64_t state = 3;
  const auto below = [&state](std::uint64_t bound) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % bound;
  };
  base::Arena arena;
  for (std::size_t keys = 0; keys < 3000; keys = keys * 2 + 1) {
    for (const std::size_t bytes_max : {2u, 3u, 7u, 8u, 16u, 40u}) {
      arena.reset();
      KeySet set(arena, below(UINT32_MAX));
      std::set<std::string> expected;
      std::string all;  // moves as it grows
      for (std::size_t i = 0; i < keys; ++i) {
        std::string text;
        for (std::size_t size = below(bytes_max + 1); text.size() < size;)
          text += static_cast<char>('a' + below(4));
        const std::string key = key_of(text);
        const std::size_t at = all.size();
        all += key;
        ASSERT_EQ(set.add(reinterpret_cast<const std::uint8_t*>(all.data()), at, key.size()),
                  expected.insert(key).second);
      }
    }
  }
}

TEST(KeySet, SeesEveryByteOfAKeyInItsHash) {
  for (std::size_t size = 1; size < 40; ++size) {
    std::set<std::uint64_t> hashes;
    std::string key(size, 'k');
    const auto hash = [&key] {
      return base::hash_short(reinterpret_cast<const std::uint8_t*>(key.data()), key.size(), 42);
    };
    hashes.insert(hash());
    for (char& c : key) {
      c = 'x';
      EXPECT_TRUE(hashes.insert(hash()).second) << size;
      c = 'k';
    }
  }
}

}  // namespace
}  // namespace koine::transcode
