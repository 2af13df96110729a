// HTTP/1.1 exchanges as calls, so that the kit can be run on the transport: POST /<method> with an opaque
// body. What somebody does who writes a codec upon a transport of their own. Immutable, any thread.
#pragma once

#include <memory>

#include "codecs/call_codec.h"

namespace koine::codecs::conformance::in_tree {

class Http1Codec final : public CallCodec {
 public:
  const CallCodecTraits& traits() const override;
  // The method's letters and a space.
  Detected detect(base::Bytes first, const base::Limits& limits) const override;
  std::unique_ptr<ServerSession> make_server(ServerOptions options, ServerEvents& events) const override;
  std::unique_ptr<ClientSession> make_client(ClientOptions options, ClientEvents& events) const override;
};

}  // namespace koine::codecs::conformance::in_tree
