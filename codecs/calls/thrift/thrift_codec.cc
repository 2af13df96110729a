// The codec's traits, its detection by first bytes, and the making of sessions.
#include "codecs/calls/thrift/thrift_codec.h"

#include <utility>

#include "codecs/calls/thrift/client_session.h"
#include "codecs/calls/thrift/opening.h"
#include "codecs/calls/thrift/server_session.h"

namespace koine::codecs::calls::thrift {
namespace {

constexpr CallCodecTraits codec_traits = {.name = "thrift",
                                          .multiplexed = false,
                                          .ordered_answers = true,
                                          .streaming = false,
                                          .graceful_goodbye = false,
                                          .carries_metadata = true};

Detected detected(base::Bytes first, bool lax, const base::Limits& limits) {
  switch (classify(first, lax, false, limits).opening) {
    case Opening::need_more: return Detected::need_more;
    case Opening::foreign: return Detected::no;
    case Opening::framed:
    case Opening::unframed:
    case Opening::zlib: break;
  }
  return Detected::yes;
}

}  // namespace

const CallCodecTraits& ThriftCodec::traits() const { return codec_traits; }

Detected ThriftCodec::detect(base::Bytes first, const base::Limits& limits) const {
  return detected(first, options_.lax_binary, limits);
}

Detected ThriftCodec::detect_lax(base::Bytes first, const base::Limits& limits) const {
  return detected(first, true, limits);
}

std::unique_ptr<ServerSession> ThriftCodec::make_server(ServerOptions options, ServerEvents& events) const {
  return std::make_unique<ThriftServerSession>(std::move(options), options_, events);
}

std::unique_ptr<ClientSession> ThriftCodec::make_client(ClientOptions options, ClientEvents& events) const {
  return std::make_unique<ThriftClientSession>(std::move(options), events);
}

}  // namespace koine::codecs::calls::thrift
