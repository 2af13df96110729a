// gRPC towards callers: HTTP/2 streams become calls, replies become HEADERS, DATA and trailers.
//
// Unary calls are collected up to END_STREAM and reported whole; ServerOptions::streams names the methods
// whose messages are reported one by one, from the headers on. Messages held back by pause() are reported
// from drain() after resume(), never from inside resume(). CallId is the stream id. One thread.
//
// Memory: a message longer than a stream's window is asked for only while the requests of this connection,
// those being worked on included, hold less than half of connection_memory_bytes_max; else it waits behind
// its closed window until others are over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/call_codec.h"
#include "codecs/calls/grpc/compression.h"
#include "codecs/calls/grpc/message_reader.h"
#include "codecs/calls/grpc/variant.h"
#include "codecs/transports/http2/session.h"
#include "model/call.h"

namespace koine::codecs::calls::grpc {

class GrpcServerSession final : public ServerSession, private transports::http2::SessionEvents {
 public:
  // `variant` outlives it.
  GrpcServerSession(ServerOptions options, ServerEvents& events, const Variant& variant = plain_grpc());

  [[nodiscard]] base::Status feed(base::Buffer& in) override;
  bool wants_read() const override;
  bool share_used() const override { return http2_.share_used() || !packed_.empty(); }
  std::uint64_t unfinished_unit() const override { return http2_.unfinished_unit(); }
  bool awaits_requests() const override { return awaited_ > 0; }
  Stalled refuse_stalled(base::Nanoseconds since_ns) override;
  bool holds_input() const override { return !packed_.empty() || http2_.failure_untold(); }
  void on_eof() override;
  void drain(base::Buffer& out) override;
  bool wants_write() const override;
  std::size_t queued_bytes() const override { return http2_.queued_bytes(); }
  std::size_t unread_bytes() const override { return unread_; }

  void reply(CallId id, model::Reply&& reply) override;
  void no_reply(CallId id) override;
  void send_head(CallId id, model::ReplyHead&& head) override;
  bool send_message(CallId id, model::Payload&& message) override;
  void finish(CallId id, model::Outcome&& outcome) override;
  void pause(CallId id) override;
  void resume(CallId id) override;

  void shutdown() override;
  void shutdown_now() override;
  bool wants_close() const override;
  std::size_t calls_in_flight() const override { return in_flight_; }
  void release_idle_memory() override;

 private:
  using Stream = transports::http2::Stream;

  struct Call {
    CallId id = 0;
    Stream* stream = nullptr;  // null once buried
    model::CallHead head;
    const Variant* variant = nullptr;  // whose call it is
    std::uint8_t mark = 0;             // Variant::read_message
    MessageReader reader;
    model::BodyFormat format = model::BodyFormat::none;  // head is the gateway's after on_call
    std::string content_type;                            // of an opaque format; else empty
    base::Nanoseconds begun_ns = 0;
    base::Nanoseconds timeout_ns = base::never_ns;
    std::size_t held = 0;     // received and not yet given back to the stream's window
    std::size_t charged = 0;  // its part of charged_
    base::Nanoseconds awaited_since_ns = 0;
    bool awaited = false;  // the rest of it, or of its message, is the caller's to send
    bool waits_for_room = false;
    bool message_out = false;  // streams: the last message was handed over, and its room is still charged
    bool streaming = false;
    bool announced = false;  // on_call was emitted
    bool head_sent = false;
    bool paused = false;
    bool in_packed = false;
    bool ended = false;     // END_STREAM came
    bool end_told = false;  // … and was reported
    bool in_ready = false;
    std::unique_ptr<Inflation> inflation;  // of the message that was at the front
  };

  void on_headers(Stream& stream, const transports::http2::Headers& headers) override;
  void on_data(Stream& stream, base::Slice&& bytes) override;
  void on_end(Stream& stream) override;
  void on_end_sent(Stream&) override {}
  void on_writable(Stream& stream) override;
  void on_closed(Stream& stream, const transports::http2::Closed& closed) override;
  void on_capacity() override {}

  Call* make_call(Stream& stream);
  Call* find(CallId id) const;
  // The call's id is finished: the object is reused once no event handler can be using it.
  void bury(Call& call);
  void reap();
  // Fills call.head; an outcome that is not OK is the refusal, with its HTTP status.
  model::Outcome read_head(Call& call, const transports::http2::Headers& headers, std::string& http_status);
  // Answers without the gateway.
  void refuse(Call& call, const model::Outcome& outcome, std::string_view http_status);
  void fail(Call& call, const base::Status& why);
  void collect(Call& call);
  void complete(Call& call);
  void await(Call& call, base::Nanoseconds since_ns);
  void await_no_more(Call& call);
  base::Nanoseconds now_ns() const { return options_.clock != nullptr ? options_.clock->monotonic_ns() : 0; }
  // The message at the front is compressed: inflate_more() hands it over, in this feed() or a later one.
  void be_packed(Call& call);
  // A turn's share of what is compressed.
  void inflate_more();
  void hand_over(Call& call, model::Payload&& message);
  // Reports what is ready of a stream-shaped call.
  void deliver(Call& call);
  void give_back(Call& call);
  bool time_was_up(const Call& call) const;
  // The message at the front, out of the reader.
  base::Status take(Call& call, model::Payload& out);
  // Opens the window for the message of `whole` bytes at the front, or puts the call behind those that wait.
  void ask_for(Call& call, std::size_t whole);
  void release(Call& call);
  void let_wait_in();
  // fields_ = what every answer begins with.
  void begin_answer(const Call& call, std::string_view http_status);
  // `fields`: headers beside the metadata.
  void write_head(Call& call, const model::Metadata& metadata, const model::Metadata& fields = {});
  bool write_message(Call& call, model::Payload&& message);
  void write_end(Call& call, const model::Outcome& outcome);

  ServerOptions options_;
  ServerEvents& events_;
  const Variant& variant_;
  transports::http2::Session http2_;
  std::vector<std::unique_ptr<Call>> calls_;
  std::vector<Call*> free_;
  std::vector<Call*> buried_;
  std::vector<Call*> ready_;     // resumed, to be delivered by drain()
  std::vector<CallId> waiting_;  // for room, in order
  std::deque<CallId> packed_;    // compressed messages are at their front, in order
  std::size_t in_flight_ = 0;
  std::size_t awaited_ = 0;  // of them
  std::size_t charged_ = 0;  // bytes of requests whose length is known, until their calls are over
  std::size_t unread_ = 0;   // bytes in the readers
  transports::http2::HeaderList fields_;  // being written; kept for its memory
};

}  // namespace koine::codecs::calls::grpc
