// For tests: frames written by hand, and a server session that is fed with them.
#pragma once

#include <string>
#include <string_view>

#include "codecs/transports/http2/session_test_support.h"

namespace koine::codecs::transports::http2::testing {

// RFC 9113 §6: the frame types used here.
enum FrameKind : char {
  DATA = 0,
  HEADERS = 1,
  PRIORITY = 2,
  RST_STREAM = 3,
  SETTINGS = 4,
  PUSH = 5,
  PING = 6,
  GOAWAY = 7,
  WINDOW_UPDATE = 8,
  CONTINUATION = 9
};
enum FrameFlag : char { END_STREAM = 1, ACK = 1, END_HEADERS = 4 };

inline std::string u32(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

inline std::string frame(char type, char flags, std::uint32_t stream, const std::string& body = "") {
  return u32(static_cast<std::uint32_t>(body.size())).substr(1) + type + flags + u32(stream) + body;
}

// A literal field that enters no table (RFC 7541 §6.2.2), its lengths below 127.
inline std::string literal(const std::string& name, const std::string& value) {
  return std::string(1, '\0') + static_cast<char>(name.size()) + name + static_cast<char>(value.size()) +
         value;
}

// A whole request as literals. nghttp2 refuses one without :authority and host.
inline std::string request_block() {
  return literal(":method", "POST") + literal(":scheme", "http") + literal(":path", "/a/b") +
         literal(":authority", "shop");
}

inline std::string opening() { return std::string(client_preface) + frame(SETTINGS, 0, 0); }

class Server {
 public:
  explicit Server(const base::Limits& limits = {}, std::size_t work_share = 0)
      : recorder(Role::server, limits, work_share) {}
  base::Status feed(const std::string& bytes) {
    base::Buffer in;
    in.append(bytes);
    base::Status status = recorder.session->feed(in);
    base::Buffer out;
    recorder.session->drain(out);
    written += out.to_string();
    return status;
  }
  // The error code of the GOAWAY that was written; -1 when there is none.
  int goaway() const { return last_of(GOAWAY, 4); }
  int reset_code() const { return last_of(RST_STREAM, 0); }
  int count(char type) const {
    int found = 0;
    each([&](char seen, std::string_view) { found += seen == type ? 1 : 0; });
    return found;
  }

  Recorder recorder;
  std::string written;

 private:
  template <class F>
  void each(F visit) const {
    for (std::size_t at = 0; at + 9 <= written.size();) {
      const auto byte = [&](std::size_t i) {
        return static_cast<std::size_t>(static_cast<unsigned char>(written[at + i]));
      };
      const std::size_t size = byte(0) << 16 | byte(1) << 8 | byte(2);
      visit(written[at + 3], std::string_view(written).substr(at + 9, size));
      at += 9 + size;
    }
  }
  int last_of(char type, std::size_t offset) const {
    int code = -1;
    each([&](char seen, std::string_view body) {
      if (seen == type) code = static_cast<unsigned char>(body[offset + 3]);
    });
    return code;
  }
};

}  // namespace koine::codecs::transports::http2::testing
