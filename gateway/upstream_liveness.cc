// UpstreamConnection, the part that finds out that a provider is not there any more, and the part that holds
// a long answer back.
//
// A provider that has vanished without a word is found by the kernel (keep-alive, net/stream.h) in every
// protocol. One whose process stands still is found here, where the protocol has a PING. gRPC's servers close
// connections that are asked more than twice between answers (grpc/proposal: A8, "ping strikes"), so two it
// is. The first is due after a silence, or when a call is given up during a shorter one; until it is answered
// the connection gets no more calls. So one that somebody on the way has forgotten costs, under load, the
// calls of one timeout.
#include <algorithm>
#include <string>

#include "gateway/upstream_connection.h"
#include "gateway/upstream_pool.h"

namespace koine::gateway {
namespace {

using base::Limit;
using base::Reason;
using base::Status;

constexpr std::uint32_t pings_max = 2;
// Callers who lose patience sooner say nothing about the provider.
constexpr base::Nanoseconds doubt_after_ns = 100 * base::millisecond_ns;

std::string seconds(base::Nanoseconds time) { return std::to_string(time / base::millisecond_ns) + " ms"; }

}  // namespace

void UpstreamConnection::watch_life() {
  const base::Limits& limits = pool_.limits_;
  const base::Nanoseconds now = pool_.now_ns();
  base::Nanoseconds due = 0;
  if (!session_->established()) {
    due = connected_at_ns_ + limits.upstream_settings_timeout_ns;
  } else if (ping_out_) {
    due = pinged_at_ns_ + limits.upstream_ping_timeout_ns;
  } else if (shared_ && pings_ < pings_max) {
    due = heard_at_ns_ + limits.upstream_ping_interval_ns;
  } else {
    return;
  }
  life_timer_.start(std::max<base::Nanoseconds>(due - now, 1), [this] { on_life_timer(); });
}

void UpstreamConnection::on_life_timer() {
  if (state_ == State::gone || session_ == nullptr) return;
  const base::Limits& limits = pool_.limits_;
  const base::Nanoseconds now = pool_.now_ns();
  const std::string& text = pool_.endpoints_[endpoint_].text;
  if (!session_->established()) {
    if (now - connected_at_ns_ < limits.upstream_settings_timeout_ns) return watch_life();
    base::count_hit(&pool_.context_.metrics.limit_hits, Limit::upstream_settings_timeout);
    return fail(Status(Reason::upstream_silent, text +
                                                    " accepted the connection and sent no SETTINGS within " +
                                                    seconds(limits.upstream_settings_timeout_ns)));
  }
  if (ping_out_) {
    if (now - pinged_at_ns_ < limits.upstream_ping_timeout_ns) return watch_life();
    base::count_hit(&pool_.context_.metrics.limit_hits, Limit::upstream_ping_timeout);
    return fail(Status(Reason::upstream_silent,
                       text + " did not answer a PING within " + seconds(limits.upstream_ping_timeout_ns)));
  }
  if (now - heard_at_ns_ >= limits.upstream_ping_interval_ns) {
    // An earlier one is still out when other bytes came instead of its answer.
    if (!ask()) return life_timer_.start(limits.upstream_ping_interval_ns, [this] { on_life_timer(); });
  }
  watch_life();
}

bool UpstreamConnection::ask() {
  if (!session_->ping()) return false;
  ping_out_ = true;
  pinged_at_ns_ = pool_.now_ns();
  ++pings_;
  pool_.context_.turn.queue(*this);
  return true;
}

// A call was given up, and nothing is heard although there are calls: is anybody there?
void UpstreamConnection::doubt() {
  if (state_ != State::ready || !shared_ || !session_->established() || ping_out_ || pings_ == pings_max)
    return;
  if (pool_.now_ns() - std::max(heard_at_ns_, busy_since_ns_) < doubt_after_ns) return;
  if (ask()) watch_life();
}

void UpstreamConnection::answer_came() {
  pings_ = 0;
  if (shared_ && !life_timer_.active()) watch_life();
}

// Its length is the protocol's secret here: room for the longest is asked, and given back when it is there.
void UpstreamConnection::announce_answer(std::size_t unread) {
  if (unread < pool_.limits_.stream_window_bytes) return;
  const auto [id, attempt] = calls_.entries().front();
  if (announced_ == id) return;
  announced_ = id;
  pool_.context_.events.on_answer_size(attempt, pool_.limits_.message_bytes_max);
}

}  // namespace koine::gateway
