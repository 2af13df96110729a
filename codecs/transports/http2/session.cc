// What the layer above asks of an HTTP/2 session, and the pump that turns nghttp2's output into one buffer.
#include "codecs/transports/http2/session.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

#include <nghttp2/nghttp2.h>

#include "codecs/transports/http2/session_impl.h"
#include "codecs/transports/http2/session_nghttp2.h"

namespace koine::codecs::transports::http2 {
namespace {

constexpr std::size_t default_window_bytes = 65535;  // RFC 9113 §6.9.2

}  // namespace

NvList::NvList(const HeaderList& fields) : size_(fields.size()) {
  nghttp2_nv* out = few_.data();
  if (size_ > few_.size()) {
    many_.resize(size_);
    out = many_.data();
  }
  for (std::size_t i = 0; i < size_; ++i) {
    const HeaderList::Entry entry = fields[i];
    // nghttp2 only reads through these pointers.
    out[i].name = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(entry.name.data()));
    out[i].value = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(entry.value.data()));
    out[i].namelen = entry.name.size();
    out[i].valuelen = entry.value.size();
    // Secrets must not enter any hop's compression table (RFC 7541 §7.1.3).
    const bool secret = entry.name == "authorization" || entry.name == "cookie" ||
                        entry.name == "set-cookie" || entry.name == "proxy-authorization";
    out[i].flags = secret ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE;
  }
}

// ---- SessionImpl

SessionImpl::~SessionImpl() {
  // Streams that still live are dropped without events: whoever destroys a session knows its calls.
  for (const auto& stream : streams) stream->detached_ = true;
  if (session != nullptr) nghttp2_session_del(session);
}

void SessionImpl::submit_own_settings() {
  const auto capped = [](std::size_t value, std::size_t most) {
    return static_cast<std::uint32_t>(std::min(value, most));
  };
  const base::Limits& limits = options.limits;
  const bool server = options.role == Role::server;
  constexpr std::size_t window_max = 0x7fffffff;
  const std::array<nghttp2_settings_entry, 5> entries = {{
      {NGHTTP2_SETTINGS_HEADER_TABLE_SIZE, capped(limits.hpack_table_bytes_max, window_max)},
      {server ? NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS : NGHTTP2_SETTINGS_ENABLE_PUSH,
       server ? capped(limits.streams_per_connection_max, window_max) : 0},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, capped(limits.stream_window_bytes, window_max)},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, capped(limits.headers_bytes_max, window_max)},
      // Drops the priority tree of RFC 7540, which a peer could otherwise make us build.
      {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
  }};
  nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, entries.data(), entries.size());
  const std::size_t window = std::min(limits.connection_window_bytes, window_max);
  nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, static_cast<std::int32_t>(window));
}

Stream* SessionImpl::make_stream(StreamId id) {
  Stream* stream = nullptr;
  if (!free_streams.empty()) {
    stream = free_streams.back();
    free_streams.pop_back();
  } else {
    streams.push_back(std::make_unique<Stream>());
    stream = streams.back().get();
    stream->queue_ = base::Buffer(options.pool);
  }
  stream->id_ = id;
  stream->window_ = options.limits.stream_window_bytes;
  // Until our SETTINGS are acknowledged the window is HTTP/2's own.
  stream->window_most_ = std::max(stream->window_, default_window_bytes);
  ++open;
  ++counters.streams_opened;
  return stream;
}

void SessionImpl::free_stream(Stream* stream) {
  --open;
  queued -= stream->queue_.size();
  // Emptied by hand, not replaced: the containers keep their memory for the next stream.
  base::Buffer queue = std::move(stream->queue_);
  HeaderList trailers = std::move(stream->trailers_);
  queue.clear();
  trailers.clear();
  *stream = Stream();
  stream->queue_ = std::move(queue);
  stream->trailers_ = std::move(trailers);
  free_streams.push_back(stream);
}

