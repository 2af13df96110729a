// The half that faces Thrift providers: calls out, answers matched by the sequence id of this connection.
//
// It speaks what ClientOptions say, in any composition: framed, unframed or THeader; binary, compact or JSON;
// a zlib stream around the connection, or THeader's transform. One call in flight, or
// ClientOptions::pipelined_max of them. An answer that belongs to no call in flight, has another dialect,
// another sequence id outside than inside, or names another method fails the connection: the wrong answer
// must never reach a caller. Sequence ids begin at 1 and are not used again within two thousand million
// calls.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "base/ring_queue.h"
#include "codecs/call_codec.h"
#include "codecs/calls/thrift/message_begin.h"
#include "codecs/calls/thrift/message_reader.h"
#include "codecs/calls/thrift/message_writer.h"

namespace koine::codecs::calls::thrift {

class ThriftClientSession final : public ClientSession {
 public:
  ThriftClientSession(ClientOptions options, ClientEvents& events);

  base::Status feed(base::Buffer& in) override;
  void on_closed(const base::Status& why) override;
  // Oneway calls end in here, when their last byte is taken.
  void drain(base::Buffer& out) override;
  bool wants_write() const override { return !outgoing_.empty(); }

  std::size_t capacity() const override;
  bool accepting() const override { return !closing_ && !closed_; }
  // Fails with WIRE_UNSUPPORTED for a stream or a body that is not in ClientOptions::body_format,
  // LIMIT_CONCURRENCY without capacity, LIMIT_MESSAGE and LIMIT_HEADERS for what is too long; nothing of the
  // call is sent then.
  base::Status start(CallId id, const model::CallHead& head, bool has_message, model::Payload&& message,
                     bool end_of_stream, bool expect_stream) override;
  bool send_message(CallId, bool, model::Payload&&, bool) override { return true; }
  void pause(CallId) override {}
  void resume(CallId) override {}
  // True as well for a call of which nothing has been drained yet: it is taken out of the queue.
  bool cancel(CallId id) override;

  bool ping() override { return false; }
  bool ping_answered() const override { return false; }
  void shutdown() override { closing_ = true; }
  bool wants_close() const override;
  std::size_t calls_in_flight() const override;
  void release_idle_memory() override;

 private:
  struct Call {
    CallId id = 0;
    std::int32_t seqid = 0;
    bool oneway = false;
    bool cancelled = false;
    std::string method;          // without the Multiplexed prefix
    std::uint64_t begin_at = 0;  // where its bytes lie in all that this session ever sent
    std::uint64_t end_at = 0;
  };

  base::Status take_message(Incoming& incoming);
  base::Status check_name(const MessageBegin& begin, const Call& call) const;
  model::Reply read_reply(const MessageBegin& begin, base::Buffer body) const;
  // The index of the first call that `is` says yes to; calls_.size() when there is none.
  template <class Is>
  std::size_t find_call(Is&& is) const {
    std::size_t index = 0;
    while (index < calls_.size() && !is(calls_[index])) ++index;
    return index;
  }
  void finish(std::size_t index, model::Reply&& reply);
  std::int32_t next_seqid();
  bool answers_oneway(std::int32_t seqid) const;
  std::uint64_t drained() const { return queued_ - outgoing_.size(); }

  const ClientOptions options_;
  const Dialect dialect_;
  ClientEvents& events_;
  MessageReader reader_;
  std::unique_ptr<transports::zlib::Deflater> deflater_;  // framed and unframed with zlib
  base::Status broken_;                                   // the stream around what is sent failed
  base::RingQueue<Call> calls_;                           // in the order of start()
  base::Buffer outgoing_;
  std::uint64_t queued_ = 0;  // bytes ever put into outgoing_
  std::int32_t last_seqid_ = 0;
  std::array<std::int32_t, 16> oneway_seqids_{};  // the latest ones, 0 = none: some servers answer them
  std::size_t oneway_next_ = 0;
  bool closing_ = false;  // no more calls: a shutdown, or an answer that nobody waits for is still due
  bool closed_ = false;
};

}  // namespace koine::codecs::calls::thrift
