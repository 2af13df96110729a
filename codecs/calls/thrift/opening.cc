// Dialects by their first bytes.
#include "codecs/calls/thrift/opening.h"

#include <algorithm>

#include "codecs/transports/theader/theader.h"
#include "codecs/transports/zlib/stream.h"
#include "codecs/wire.h"

namespace koine::codecs::calls::thrift {
namespace {

// A length begins with a byte no greater than this: the ceiling of message_bytes_max is 256 MiB. HTTP/1 and
// HTTP/2 (letters), TLS (0x16), Dubbo (0xDA), zlib ('x') and what is unframed are all above.
constexpr std::uint8_t length_first_byte_max = 0x10;

constexpr Opened need_more = {Opening::need_more, Dialect::binary};
constexpr Opened foreign = {Opening::foreign, Dialect::binary};
constexpr Opened framed = {Opening::framed, Dialect::binary};

bool name_character(std::uint8_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == ':' || c == '-';
}

// A message that begins with a mark of its own; foreign when it does not.
Opened marked(base::Bytes first) {
  const std::uint8_t mark = first[0];
  if (mark != 0x80 && mark != 0x82 && mark != '[') return foreign;
  std::size_t at = 1;
  if (mark == '[') {
    while (at < first.size() &&
           (first[at] == ' ' || first[at] == '\t' || first[at] == '\r' || first[at] == '\n')) {
      ++at;
    }
  }
  if (at == first.size()) return at < opening_bytes_max ? need_more : foreign;
  const std::uint8_t second = first[at];
  if (mark == '[') return second == '1' ? Opened{Opening::unframed, Dialect::json} : foreign;
  if (mark == 0x82) return (second & 0x1F) == 1 ? Opened{Opening::unframed, Dialect::compact} : foreign;
  return second == 0x01 ? Opened{Opening::unframed, Dialect::binary} : foreign;
}

// `at`: i32 length of a name that has room in `message_bytes`, and its first character.
Opening lax_name(base::Bytes at, std::size_t message_bytes, const base::Limits& limits) {
  constexpr std::size_t around_name = 9;
  if (at.empty()) return Opening::need_more;
  if (at[0] != 0) return Opening::foreign;
  if (at.size() < 4) return Opening::need_more;
  const std::uint32_t name_bytes = load_be32(at.data());
  if (name_bytes == 0 || name_bytes > 2 * limits.method_name_bytes_max + 1 ||
      message_bytes < name_bytes + around_name) {
    return Opening::foreign;
  }
  if (at.size() < 5) return Opening::need_more;
  return name_character(at[4]) ? Opening::unframed : Opening::foreign;
}

// Behind a frame's length.
Opened framed_message(base::Bytes first, std::size_t frame_bytes, bool lax, const base::Limits& limits) {
  const base::Bytes message = first.subspan(4);
  if (message[0] == transports::theader::magic_first) {
    if (message.size() < 2) return need_more;
    return message[1] == transports::theader::magic_second ? framed : foreign;
  }
  const Opened found = marked(message);
  if (found.opening == Opening::unframed) return framed;
  if (found.opening == Opening::need_more || !lax) return found;
  // A name cannot begin with the byte that begins a name's length, so both forms are told apart by it.
  if (message[0] != 0) {
    const Opening unframed = lax_name(first, std::size_t{1} << 31, limits);
    return {unframed, Dialect::binary_lax};
  }
  return lax_name(message, frame_bytes, limits) == Opening::unframed    ? framed
         : lax_name(message, frame_bytes, limits) == Opening::need_more ? need_more
                                                                        : foreign;
}

}  // namespace

Opened classify(base::Bytes first, bool lax, bool inside_zlib, const base::Limits& limits) {
  if (first.empty()) return need_more;
  if (first[0] > length_first_byte_max) {
    if (first[0] != 0x78) return marked(first);
    if (inside_zlib) return foreign;
    if (first.size() < 2) return need_more;
    return {transports::zlib::begins_stream(first[0], first[1]) ? Opening::zlib : Opening::foreign,
            Dialect::binary};
  }
  if (first.size() < 4) return need_more;
  // A frame over the limit is still a Thrift frame: it is refused in words.
  const std::uint32_t frame_bytes = load_be32(first.data());
  if (frame_bytes == 0) return foreign;
  if (first.size() == 4) return need_more;
  return framed_message(first, frame_bytes, lax, limits);
}

}  // namespace koine::codecs::calls::thrift
