// gRPC towards callers: messages on their way to the gateway, and compressed ones a share of them in each
// turn.
#include <algorithm>
#include <memory>
#include <utility>

#include "codecs/calls/grpc/server_session.h"

namespace koine::codecs::calls::grpc {
namespace {

// What is decompressed of a connection in a turn: the work of a few dozen calls.
constexpr std::size_t inflate_share_bytes = 128u << 10;
// What was decompressed for nothing is paid for like useless frames: bombs dearly, messages that are only too
// large less so.
constexpr std::size_t bomb_bytes_per_glitch = 4u << 10;
constexpr std::size_t large_bytes_per_glitch = 64u << 10;

}  // namespace

void GrpcServerSession::be_packed(Call& call) {
  await_no_more(call);
  call.in_packed = true;
  packed_.push_back(call.id);
}

void GrpcServerSession::inflate_more() {
  std::size_t left = inflate_share_bytes;
  while (!packed_.empty() && left > 0 && http2_.failure().ok()) {
    Call* call = find(packed_.front());
    if (call == nullptr || call->paused) {  // it is over, or comes back with resume()
      if (call != nullptr) call->in_packed = false;
      packed_.pop_front();
      continue;
    }
    if (call->inflation == nullptr) {
      unread_ -= call->reader.front_bytes();
      call->inflation = std::make_unique<Inflation>(call->reader.encoding(), call->reader.take_compressed(),
                                                    call->reader.pool());
    }
    const std::size_t before = call->inflation->produced();
    const base::Status status = call->inflation->advance(left, options_.limits, options_.hits);
    const std::size_t produced = call->inflation->produced();
    left -= std::min(left, produced - before);
    if (status.ok() && !call->inflation->done()) return;  // the share is used up
    packed_.pop_front();
    call->in_packed = false;
    const std::unique_ptr<Inflation> inflation = std::move(call->inflation);
    if (!status.ok()) {
      const bool bomb = status.reason() == base::Reason::wire_compression;
      fail(*call, status);
      http2_.charge(produced / (bomb ? bomb_bytes_per_glitch : large_bytes_per_glitch));
      continue;
    }
    model::Payload message;
    message.format = call->reader.format();
    message.bytes = inflation->take();
    hand_over(*call, std::move(message));
    if (call->stream != nullptr && call->streaming) deliver(*call);
  }
}

void GrpcServerSession::hand_over(Call& call, model::Payload&& message) {
  if (!call.streaming) {
    const base::Status read = call.variant->read_message(options_.limits, call.head, message, call.mark);
    if (!read.ok()) return fail(call, read);
    call.announced = true;
    call.end_told = true;
    return events_.on_call(call.id, std::move(call.head), true, std::move(message), true);
  }
  await_no_more(call);
  const bool last = call.ended && call.reader.empty();
  if (last) call.end_told = true;
  call.message_out = true;
  events_.on_message(call.id, true, std::move(message), last);
}

}  // namespace koine::codecs::calls::grpc
