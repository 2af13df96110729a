// What nghttp2 reports, turned into events; the options that the session runs with.
//
// Every callback gets the SessionImpl as user data and the Stream as stream user data. They run inside
// mem_recv or mem_send, where submitting is allowed and feeding is not.
#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include <nghttp2/nghttp2.h>

#include "codecs/transports/http2/session_impl.h"
#include "codecs/transports/http2/session_nghttp2.h"

namespace koine::codecs::transports::http2 {

// What the callbacks below do, with access to a stream's private part.
struct SessionHooks {
  static SessionImpl& impl_of(void* user_data) { return *static_cast<SessionImpl*>(user_data); }
  static Stream* stream_of(nghttp2_session* session, std::int32_t id) {
    return static_cast<Stream*>(nghttp2_session_get_stream_user_data(session, id));
  }

  static ssize_t read_queue(nghttp2_session* session, std::int32_t id, std::uint8_t* buffer,
                            std::size_t length, std::uint32_t* flags, nghttp2_data_source* source,
                            void* user_data);
  static int send_data(nghttp2_session* session, nghttp2_frame* frame, const std::uint8_t* frame_header,
                       std::size_t length, nghttp2_data_source* source, void* user_data);
  static int on_begin_frame(nghttp2_session* session, const nghttp2_frame_hd* head, void* user_data);
  static int on_unknown_frame(nghttp2_session* session, void** payload, const nghttp2_frame_hd* head,
                              void* user_data);
  static int on_begin_headers(nghttp2_session* session, const nghttp2_frame* frame, void* user_data);
  static int on_header(nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t flags, void* user_data);
  static int on_invalid_header(nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name,
                               std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                               std::uint8_t flags, void* user_data);
  static int on_frame_recv(nghttp2_session* session, const nghttp2_frame* frame, void* user_data);
  static int on_invalid_frame_recv(nghttp2_session* session, const nghttp2_frame* frame, int error,
                                   void* user_data);
  static int on_data_chunk(nghttp2_session* session, std::uint8_t flags, std::int32_t id,
                           const std::uint8_t* data, std::size_t size, void* user_data);
  static int on_frame_send(nghttp2_session* session, const nghttp2_frame* frame, void* user_data);
  static int on_frame_not_send(nghttp2_session* session, const nghttp2_frame* frame, int error,
                               void* user_data);
  static int on_stream_close(nghttp2_session* session, std::int32_t id, std::uint32_t code, void* user_data);
  static int on_error(nghttp2_session* session, int error, const char* text, std::size_t size,
                      void* user_data);

  // What a callback of receiving gives back: where the session was terminated, the library must stop. By
  // itself nghttp2 before 1.68.1 reads on, and ends the process at a later frame of a wrong size.
  static int received(const SessionImpl& impl) { return impl.failure.ok() ? 0 : stop; }
  static constexpr int stop = NGHTTP2_ERR_CALLBACK_FAILURE;
  static void frame_received(SessionImpl& impl, nghttp2_session* session, const nghttp2_frame* frame);
  static void headers_received(SessionImpl& impl, const nghttp2_frame* frame, Stream& stream);
  static void end_received(SessionImpl& impl, Stream& stream);
  static void goaway_received(SessionImpl& impl, const nghttp2_goaway& goaway);
  static base::Reason count_limit(const SessionImpl& impl, const nghttp2_goaway& goaway);
  static void end_stream_sent(SessionImpl& impl, Stream& stream);
};

nghttp2_data_provider make_provider(Stream* stream) {
  nghttp2_data_provider provider;
  provider.source.ptr = stream;
  provider.read_callback = &SessionHooks::read_queue;
  return provider;
}

// ---- sending

ssize_t SessionHooks::read_queue(nghttp2_session*, std::int32_t, std::uint8_t*, std::size_t length,
                                 std::uint32_t* flags, nghttp2_data_source* source, void* user_data) {
  Stream& stream = *static_cast<Stream*>(source->ptr);
  const std::size_t count = std::min(length, stream.queue_.size());
  const bool all = count == stream.queue_.size();
  if (count == 0 && !stream.end_requested_) {
    stream.deferred_ = true;
    return NGHTTP2_ERR_DEFERRED;
  }
  *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
  if (all && stream.end_requested_) {
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (stream.has_trailers_) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      impl_of(user_data).submit_trailers(stream);
    }
  }
  return static_cast<ssize_t>(count);
}

