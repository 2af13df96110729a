// Is this text well-formed UTF-8? (RFC 3629: shortest forms, no surrogates, up to U+10FFFF; what libprotobuf
// and every JSON reader ask.) Stateless, any thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace koine::codecs {

bool is_utf8(const std::uint8_t* text, std::size_t size) noexcept;
// Are all bytes below 0x80?
bool is_ascii(const std::uint8_t* text, std::size_t size) noexcept;

}  // namespace koine::codecs
