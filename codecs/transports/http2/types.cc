// Names of error codes; telling HTTP/2 by its first bytes.
#include "codecs/transports/http2/types.h"

#include <algorithm>
#include <array>

namespace koine::codecs::transports::http2 {
namespace {

constexpr std::array<std::string_view, 14> names = {"NO_ERROR",
                                                    "PROTOCOL_ERROR",
                                                    "INTERNAL_ERROR",
                                                    "FLOW_CONTROL_ERROR",
                                                    "SETTINGS_TIMEOUT",
                                                    "STREAM_CLOSED",
                                                    "FRAME_SIZE_ERROR",
                                                    "REFUSED_STREAM",
                                                    "CANCEL",
                                                    "COMPRESSION_ERROR",
                                                    "CONNECT_ERROR",
                                                    "ENHANCE_YOUR_CALM",
                                                    "INADEQUATE_SECURITY",
                                                    "HTTP_1_1_REQUIRED"};

}  // namespace

std::string_view to_string(ErrorCode code) {
  const auto index = static_cast<std::size_t>(code);
  return index < names.size() ? names[index] : std::string_view("UNKNOWN_ERROR");
}

Detected detect(base::Bytes first) {
  const std::size_t count = std::min(first.size(), preface_decides_bytes);
  if (base::as_text(first.first(count)) != client_preface.substr(0, count)) return Detected::no;
  return count == preface_decides_bytes ? Detected::yes : Detected::need_more;
}

}  // namespace koine::codecs::transports::http2
