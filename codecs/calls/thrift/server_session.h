// The half that faces Thrift callers: messages in, calls out, answers back in the order of the calls.
//
// The first bytes say how messages are transported; each framed request may be in a dialect of its own,
// THeader or not. Every one is answered in the dialect it came in, with its sequence ids and its method name
// without the Multiplexed prefix. Answers leave in the order of the requests, but for requests whose THeader
// allows another one (flag 0x01): such an answer may pass requests before it that allow it as well. Up to
// limits.pipelined_calls_max calls are in flight; beyond that, or with limits.write_high_bytes of answers
// waiting, wants_read() is false and whole frames stay in the buffer.
//
// A request that is broken inside an intact frame is answered with an EXCEPTION and the connection goes on.
// Where frames themselves cannot be trusted any more, or who sent one may be waiting for nothing, feed()
// fails, with an EXCEPTION queued if it can be addressed; calls in flight may still be answered:
// wants_close() says when the last answer is out.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/ring_queue.h"
#include "codecs/call_codec.h"
#include "codecs/calls/thrift/application_exception.h"
#include "codecs/calls/thrift/message_begin.h"
#include "codecs/calls/thrift/message_reader.h"
#include "codecs/calls/thrift/message_writer.h"
#include "codecs/calls/thrift/thrift_codec.h"

namespace koine::codecs::calls::thrift {

// A request that is answered without becoming a call: what its caller is told, and what is reported of it.
struct Refusal {
  ApplicationException exception;
  model::Outcome outcome;
};

class ThriftServerSession final : public ServerSession {
 public:
  ThriftServerSession(ServerOptions options, ThriftOptions thrift, ServerEvents& events);

  base::Status feed(base::Buffer& in) override;
  bool wants_read() const override;
  bool share_used() const override { return share_used_; }
  std::uint64_t unfinished_unit() const override { return unfinished_; }
  bool holds_input() const override { return backlog_ && reader_.holds_bytes(); }
  bool carries_metadata(CallId id) const override;
  void on_eof() override { eof_ = true; }
  void drain(base::Buffer& out) override;
  bool wants_write() const override { return !outgoing_.empty(); }
  std::size_t queued_bytes() const override { return outgoing_.size() + held_bytes_; }
  std::size_t unread_bytes() const override { return reader_.held_bytes(); }

  void reply(CallId id, model::Reply&& reply) override;
  void no_reply(CallId id) override;
  // Thrift has no streams: one message is kept until finish() sends it.
  void send_head(CallId, model::ReplyHead&&) override {}
  bool send_message(CallId id, model::Payload&& message) override;
  void finish(CallId id, model::Outcome&& outcome) override;
  void pause(CallId) override {}
  void resume(CallId) override {}

  void shutdown() override { closing_ = true; }
  void shutdown_now() override {}
  bool wants_close() const override;
  std::size_t calls_in_flight() const override { return in_flight_; }
  void release_idle_memory() override;

 private:
  enum class Progress : std::uint8_t { running, answered, silent, sent };
  // A request and, once known, its answer.
  struct Slot {
    Dialect dialect = Dialect::binary;
    Envelope envelope;
    std::int32_t seqid = 0;
    bool oneway = false;
    Progress progress = Progress::running;
    std::string method;
    bool has_message = false;  // a REPLY with `message`, or one with an empty struct …
    bool is_exception = false;
    model::Payload message;
    ApplicationException exception;  // … or an EXCEPTION
    model::Metadata metadata;        // THeader
  };

  base::Status take_message(Incoming& incoming);
  base::Status refuse_header(const Incoming& incoming);
  base::Status refuse_large(base::Buffer& in);
  base::Status fail(base::Status why);
  // The names, or why the call is refused.
  std::optional<Refusal> read_names(const MessageBegin& begin, std::string_view& service,
                                    std::string_view& method) const;
  void push_refusal(const Envelope& envelope, const MessageBegin& begin, std::string_view method,
                    Refusal refusal);
  void keep_persistent(const Incoming& incoming);
  Slot* find_running(CallId id);
  void complete(Slot& slot);
  void settle();
  static std::size_t held_by(const Slot& slot);
  void emit(Slot& slot);
  void append_answer(Slot& slot);
  void append_exception(const Outgoing& what, const ApplicationException& exception);
  void give_up();

  const ServerOptions options_;
  const bool lax_;
  ServerEvents& events_;
  MessageReader reader_;
  std::unique_ptr<transports::zlib::Deflater> deflater_;  // a zlib stream is around the connection
  model::Metadata persistent_;                            // THeader: of every request of this connection
  base::RingQueue<Slot> slots_;  // in the order of the requests; slots_[i] has id first_id_ + i
  std::size_t sent_ = 0;         // of them, already sent: out of order
  CallId first_id_ = 1;
  std::size_t in_flight_ = 0;   // slots still running
  std::size_t held_bytes_ = 0;  // answers that wait for an earlier one
  base::Buffer outgoing_;       // answers whose turn has come
  bool write_paused_ = false;   // above write_high_bytes and not yet below write_low_bytes
  bool backlog_ = false;        // feed() left bytes that it could have used
  bool share_used_ = false;     // feed() stopped for that
  std::uint64_t unfinished_ = 0;
  bool gave_up_ = false;  // an answer could not be written
  bool eof_ = false;
  bool closing_ = false;  // no more requests are taken
};

}  // namespace koine::codecs::calls::thrift
