// Asking every codec, and recognising HTTP/1 so that it gets an answer it can read.
#include "gateway/detect.h"

#include <algorithm>

namespace koine::gateway {
namespace {

constexpr std::string_view http1_answer =
    "HTTP/1.1 505 HTTP Version Not Supported\r\n"
    "content-type: text/plain; charset=utf-8\r\n"
    "content-length: 122\r\n"
    "connection: close\r\n"
    "\r\n"
    "This address serves gRPC (HTTP/2 without TLS, by prior knowledge) and framed Thrift; "
    "calls over HTTP/1 are not served.\n\n\n\n";
static_assert(http1_answer.size() - http1_answer.find("\r\n\r\n") - 4 == 122);

// A request line's beginning (RFC 9112 §3): an upper-case method, a space, and a target.
codecs::Detected detect_http1(base::Bytes first) {
  constexpr std::size_t method_max = 20;
  std::size_t at = 0;
  while (at < first.size() && first[at] >= 'A' && first[at] <= 'Z') {
    if (++at > method_max) return codecs::Detected::no;
  }
  if (at == first.size()) return codecs::Detected::need_more;
  if (at < 3 || first[at] != ' ') return codecs::Detected::no;
  if (at + 1 == first.size()) return codecs::Detected::need_more;
  const std::uint8_t target = first[at + 1];
  return target > ' ' && target < 0x7f ? codecs::Detected::yes : codecs::Detected::no;
}

}  // namespace

Detection detect(base::Bytes first, const Codecs& codecs, const std::vector<router::Protocol>& accepted,
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
    if (!accepted.empty() && std::find(accepted.begin(), accepted.end(), protocol) == accepted.end())
      continue;
    switch (codec->detect(first, limits)) {
      case codecs::Detected::yes:
        detection.kind = Detection::Kind::protocol;
        detection.protocol = protocol;
        return detection;
      case codecs::Detected::need_more: need_more = true; break;
      case codecs::Detected::no: break;
    }
  }
  const codecs::Detected http1 = detect_http1(first);
  if (!need_more && http1 == codecs::Detected::yes) {
    detection.kind = Detection::Kind::http1;
  } else if ((need_more || http1 == codecs::Detected::need_more) && first.size() < detect_bytes_max) {
    detection.kind = Detection::Kind::need_more;
  }
  return detection;
}

std::string_view http1_refusal() { return http1_answer; }

}  // namespace koine::gateway
