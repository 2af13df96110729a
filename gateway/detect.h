// Detect: which protocol a caller speaks, from the first bytes of its connection and nothing else.
//
// No timer decides: every protocol says yes or no after the fewest bytes that can tell. What is recognised
// and not served is refused by its name. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/limits.h"
#include "control/snapshot.h"
#include "gateway/codecs.h"
#include "governance/metrics/cells.h"

namespace koine::gateway {

struct Detection {
  enum class Kind : std::uint8_t {
    need_more,
    protocol,  // `protocol` says which
    refused,   // `stranger` says what it is
  };
  Kind kind = Kind::refused;
  router::Protocol protocol = router::Protocol::thrift;  // with Stranger::not_accepted: what it is
  governance::metrics::Stranger stranger = governance::metrics::Stranger::unknown;
};

// As many first bytes as anybody looks at.
inline constexpr std::size_t detect_bytes_max = 512;

Detection detect(base::Bytes first, const Codecs& codecs, const control::Listener& listener,
                 const base::Limits& limits);

// How a refused connection ends.
struct Refusal {
  base::Reason reason = base::Reason::wire_malformed;
  std::string why;
  std::string_view answer;  // bytes that the caller can read; empty = closed without a word
};
Refusal refusal_of(const Detection& refused);

}  // namespace koine::gateway
