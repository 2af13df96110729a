// forward_load CPU PROTOCOL PORT CONNECTIONS IN_FLIGHT WARM_MS MS PID: calls echo with IN_FLIGHT calls on
// each connection, checks every answer byte by byte against what its own nonce makes it, and prints, for the
// MS behind the warm-up, one line of JSON: calls, wrong answers, seconds, and the CPU time (user and
// system, of /proc/PID/stat) that process PID took meanwhile. One wrong answer ends it with exit code 1.
#include <algorithm>
#include <chrono>
#include <deque>
#include <fstream>
#include <sstream>
#include <vector>

#include "forward_protocols.h"

namespace {

constexpr std::size_t buffer_bytes = 256u << 10;

struct Connection {
  int fd = -1;
  std::deque<std::uint64_t> nonces;  // in flight, by time
  std::string rest;
};

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// User and system time of a whole process, seconds: fields 14 and 15 of proc(5)'s stat.
double cpu_of(const char* pid) {
  std::ifstream file(std::string("/proc/") + pid + "/stat");
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) forward::die("reading the process' CPU time");
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

class Load {
 public:
  Load(const forward::Protocol& protocol, const char* port, std::size_t connections, std::size_t in_flight)
      : protocol_(protocol), request_(protocol.request), answer_(protocol.answer), buffer_(buffer_bytes) {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    all_.resize(connections);
    for (Connection& one : all_) {
      one.fd = forward::connect_to(port, 0);
      forward::watch(epoll_, one.fd, EPOLLIN, &one);
    }
    for (Connection& one : all_) {
      out_.clear();
      for (std::size_t i = 0; i < in_flight; ++i) add_request(one);
      send_out(one);
    }
  }

  std::uint64_t calls() const { return calls_; }

  void run_until(double end) {
    epoll_event events[256];
    while (now() < end) {
      const int count = epoll_wait(epoll_, events, 256, 100);
      for (int i = 0; i < count; ++i) read_from(*static_cast<Connection*>(events[i].data.ptr));
    }
  }

 private:
  void add_request(Connection& one) {
    const std::uint64_t nonce = next_nonce_++;
    protocol_.put_nonce(request_.data(), false, nonce);
    out_ += request_;
    one.nonces.push_back(nonce);
  }

  // What is in flight on one connection fits into its socket's buffer.
  void send_out(Connection& one) {
    for (std::size_t at = 0; at < out_.size();) {
      const ssize_t sent = send(one.fd, out_.data() + at, out_.size() - at, MSG_NOSIGNAL);
      if (sent < 0) forward::die("sending");
      at += static_cast<std::size_t>(sent);
    }
  }

  void read_from(Connection& one) {
    const ssize_t got = recv(one.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got == 0) {
      std::fprintf(stderr, "a connection was closed with %zu calls in flight\n", one.nonces.size());
      std::exit(1);
    }
    if (got < 0) {
      if (errno == EAGAIN) return;
      forward::die("receiving");
    }
    std::string_view in(buffer_.data(), static_cast<std::size_t>(got));
    if (!one.rest.empty()) {
      one.rest += in;
      in = one.rest;
    }
    out_.clear();
    std::size_t at = 0;
    while (true) {
      const std::string_view left = in.substr(at);
      const std::size_t size = protocol_.frame_bytes(left);
      if (size == 0) break;
      // An error of whoever answers has another length: it would be waited for without end.
      if (size != answer_.size()) wrong(one.nonces.empty() ? 0 : one.nonces.front(), left);
      if (left.size() < size) break;
      take_answer(one, left);
      at += size;
      ++calls_;
      add_request(one);
    }
    std::string rest(in.substr(at));
    one.rest.swap(rest);
    send_out(one);
  }

  void take_answer(Connection& one, std::string_view answer) {
    const auto fits = [&](std::uint64_t nonce) {
      protocol_.put_nonce(answer_.data(), true, nonce);
      return std::memcmp(answer.data(), answer_.data(), answer_.size()) == 0;
    };
    const auto last =
        protocol_.answers_in_order && !one.nonces.empty() ? one.nonces.begin() + 1 : one.nonces.end();
    const auto found = std::find_if(one.nonces.begin(), last, fits);
    if (found == last) wrong(one.nonces.empty() ? 0 : one.nonces.front(), answer);
    one.nonces.erase(found);
  }

  [[noreturn]] void wrong(std::uint64_t nonce, std::string_view got) {
    std::fprintf(stderr, "call %llu was answered wrongly: ", static_cast<unsigned long long>(nonce));
    for (const char c : got.substr(0, 200)) {
      std::fprintf(stderr, c >= ' ' && c <= '~' ? "%c" : "\\x%02x", static_cast<unsigned char>(c));
    }
    std::fprintf(stderr, "\n");
    std::exit(1);
  }

  const forward::Protocol& protocol_;
  int epoll_ = -1;
  std::vector<Connection> all_;
  std::string request_, answer_, out_;
  std::vector<char> buffer_;
  std::uint64_t next_nonce_ = 1;
  std::uint64_t calls_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 9) return 2;
  forward::pin(argv[1]);
  const forward::Protocol protocol = forward::protocol(argv[2]);
  Load load(protocol, argv[3], forward::number(argv[4]), forward::number(argv[5]));
  load.run_until(now() + static_cast<double>(forward::number(argv[6])) / 1000);
  const std::uint64_t calls_before = load.calls();
  const double cpu_before = cpu_of(argv[8]);
  const double began = now();
  load.run_until(began + static_cast<double>(forward::number(argv[7])) / 1000);
  const double cpu = cpu_of(argv[8]) - cpu_before;
  const double seconds = now() - began;
  const std::uint64_t calls = load.calls() - calls_before;
  std::printf(
      "{\"calls\": %llu, \"wrong\": 0, \"seconds\": %.3f, \"cpu_seconds\": %.3f, \"cpu_us_per_call\": "
      "%.3f}\n",
      static_cast<unsigned long long>(calls), seconds, cpu,
      cpu * 1e6 / static_cast<double>(calls > 0 ? calls : 1));
  return calls > 0 ? 0 : 1;
}
