// The life of one connection to a provider.
#include "gateway/upstream_connection.h"

#include <algorithm>
#include <utility>

#include "gateway/upstream_pool.h"

namespace koine::gateway {
namespace {

using base::Reason;
using base::Status;

// A connection that has been idle this long gives its buffers back.
constexpr base::Nanoseconds release_after_ns = base::second_ns;

codecs::ThriftTransport thrift_transport(router::ThriftDialect::Transport transport) {
  switch (transport) {
    case router::ThriftDialect::Transport::framed: break;
    case router::ThriftDialect::Transport::unframed: return codecs::ThriftTransport::unframed;
    case router::ThriftDialect::Transport::header: return codecs::ThriftTransport::header;
  }
  return codecs::ThriftTransport::framed;
}

}  // namespace

UpstreamConnection::UpstreamConnection(UpstreamPool& pool, std::size_t endpoint, Handle own)
    : pool_(pool),
      endpoint_(endpoint),
      own_(own),
      timer_(pool.context_.network.loop()),
      life_timer_(pool.context_.network.loop()) {}

UpstreamConnection::~UpstreamConnection() {
  if (resolving_ != 0) pool_.context_.network.cancel_resolve(resolving_);
  // The session never outlives its events, and the stream's last callback has been.
  stream_.reset();
  session_.reset();
}

void UpstreamConnection::resolve() {
  state_ = State::resolving;
  connect_by_ns_ = pool_.now_ns() + pool_.cluster_.connect_timeout_ns;
  const net::Address& name = pool_.endpoints_[endpoint_].address;
  timer_.start(pool_.cluster_.connect_timeout_ns, [this, &name] {
    pool_.context_.network.cancel_resolve(std::exchange(resolving_, 0));
    fail(Status(Reason::net_timeout, "looking up " + name.host() + " took too long"));
  });
  resolving_ = pool_.context_.network.resolve(name, [this](base::Result<std::vector<net::Address>> found) {
    resolving_ = 0;
    timer_.cancel();
    if (!found.has_value()) return fail(found.error());
    pool_.resolved(endpoint_, *found);
    connect(std::move(*found));
  });
}

void UpstreamConnection::connect(std::vector<net::Address> candidates) {
  state_ = State::connecting;
  candidates_ = std::move(candidates);
  if (connect_by_ns_ == 0) connect_by_ns_ = pool_.now_ns() + pool_.cluster_.connect_timeout_ns;
  connect_next(Status(Reason::net_address, "no address to connect to"));
}

void UpstreamConnection::connect_next(const Status& last_error) {
  const base::Nanoseconds left = connect_by_ns_ - pool_.now_ns();
  if (next_candidate_ == candidates_.size() || left <= 0) return fail(last_error);
  net::ConnectOptions options;
  // An equal share of the time for each address: one that drops packets must not eat the others' chance.
  options.timeout_ns = std::max<base::Nanoseconds>(
      left / static_cast<base::Nanoseconds>(candidates_.size() - next_candidate_), 1);
  options.stream.write_high_bytes = pool_.limits_.write_high_bytes;
  options.stream.write_low_bytes = pool_.limits_.write_low_bytes;
  options.stream.unacknowledged_timeout_ns = pool_.limits_.upstream_unacknowledged_timeout_ns;
  options.stream.keep_alive = true;
  stream_ = pool_.context_.network.connect(candidates_[next_candidate_++], *this, options);
}

void UpstreamConnection::on_connected() {
  candidates_.clear();
  candidates_.shrink_to_fit();
  const router::Cluster& cluster = pool_.cluster_;
  codecs::ClientOptions options;
  options.limits = pool_.limits_;
  options.pool = &pool_.context_.network.loop().slabs();
  options.hits = &pool_.context_.metrics.limit_hits;
  options.clock = &pool_.context_.network.loop().clock();
  // A Unix socket's path is no authority (RFC 3986 §3.2): HTTP/2 servers refuse it. Empty = the codec's
  // default.
  const std::string& endpoint_text = pool_.endpoints_[endpoint_].text;
  const bool is_path = endpoint_text.starts_with("unix:");
  options.authority = !cluster.authority.empty() ? cluster.authority
                      : is_path                  ? std::string()
                                                 : endpoint_text;
  options.multiplexed_name = cluster.thrift.multiplexed_name;
  options.body_format = cluster.body_format();
  options.thrift_transport = thrift_transport(cluster.thrift.transport);
  options.thrift_zlib = cluster.thrift.zlib;
  options.pipelined_max = cluster.pipelined_max;
  session_ = pool_.codec_->make_client(std::move(options), *this);
  state_ = State::ready;
  shared_ = pool_.codec_->traits().multiplexed;
  idle_since_ns_ = connected_at_ns_ = heard_at_ns_ = pool_.now_ns();
  watch_idle();
  watch_life();
  pool_.connection_ready(*this);
  pool_.context_.turn.queue(*this);
}

std::size_t UpstreamConnection::capacity() const {
  return state_ == State::ready && !broken_ && !ping_out_ && session_->accepting() ? session_->capacity() : 0;
}

base::Result<codecs::CallId> UpstreamConnection::start(AttemptRef attempt, const model::CallHead& head,
                                                       bool has_message, model::Payload&& message,
                                                       bool end_of_stream, bool expect_stream) {
  if (state_ != State::ready) return Status(Reason::upstream_closed, "the connection is closing");
  const codecs::CallId id = next_id_++;
  calls_.insert(id, attempt);
  Status started = session_->start(id, head, has_message, std::move(message), end_of_stream, expect_stream);
  if (!started.ok()) {
    calls_.erase(id);
    return started;
  }
  memory_released_ = false;
  if (calls_.size() == 1) busy_since_ns_ = pool_.now_ns();
  // A neighbour's answer is not held back at this call's cost.
  if (stream_->reading_paused()) stream_->resume_reading();
  pool_.context_.turn.queue(*this);
  return id;
}

bool UpstreamConnection::send_message(codecs::CallId id, bool has_message, model::Payload&& message,
                                      bool end_of_stream) {
  if (calls_.find(id) == nullptr) return true;
  const bool more = session_->send_message(id, has_message, std::move(message), end_of_stream);
  pool_.context_.turn.queue(*this);
  return more;
}

void UpstreamConnection::pause(codecs::CallId id) {
  if (calls_.find(id) == nullptr) return;
  session_->pause(id);
  // Nobody else's answer is behind it.
  if (!shared_ && calls_.size() == 1) stream_->pause_reading();
}

void UpstreamConnection::resume(codecs::CallId id) {
  if (calls_.find(id) == nullptr) return;
  session_->resume(id);
  if (stream_->reading_paused()) stream_->resume_reading();
  pool_.context_.turn.queue(*this);
}

void UpstreamConnection::cancel(codecs::CallId id) {
  if (!calls_.erase(id)) return;
  if (!session_->cancel(id)) broken_ = true;
  doubt();
  call_over();
}

void UpstreamConnection::leave() {
  if (state_ == State::gone || state_ == State::leaving) return;
  if (connecting()) return fail(Status(Reason::upstream_closed, "the endpoint is not used any more"));
  state_ = State::leaving;
  session_->shutdown();
  pool_.context_.turn.queue(*this);
}

void UpstreamConnection::fail(const Status& why) {
  if (state_ == State::gone) return;
  const bool was_connecting = connecting();
  state_ = State::gone;
  timer_.cancel();
  life_timer_.cancel();
  if (resolving_ != 0) pool_.context_.network.cancel_resolve(std::exchange(resolving_, 0));
  // Not what is being closed in order already.
  if (stream_ && stream_->open()) stream_->close();
  // Told before the calls are: who is told may try again, and must not find this connection.
  pool_.connection_gone(*this, was_connecting);
  // A provider that takes connections and says nothing is as good as one that takes none; one that talks on
  // other connections is there.
  if (why.reason() == Reason::upstream_silent && !pool_.spoke_since(endpoint_, heard_at_ns_)) {
    pool_.connect_failed(*this, why);
  }
  if (session_ != nullptr) session_->on_closed(why);
  // What the session did not end itself; none, unless it broke its contract.
  for (const auto& [id, attempt] : calls_.entries()) {
    pool_.context_.events.on_finish(attempt, model::outcome_from(why, model::Phase::maybe_executed));
  }
  if (was_connecting) pool_.connect_failed(*this, why);
  // `this` may be on the call stack.
  pool_.context_.turn.doom([pool = pool_.weak_from_this(), own = own_] {
    const auto alive = pool.lock();
    if (alive == nullptr) return;
    alive->connections_.erase(own);
    alive->context_.turn.queue(alive->context_.worker);
  });
}

void UpstreamConnection::on_data(base::Buffer& in) {
  if (state_ == State::gone) return;
  pool_.context_.pulse.at(Activity::provider_bytes);
  heard_at_ns_ = pool_.now_ns();
  ping_out_ = false;  // whatever these bytes are: it lives
  const Status fed = session_->feed(in);
  pool_.context_.turn.queue(*this);
  if (!fed.ok()) return fail(fed);
  if (!shared_ && calls_.size() == 1 && state_ != State::gone) announce_answer(in.size());
}

void UpstreamConnection::on_eof() {
  fail(Status(Reason::upstream_closed, pool_.endpoints_[endpoint_].text + " closed the connection"));
}

void UpstreamConnection::on_writable() { pool_.context_.turn.queue(*this); }

void UpstreamConnection::on_closed(const Status& status) {
  const std::string& text = pool_.endpoints_[endpoint_].text;
  if (state_ == State::connecting) {
    stream_.reset();
    return connect_next(status);
  }
  fail(Status(Reason::upstream_closed, "the connection to " + text + " broke" +
                                           (status.ok() ? "" : ": " + std::string(status.message()))));
}

void UpstreamConnection::on_reply(codecs::CallId id, model::Reply&& reply) {
  const AttemptRef* found = calls_.find(id);
  if (found == nullptr) return;
  const AttemptRef attempt = *found;
  calls_.erase(id);
  answer_came();
  call_over();
  pool_.context_.events.on_reply(attempt, std::move(reply));
}

void UpstreamConnection::on_head(codecs::CallId id, model::ReplyHead&& head) {
  const AttemptRef* attempt = calls_.find(id);
  answer_came();
  if (attempt != nullptr) pool_.context_.events.on_head(*attempt, std::move(head));
}

void UpstreamConnection::on_message(codecs::CallId id, model::Payload&& message) {
  const AttemptRef* attempt = calls_.find(id);
  answer_came();
  if (attempt != nullptr) pool_.context_.events.on_message(*attempt, std::move(message));
}

void UpstreamConnection::on_finish(codecs::CallId id, model::Outcome&& outcome) {
  const AttemptRef* found = calls_.find(id);
  if (found == nullptr) return;
  const AttemptRef attempt = *found;
  calls_.erase(id);
  answer_came();
  call_over();
  pool_.context_.events.on_finish(attempt, std::move(outcome));
}

void UpstreamConnection::on_writable(codecs::CallId id) {
  const AttemptRef* attempt = calls_.find(id);
  if (attempt != nullptr) pool_.context_.events.on_writable(*attempt);
}

void UpstreamConnection::on_capacity() { pool_.context_.turn.queue(*this); }

void UpstreamConnection::on_answer_size(codecs::CallId id, std::size_t bytes) {
  const AttemptRef* attempt = calls_.find(id);
  if (attempt != nullptr) pool_.context_.events.on_answer_size(*attempt, bytes);
}

void UpstreamConnection::call_over() {
  if (state_ != State::gone) pool_.connection_has_room(*this);
  if (stream_->reading_paused()) stream_->resume_reading();
  if (calls_.empty()) {
    idle_since_ns_ = pool_.now_ns();
    watch_idle();
  }
  pool_.context_.turn.queue(*this);
}

void UpstreamConnection::end_of_turn() {
  if (state_ != State::ready && state_ != State::leaving) return;
  if (broken_) {
    return fail(Status(Reason::upstream_closed,
                       "closed after a call that was given up: its late answer could not be told apart"));
  }
  while (!stream_->congested() && session_->wants_write()) {
    base::Buffer out(&pool_.context_.network.loop().slabs());
    session_->drain(out);
    if (out.empty()) break;
    stream_->write(std::move(out));
  }
  if (calls_.empty() && (state_ == State::leaving || session_->wants_close() || !session_->accepting())) {
    stream_->close_after_flush();
    return fail(Status(Reason::upstream_closed, "the connection was no longer needed"));
  }
  if (session_->wants_close()) {
    return fail(Status(Reason::upstream_closed, pool_.endpoints_[endpoint_].text + " ended the connection"));
  }
  if (state_ != State::ready) return;
  if (capacity() > 0) {
    pool_.connection_has_room(*this);
    pool_.context_.turn.queue(pool_);
  }
  pool_.connection_rests(*this);
}

void UpstreamConnection::watch_idle() {
  if (!timer_.active())
    timer_.start(std::min(release_after_ns, pool_.cluster_.idle_close_ns), [this] { on_idle_timer(); });
}

// Armed once and looked at when it fires, not moved with every call.
void UpstreamConnection::on_idle_timer() {
  if (!calls_.empty()) return;  // armed again when the last call is over
  const base::Nanoseconds idle = pool_.now_ns() - idle_since_ns_;
  const base::Nanoseconds close_after = pool_.cluster_.idle_close_ns;
  if (idle >= close_after) return leave();
  if (idle >= release_after_ns && !memory_released_) {
    memory_released_ = true;
    session_->release_idle_memory();
    calls_.trim();
  }
  const base::Nanoseconds next =
      idle < release_after_ns ? std::min(release_after_ns, close_after) : close_after;
  timer_.start(next - idle, [this] { on_idle_timer(); });
}

}  // namespace koine::gateway