void SessionImpl::pump(base::Buffer& out) {
  sink = &out;
  while (out.size() < options.limits.write_high_bytes) {
    const std::uint8_t* data = nullptr;
    const ssize_t count = nghttp2_session_mem_send(session, &data);
    if (count < 0) {
      output_broken = true;  // else wants_write() would promise what never comes
      fail(base::Reason::internal,
           std::string("HTTP/2 output failed: ") + nghttp2_strerror(static_cast<int>(count)));
      break;
    }
    if (count == 0) break;
    out.append(base::Bytes(data, static_cast<std::size_t>(count)));
  }
  sink = nullptr;
}

void SessionImpl::fail(base::Reason reason, std::string why) {
  if (failure.ok()) failure = base::Status(reason, std::move(why));
}

void SessionImpl::terminate(ErrorCode code, base::Reason reason, std::string why) {
  if (!failure.ok()) return;
  nghttp2_session_terminate_session(session, static_cast<std::uint32_t>(code));
  fail(reason, std::move(why));
}

void SessionImpl::goodbye_final() {
  if (goodbye_final_sent) return;
  goodbye_final_sent = true;
  nghttp2_submit_goaway(session, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(session),
                        NGHTTP2_NO_ERROR, nullptr, 0);
}

void SessionImpl::shutdown() {
  if (session == nullptr || goodbye_sent) return;
  goodbye_sent = true;
  if (options.role == Role::client) return goodbye_final();
  nghttp2_submit_shutdown_notice(session);
  nghttp2_submit_ping(session, NGHTTP2_FLAG_NONE, ping_goodbye.data());
}

base::Slice SessionImpl::copy_small(base::Bytes bytes) {
  if (!small || small->capacity - small->used < bytes.size()) {
    small = base::roomy_slab(options.pool, bytes.size());
  }
  std::uint8_t* at = small->data() + small->used;
  std::memcpy(at, bytes.data(), bytes.size());
  small->used += bytes.size();
  return base::Slice(small, at, bytes.size());
}

void SessionImpl::append_piece(base::Buffer& out, base::Slice&& piece) {
  if (piece.size() < copy_below_bytes) {
    out.append(piece.bytes());
  } else {
    out.append(std::move(piece));
  }
}

void SessionImpl::submit_trailers(Stream& stream) {
  const NvList list(stream.trailers_);
  nghttp2_submit_trailer(session, stream.id_, list.data(), list.size());
}

std::size_t SessionImpl::open_limit() const {
  return std::min(peer_streams_max, options.limits.streams_per_connection_max);
}

// ---- Session

Session::Session(SessionOptions options, SessionEvents& events)
    : impl_(std::make_unique<SessionImpl>(options, events)) {
  impl_->staged = base::Buffer(options.pool);
  if (!impl_->create()) {
    impl_->fail(base::Reason::limit_memory, "no memory for an HTTP/2 session");
    return;
  }
  impl_->submit_own_settings();
}

Session::~Session() = default;

void Session::drain(base::Buffer& out) {
  SessionImpl& impl = *impl_;
  if (!impl.staged.empty()) out.append(std::move(impl.staged));
  if (impl.session != nullptr && !impl.output_broken) impl.pump(out);
}

bool Session::wants_write() const {
  if (impl_->session == nullptr) return false;
  if (!impl_->staged.empty()) return true;
  return !impl_->output_broken && nghttp2_session_want_write(impl_->session) != 0;
}

bool Session::wants_read() const {
  return impl_->session == nullptr ||
         nghttp2_session_get_outbound_queue_size(impl_->session) < impl_->options.limits.frames_unread_max;
}

bool Session::wants_close() const {
  if (impl_->session == nullptr) return true;
  if (wants_write()) return false;
  return !impl_->failure.ok() || nghttp2_session_want_read(impl_->session) == 0;
}

const base::Status& Session::failure() const { return impl_->failure; }

bool Session::failure_untold() const { return !impl_->failure.ok() && !impl_->failure_told; }

bool Session::share_used() const { return impl_->share_used; }

