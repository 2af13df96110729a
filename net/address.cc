// Reading and printing addresses.
#include "net/address.h"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "base/log.h"

namespace koine::net {
namespace {

using base::Reason;
using base::Result;
using base::Status;

constexpr std::string_view unix_prefix = "unix:";
constexpr std::size_t name_bytes_max = 253;  // RFC 1035 §2.3.4, without the final dot
constexpr std::size_t label_bytes_max = 63;
constexpr std::size_t text_bytes_max = 512;  // longer ones are not even quoted in full

Status bad(std::string_view text, std::string_view why) {
  return Status(Reason::net_address,
                "address " + base::quote_json(text.substr(0, text_bytes_max)) + ": " + std::string(why));
}

bool legal_name(std::string_view name) {
  if (name.empty() || name.size() > name_bytes_max) return false;
  std::size_t label = 0;
  for (const char c : name) {
    if (c == '.') {
      if (label == 0) return false;
      label = 0;
      continue;
    }
    const bool legal =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!legal || ++label > label_bytes_max) return false;
  }
  return true;
}

Result<std::uint16_t> parse_port(std::string_view whole, std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || value > 65535) {
    return bad(whole, "the port must be a number from 0 to 65535");
  }
  return static_cast<std::uint16_t>(value);
}

}  // namespace

Result<Address> Address::parse(std::string_view text) {
  if (text.starts_with(unix_prefix)) return from_unix(text.substr(unix_prefix.size()));
  std::string_view host;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || close + 1 >= text.size() || text[close + 1] != ':') {
      return bad(text, "an IPv6 address is written [address]:port");
    }
    host = text.substr(1, close - 1);
    port = text.substr(close + 2);
    in6_addr parsed{};
    if (inet_pton(AF_INET6, std::string(host).c_str(), &parsed) != 1) {
      return bad(text, "there is no IPv6 address between the brackets");
    }
  } else {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
      return bad(text, "expected host:port, [IPv6 address]:port or unix:path");
    }
    if (text.find(':', colon + 1) != std::string_view::npos) {
      return bad(text, "an IPv6 address is written [address]:port");
    }
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (host.empty())
      return bad(text, "the host is missing; 0.0.0.0 means every IPv4 address of this machine");
  }
  const Result<std::uint16_t> number = parse_port(text, port);
  if (!number) return number.error();
  return from_host(host, *number);
}

Result<Address> Address::from_host(std::string_view host, std::uint16_t port) {
  Address out;
  out.port_ = port;
  const std::string text(host);
  if (text.find('\0') != std::string::npos) return bad(host, "a host holds no NUL");
  char canonical[INET6_ADDRSTRLEN] = {};
  in_addr four{};
  in6_addr six{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) {
    out.kind_ = AddressKind::ipv4;
    out.host_ = inet_ntop(AF_INET, &four, canonical, sizeof(canonical));
    return out;
  }
  if (inet_pton(AF_INET6, text.c_str(), &six) == 1) {
    out.kind_ = AddressKind::ipv6;
    out.host_ = inet_ntop(AF_INET6, &six, canonical, sizeof(canonical));
    return out;
  }
  if (host.ends_with('.')) host.remove_suffix(1);  // a fully qualified name
  if (!legal_name(host)) {
    return bad(text, "the host is neither an IP address nor a name (letters, digits, '-', '_' and '.')");
  }
  // 1.2.3 or 300.1.1.1: old resolvers read such texts as IPv4 addresses in their own way.
  const std::size_t dot = host.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? host : host.substr(dot + 1);
  if (std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return bad(text, "an IPv4 address has four numbers from 0 to 255");
  }
  out.kind_ = AddressKind::name;
  out.host_ = std::string(host);
  std::transform(out.host_.begin(), out.host_.end(), out.host_.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

Result<Address> Address::from_unix(std::string_view path) {
  const std::string whole = std::string(unix_prefix) + std::string(path);
  if (path.empty()) return bad(whole, "the path is missing");
  if (path == "@") return bad(whole, "the name after '@' is missing");
  if (path.find('\0') != std::string_view::npos) return bad(whole, "a path holds no NUL");
  constexpr std::size_t path_bytes_max = sizeof(sockaddr_un{}.sun_path) - 1;
  if (path.size() > path_bytes_max) {
    return bad(whole, "a Unix socket's path has at most " + std::to_string(path_bytes_max) + " bytes");
  }
  Address out;
  out.kind_ = AddressKind::unix_path;
  out.host_ = std::string(path);
  return out;
}

bool Address::is_loopback() const noexcept {
  switch (kind_) {
    case AddressKind::ipv4: return host_.starts_with("127.");
    case AddressKind::ipv6: return host_ == "::1" || host_.starts_with("::ffff:127.");
    case AddressKind::unix_path: return true;
    case AddressKind::name: return false;
  }
  return false;
}

Address Address::with_port(std::uint16_t port) const {
  Address out = *this;
  if (kind_ != AddressKind::unix_path) out.port_ = port;
  return out;
}

std::string Address::to_string() const {
  switch (kind_) {
    case AddressKind::ipv6: return "[" + host_ + "]:" + std::to_string(port_);
    case AddressKind::unix_path: return std::string(unix_prefix) + host_;
    default: return host_ + ":" + std::to_string(port_);
  }
}

}  // namespace koine::net
