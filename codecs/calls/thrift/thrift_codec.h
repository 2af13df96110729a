// The Thrift call codec: framed, unframed and THeader transport, zlib around them; binary, compact and JSON
// protocol; Multiplexed names, oneway, declared exceptions, TApplicationException. docs/wire/thrift.md has
// the bytes.
//
// Only THeader carries metadata and a deadline; the service is on the wire only as a Multiplexed prefix.
// Immutable; shared by threads.
#pragma once

#include <memory>

#include "codecs/call_codec.h"

namespace koine::codecs::calls::thrift {

struct ThriftOptions {
  // Always takes the binary protocol of before 2008, whose messages begin with their name; else only where
  // ServerOptions::thrift_lax says so. It has no mark of its own, so such a connection is recognised by what
  // looks like a name.
  bool lax_binary = false;
};

class ThriftCodec final : public CallCodec {
 public:
  explicit ThriftCodec(ThriftOptions options = {}) : options_(options) {}

  const CallCodecTraits& traits() const override;
  Detected detect(base::Bytes first, const base::Limits& limits) const override;
  Detected detect_lax(base::Bytes first, const base::Limits& limits) const override;
  std::unique_ptr<ServerSession> make_server(ServerOptions options, ServerEvents& events) const override;
  std::unique_ptr<ClientSession> make_client(ClientOptions options, ClientEvents& events) const override;

 private:
  ThriftOptions options_;
};

}  // namespace koine::codecs::calls::thrift
