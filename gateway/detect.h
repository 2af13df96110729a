// Detect: which protocol a caller speaks, from the first bytes of its connection and nothing else.
//
// No timer decides: every protocol says yes or no after the fewest bytes that can tell. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/buffer.h"
#include "base/limits.h"
#include "gateway/codecs.h"

namespace koine::gateway {

struct Detection {
  enum class Kind : std::uint8_t {
    need_more,
    protocol,  // `protocol` says which
    http1,     // an HTTP/1 request: nobody serves calls over it
    unknown,
  };
  Kind kind = Kind::unknown;
  router::Protocol protocol = router::Protocol::thrift;
};

// As many first bytes as anybody looks at.
inline constexpr std::size_t detect_bytes_max = 512;

// `accepted`: the listener's protocols; empty = every one there is.
Detection detect(base::Bytes first, const Codecs& codecs, const std::vector<router::Protocol>& accepted,
                 const base::Limits& limits);

// What an HTTP/1 client is told before the connection is closed: a whole response.
std::string_view http1_refusal();

}  // namespace koine::gateway
