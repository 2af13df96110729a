// What the programs of bench/forward share: the messages, sockets and epoll. Linux, one thread each, nothing
// of Koine in them: they are the ruler, and a ruler costs as little as it can.
//
// A call is framed compact Thrift, `Order echo(1: Order order)` of idl/forward.thrift with an order of 282
// bytes (the shape of the other benchmarks). The order's id is the call's nonce; it and the sequence id
// have a fixed number of bytes, so that every request is the same bytes but for these two.
//
//   length(4) 82 21 seqid(4) 04 "echo" 1c <order> 00      request: CALL, arguments struct with field 1
//   length(4) 82 41 seqid(4) 04 "echo" 0c 00 <order> 00   answer: REPLY, result struct with field 0
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

// ---- messages

constexpr std::size_t seqid_at = 6;                   // in a frame, length included
constexpr std::size_t name_at = 10;                   // length byte, then the name
constexpr std::size_t body_at = 15;                   // in a frame of either kind
constexpr std::size_t order_at = body_at + 1;         // in a request
constexpr std::size_t answer_order_at = body_at + 2;  // in an answer
constexpr std::size_t id_in_order = 1;                // behind the field's header
constexpr std::size_t id_bytes = 6;
constexpr std::size_t seqid_bytes = 4;

inline void put_length(char* at, std::uint32_t length) {
  const std::uint32_t big = htonl(length);
  std::memcpy(at, &big, 4);
}
inline std::uint32_t get_length(const char* at) {
  std::uint32_t big = 0;
  std::memcpy(&big, at, 4);
  return ntohl(big);
}
// A varint of exactly `bytes` bytes; the value needs that many.
inline void put_varint(char* at, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) {
    at[i] = static_cast<char>((value & 0x7f) | (i + 1 < bytes ? 0x80 : 0));
    value >>= 7;
  }
}
// Sequence ids and zigzag ids that need exactly that many bytes.
inline std::uint64_t seqid_of(std::uint64_t nonce) { return (1u << 21) + nonce % ((1u << 28) - (1u << 21)); }
inline std::uint64_t id_of(std::uint64_t nonce) {
  return (std::uint64_t{1} << 36) + (nonce % (std::uint64_t{1} << 34)) * 2;
}
inline void put_nonce(char* frame, bool answer, std::uint64_t nonce) {
  put_varint(frame + seqid_at, seqid_of(nonce), seqid_bytes);
  put_varint(frame + (answer ? answer_order_at : order_at) + id_in_order, id_of(nonce), id_bytes);
}

// The order: field headers are delta << 4 | type.
inline std::string order_bytes() {
  std::string out;
  const auto text = [&](std::string_view value) {
    out += static_cast<char>(value.size());
    out += value;
  };
  out += '\x16';  // 1: i64
  out.append(id_bytes, '\0');
  out += '\x18', text("evelyn harrison");                    // 2: string
  out += '\x18', text("127 lakeshore Street, bridgewater");  // 3
  out += '\x15', out += '\x04';                              // 4: enum, zigzag 2
  out += '\x11';                                             // 5: true
  out += '\x17';                                             // 6: double
  const double total = 1234.56;
  out.append(reinterpret_cast<const char*>(&total), 8);
  out += '\x19', out += '\x5c';  // 7: list of 5 structs
  for (int i = 0; i < 5; ++i) {
    out += '\x18', text("SKU-" + std::to_string(48213 + i * 7919));
    out += '\x15', out += static_cast<char>(2 * (i + 3));
    out += '\x16';
    const std::size_t at = out.size();
    out.append(3, '\0');
    put_varint(out.data() + at, 2u * (19999u + 1000u * static_cast<unsigned>(i)), 3);
    out += '\0';
  }
  out += '\x1b', out += '\x04', out += '\x88';  // 8: map of 4, string to string
  for (const std::string_view one :
       {"channel", "retail-web", "campaign", "autumn", "region", "northeast", "warehouse", "portsmouth"}) {
    text(one);
  }
  out += '\x18', text("leave at the green back door, ring twice");  // 9
  out += '\0';
  return out;
}
inline std::string frame_of(bool answer) {
  std::string out(4, '\0');
  out += '\x82';
  out += answer ? '\x41' : '\x21';
  out.append(seqid_bytes, '\0');
  out += '\x04';
  out += "echo";
  if (answer) {
    out += '\x0c';
    out += '\0';
  } else {
    out += '\x1c';
  }
  out += order_bytes();
  out += '\0';
  put_length(out.data(), static_cast<std::uint32_t>(out.size() - 4));
  return out;
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
