// Thrift's JSON protocol: names of types (lib/cpp/src/thrift/protocol/TJSONProtocol.cpp).
//
//   struct    {"<id>":{"<type>":<value>}, …}
//   list,set  ["<element type>",<count>,<element>, …]
//   map       ["<key type>","<value type>",<count>,{<key>:<value>, …}]
//   bool      1 or 0;  i8 … i64: a number, exact;  dbl: a number, or "NaN", "Infinity", "-Infinity"
//   str       text as JSON text, octets as base64 without padding;  uid: its text
//   as a key of a map every number and bool stands in quotes; structs and containers cannot be keys
//
// Types are thrift_binary's codes: the two protocols have the same ones.
#pragma once

#include <cstdint>
#include <string_view>

namespace koine::codecs::bodies::thrift_json {

// 0 (thrift_binary::type_stop): no type is called so.
std::uint8_t type_of(std::string_view name) noexcept;
// Empty: no such type.
std::string_view name_of(std::uint8_t type) noexcept;
// Can values of the type be keys of a map?
bool is_key(std::uint8_t type) noexcept;

}  // namespace koine::codecs::bodies::thrift_json
