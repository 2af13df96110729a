// The five formats, the two views of a schema that they write, and sets of ordered pairs of formats.
// Test code only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/call.h"

namespace koine::transcode::proof {

enum class Format : std::uint8_t { binary, compact, thrift_json, protobuf, json };
inline constexpr std::size_t format_count = 5;
inline constexpr std::array<Format, format_count> formats = {
    Format::binary, Format::compact, Format::thrift_json, Format::protobuf, Format::json};
inline constexpr std::size_t pair_count = format_count * format_count;

inline constexpr std::array<std::string_view, format_count> format_names = {"binary", "compact", "tjson",
                                                                            "protobuf", "json"};
inline constexpr std::size_t index(Format format) { return static_cast<std::size_t>(format); }
inline constexpr std::size_t index(Format from, Format to) { return index(from) * format_count + index(to); }
inline constexpr std::string_view name(Format format) { return format_names[index(format)]; }

inline constexpr model::BodyFormat body_format(Format format) {
  constexpr std::array<model::BodyFormat, format_count> all = {
      model::BodyFormat::thrift_binary, model::BodyFormat::thrift_compact, model::BodyFormat::thrift_json,
      model::BodyFormat::protobuf, model::BodyFormat::json};
  return all[index(format)];
}

// Thrift's protocols write the Thrift schema, protobuf and ProtoJSON the protobuf schema.
enum class View : std::uint8_t { thrift, protobuf };
inline constexpr View view_of(Format format) {
  return format < Format::protobuf ? View::thrift : View::protobuf;
}

// A set of ordered pairs, a bit each.
using Pairs = std::uint32_t;
inline constexpr Pairs every_pair = (Pairs{1} << pair_count) - 1;
inline constexpr Pairs pair_of(Format from, Format to) { return Pairs{1} << index(from, to); }
inline constexpr Pairs pairs_from(Format from) {
  return ((Pairs{1} << format_count) - 1) << (index(from) * format_count);
}
inline constexpr Pairs pairs_to(Format to) {
  Pairs pairs = 0;
  for (const Format from : formats) pairs |= pair_of(from, to);
  return pairs;
}
inline constexpr Pairs pairs_with(Format either) { return pairs_from(either) | pairs_to(either); }

}  // namespace koine::transcode::proof
