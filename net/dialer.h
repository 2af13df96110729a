// Dialer: connects to an address that may be a name: looks it up, then tries its addresses one after another.
// Works over any Network. One connection per object; destroying it gives up. The loop's thread.
#pragma once

#include <memory>

#include "base/function.h"
#include "base/result.h"
#include "net/network.h"

namespace koine::net {

class Dialer {
 public:
  // The connected stream (its handler is set_handler()ed by the receiver before it returns), or why not: the
  // last address's error. Called once, from the loop, never at once; it may destroy the dialer.
  using Callback = base::Function<void(base::Result<StreamPtr>)>;

  // `network` outlives the dialer; `options.timeout_ns` bounds the whole (look-up included), each address
  // gets an equal share of what is left.
  Dialer(Network& network, const Address& address, const ConnectOptions& options, Callback callback);
  ~Dialer();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace koine::net
