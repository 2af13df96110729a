// What the programs of bench/forward share: what a call is, sockets and epoll. Linux, one thread each,
// nothing of Koine in them: they are the ruler, and a ruler costs as little as it can.
#pragma once

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace forward {

[[noreturn]] inline void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

// An argument of the command line: digits.
inline std::size_t number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    std::fprintf(stderr, "not a number: %s\n", std::string(text).c_str());
    std::exit(2);
  }
  return value;
}

// ---- calls

// One call of a protocol, forward_thrift.h and forward_dubbo.h: `echo` with an order, which is the shape of
// the other benchmarks. The order's id is the call's nonce; it and the number by which an answer is told from
// others have a fixed number of bytes, so that every request is the same bytes but for these two, and every
// answer.
struct Protocol {
  std::string request;
  std::string answer;
  bool answers_in_order;
  // Makes a copy of either that of this call.
  void (*put_nonce)(char* frame, bool answer, std::uint64_t nonce);
  // How long the frame that begins there is, header included; 0: more has to be read to know, SIZE_MAX: it is
  // none.
  std::size_t (*frame_bytes)(std::string_view in);
  // Appends the answer to a request, whoever wrote it, of the load or of what is measured; false: it is none.
  bool (*append_answer)(std::string_view request, std::string& out);
};

constexpr std::size_t frame_bytes_max = 64u << 10;

inline void put_length(char* at, std::uint32_t length) {
  const std::uint32_t big = htonl(length);
  std::memcpy(at, &big, 4);
}
inline std::uint32_t get_length(const char* at) {
  std::uint32_t big = 0;
  std::memcpy(&big, at, 4);
  return ntohl(big);
}

// ---- sockets

inline sockaddr_in loopback(const char* port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  where.sin_port = htons(static_cast<std::uint16_t>(number(port)));
  return where;
}
// Prints "READY <port>".
inline int listen_anywhere() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in where = loopback("0");
  socklen_t size = sizeof(where);
  if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&where), size) != 0 || listen(fd, 1024) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&where), &size) != 0) {
    die("listening");
  }
  std::printf("READY %d\n", ntohs(where.sin_port));
  std::fflush(stdout);
  return fd;
}
inline void no_delay(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}
inline int connect_to(const char* port, int flags) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  const sockaddr_in where = loopback(port);
  if (fd < 0) die("socket");
  if (connect(fd, reinterpret_cast<const sockaddr*>(&where), sizeof(where)) != 0 && errno != EINPROGRESS) {
    die("connecting");
  }
  no_delay(fd);
  return fd;
}
inline void watch(int epoll, int fd, std::uint32_t events, void* data) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = data;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl");
}
inline void rewatch(int epoll, int fd, std::uint32_t events, void* data) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = data;
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) != 0) die("epoll_ctl");
}
inline void pin(const char* cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(number(cpu), &set);
  if (sched_setaffinity(0, sizeof(set), &set) != 0) die("pinning");
}

}  // namespace forward
