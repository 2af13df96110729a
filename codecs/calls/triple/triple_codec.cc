// The codec's traits and sessions.
#include "codecs/calls/triple/triple_codec.h"

#include <utility>

#include "codecs/calls/grpc/client_session.h"
#include "codecs/calls/grpc/server_session.h"
#include "codecs/calls/triple/triple_variant.h"
#include "codecs/transports/http2/types.h"

namespace koine::codecs::calls::triple {
namespace {

constexpr CallCodecTraits codec_traits = {.name = protocol_name,
                                          .multiplexed = true,
                                          .ordered_answers = false,
                                          .streaming = true,
                                          .graceful_goodbye = true,
                                          .carries_metadata = true};

const TripleVariant& variant() {
  static const TripleVariant triple;
  return triple;
}

}  // namespace

const CallCodecTraits& TripleCodec::traits() const { return codec_traits; }

Detected TripleCodec::detect(base::Bytes first, const base::Limits&) const {
  return transports::http2::detect(first);
}

std::unique_ptr<ServerSession> TripleCodec::make_server(ServerOptions options, ServerEvents& events) const {
  return std::make_unique<grpc::GrpcServerSession>(std::move(options), events, variant());
}

std::unique_ptr<ClientSession> TripleCodec::make_client(ClientOptions options, ClientEvents& events) const {
  return std::make_unique<grpc::GrpcClientSession>(std::move(options), events, variant());
}

}  // namespace koine::codecs::calls::triple
