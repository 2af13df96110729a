// One address after another.
#include "net/dialer.h"

#include <algorithm>
#include <utility>

namespace koine::net {

struct Dialer::State final : StreamHandler {
  State(Network& on, const ConnectOptions& with, Callback tell)
      : network(on), options(with), callback(std::move(tell)), deadline(on.loop()) {}
  ~State() { network.cancel_resolve(look_up); }

  void start(const Address& address) {
    const base::Nanoseconds now = network.loop().clock().monotonic_ns();
    end_ns = options.timeout_ns >= base::never_ns - now ? base::never_ns : now + options.timeout_ns;
    deadline.start(options.timeout_ns, [this, text = address.to_string()] {
      finish(
          base::Status(base::Reason::net_timeout, "connecting to " + text + " took longer than its timeout"));
    });
    look_up = network.resolve(address, [this](base::Result<std::vector<Address>> found) {
      look_up = 0;
      if (!found) return finish(found.error());
      addresses = std::move(*found);
      try_next();
    });
  }

  void try_next() {
    const auto left = static_cast<base::Nanoseconds>(addresses.size() - next);
    ConnectOptions one = options;
    if (end_ns != base::never_ns) {
      one.timeout_ns = std::max<base::Nanoseconds>(end_ns - network.loop().now_ns(), 0) / left;
    }
    stream = network.connect(addresses[next++], *this, one);
  }

  // The callback may destroy the dialer, and this with it: nothing is touched after it.
  void finish(base::Result<StreamPtr> result) {
    deadline.cancel();
    network.cancel_resolve(std::exchange(look_up, 0));
    stream.reset();
    Callback tell = std::move(callback);
    tell(std::move(result));
  }

  void on_connected() override { finish(std::move(stream)); }
  void on_data(base::Buffer&) override {}  // not before on_connected, and then the receiver's
  void on_eof() override {}
  void on_closed(const base::Status& status) override {
    stream.reset();
    if (next == addresses.size()) return finish(status);
    try_next();
  }

  Network& network;
  ConnectOptions options;
  Callback callback;
  Timer deadline;
  base::Nanoseconds end_ns = base::never_ns;
  ResolveId look_up = 0;
  std::vector<Address> addresses;
  std::size_t next = 0;
  StreamPtr stream;
};

Dialer::Dialer(Network& network, const Address& address, const ConnectOptions& options, Callback callback)
    : state_(std::make_unique<State>(network, options, std::move(callback))) {
  state_->start(address);
}

Dialer::~Dialer() = default;

}  // namespace koine::net
