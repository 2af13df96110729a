// ResolveQueue: a loop's side of name look-up: callbacks by id, answers through the loop's mailbox. The
// loop's thread. The threads that wait for getaddrinfo are net/socket_network.h's Resolver.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "net/network.h"
#include "net/socket_network.h"
#include "net/turn_loop.h"

namespace koine::net {

class ResolveQueue {
 public:
  ResolveQueue(TurnLoop& loop, Resolver& resolver) noexcept : loop_(loop), resolver_(resolver) {}

  ResolveId resolve(const Address& name, Network::ResolveCallback callback);
  void cancel(ResolveId id) { waiting_.erase(id); }
  // Cancels all: before the loop ends.
  void clear() { waiting_.clear(); }

 private:
  void answer(ResolveId id, base::Result<std::vector<Address>> result);

  TurnLoop& loop_;
  Resolver& resolver_;
  ResolveId last_id_ = 0;
  std::unordered_map<ResolveId, Network::ResolveCallback> waiting_;
};

}  // namespace koine::net
