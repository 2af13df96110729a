// How gRPC writes things into header values: base64 for "-bin" names, percent-encoding for grpc-message,
// digits and a unit for grpc-timeout (grpc/grpc: doc/PROTOCOL-HTTP2.md). Stateless, any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace koine::codecs::calls::grpc {

// Appends RFC 4648 §4 base64 without padding (what gRPC peers emit; all accept it).
void append_base64(std::string& out, std::string_view bytes);
// Appends the bytes of padded or unpadded base64; false on anything else, `out` is then undefined.
[[nodiscard]] bool decode_base64(std::string_view text, std::string& out);

// Appends `text` with every byte outside 0x20…0x7E, and '%', as %XX.
void append_percent_encoded(std::string& out, std::string_view text);
// Never fails: an escape that is none stays as it is.
std::string decode_percent(std::string_view text);

// 1 to 8 digits and one of H M S m u n. False on anything else. Beyond what nanoseconds hold: never_ns.
[[nodiscard]] bool parse_timeout(std::string_view text, base::Nanoseconds& out);
// The finest unit whose count fits 8 digits, rounded up; nothing or less left is "1n", since the count must
// be positive.
std::string format_timeout(base::Nanoseconds left);

}  // namespace koine::codecs::calls::grpc
