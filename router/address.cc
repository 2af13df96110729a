// Reading and printing addresses.
#include "router/address.h"

#include <charconv>

#include <arpa/inet.h>
#include <sys/un.h>

namespace koine::router {
namespace {

base::Status invalid(std::string_view text, std::string_view why) {
  return {base::Reason::config_invalid, "address '" + std::string(text) + "': " + std::string(why)};
}

bool is_ip(const std::string& host) {
  unsigned char parsed[16];
  return inet_pton(AF_INET, host.c_str(), parsed) == 1 || inet_pton(AF_INET6, host.c_str(), parsed) == 1;
}

// A name resolvers accept: labels of letters, digits, '-' and '_', parted by dots (RFC 1123 §2.1).
bool is_name(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  std::size_t label = 0;
  bool letter_seen = false;
  for (const char c : host) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    letter_seen = letter_seen || letter || c == '-' || c == '_';
    if (c == '.') {
      if (label == 0) return false;
      label = 0;
    } else if (!letter && !digit && c != '-' && c != '_') {
      return false;
    } else if (++label > 63) {
      return false;
    }
  }
  return letter_seen;  // "1.2.3" is a broken IP address, not a name
}

}  // namespace

std::string Address::to_string() const {
  if (kind == Kind::unix_path) return "unix:" + host;
  const bool brackets = host.find(':') != std::string::npos;
  return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool Address::loopback() const {
  if (kind == Kind::unix_path) return true;
  if (kind == Kind::name) return host == "localhost";
  return host == "::1" || host.starts_with("127.") || host.starts_with("::ffff:127.");
}

base::Result<Address> parse_address(std::string_view text, bool port_zero) {
  Address address;
  if (text.starts_with("unix:")) {
    address.kind = Address::Kind::unix_path;
    address.host = text.substr(5);
    if (address.host.empty()) return invalid(text, "a path must follow 'unix:', as in unix:/run/koine.sock");
    if (address.host.size() >= sizeof(sockaddr_un::sun_path)) {
      return invalid(text, "the path is longer than a Unix socket address can hold (107 bytes)");
    }
    if (address.host.find('\0') != std::string::npos) return invalid(text, "the path has a NUL byte");
    return address;
  }
  const std::size_t colon = text.rfind(':');
  const bool bracketed = text.starts_with('[');
  const std::size_t bracket = bracketed ? text.find(']') : std::string_view::npos;
  if (colon == std::string_view::npos || (bracketed && bracket + 1 != colon)) {
    return invalid(text, "write host:port, [IPv6]:port or unix:/path");
  }
  address.host = bracketed ? text.substr(1, bracket - 1) : text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
    return invalid(text, "the port must be a number from 0 to 65535");
  }
  if (address.port == 0 && !port_zero) return invalid(text, "the port must be a number from 1 to 65535");
  if (!bracketed && address.host.find(':') != std::string::npos) {
    return invalid(text, "write an IPv6 address in brackets, as in [::1]:7000");
  }
  if (address.host.empty())
    return invalid(text, "the host is missing; 0.0.0.0 and [::] mean every interface");
  if (is_ip(address.host)) {
    address.kind = Address::Kind::ip;
  } else if (bracketed || !is_name(address.host)) {
    return invalid(text, "'" + address.host + "' is neither an IP address nor a host name");
  } else {
    address.kind = Address::Kind::name;
  }
  return address;
}

}  // namespace koine::router