std::uint64_t Session::unfinished_unit() const {
  return impl_->failure.ok() ? impl_->scanner.unfinished() : 0;
}

base::Result<Stream*> Session::open(const HeaderList& fields, bool end_stream, void* context) {
  SessionImpl& impl = *impl_;
  if (!accepting()) {
    return base::Status(base::Reason::upstream_refused, impl.goaway_text.empty()
                                                            ? "the HTTP/2 connection takes no more calls"
                                                            : "the peer said goodbye: " + impl.goaway_text);
  }
  if (capacity() == 0) {
    return base::Status(base::Reason::upstream_refused, "all " + std::to_string(impl.open_limit()) +
                                                            " streams of the HTTP/2 connection are in use");
  }
  Stream* stream = impl.make_stream(0);
  stream->context = context;
  stream->submitted_ = true;
  stream->has_body_ = !end_stream;
  stream->end_requested_ = end_stream;
  const NvList list(fields);
  const nghttp2_data_provider provider = make_provider(stream);
  const std::int32_t id = nghttp2_submit_request(impl.session, nullptr, list.data(), list.size(),
                                                 end_stream ? nullptr : &provider, stream);
  if (id < 0) {
    impl.free_stream(stream);
    if (id == NGHTTP2_ERR_STREAM_ID_NOT_AVAILABLE) impl.ids_exhausted = true;
    return base::Status(base::Reason::upstream_refused,
                        std::string("no new HTTP/2 stream: ") + nghttp2_strerror(id));
  }
  stream->id_ = id;
  return stream;
}

void Session::respond(Stream& stream, const HeaderList& fields, bool end_stream) {
  if (stream.submitted_ || stream.detached_) return;
  stream.submitted_ = true;
  stream.has_body_ = !end_stream;
  stream.end_requested_ = end_stream;
  const NvList list(fields);
  const nghttp2_data_provider provider = make_provider(&stream);
  nghttp2_submit_response(impl_->session, stream.id_, list.data(), list.size(),
                          end_stream ? nullptr : &provider);
}

bool Session::send(Stream& stream, base::Buffer&& bytes) {
  SessionImpl& impl = *impl_;
  if (stream.detached_ || !stream.has_body_ || stream.end_requested_) return true;
  if (!bytes.empty()) {
    impl.queued += bytes.size();
    stream.queue_.append(std::move(bytes));
    if (std::exchange(stream.deferred_, false)) nghttp2_session_resume_data(impl.session, stream.id_);
  }
  if (stream.queue_.size() < impl.options.limits.write_high_bytes) return true;
  if (!std::exchange(stream.above_high_, true)) impl.hit(base::Limit::write_high_bytes);
  return false;
}

bool Session::send(Stream& stream, base::Bytes bytes) {
  if (stream.detached_ || !stream.has_body_ || stream.end_requested_) return true;
  impl_->queued += bytes.size();
  stream.queue_.append(impl_->copy_small(bytes));
  if (std::exchange(stream.deferred_, false)) nghttp2_session_resume_data(impl_->session, stream.id_);
  if (stream.queue_.size() < impl_->options.limits.write_high_bytes) return true;
  if (!std::exchange(stream.above_high_, true)) impl_->hit(base::Limit::write_high_bytes);
  return false;
}

void Session::end(Stream& stream, const HeaderList* trailers) {
  if (stream.detached_ || !stream.has_body_ || stream.end_requested_) return;
  stream.end_requested_ = true;
  if (trailers != nullptr) {
    stream.has_trailers_ = true;
    stream.trailers_.clear();
    for (std::size_t i = 0; i < trailers->size(); ++i) {
      const HeaderList::Entry entry = (*trailers)[i];
      stream.trailers_.add(entry.name, entry.value);
    }
  }
  if (std::exchange(stream.deferred_, false)) nghttp2_session_resume_data(impl_->session, stream.id_);
}

