// What the messages of the benchmarks are filled with: the same numbers in every run.
#pragma once

#include <cstdint>
#include <string>

namespace koine::bench {

class Random {
 public:
  std::uint64_t next() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return state_ >> 33;
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  std::string word(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text.push_back(static_cast<char>('a' + below(26)));
    return text;
  }
  // Words; `foreign`: every fifth of them is followed by a character of two bytes.
  std::string sentence(std::size_t size, bool foreign = false) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i) {
      text += word(2 + below(8));
      text += foreign && i % 5 == 4 ? "\xc3\xbc " : " ";
    }
    return text;
  }

 private:
  std::uint64_t state_ = 20260801;
};

// An order message of idl/order.thrift as JSON: about 290 bytes in the binary formats when it has 5 items.
inline std::string order_json(Random& random, std::size_t items) {
  const auto quoted = [](const std::string& text) { return '"' + text + '"'; };
  std::string json = "{\"id\":" + std::to_string(1000000000 + random.below(9000000000));
  json += ",\"customer\":" + quoted(random.word(6) + ' ' + random.word(7));
  const std::string number = std::to_string(random.below(300));
  json += ",\"address\":" + quoted(number + ' ' + random.word(9) + " Street, " + random.word(8));
  json += ",\"status\":" + std::to_string(1 + random.below(3));
  if (random.below(2) == 1) json += ",\"express\":true";
  const std::uint64_t cents = 1 + random.below(1000000);
  json += ",\"total\":" + std::to_string(cents / 100) + '.' + std::to_string(cents / 10 % 10) +
          std::to_string(cents % 10);
  json += ",\"items\":[";
  for (std::size_t i = 0; i < items; ++i) {
    if (i != 0) json += ',';
    json += "{\"sku\":" + quoted("SKU-" + std::to_string(10000 + random.below(90000)));
    json += ",\"quantity\":" + std::to_string(1 + random.below(80));
    json += ",\"price_cents\":" + std::to_string(99 + random.below(200000)) + '}';
  }
  json += "],\"tags\":{";
  static constexpr const char* keys[] = {"channel", "campaign", "region", "warehouse"};
  for (const char* key : keys) {
    if (key != keys[0]) json += ',';
    json += quoted(key) + ':' + quoted(random.word(4 + random.below(5)));
  }
  json += "},\"note\":" + quoted("leave at the " + random.word(5) + " door") + '}';
  return json;
}

}  // namespace koine::bench
