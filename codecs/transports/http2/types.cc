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
  const std::string_view text = base::as_text(first.first(std::min(first.size(), client_preface.size())));
  const auto differs = std::mismatch(text.begin(), text.end(), client_preface.begin()).first;
  const auto same = static_cast<std::size_t>(differs - text.begin());
  if (same == client_preface.size()) return Detected::yes;
  if (differs == text.end()) return Detected::need_more;
  // Else the session says what is wrong with it.
  return same < preface_decides_bytes ? Detected::no : Detected::yes;
}

}  // namespace koine::codecs::transports::http2
