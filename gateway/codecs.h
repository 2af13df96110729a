// The call codecs of this build, by protocol family. Immutable, shared by threads.
#pragma once

#include <array>
#include <memory>

#include "codecs/call_codec.h"
#include "router/cluster.h"

namespace koine::gateway {

class Codecs {
 public:
  Codecs() = default;
  void set(router::Protocol protocol, std::unique_ptr<const codecs::CallCodec> codec) {
    by_protocol_[static_cast<std::size_t>(protocol)] = std::move(codec);
  }
  // Null when this build has none.
  const codecs::CallCodec* find(router::Protocol protocol) const {
    return by_protocol_[static_cast<std::size_t>(protocol)].get();
  }

 private:
  std::array<std::unique_ptr<const codecs::CallCodec>, router::protocol_count> by_protocol_;
};

// One for each of model/protocol.h's list.
std::shared_ptr<const Codecs> make_codecs();

}  // namespace koine::gateway
