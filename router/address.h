// Address: a place to listen on or to connect to, as configuration writes it.
//
//   127.0.0.1:7000   [::1]:7000   unix:/run/koine.sock   orders.internal:9090   (and, to listen, :7000)
// Value type, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace koine::router {

struct Address {
  enum class Kind : std::uint8_t {
    ip,         // host is an IPv4 or IPv6 literal without brackets
    name,       // host is a DNS name, to be resolved
    unix_path,  // host is the path, port 0
  };
  Kind kind = Kind::ip;
  std::string host;
  std::uint16_t port = 0;

  // The text that parse_address() reads: brackets around IPv6, "unix:" before a path.
  std::string to_string() const;
  // True for 127.0.0.0/8, ::1, "localhost" and Unix sockets.
  bool loopback() const;
  bool operator==(const Address&) const = default;
};

// CONFIG_INVALID with what to write instead. Port 0 is allowed (the system chooses) when `port_zero` is.
base::Result<Address> parse_address(std::string_view text, bool port_zero = true);

}  // namespace koine::router
