// Small things around socket descriptors: owning one, addresses as the kernel writes them, errors as text.
// Any thread.
#pragma once

#include <string>
#include <utility>

#include <sys/socket.h>

#include "base/result.h"
#include "net/address.h"

namespace koine::net {

// Owns a descriptor; -1 is none.
class FileDescriptor {
 public:
  FileDescriptor() noexcept = default;
  explicit FileDescriptor(int fd) noexcept : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor() { reset(); }

  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  int release() noexcept { return std::exchange(fd_, -1); }
  void reset() noexcept;

 private:
  int fd_ = -1;
};

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
};

// Not for names (NET_ADDRESS).
base::Result<SocketAddress> to_socket_address(const Address& address);
// What the kernel says; family AF_UNIX with or without a path.
Address from_socket_address(const SocketAddress& address);
// "127.0.0.1:80", "[::1]:80", "unix:/path", "unix:" for a nameless end.
std::string socket_address_text(const SocketAddress& address);
// The local end's text; empty when the kernel does not say.
std::string local_socket_text(int fd);

// "Connection refused"; thread-safe.
std::string errno_text(int error);
base::Status errno_status(int error, std::string_view doing);

// A stream socket for that address: non-blocking, close-on-exec, TCP_NODELAY.
base::Result<FileDescriptor> open_stream_socket(const SocketAddress& address);

}  // namespace koine::net
