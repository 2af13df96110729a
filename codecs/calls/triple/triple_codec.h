// Triple as a call codec: gRPC's sessions, given what Triple has beyond. Immutable, any thread.
#pragma once

#include <memory>

#include "codecs/call_codec.h"

namespace koine::codecs::calls::triple {

class TripleCodec final : public CallCodec {
 public:
  const CallCodecTraits& traits() const override;
  // HTTP/2's preface, as gRPC's.
  Detected detect(base::Bytes first, const base::Limits& limits) const override;
  std::unique_ptr<ServerSession> make_server(ServerOptions options, ServerEvents& events) const override;
  std::unique_ptr<ClientSession> make_client(ClientOptions options, ClientEvents& events) const override;
};

}  // namespace koine::codecs::calls::triple