int SessionHooks::send_data(nghttp2_session*, nghttp2_frame*, const std::uint8_t* frame_header,
                            std::size_t length, nghttp2_data_source* source, void* user_data) {
  SessionImpl& impl = impl_of(user_data);
  Stream& stream = *static_cast<Stream*>(source->ptr);
  if (stream.queue_.size() < length) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  constexpr std::size_t frame_header_bytes = 9;
  impl.sink->append(base::Bytes(frame_header, frame_header_bytes));
  for (std::size_t left = length; left > 0;) {
    base::Slice piece = stream.queue_.slices().front().part(0, left);
    const std::size_t size = piece.size();
    SessionImpl::append_piece(*impl.sink, std::move(piece));
    stream.queue_.consume(size);
    impl.queued -= size;
    left -= size;
  }
  if (stream.above_high_ && stream.queue_.size() < impl.options.limits.write_low_bytes) {
    stream.above_high_ = false;
    if (!stream.detached_) impl.events.on_writable(stream);
  }
  return impl.sink->size() >= impl.options.limits.write_high_bytes ? NGHTTP2_ERR_PAUSE : 0;
}

void SessionHooks::end_stream_sent(SessionImpl& impl, Stream& stream) {
  stream.end_sent_ = true;
  if (!stream.detached_) impl.events.on_end_sent(stream);
  // RFC 9113 §8.1: a server that has answered needs no more of the request. Submitted here and not with the
  // answer, because a RST_STREAM overtakes frames that are still queued.
  if (impl.options.role == Role::server && !stream.end_received_ && !stream.detached_) {
    nghttp2_submit_rst_stream(impl.session, NGHTTP2_FLAG_NONE, stream.id_, NGHTTP2_NO_ERROR);
  }
}

// A limit that the library keeps is known by the words of its GOAWAY only.
base::Reason SessionHooks::count_limit(const SessionImpl& impl, const nghttp2_goaway& goaway) {
  const std::string_view text(reinterpret_cast<const char*>(goaway.opaque_data), goaway.opaque_data_len);
  if (text.find("max concurrent streams exceeded") != std::string_view::npos) {
    impl.hit(base::Limit::streams_per_connection_max);
    return base::Reason::limit_concurrency;
  }
  if (text.find("too many setting entries") != std::string_view::npos) {
    impl.hit(base::Limit::settings_entries_max);
    return base::Reason::limit_flood;
  }
  return base::Reason::wire_malformed;
}

int SessionHooks::on_frame_send(nghttp2_session* session, const nghttp2_frame* frame, void* user_data) {
  SessionImpl& impl = impl_of(user_data);
  switch (frame->hd.type) {
    case NGHTTP2_HEADERS:
    case NGHTTP2_DATA: {
      Stream* stream = stream_of(session, frame->hd.stream_id);
      if (stream == nullptr) return 0;
      if (frame->hd.type == NGHTTP2_HEADERS) {
        stream->headers_sent_ = true;
      } else {
        impl.glitches.earn(glitches_earned_by_data_sent);
      }
      if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) end_stream_sent(impl, *stream);
      return 0;
    }
    case NGHTTP2_RST_STREAM: {
      const std::uint32_t code = frame->rst_stream.error_code;
      const Stream* stream = stream_of(session, frame->hd.stream_id);
      if (code == NGHTTP2_REFUSED_STREAM && stream == nullptr) {
        impl.hit(base::Limit::streams_per_connection_max);
      }
      // A reset of our own choice is no offence of the peer's; the library's are.
      const bool ours = stream != nullptr && stream->reset_by_us_;
      if (impl.options.role == Role::server && code != NGHTTP2_NO_ERROR && !ours) impl.caused_reset();
      return 0;
    }
    case NGHTTP2_GOAWAY:
      if (frame->goaway.error_code != NGHTTP2_NO_ERROR) {
        const base::Reason reason = count_limit(impl, frame->goaway);
        std::string why = "HTTP/2 connection error ";
        why += to_string(static_cast<ErrorCode>(frame->goaway.error_code));
        if (frame->goaway.opaque_data_len > 0) {
          why.append(": ").append(reinterpret_cast<const char*>(frame->goaway.opaque_data),
                                  frame->goaway.opaque_data_len);
        } else if (!impl.error_text.empty()) {
          why.append(": ").append(impl.error_text);
        }
        impl.fail(reason, std::move(why));
      }
      return 0;
    default: return 0;
  }
}

