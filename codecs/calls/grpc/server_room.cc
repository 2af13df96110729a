// gRPC towards callers: which long message may come now (codecs/calls/grpc/server_session.h, Memory).
#include <utility>

#include "codecs/calls/grpc/server_session.h"

namespace koine::codecs::calls::grpc {

base::Status GrpcServerSession::take(Call& call, model::Payload& out) {
  unread_ -= call.reader.front_bytes();
  return call.reader.take(options_.limits, options_.hits, out);
}

void GrpcServerSession::ask_for(Call& call, std::size_t whole) {
  if (call.waits_for_room) return;
  // What fits into the window comes anyway.
  if (whole > call.charged && whole > options_.limits.stream_window_bytes) {
    const std::size_t more = whole - call.charged;
    if (charged_ > 0 && charged_ + more > options_.limits.connection_memory_bytes_max / 2) {
      base::count_hit(options_.hits, base::Limit::connection_memory_bytes_max);
      call.waits_for_room = true;
      waiting_.push_back(call.id);
      return;
    }
    call.charged = whole;
    charged_ += more;
  }
  http2_.size_window(*call.stream, whole);
  give_back(call);
}

void GrpcServerSession::release(Call& call) {
  charged_ -= std::exchange(call.charged, 0);
  if (!waiting_.empty()) let_wait_in();
}

void GrpcServerSession::let_wait_in() {
  std::vector<CallId> waiting = std::move(waiting_);
  waiting_.clear();
  for (const CallId id : waiting) {
    Call* call = find(id);
    if (call == nullptr) continue;
    if (!waiting_.empty()) {  // one that came earlier still waits
      waiting_.push_back(id);
      continue;
    }
    call->waits_for_room = false;
    ask_for(*call, call->reader.front_bytes());
  }
}

}  // namespace koine::codecs::calls::grpc