void Session::reset(Stream& stream, ErrorCode code) {
  if (stream.detached_) return;
  stream.detached_ = true;
  stream.reset_by_us_ = true;
  stream.context = nullptr;
  impl_->queued -= stream.queue_.size();
  stream.queue_.clear();
  if (stream.end_received_ && stream.end_sent_) return;  // over on the wire, about to be closed
  nghttp2_submit_rst_stream(impl_->session, NGHTTP2_FLAG_NONE, stream.id_, static_cast<std::uint32_t>(code));
}

void Session::consume(Stream& stream, std::size_t bytes) {
  stream.unread_ -= std::min(bytes, stream.unread_);
  if (bytes == 0 || stream.detached_ || stream.end_received_) return;
  nghttp2_session_consume_stream(impl_->session, stream.id_, bytes);
}

void Session::size_window(Stream& stream, std::size_t bytes) {
  if (stream.detached_ || stream.end_received_) return;
  constexpr std::size_t window_max = 0x7fffffff;
  const std::size_t wanted = std::min(std::max(bytes, impl_->options.limits.stream_window_bytes), window_max);
  if (wanted == stream.window_) return;
  if (nghttp2_session_set_local_window_size(impl_->session, NGHTTP2_FLAG_NONE, stream.id_,
                                            static_cast<std::int32_t>(wanted)) == 0) {
    stream.window_ = wanted;
    stream.window_most_ = std::max(stream.window_most_, wanted);
  }
}

Stream* Session::find(StreamId id) const {
  if (impl_->session == nullptr) return nullptr;
  auto* stream = static_cast<Stream*>(nghttp2_session_get_stream_user_data(impl_->session, id));
  return stream != nullptr && !stream->detached_ ? stream : nullptr;
}

std::size_t Session::capacity() const {
  if (!accepting()) return 0;
  const std::size_t limit = impl_->open_limit();
  return impl_->open >= limit ? 0 : limit - impl_->open;
}

bool Session::accepting() const {
  const SessionImpl& impl = *impl_;
  return impl.session != nullptr && impl.failure.ok() && !impl.goaway_received && !impl.goodbye_sent &&
         !impl.ids_exhausted;
}

std::size_t Session::streams_open() const { return impl_->open; }

std::size_t Session::queued_bytes() const { return impl_->queued; }

bool Session::settings_received() const { return impl_->settings_received; }

const std::string& Session::goaway_text() const { return impl_->goaway_text; }

std::size_t Session::peer_header_list_max() const {
  if (impl_->session == nullptr) return 0;
  return nghttp2_session_get_remote_settings(impl_->session, NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE);
}

bool Session::ping() {
  SessionImpl& impl = *impl_;
  if (impl.session == nullptr || impl.ping_out) return false;
  impl.ping_out = true;
  impl.ping_ok = false;
  nghttp2_submit_ping(impl.session, NGHTTP2_FLAG_NONE, ping_life.data());
  return true;
}

bool Session::ping_answered() const { return impl_->ping_ok; }

void Session::shutdown() { impl_->shutdown(); }

void Session::shutdown_now() {
  if (impl_->session == nullptr) return;
  impl_->goodbye_sent = true;
  impl_->goodbye_final();
}

void Session::terminate(ErrorCode code, base::Reason reason, std::string why) {
  if (impl_->session != nullptr) impl_->terminate(code, reason, std::move(why));
}

void Session::excuse_reset() { impl_->resets_received.earn(1); }

const SessionCounters& Session::counters() const { return impl_->counters; }

base::Slice Session::copy_small(base::Bytes bytes) { return impl_->copy_small(bytes); }

void Session::release_idle_memory() {
  SessionImpl& impl = *impl_;
  impl.small.reset();
  // A slow peer may be in the middle of a block.
  if (!impl.in_block) impl.block = HeaderList();
  if (impl.open == 0) {
    impl.free_streams.clear();
    impl.free_streams.shrink_to_fit();
    impl.streams.clear();
    impl.streams.shrink_to_fit();
  }
  if (impl.staged.empty()) impl.staged = base::Buffer(impl.options.pool);
}

}  // namespace koine::codecs::transports::http2
