// The order message of the benchmarks, and everything that translates it: each contender turns one message
// from the bytes of one format into those of another, with whatever it keeps from call to call.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace koine::bench {

enum class Format : std::uint8_t { compact, binary, protobuf };

struct Messages {
  std::vector<std::string> compact;
  std::vector<std::string> binary;
  std::vector<std::string> protobuf;
  const std::vector<std::string>& in(Format format) const {
    return format == Format::compact ? compact : format == Format::binary ? binary : protobuf;
  }
};
// `count` different orders of `items` items each; always the same ones.
Messages make_orders(std::size_t count, int items);
// Do both bytes hold the same order? (Field and map order are free.)
bool same_order(Format format, std::string_view a, std::string_view b);

class Contender {
 public:
  virtual ~Contender() = default;
  // The translated message; valid until the next call.
  virtual std::string_view run(std::string_view in) = 0;
};

// Generated libthrift and protobuf code at its best: buffers and objects reused.
enum class Thrift : std::uint8_t { standard, templates };
enum class Objects : std::uint8_t { arena, reused };
std::unique_ptr<Contender> make_generated(Format from, Format to, Thrift thrift, Objects objects);
// One pass written by hand for this message, with all checks; compact and protobuf only.
std::unique_ptr<Contender> make_hand(Format from, Format to);
// A plan.
std::unique_ptr<Contender> make_koine(Format from, Format to);
// memcpy of the input.
std::unique_ptr<Contender> make_copy();

}  // namespace koine::bench
