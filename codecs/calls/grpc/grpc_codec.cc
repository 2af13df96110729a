// What the gRPC codec says of itself.
#include "codecs/calls/grpc/grpc_codec.h"

#include <utility>

#include "codecs/calls/grpc/client_session.h"
#include "codecs/calls/grpc/server_session.h"
#include "codecs/calls/grpc/status_mapping.h"
#include "codecs/transports/http2/types.h"

namespace koine::codecs::calls::grpc {
namespace {

constexpr CallCodecTraits codec_traits{.name = native_grpc,
                                       .multiplexed = true,
                                       .ordered_answers = false,
                                       .streaming = true,
                                       .graceful_goodbye = true,
                                       .carries_metadata = true};

}  // namespace

const CallCodecTraits& GrpcCodec::traits() const { return codec_traits; }

Detected GrpcCodec::detect(base::Bytes first, const base::Limits&) const {
  return transports::http2::detect(first);
}

std::unique_ptr<ServerSession> GrpcCodec::make_server(ServerOptions options, ServerEvents& events) const {
  return std::make_unique<GrpcServerSession>(std::move(options), events);
}

std::unique_ptr<ClientSession> GrpcCodec::make_client(ClientOptions options, ClientEvents& events) const {
  return std::make_unique<GrpcClientSession>(std::move(options), events);
}

}  // namespace koine::codecs::calls::grpc
