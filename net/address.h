// Address: where a socket listens or connects, as people write it in a configuration.
//
//   127.0.0.1:80   [::1]:80   unix:/run/koine.sock   unix:@abstract   localhost:80 (a name, to be resolved)
//
// Value type, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace koine::net {

enum class AddressKind : std::uint8_t { ipv4, ipv6, name, unix_path };

class Address {
 public:
  Address() = default;  // "0.0.0.0:0"

  // Errors: NET_ADDRESS with what is wrong and what is expected. Port 0 is accepted: for a listener it means
  // "any free port", a connect to it is refused when tried.
  static base::Result<Address> parse(std::string_view text);
  // `host` is an IPv4 or IPv6 literal (no brackets) or a host name.
  static base::Result<Address> from_host(std::string_view host, std::uint16_t port);
  static base::Result<Address> from_unix(std::string_view path);

  AddressKind kind() const noexcept { return kind_; }
  bool is_ip() const noexcept { return kind_ == AddressKind::ipv4 || kind_ == AddressKind::ipv6; }
  // True for 127.0.0.0/8, ::1 and Unix sockets; false for a name (resolve it first).
  bool is_loopback() const noexcept;
  // The literal in canonical form, the name in lower case, or the path ("@x" for an abstract one).
  const std::string& host() const noexcept { return host_; }
  std::uint16_t port() const noexcept { return port_; }
  Address with_port(std::uint16_t port) const;

  // What parse() reads, in canonical form: "[::1]:80".
  std::string to_string() const;

  friend bool operator==(const Address&, const Address&) = default;
  friend auto operator<=>(const Address&, const Address&) = default;

 private:
  AddressKind kind_ = AddressKind::ipv4;
  std::uint16_t port_ = 0;
  std::string host_ = "0.0.0.0";
};

}  // namespace koine::net
