// A server of one connection that answers what a test says. Test code only.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace koine::cli {

// Answers once, and closes the connection.
class Answers {
 public:
  // Given all that has come so far: whether it is enough, and what to say then.
  using Answer = std::function<bool(std::string_view request, std::string& answer)>;

  // The same to everybody, as soon as there is anything.
  explicit Answers(std::string bytes)
      : Answers([bytes = std::move(bytes)](std::string_view, std::string& answer) {
          answer = bytes;
          return true;
        }) {}
  explicit Answers(Answer answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Answers() {
    stop();
    ::close(listener_);
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // What the caller sent, when its call is over.
  const std::string& request() {
    stop();
    return request_;
  }

 private:
  void stop() {
    ::shutdown(listener_, SHUT_RDWR);  // ends an accept that nobody came for
    if (thread_.joinable()) thread_.join();
  }
  void serve() {
    const int peer = ::accept(listener_, nullptr, nullptr);
    if (peer < 0) return;
    char taken[4096];
    std::string answer;
    ssize_t got = 0;
    bool enough = false;
    while (!enough && (got = ::recv(peer, taken, sizeof taken, 0)) > 0) {
      request_.append(taken, static_cast<std::size_t>(got));
      enough = answer_(request_, answer);
    }
    for (std::size_t sent = 0; enough && sent < answer.size();) {
      const ssize_t count = ::send(peer, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) break;
      sent += static_cast<std::size_t>(count);
    }
    ::shutdown(peer, SHUT_WR);
    while (got > 0) got = ::recv(peer, taken, sizeof taken, 0);
    ::close(peer);
  }

  const Answer answer_;
  std::string request_;
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace koine::cli
