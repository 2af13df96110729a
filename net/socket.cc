// Descriptors and the kernel's addresses.
#include "net/socket.h"

#include <cerrno>
#include <cstddef>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>
#include <unistd.h>

namespace koine::net {

void FileDescriptor::reset() noexcept {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

std::string errno_text(int error) {
  const char* text = strerrordesc_np(error);
  return text != nullptr ? text : "error " + std::to_string(error);
}

base::Status errno_status(int error, std::string_view doing) {
  return base::Status(base::Reason::net_io, std::string(doing) + ": " + errno_text(error));
}

base::Result<SocketAddress> to_socket_address(const Address& address) {
  SocketAddress out;
  switch (address.kind()) {
    case AddressKind::ipv4: {
      auto* in = reinterpret_cast<sockaddr_in*>(&out.storage);
      in->sin_family = AF_INET;
      in->sin_port = htons(address.port());
      inet_pton(AF_INET, address.host().c_str(), &in->sin_addr);
      out.size = sizeof(sockaddr_in);
      return out;
    }
    case AddressKind::ipv6: {
      auto* in = reinterpret_cast<sockaddr_in6*>(&out.storage);
      in->sin6_family = AF_INET6;
      in->sin6_port = htons(address.port());
      inet_pton(AF_INET6, address.host().c_str(), &in->sin6_addr);
      out.size = sizeof(sockaddr_in6);
      return out;
    }
    case AddressKind::unix_path: {
      auto* un = reinterpret_cast<sockaddr_un*>(&out.storage);
      un->sun_family = AF_UNIX;
      const std::string& path = address.host();  // shorter than sun_path: Address::from_unix checked it
      std::memcpy(un->sun_path, path.data(), path.size());
      const bool abstract = path.front() == '@';
      if (abstract) un->sun_path[0] = '\0';
      out.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + (abstract ? 0 : 1));
      return out;
    }
    case AddressKind::name: break;
  }
  return base::Status(base::Reason::net_address,
                      "'" + address.to_string() + "' is a name where an IP address or Unix path is needed");
}

Address from_socket_address(const SocketAddress& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.storage.ss_family == AF_INET) {
    const auto* in = reinterpret_cast<const sockaddr_in*>(&address.storage);
    inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text));
    base::Result<Address> out = Address::from_host(text, ntohs(in->sin_port));
    if (out) return *out;
  } else if (address.storage.ss_family == AF_INET6) {
    const auto* in = reinterpret_cast<const sockaddr_in6*>(&address.storage);
    inet_ntop(AF_INET6, &in->sin6_addr, text, sizeof(text));
    base::Result<Address> out = Address::from_host(text, ntohs(in->sin6_port));
    if (out) return *out;
  } else if (address.storage.ss_family == AF_UNIX && address.size > offsetof(sockaddr_un, sun_path)) {
    const auto* un = reinterpret_cast<const sockaddr_un*>(&address.storage);
    std::string path(un->sun_path, address.size - offsetof(sockaddr_un, sun_path));
    if (path.front() == '\0') {
      path.front() = '@';
    } else {
      path.resize(std::strlen(path.c_str()));
    }
    base::Result<Address> out = Address::from_unix(path);
    if (out) return *out;
  }
  return Address();
}

std::string socket_address_text(const SocketAddress& address) {
  if (address.storage.ss_family == AF_UNIX) {
    const Address unix_address = from_socket_address(address);
    return unix_address.kind() == AddressKind::unix_path ? unix_address.to_string() : "unix:";
  }
  return from_socket_address(address).to_string();
}

std::string local_socket_text(int fd) {
  SocketAddress address;
  address.size = sizeof(address.storage);
  if (getsockname(fd, address.get(), &address.size) != 0) return {};
  return socket_address_text(address);
}

base::Result<FileDescriptor> open_stream_socket(const SocketAddress& address) {
  const int family = address.storage.ss_family;
  FileDescriptor fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return errno_status(errno, "opening a socket");
  if (family != AF_UNIX) {
    const int on = 1;
    if (setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0) {
      return errno_status(errno, "setting TCP_NODELAY");
    }
  }
  return fd;
}

}  // namespace koine::net