int SessionHooks::on_frame_not_send(nghttp2_session* session, const nghttp2_frame* frame, int error,
                                    void* user_data) {
  if (frame->hd.type != NGHTTP2_HEADERS) return 0;
  SessionImpl& impl = impl_of(user_data);
  if (frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
    // The library closes the stream next, and says so when it had been opened.
    if (Stream* stream = stream_of(session, frame->hd.stream_id)) stream->refused_ = true;
    return 0;
  }
  // An answer or trailers that cannot be written (too large a header list): the peer must not wait for ever.
  if (error == NGHTTP2_ERR_STREAM_CLOSED || error == NGHTTP2_ERR_STREAM_CLOSING) return 0;
  if (Stream* stream = stream_of(session, frame->hd.stream_id)) {
    stream->reset_by_us_ = true;
    nghttp2_submit_rst_stream(impl.session, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_INTERNAL_ERROR);
  }
  return 0;
}

// ---- receiving

int SessionHooks::on_begin_headers(nghttp2_session* session, const nghttp2_frame* frame, void* user_data) {
  SessionImpl& impl = impl_of(user_data);
  impl.block.clear();
  impl.block_bytes = 0;
  impl.block_count = 0;
  impl.block_refused = false;
  impl.in_block = true;
  impl.empty_data = 0;
  if (impl.options.role == Role::server && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
    Stream* stream = impl.make_stream(frame->hd.stream_id);
    nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, stream);
    // Streams share the connection frame by frame; the client's signals (and their floods) are ignored.
    nghttp2_extpri priority{NGHTTP2_EXTPRI_DEFAULT_URGENCY, 1};
    nghttp2_session_change_extpri_stream_priority(session, frame->hd.stream_id, &priority, 1);
  }
  return 0;
}

int SessionHooks::on_header(nghttp2_session*, const nghttp2_frame*, const std::uint8_t* name,
                            std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                            std::uint8_t, void* user_data) {
  SessionImpl& impl = impl_of(user_data);
  // Counted as decoded, cookies and repetitions included; the rest of a refused block is decoded and thrown
  // away, so that the compression state stays in step.
  impl.block_bytes += name_size + value_size + 32;
  ++impl.block_count;
  if (!impl.block_refused) {
    const bool many = impl.block_count > impl.options.limits.headers_count_max;
    impl.block_refused = many || impl.block_bytes > impl.options.limits.headers_bytes_max;
    if (impl.block_refused) {
      impl.hit(many ? base::Limit::headers_count_max : base::Limit::headers_bytes_max);
    }
  }
  const base::Limits& limits = impl.options.limits;
  if (impl.block_bytes > refused_block_factor * limits.headers_bytes_max ||
      impl.block_count > refused_block_factor * limits.headers_count_max) {
    impl.terminate(
        ErrorCode::enhance_your_calm, base::Reason::limit_flood,
        "a header block is more than " + std::to_string(refused_block_factor) + " times what is allowed");
    return NGHTTP2_ERR_CALLBACK_FAILURE;
  }
  if (!impl.block_refused) {
    impl.block.add({reinterpret_cast<const char*>(name), name_size},
                   {reinterpret_cast<const char*>(value), value_size});
  }
  return 0;
}

