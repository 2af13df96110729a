// The Thrift call codec: framed transport, binary and compact protocol, Multiplexed names, oneway, declared
// exceptions, TApplicationException. docs/wire/thrift.md has the bytes.
//
// The wire carries neither metadata nor a deadline, and the service only as a Multiplexed prefix. Immutable;
// shared by threads.
#pragma once

#include <memory>

#include "codecs/call_codec.h"

namespace koine::codecs::calls::thrift {

struct ThriftOptions {
  // Also takes the binary protocol of before 2008, whose messages begin with their name. It has no mark of
  // its own, so such a connection is recognised by what looks like a name.
  bool lax_binary = false;
};

class ThriftCodec final : public CallCodec {
 public:
  explicit ThriftCodec(ThriftOptions options = {}) : options_(options) {}

  const CallCodecTraits& traits() const override;
  Detected detect(base::Bytes first, const base::Limits& limits) const override;
  std::unique_ptr<ServerSession> make_server(ServerOptions options, ServerEvents& events) const override;
  std::unique_ptr<ClientSession> make_client(ClientOptions options, ClientEvents& events) const override;

 private:
  ThriftOptions options_;
};

}  // namespace koine::codecs::calls::thrift
