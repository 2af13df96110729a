// gRPC towards callers: which long message may come now (codecs/calls/grpc/server_session.h, Memory), whose
// rest is waited for, and which reset is no offence.
#include <algorithm>
#include <utility>

#include "codecs/calls/grpc/server_session.h"

namespace koine::codecs::calls::grpc {
namespace {

// A caller's deadline and the network between: how much earlier than ours its clock may end a call. Calls
// that are given less time than a slow one takes excuse nothing: their resets are as cheap as a flood's.
constexpr base::Nanoseconds reset_skew_ns = 20 * base::millisecond_ns;
constexpr base::Nanoseconds excused_timeout_min_ns = 100 * base::millisecond_ns;

}  // namespace

// gRPC clients reset what they have waited for long enough: when a provider hangs that is every call of
// theirs.
bool GrpcServerSession::time_was_up(const Call& call) const {
  if (options_.clock == nullptr || call.timeout_ns == base::never_ns) return false;
  if (call.timeout_ns < excused_timeout_min_ns) return false;
  return options_.clock->monotonic_ns() - call.begun_ns >= call.timeout_ns - reset_skew_ns;
}

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
      await_no_more(call);
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
    if (!call->ended && !call->paused) await(*call, now_ns());
    ask_for(*call, call->reader.front_bytes());
  }
}

void GrpcServerSession::await(Call& call, base::Nanoseconds since_ns) {
  call.awaited = true;
  call.awaited_since_ns = since_ns;
  ++awaited_;
}

void GrpcServerSession::await_no_more(Call& call) {
  if (std::exchange(call.awaited, false)) --awaited_;
}

ServerSession::Stalled GrpcServerSession::refuse_stalled(base::Nanoseconds since_ns) {
  Stalled out;
  if (awaited_ == 0) return out;
  for (const auto& call : calls_) {
    if (!call->awaited) continue;
    if (call->awaited_since_ns > since_ns) {
      out.oldest_ns = std::min(out.oldest_ns, call->awaited_since_ns);
      continue;
    }
    ++out.refused;
    fail(*call, base::Status(base::Reason::limit_idle,
                             "a part of the request came and the rest of it did not, within frame_timeout"));
  }
  return out;
}

}  // namespace koine::codecs::calls::grpc
