// The codec's traits, its detection by first bytes, and the making of sessions.
#include "codecs/calls/thrift/thrift_codec.h"

#include <algorithm>
#include <utility>

#include "codecs/calls/thrift/client_session.h"
#include "codecs/calls/thrift/server_session.h"

namespace koine::codecs::calls::thrift {
namespace {

constexpr CallCodecTraits codec_traits = {.name = "thrift",
                                          .multiplexed = false,
                                          .ordered_answers = true,
                                          .streaming = false,
                                          .graceful_goodbye = false,
                                          .carries_metadata = false};

// A frame's length begins with a byte no greater than this: the ceiling of message_bytes_max is 256 MiB.
// HTTP/1 and HTTP/2 (letters), TLS (0x16), Dubbo (0xDA) and unframed Thrift (0x80, 0x82) are all above.
constexpr std::uint8_t length_first_byte_max = 0x10;

bool name_character(std::uint8_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == ':' || c == '-';
}

// Bytes 4… of a frame: i32 length of a name that fits the frame, and the name's first character.
Detected detect_lax(base::Bytes first, std::uint32_t frame_bytes, const base::Limits& limits) {
  constexpr std::size_t around_name = 9;
  if (first.size() < 8) return first[4] == 0 ? Detected::need_more : Detected::no;
  const std::uint32_t name_bytes = std::uint32_t{first[4]} << 24 | std::uint32_t{first[5]} << 16 |
                                   std::uint32_t{first[6]} << 8 | std::uint32_t{first[7]};
  if (name_bytes == 0 || name_bytes > 2 * limits.method_name_bytes_max + 1 ||
      frame_bytes < name_bytes + around_name) {
    return Detected::no;
  }
  if (first.size() < 9) return Detected::need_more;
  return name_character(first[8]) ? Detected::yes : Detected::no;
}

}  // namespace

const CallCodecTraits& ThriftCodec::traits() const { return codec_traits; }

// A frame over the limit is still a Thrift frame: the session refuses it in words.
Detected ThriftCodec::detect(base::Bytes first, const base::Limits& limits) const {
  if (first.empty()) return Detected::need_more;
  if (first[0] > length_first_byte_max) return Detected::no;
  if (first.size() < 5) {
    const bool zero = std::all_of(first.begin(), first.end(), [](std::uint8_t byte) { return byte == 0; });
    return first.size() == 4 && zero ? Detected::no : Detected::need_more;
  }
  const std::uint32_t frame_bytes = std::uint32_t{first[0]} << 24 | std::uint32_t{first[1]} << 16 |
                                    std::uint32_t{first[2]} << 8 | std::uint32_t{first[3]};
  if (frame_bytes == 0) return Detected::no;
  if (first[4] == 0x80 || first[4] == 0x82) {
    if (first.size() < 6) return Detected::need_more;
    const bool version_one = first[4] == 0x80 ? first[5] == 0x01 : (first[5] & 0x1F) == 1;
    return version_one ? Detected::yes : Detected::no;
  }
  return options_.lax_binary ? detect_lax(first, frame_bytes, limits) : Detected::no;
}

std::unique_ptr<ServerSession> ThriftCodec::make_server(ServerOptions options, ServerEvents& events) const {
  return std::make_unique<ThriftServerSession>(std::move(options), options_, events);
}

std::unique_ptr<ClientSession> ThriftCodec::make_client(ClientOptions options, ClientEvents& events) const {
  return std::make_unique<ThriftClientSession>(std::move(options), events);
}

}  // namespace koine::codecs::calls::thrift
