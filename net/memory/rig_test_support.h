// What the contract tests run on: one Network of any kind, driven until something is true. Test side only.
#pragma once

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "net/memory/memory_network.h"
#include "net/network.h"
#include "net/socket_network.h"

namespace koine::net::memory {

class Rig {
 public:
  virtual ~Rig() = default;
  virtual Network& network() = 0;
  // Drives until `done`; false when it did not come true in a time that is ample.
  virtual bool run_until(const std::function<bool()>& done) = 0;
  // Lets whatever is under way happen.
  virtual void settle() = 0;
  // Where a test may listen.
  virtual Address any_address() = 0;
  // An address that nobody listens at.
  virtual Address nobody() = 0;
};

enum class RigKind {
  sockets_ipv4,
  sockets_ipv6,
  sockets_unix,
  memory,
  memory_unix,
  memory_bytes,
  memory_shuffled
};

class SocketRig final : public Rig {
 public:
  explicit SocketRig(RigKind kind) : kind_(kind) {
    base::Result<std::unique_ptr<Network>> made = make_socket_network(clock_, resolver_);
    if (!made) std::abort();
    network_ = std::move(*made);
    char name[] = "/tmp/koine-net-XXXXXX";
    if (::mkdtemp(name) == nullptr) std::abort();
    folder_ = name;
  }
  ~SocketRig() override {
    network_.reset();
    ::unlink((folder_ + "/s").c_str());
    ::rmdir(folder_.c_str());
  }

  Network& network() override { return *network_; }
  bool run_until(const std::function<bool()>& done) override {
    Loop& loop = network_->loop();
    Timer poll(loop);
    int left = 20'000;
    std::function<void()> look = [&] {
      if (done() || --left == 0) return loop.stop();
      poll.start(base::millisecond_ns, [&] { look(); });
    };
    loop.post([&] { look(); });
    loop.run();
    return done();
  }
  void settle() override {
    int turns = 0;
    run_until([&] { return ++turns > 30; });
  }
  Address any_address() override {
    switch (kind_) {
      case RigKind::sockets_ipv6: return *Address::parse("[::1]:0");
      case RigKind::sockets_unix: return *Address::from_unix(folder_ + "/s");
      default: return *Address::parse("127.0.0.1:0");
    }
  }
  Address nobody() override {
    if (kind_ == RigKind::sockets_unix) return *Address::from_unix(folder_ + "/nobody");
    struct Ignore final : ListenerHandler {
      void on_accepted(AcceptedSocket) override {}
      void on_accept_failed(const base::Status&) override {}
    } ignore;
    // A port that was free a moment ago.
    return (*network_->listen(any_address(), ignore, {}))->address();
  }

 private:
  RigKind kind_;
  base::SystemClock clock_;
  Resolver resolver_;
  std::unique_ptr<Network> network_;
  std::string folder_;
};

class MemoryRig final : public Rig {
 public:
  explicit MemoryRig(RigKind kind) : kind_(kind), world_(kind == RigKind::memory_shuffled ? 20260131 : 0) {
    ConnectionOptions options;
    if (kind == RigKind::memory_bytes) {
      options.to_server.read_bytes_max = options.to_client.read_bytes_max = 1;
      options.to_server.write_bytes_max = options.to_client.write_bytes_max = 3;
    }
    if (kind == RigKind::memory_shuffled) {
      for (LinkOptions* link : {&options.to_server, &options.to_client}) {
        link->read_bytes_max = 5000;
        link->random_reads = true;
        link->latency_ns = base::millisecond_ns;
        link->jitter_ns = base::millisecond_ns;
      }
    }
    world_.set_links(options);
    network_ = &world_.add_worker();
  }

  Network& network() override { return *network_; }
  bool run_until(const std::function<bool()>& done) override {
    return world_.run_until(done, 3600 * base::second_ns);
  }
  void settle() override {
    if (!world_.advance(50 * base::millisecond_ns)) std::abort();
  }
  Address any_address() override {
    return *Address::parse(kind_ == RigKind::memory_unix ? "unix:/run/s" : "127.0.0.1:0");
  }
  Address nobody() override {
    return *Address::parse(kind_ == RigKind::memory_unix ? "unix:/run/nobody" : "127.0.0.1:1");
  }
  MemoryNetwork& world() noexcept { return world_; }

 private:
  RigKind kind_;
  MemoryNetwork world_;
  Network* network_;
};

inline std::unique_ptr<Rig> make_rig(RigKind kind) {
  if (kind <= RigKind::sockets_unix) return std::make_unique<SocketRig>(kind);
  return std::make_unique<MemoryRig>(kind);
}

// A handler that remembers what it was told and does what the test asks at each event.
struct Recorder final : StreamHandler {
  std::string received;
  std::vector<std::string> events;  // "connected", "eof", "writable", "closed OK", "closed NET_IO"
  base::Status closed_status;
  bool keep_data = false;  // leaves input unconsumed
  std::function<void(base::Buffer&)> data;
  std::function<void()> connected;
  std::function<void()> eof;
  std::function<void()> writable;
  std::function<void()> closed;
  StreamPtr stream;
  int data_calls = 0;

  bool saw(std::string_view event) const {
    for (const std::string& one : events) {
      if (one == event) return true;
    }
    return false;
  }

  void on_connected() override {
    events.emplace_back("connected");
    if (connected) connected();
  }
  void on_data(base::Buffer& in) override {
    ++data_calls;
    if (data) return data(in);
    if (keep_data) return;
    received += in.to_string();
    in.consume(in.size());
  }
  void on_eof() override {
    events.emplace_back("eof");
    if (eof) eof();
  }
  void on_writable() override {
    events.emplace_back("writable");
    if (writable) writable();
  }
  void on_closed(const base::Status& status) override {
    closed_status = status;
    events.push_back("closed " + std::string(status.ok() ? "OK" : base::to_string(status.reason())));
    if (closed) closed();
  }
};

// Accepts into Recorders.
struct Acceptor final : ListenerHandler {
  explicit Acceptor(Network& on) : network(on) {}
  Network& network;
  StreamOptions options;
  std::vector<std::unique_ptr<Recorder>> accepted;
  std::vector<base::Status> failures;
  std::function<void(Recorder&)> prepare;
  std::function<void(AcceptedSocket)> instead;
  ListenerPtr listener;

  void on_accepted(AcceptedSocket socket) override {
    if (instead) return instead(std::move(socket));
    accepted.push_back(std::make_unique<Recorder>());
    accepted.back()->stream = network.adopt(std::move(socket), *accepted.back(), options);
    if (prepare) prepare(*accepted.back());
  }
  void on_accept_failed(const base::Status& status) override { failures.push_back(status); }
};

}  // namespace koine::net::memory
