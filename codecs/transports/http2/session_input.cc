// What comes in, and what a peer may make it cost: the budgets of base/limits.h, and a turn's share of work.
#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include <nghttp2/nghttp2.h>

#include "codecs/transports/http2/session.h"
#include "codecs/transports/http2/session_impl.h"

namespace koine::codecs::transports::http2 {

void SessionImpl::terminate(base::Limit limit, std::string why) {
  if (!failure.ok()) return;
  hit(limit);
  terminate(ErrorCode::enhance_your_calm, base::limit_table()[static_cast<std::size_t>(limit)].reason,
            std::move(why));
}

void SessionImpl::good_stream() {
  resets_received.earn(1);
  resets_caused.earn(1);
  glitches.earn(glitches_earned_by_stream);
}

// Only callers': a provider's reset ends a call that we began ourselves.
void SessionImpl::received_reset() {
  ++counters.resets_received;
  if (options.role == Role::client || resets_received.take(1, now_ns())) return;
  terminate(base::Limit::resets_received_burst, "the peer reset " +
                                                    std::to_string(options.limits.resets_received_burst) +
                                                    " HTTP/2 streams more than it let end");
}

void SessionImpl::caused_reset() {
  ++counters.resets_caused;
  if (resets_caused.take(1, now_ns())) return;
  terminate(base::Limit::resets_caused_burst, "the peer made us reset " +
                                                  std::to_string(options.limits.resets_caused_burst) +
                                                  " HTTP/2 streams more than it let end");
}

void SessionImpl::glitch(std::int64_t count) {
  if (!glitches.take(count, now_ns())) {
    terminate(base::Limit::glitches_burst,
              "the peer floods the connection with HTTP/2 frames that bring no call forward");
  } else if (options.role == Role::server && !goodbye_sent && glitches.below_quarter()) {
    shutdown();
  }
}

void Session::charge(std::size_t glitches) {
  if (glitches > 0 && impl_->failure.ok()) impl_->glitch(static_cast<std::int64_t>(glitches));
}

// The library closes its side and says nothing for some frames: DATA of stream 0, frames that are too long,
// windows that overflow. A client is told when it asks whether it may open streams; a server learns it from
// the GOAWAY that is written.
bool SessionImpl::gave_up() const {
  if (options.role == Role::server) return false;
  return goaway_received || nghttp2_session_check_request_allowed(session) == 0;
}

int SessionImpl::receive(base::Bytes bytes) {
  const ssize_t count = nghttp2_session_mem_recv(session, bytes.data(), bytes.size());
  return count < 0 ? static_cast<int>(count) : 0;
}

void SessionImpl::input_failed(int error) {
  if (error == NGHTTP2_ERR_FLOODED) {
    terminate(base::Limit::acks_queued_max,
              "the peer floods the connection with HTTP/2 control frames and reads no answer");
  } else if (error == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS) {
    terminate(base::Limit::continuations_max, "a header block has more than " +
                                                  std::to_string(options.limits.continuations_max) +
                                                  " CONTINUATION frames");
  } else if (error == NGHTTP2_ERR_BAD_CLIENT_MAGIC) {
    fail(base::Reason::wire_malformed, "the connection does not begin with HTTP/2's preface");
  } else {
    terminate(ErrorCode::internal_error, base::Reason::wire_malformed,
              std::string("HTTP/2 input refused: ") + nghttp2_strerror(error));
  }
}

base::Status Session::feed(base::Buffer& in) {
  SessionImpl& impl = *impl_;
  impl.share_used = false;
  if (!impl.failure.ok()) {
    impl.failure_told = true;
    in.clear();
    return impl.failure;
  }
  impl.suspect = false;
  const std::size_t given = impl.options.work_share;
  std::int64_t share =
      given == 0 ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(given);
  while (!in.empty() && impl.failure.ok()) {
    impl.feeding = in.slices().front();
    const FrameScanner::Piece piece = impl.scanner.next(impl.feeding.bytes(), share);
    if (piece.size == 0) {
      impl.share_used = true;
      break;
    }
    const int error = piece.bytes.empty() ? 0 : impl.receive(piece.bytes);
    if (error != 0) {
      impl.input_failed(error);
      break;
    }
    in.consume(piece.size);
  }
  impl.feeding = base::Slice();
  const std::size_t waiting = nghttp2_session_get_outbound_queue_size(impl.session);
  if (waiting > impl.options.limits.frames_queued_max) {
    impl.terminate(base::Limit::frames_queued_max, "more than " +
                                                       std::to_string(impl.options.limits.frames_queued_max) +
                                                       " HTTP/2 frames wait to be written");
  } else if (waiting >= impl.options.limits.frames_unread_max) {
    impl.hit(base::Limit::frames_unread_max);
  }
  // The library queues a GOAWAY and says nothing: writing it now tells a broken connection from one bad
  // stream.
  if (impl.failure.ok() && (impl.suspect || impl.gave_up())) impl.pump(impl.staged);
  if (!impl.failure.ok()) {
    impl.failure_told = true;
    impl.share_used = false;
    in.clear();
  }
  return impl.failure;
}

}  // namespace koine::codecs::transports::http2
