// fastjson2's binary form of JSON (JSONB): as much of it as stands around a call. Texts and numbers are read;
// whatever else is only stepped over.
//
//   49-78        text of 0-47 bytes in Latin-1 · 79 the same, 7a UTF-8, 7b-7e other encodings, behind a
//   length f0-ff 00-2f  int −16 to 47 · 30-3f, 40-47: 12, 19 bits over two and three bytes · 48 i32 d8-ef
//   long −8 to 15 · c8-d7, c0-c7: 12, 19 bits · bf i32 · be i64 · bc i16 · bd i8 b5 f64 · b7 f32 · b4, b6,
//   b8, ba: a number follows that means one of those, or a decimal · b9 decimal, bb big integer · 90 char ·
//   91 octets · a7-ae dates and times · af null · b0, b1 false, true · b2, b3 0.0, 1.0 94-a3        list of
//   0-15 values · a4 the same behind a length a6 … a5      an object: names and values, one behind the other
//   92 name      the class of the value behind it · 93 text: what is referred to · 7f name: one that is
//   numbered
//
// A length, and a scale, is an int. Nothing is remembered: what is numbered or referred to stays as it is.
// Raw pointers, no state, any thread. Source: alibaba/fastjson2 2.0.56 JSONBConstants, JSONWriterJSONB;
// golden bytes of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace koine::codecs::calls::dubbo::jsonb {

inline constexpr std::uint8_t lead_typed = 0x92;
inline constexpr std::uint8_t lead_object = 0xa6;
inline constexpr std::uint8_t lead_object_end = 0xa5;
inline constexpr std::uint8_t lead_null = 0xaf;

// Each returns what stands behind it, or null when the bytes end first or are something else.

// In UTF-8. Texts in other encodings than Latin-1 and UTF-8 are something else.
const std::uint8_t* read_text(const std::uint8_t* p, const std::uint8_t* end, std::string& text);
// Of at most 32 bits, in the forms of an int, or a byte or a short.
const std::uint8_t* read_int(const std::uint8_t* p, const std::uint8_t* end, std::int32_t& value);
// Any value, nested at most `levels` deep.
const std::uint8_t* skip(const std::uint8_t* p, const std::uint8_t* end, std::size_t levels);
// A name in an object, or of a class (behind lead_typed), that is a text; with a number or without.
const std::uint8_t* read_name(const std::uint8_t* p, const std::uint8_t* end, std::string& name);
const std::uint8_t* read_class(const std::uint8_t* p, const std::uint8_t* end, std::string& name);

void append_text(std::string& out, std::string_view utf8);
void append_octets(std::string& out, std::string_view octets);
void append_int(std::string& out, std::int32_t value);

}  // namespace koine::codecs::calls::dubbo::jsonb
