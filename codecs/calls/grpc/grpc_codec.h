// The call codec "grpc": gRPC over cleartext HTTP/2 (prior knowledge). Stateless, any thread.
#pragma once

#include <memory>

#include "codecs/call_codec.h"

namespace koine::codecs::calls::grpc {

class GrpcCodec final : public CallCodec {
 public:
  const CallCodecTraits& traits() const override;
  // HTTP/2's preface, decided by its first four bytes.
  Detected detect(base::Bytes first, const base::Limits& limits) const override;
  std::unique_ptr<ServerSession> make_server(ServerOptions options, ServerEvents& events) const override;
  std::unique_ptr<ClientSession> make_client(ClientOptions options, ClientEvents& events) const override;
};

}  // namespace koine::codecs::calls::grpc
