// MemoryNetwork: a network without a kernel, with virtual time, for tests of everything that stands on
// net::Network: any number of workers (a loop and its Network each), names, links with faults, and scripted
// peers. All in one thread; nothing happens but in run_until_idle(), advance() and run_until().
//
//   MemoryNetwork net(seed);                        // the same seed gives the same order of events
//   Network& worker = net.add_worker();             // for the code under test
//   auto provider = net.serve("10.0.0.2:9090");     // for the test: net/memory/peer.h
//   auto client = net.dial("127.0.0.1:80");
//   client->send("…");
//   net.run_until_idle();
//   net.advance(5 * base::second_ns);
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "net/memory/connection.h"
#include "net/memory/manual_loop.h"
#include "net/memory/peer.h"
#include "net/memory/virtual_clock.h"
#include "net/network.h"

namespace koine::net::memory {

class WorkerNetwork;

// What listens at an address.
struct Port {
  Address address;
  std::size_t backlog;
  std::deque<std::shared_ptr<Connection>> queue;
  std::size_t failures = 0;  // of accepts still to come
};

class MemoryNetwork {
 public:
  // 0: ready events are handled in the order in which their streams were made; any other: at random by it.
  explicit MemoryNetwork(std::uint64_t seed = 0);
  MemoryNetwork(const MemoryNetwork&) = delete;
  MemoryNetwork& operator=(const MemoryNetwork&) = delete;
  // Streams, listeners and peers are gone by then.
  ~MemoryNetwork();

  // Lives as long as this.
  Network& add_worker();
  VirtualClock& clock() noexcept { return clock_; }

  // Scripted ends; `address` as Address::parse reads it (a wrong one ends the process: it is the test's own).
  std::unique_ptr<Peer> dial(std::string_view address);
  std::unique_ptr<PeerListener> serve(std::string_view address);

  // How connections are, from the next one on. The function is asked for each, with the address dialled and
  // the number of the connection (0, 1, 2, …).
  void set_links(const ConnectionOptions& options);
  void set_links(std::function<ConnectionOptions(const Address& to, std::uint64_t number)> choose);
  // What a name resolves to, after `delay_ns`. "localhost" is 127.0.0.1 from the start; others are unknown.
  void set_host(std::string name, std::vector<Address> addresses, base::Nanoseconds delay_ns = 0);
  void set_host_error(std::string name, base::Status error, base::Nanoseconds delay_ns = 0);
  // The next `count` attempts to accept at `address` fail as if descriptors were used up.
  void fail_accepts(const Address& address, std::size_t count);
  // The same for the next `count` attempts to connect to `address`.
  void fail_connects(const Address& address, std::size_t count);

  // Runs all loops until nothing is ready at this moment of virtual time. False when that did not happen
  // within `turns_max` turns: something is in a busy loop.
  [[nodiscard]] bool run_until_idle(std::size_t turns_max = 1'000'000);
  // Lets virtual time pass, stopping at each timer and each arrival on the way; idle at the end.
  // False as above.
  [[nodiscard]] bool advance(base::Nanoseconds by_ns);
  // Runs, and lets time pass where needed, until `done` or for `limit_ns` of virtual time; returns done().
  [[nodiscard]] bool run_until(const std::function<bool()>& done, base::Nanoseconds limit_ns);

  // The parts that the above are made of, for tests that look at every step. step(): one turn of one loop,
  // and whatever peers can move; false when nothing is ready at this moment. next_ns(): when something will
  // be; never_ns when nothing waits for time.
  bool step();
  base::Nanoseconds next_ns();
  // The next turn takes so long between its look at the clock and its first event: a process that has to wait
  // for a processor.
  void hold_up_next_turn(base::Nanoseconds by_ns) {
    held_up_ = [this, by_ns] { clock_.advance(by_ns); };
  }

  // Timers of one worker's loop that were started and have neither fired nor been cancelled.
  std::size_t timers_waiting(const Network& worker) const;
  // Connections that stand now, in the order in which they were dialled.
  std::vector<std::shared_ptr<Connection>> standing_connections() const;
  // Connections of which one side is not closed yet; turns taken by all loops.
  std::size_t open_connections() const;
  std::uint64_t turns() const noexcept { return turns_; }

 private:
  friend class WorkerNetwork;
  friend class MemoryListener;
  friend class Peer;
  friend class PeerListener;

  struct Host {
    std::vector<Address> addresses;
    base::Status error;
    base::Nanoseconds delay_ns;
  };
  struct Dialling {
    std::shared_ptr<Connection> connection;
    Address to;
    base::Nanoseconds at_ns;
  };

  std::shared_ptr<Connection> connect(const Address& to);
  // Errors: NET_IO when taken.
  base::Result<std::shared_ptr<Port>> open_port(const Address& address, std::size_t backlog);
  void close_port(const std::shared_ptr<Port>& port);
  Port* find_port(const Address& to);
  AcceptedSocket to_accepted(std::shared_ptr<Connection> connection);
  std::shared_ptr<Connection> from_accepted(AcceptedSocket& socket);
  static void close_accepted(void* self, int id) noexcept;
  bool settle_dialling();
  // One of fail_connects() is used up by it.
  bool refuses_connect(const Address& to);

  VirtualClock clock_;
  std::function<void()> held_up_;
  std::mt19937_64 random_;
  bool shuffled_;
  std::vector<std::unique_ptr<WorkerNetwork>> workers_;
  std::size_t next_worker_ = 0;
  std::function<ConnectionOptions(const Address&, std::uint64_t)> choose_links_;
  std::map<std::string, Host> hosts_;
  std::map<std::string, std::shared_ptr<Port>> ports_;
  std::vector<Dialling> dialling_;
  std::map<std::string, std::size_t> connect_failures_;  // still to come
  std::vector<std::weak_ptr<Connection>> connections_;
  std::map<int, std::shared_ptr<Connection>> accepted_;  // not adopted yet
  int last_accepted_ = 0;
  std::uint16_t last_port_ = 20000;
  std::uint16_t last_client_port_ = 40000;
  std::uint64_t connects_ = 0;
  std::uint64_t turns_ = 0;
  std::vector<Peer*> peers_;
};

}  // namespace koine::net::memory
