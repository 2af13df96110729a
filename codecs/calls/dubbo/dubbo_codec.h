// Dubbo2 as a call codec: detection by its magic number, sessions for consumers and for providers.
// Immutable, any thread.
#pragma once

#include <memory>

#include "codecs/call_codec.h"

namespace koine::codecs::calls::dubbo {

class DubboCodec final : public CallCodec {
 public:
  const CallCodecTraits& traits() const override;
  Detected detect(base::Bytes first, const base::Limits& limits) const override;
  std::unique_ptr<ServerSession> make_server(ServerOptions options, ServerEvents& events) const override;
  std::unique_ptr<ClientSession> make_client(ClientOptions options, ClientEvents& events) const override;
};

}  // namespace koine::codecs::calls::dubbo
