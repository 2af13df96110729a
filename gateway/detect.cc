// Asking every codec, and recognising what is not served so that it is refused by its name.
#include "gateway/detect.h"

#include <initializer_list>

namespace koine::gateway {
namespace {

using base::Reason;
using codecs::Detected;
using governance::metrics::Stranger;

constexpr std::string_view http1_answer =
    "HTTP/1.1 505 HTTP Version Not Supported\r\n"
    "content-type: text/plain; charset=utf-8\r\n"
    "content-length: 112\r\n"
    "connection: close\r\n"
    "\r\n"
    "This address serves gRPC (HTTP/2 without TLS, by prior knowledge) and Thrift; calls over HTTP/1 are "
    "not\n"
    "served.\n";
static_assert(http1_answer.size() - http1_answer.find("\r\n\r\n") - 4 == 112);

// A request line's beginning (RFC 9112 §3): an upper-case method, a space, and a target.
Detected detect_http1(base::Bytes first) {
  constexpr std::size_t method_max = 20;
  std::size_t at = 0;
  while (at < first.size() && first[at] >= 'A' && first[at] <= 'Z') {
    if (++at > method_max) return Detected::no;
  }
  if (at == first.size()) return Detected::need_more;
  if (at < 3 || first[at] != ' ') return Detected::no;
  if (at + 1 == first.size()) return Detected::need_more;
  const std::uint8_t target = first[at + 1];
  return target > ' ' && target < 0x7f ? Detected::yes : Detected::no;
}

// Whether these bytes stand at `from`.
Detected detect_bytes(base::Bytes first, std::size_t from, std::initializer_list<std::uint8_t> wanted) {
  for (const std::uint8_t byte : wanted) {
    if (from >= first.size()) return Detected::need_more;
    if (first[from++] != byte) return Detected::no;
  }
  return Detected::yes;
}

// A frame's length, then TTHeader's magic (cloudwego/gopkg protocol/ttheader).
Detected detect_tt_header(base::Bytes first) {
  if (!first.empty() && first[0] > 0x10) return Detected::no;
  return detect_bytes(first, 4, {0x10, 0x00});
}

// What is recognised and not served.
struct Known {
  Stranger stranger;
  Detected said;
};

}  // namespace

Detection detect(base::Bytes first, const Codecs& codecs, const control::Listener& listener,
                 const base::Limits& limits) {
  Detection detection;
  if (first.empty()) {
    detection.kind = Detection::Kind::need_more;
    return detection;
  }
  bool need_more = false;
  for (std::size_t i = 0; i < router::protocol_count; ++i) {
    const auto protocol = static_cast<router::Protocol>(i);
    const codecs::CallCodec* codec = codecs.find(protocol);
    if (codec == nullptr) continue;
    const Detected said =
        listener.thrift_lax ? codec->detect_lax(first, limits) : codec->detect(first, limits);
    if (said == Detected::need_more) need_more = true;
    if (said != Detected::yes) continue;
    const bool accepted = listener.accepts(protocol);
    // Of those that share a wire the first that is accepted, else the first.
    if (accepted || detection.stranger != Stranger::not_accepted) detection.protocol = protocol;
    if (!accepted) {
      detection.stranger = Stranger::not_accepted;
      continue;
    }
    detection.kind = Detection::Kind::protocol;
    return detection;
  }
  if (detection.stranger == Stranger::not_accepted) return detection;
  // A TLS record of a handshake (RFC 8446 §5.1).
  const Known known[] = {{Stranger::http1, detect_http1(first)},
                         {Stranger::tls, detect_bytes(first, 0, {0x16, 0x03})},
                         {Stranger::tt_header, detect_tt_header(first)}};
  for (const Known& one : known) {
    if (one.said == Detected::need_more) need_more = true;
    if (one.said == Detected::yes && !need_more) detection.stranger = one.stranger;
  }
  if (need_more && first.size() < detect_bytes_max) detection.kind = Detection::Kind::need_more;
  return detection;
}

Refusal refusal_of(const Detection& refused) {
  switch (refused.stranger) {
    case Stranger::http1: return {Reason::wire_unsupported, "HTTP/1 is not served here", http1_answer};
    case Stranger::tls:
      return {Reason::wire_unsupported, "TLS is not served here: callers connect without it", {}};
    case Stranger::tt_header: return {Reason::wire_unsupported, "Kitex's TTHeader is not served here", {}};
    case Stranger::not_accepted:
      return {Reason::wire_unsupported,
              std::string(router::to_string(refused.protocol)) +
                  " is not among this listener's protocols (listeners[].protocols)",
              {}};
    case Stranger::unknown: break;
  }
  return {Reason::wire_malformed, "the first bytes belong to no protocol that is known here", {}};
}

}  // namespace koine::gateway