int SessionHooks::on_invalid_header(nghttp2_session*, const nghttp2_frame*, const std::uint8_t*, std::size_t,
                                    const std::uint8_t*, std::size_t, std::uint8_t, void*) {
  // The library would drop the field in silence; a field with an illegal byte ends the stream instead.
  return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

// on_begin_frame() has counted it.
int SessionHooks::on_unknown_frame(nghttp2_session*, void**, const nghttp2_frame_hd*, void*) {
  return NGHTTP2_ERR_CANCEL;
}

void SessionHooks::end_received(SessionImpl& impl, Stream& stream) {
  stream.end_received_ = true;
  if (!stream.detached_) impl.events.on_end(stream);
}

void SessionHooks::headers_received(SessionImpl& impl, const nghttp2_frame* frame, Stream& stream) {
  impl.in_block = false;
  const bool end = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  const bool server = impl.options.role == Role::server;
  bool trailers = frame->headers.cat != NGHTTP2_HCAT_REQUEST;
  if (!server) {
    const std::string_view status = impl.block.get(":status");
    trailers = stream.head_received_;
    if (!trailers && !impl.block_refused && status.starts_with('1')) return;  // 100 Continue and the like
    stream.head_received_ = true;
  }
  if (end) stream.end_received_ = true;
  if (impl.block_refused) {
    ++impl.counters.headers_refused;
    impl.glitch(glitches_of_refused_headers +
                static_cast<std::int64_t>(impl.block_count / refused_fields_per_glitch));
  }
  if (!stream.detached_) {
    const Headers headers{impl.block, trailers, end,
                          impl.block_refused ? base::Reason::limit_headers : base::Reason::none};
    impl.events.on_headers(stream, headers);
  }
  if (end) end_received(impl, stream);
}

void SessionHooks::goaway_received(SessionImpl& impl, const nghttp2_goaway& goaway) {
  impl.goaway_received = true;
  impl.goaway_text = to_string(static_cast<ErrorCode>(goaway.error_code));
  if (goaway.opaque_data_len > 0) {
    // Shown to people and written to logs: printable ASCII only, and not much of it.
    impl.goaway_text += ": ";
    const std::size_t shown = std::min<std::size_t>(goaway.opaque_data_len, 128);
    for (std::size_t i = 0; i < shown; ++i) {
      const char c = static_cast<char>(goaway.opaque_data[i]);
      impl.goaway_text += c >= 0x20 && c < 0x7f ? c : '?';
    }
  }
  impl.events.on_capacity();
}

int SessionHooks::on_frame_recv(nghttp2_session* session, const nghttp2_frame* frame, void* user_data) {
  frame_received(impl_of(user_data), session, frame);
  // Behind a RST_STREAM the library looks, and has the stream to close first.
  return frame->hd.type == NGHTTP2_RST_STREAM ? 0 : received(impl_of(user_data));
}

void SessionHooks::frame_received(SessionImpl& impl, nghttp2_session* session, const nghttp2_frame* frame) {
  switch (frame->hd.type) {
    case NGHTTP2_HEADERS:
      if (Stream* stream = stream_of(session, frame->hd.stream_id)) headers_received(impl, frame, *stream);
      return;
    case NGHTTP2_DATA: {
      const bool end = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
      const std::size_t size = frame->hd.length - std::min(frame->hd.length, frame->data.padlen);
      if (size == 0 && !end) {
        if (++impl.empty_data > impl.options.limits.empty_data_frames_max) {
          impl.terminate(base::Limit::empty_data_frames_max,
                         "the peer floods the connection with empty DATA frames");
          return;
        }
      } else {
        impl.empty_data = 0;
        if (end || size >= tiny_data_bytes) {
          impl.glitches.earn(glitches_earned_by_data_received);
        } else {
          impl.glitch();
        }
      }
      Stream* stream = stream_of(session, frame->hd.stream_id);
      if (stream != nullptr && end) end_received(impl, *stream);
      return;
    }
    case NGHTTP2_RST_STREAM:
      if (Stream* stream = stream_of(session, frame->hd.stream_id)) {
        stream->reset_by_peer_ = true;
        if (frame->rst_stream.error_code == NGHTTP2_REFUSED_STREAM) stream->refused_ = true;
      }
      impl.received_reset();
      return;
    case NGHTTP2_SETTINGS:
      if ((frame->hd.flags & NGHTTP2_FLAG_ACK) == 0 && impl.options.role == Role::client) {
        impl.settings_received = true;
        impl.peer_streams_max =
            nghttp2_session_get_remote_settings(session, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
        impl.events.on_capacity();
      }
      return;
    case NGHTTP2_PING:
      if ((frame->hd.flags & NGHTTP2_FLAG_ACK) == 0) return;
      if (std::memcmp(frame->ping.opaque_data, ping_life.data(), ping_life.size()) == 0) {
        impl.ping_ok = impl.ping_out;
        impl.ping_out = false;
      } else if (impl.goodbye_sent && std::memcmp(frame->ping.opaque_data, ping_goodbye.data(), 8) == 0) {
        impl.goodbye_final();
      }
      return;
    case NGHTTP2_GOAWAY: goaway_received(impl, frame->goaway); return;
    default: return;
  }
}

int SessionHooks::on_invalid_frame_recv(nghttp2_session*, const nghttp2_frame*, int error, void* user_data) {
  SessionImpl& impl = impl_of(user_data);
  impl.suspect = true;
  if (impl.error_text.empty()) impl.error_text = nghttp2_strerror(error);
  return 0;
}

// Every frame but DATA, HEADERS and what follows these is counted here, kinds that nobody knows included.
int SessionHooks::on_begin_frame(nghttp2_session*, const nghttp2_frame_hd* head, void* user_data) {
  switch (head->type) {
    case NGHTTP2_DATA:
    case NGHTTP2_HEADERS:
    case NGHTTP2_CONTINUATION:
    case NGHTTP2_RST_STREAM: return 0;
    default: impl_of(user_data).glitch(); return received(impl_of(user_data));
  }
}

int SessionHooks::on_data_chunk(nghttp2_session* session, std::uint8_t, std::int32_t id,
                                const std::uint8_t* data, std::size_t size, void* user_data) {
  SessionImpl& impl = impl_of(user_data);
  nghttp2_session_consume_connection(session, size);
  Stream* stream = stream_of(session, id);
  if (stream == nullptr || stream->detached_ || size == 0) return 0;
  // The library resets a stream that overruns its window, but hands its bytes on until the RST_STREAM is
  // written.
  stream->unread_ += size;
  if (stream->unread_ > stream->window_most_) {
    // The peer's acknowledgement of our SETTINGS widens streams that were opened before it by what they said.
    const std::int32_t window = nghttp2_session_get_stream_effective_local_window_size(session, id);
    if (window > 0) stream->window_most_ = std::max(stream->window_most_, static_cast<std::size_t>(window));
  }
  if (stream->unread_ > stream->window_most_) {
    if (stream->unread_ - size <= stream->window_most_) impl.hit(base::Limit::stream_window_bytes);
    return 0;
  }
  if (size < copy_below_bytes) {
    impl.events.on_data(*stream, impl.copy_small({data, size}));
  } else {
    // `data` lies in the slice that mem_recv was given.
    const auto offset = static_cast<std::size_t>(data - impl.feeding.data());
    impl.events.on_data(*stream, impl.feeding.part(offset, size));
  }
  return received(impl);
}

int SessionHooks::on_stream_close(nghttp2_session* session, std::int32_t id, std::uint32_t code,
                                  void* user_data) {
  SessionImpl& impl = impl_of(user_data);
  Stream* stream = stream_of(session, id);
  if (stream == nullptr) return 0;
  if (code == NGHTTP2_NO_ERROR) impl.good_stream();
  if (!stream->detached_) {
    stream->detached_ = true;
    Closed closed;
    closed.code = static_cast<ErrorCode>(code);
    closed.by_peer = stream->reset_by_peer_;
    // Without a reset of its own, REFUSED_STREAM is how the library closes streams beyond GOAWAY's last id.
    const bool refused = stream->refused_ || !stream->headers_sent_ ||
                         (code == NGHTTP2_REFUSED_STREAM && !stream->reset_by_us_);
    // Who has begun to answer has processed the request, whatever is said afterwards.
    const bool answered = impl.options.role == Role::client && stream->head_received_;
    closed.not_processed = refused && !answered;
    impl.events.on_closed(*stream, closed);
  }
  impl.free_stream(stream);
  if (impl.options.role == Role::client && impl.open + 1 >= impl.open_limit()) impl.events.on_capacity();
  return 0;
}

int SessionHooks::on_error(nghttp2_session*, int, const char* text, std::size_t size, void* user_data) {
  SessionImpl& impl = impl_of(user_data);
  impl.suspect = true;
  impl.error_text.assign(text, size);
  return 0;
}

// ---- creation

bool SessionImpl::create() {
  using Hooks = SessionHooks;
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_option* option = nullptr;
  if (nghttp2_session_callbacks_new(&callbacks) != 0) return false;
  if (nghttp2_option_new(&option) != 0) {
    nghttp2_session_callbacks_del(callbacks);
    return false;
  }
  nghttp2_session_callbacks_set_send_data_callback(callbacks, &Hooks::send_data);
  nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, &Hooks::on_begin_frame);
  nghttp2_session_callbacks_set_unpack_extension_callback(callbacks, &Hooks::on_unknown_frame);
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, &Hooks::on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, &Hooks::on_header);
  nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks, &Hooks::on_invalid_header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &Hooks::on_frame_recv);
  nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, &Hooks::on_invalid_frame_recv);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &Hooks::on_data_chunk);
  nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, &Hooks::on_frame_send);
  nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, &Hooks::on_frame_not_send);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &Hooks::on_stream_close);
  nghttp2_session_callbacks_set_error_callback2(callbacks, &Hooks::on_error);

  nghttp2_option_set_no_auto_window_update(option, 1);
  nghttp2_option_set_no_closed_streams(option, 1);
  nghttp2_option_set_peer_max_concurrent_streams(option, streams_before_settings_max);
  nghttp2_option_set_max_reserved_remote_streams(option, 0);
  nghttp2_option_set_max_outbound_ack(option, options.limits.acks_queued_max);
  nghttp2_option_set_max_settings(option, options.limits.settings_entries_max);
  // received_reset() counts them: the library's own limit knows no good streams and says INTERNAL_ERROR.
  constexpr std::uint64_t never = 1u << 30;
  nghttp2_option_set_stream_reset_rate_limit(option, never, never);
  // Frames of unknown kinds are ignored, but not before on_begin_frame() has seen them.
  constexpr unsigned first_unknown = 0x0a;
  for (unsigned type = first_unknown; type <= 0xff; ++type) {
    nghttp2_option_set_user_recv_extension_type(option, static_cast<std::uint8_t>(type));
  }
  nghttp2_option_set_max_continuations(option, options.limits.continuations_max);
  // What we send enters no table: one caller's headers cannot colour another's behind the same connection.
  nghttp2_option_set_max_deflate_dynamic_table_size(option, 0);
  nghttp2_option_set_max_send_header_block_length(option,
                                                  headers_sent_factor * options.limits.headers_bytes_max);

  const int error = options.role == Role::server
                        ? nghttp2_session_server_new2(&session, callbacks, this, option)
                        : nghttp2_session_client_new2(&session, callbacks, this, option);
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  if (error != 0) session = nullptr;
  return error == 0;
}

}  // namespace koine::codecs::transports::http2
