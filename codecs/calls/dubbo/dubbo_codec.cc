// The codec's traits, its detection by first bytes, and the making of sessions.
#include "codecs/calls/dubbo/dubbo_codec.h"

#include <utility>

#include "codecs/calls/dubbo/attachments.h"
#include "codecs/calls/dubbo/client_session.h"
#include "codecs/calls/dubbo/frame.h"
#include "codecs/calls/dubbo/server_session.h"

namespace koine::codecs::calls::dubbo {
namespace {

constexpr CallCodecTraits codec_traits = {.name = protocol_name,
                                          .multiplexed = true,
                                          .ordered_answers = false,
                                          .streaming = false,
                                          .graceful_goodbye = true,
                                          .carries_metadata = true};

}  // namespace

const CallCodecTraits& DubboCodec::traits() const { return codec_traits; }

Detected DubboCodec::detect(base::Bytes first, const base::Limits&) const {
  if (first.empty()) return Detected::need_more;
  if (first[0] != magic_first) return Detected::no;
  if (first.size() < 2) return Detected::need_more;
  return first[1] == magic_second ? Detected::yes : Detected::no;
}

std::unique_ptr<ServerSession> DubboCodec::make_server(ServerOptions options, ServerEvents& events) const {
  return std::make_unique<DubboServerSession>(std::move(options), events);
}

std::unique_ptr<ClientSession> DubboCodec::make_client(ClientOptions options, ClientEvents& events) const {
  return std::make_unique<DubboClientSession>(std::move(options), events);
}

}  // namespace koine::codecs::calls::dubbo
