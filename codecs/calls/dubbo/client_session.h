// The half that faces Dubbo2 providers: calls out under ids of this connection, answers matched by them.
//
// Ids carry a count as well as a place, so an answer that comes after its call was given up meets nobody, and
// one to an id that was never given fails the connection. Heartbeats are answered and are the sign of life
// that ping() asks for; R ends the taking of calls, W begins it again. Calls of the provider to its consumer
// (callback arguments) are refused.
#pragma once

#include <cstdint>
#include <vector>

#include "codecs/bodies/hessian2/walk.h"
#include "codecs/call_codec.h"
#include "codecs/calls/dubbo/frame_reader.h"

namespace koine::codecs::calls::dubbo {

class DubboClientSession final : public ClientSession {
 public:
  DubboClientSession(ClientOptions options, ClientEvents& events);

  base::Status feed(base::Buffer& in) override;
  void on_closed(const base::Status& why) override;
  // Oneway calls end in here, when their last byte is taken.
  void drain(base::Buffer& out) override;
  bool wants_write() const override { return !outgoing_.empty(); }

  std::size_t capacity() const override;
  bool accepting() const override { return !read_only_ && !closing_ && !closed_; }
  // Fails with WIRE_UNSUPPORTED for a stream or a body in neither Hessian2 nor fastjson2, LIMIT_CONCURRENCY
  // without capacity, LIMIT_MESSAGE for what is too long; nothing of the call is sent then.
  base::Status start(CallId id, const model::CallHead& head, bool has_message, model::Payload&& message,
                     bool end_of_stream, bool expect_stream) override;
  bool send_message(CallId, bool, model::Payload&&, bool) override { return true; }
  void pause(CallId) override {}
  void resume(CallId) override {}
  bool cancel(CallId id) override;

  bool ping() override;
  bool ping_answered() const override { return ping_answered_; }
  void shutdown() override { closing_ = true; }
  bool wants_close() const override { return closing_ && in_flight_ == 0; }
  std::size_t calls_in_flight() const override { return in_flight_; }
  void release_idle_memory() override;

 private:
  struct Call {
    CallId id = 0;
    std::uint64_t wire_id = 0;  // 0: free
    bool oneway = false;
    std::uint8_t serialization = 0;
    std::uint64_t begin_at = 0;  // where its bytes lie in all that this session ever sent
    std::uint64_t end_at = 0;
  };

  base::Status take_frame(const FrameHead& head, base::Buffer&& body);
  base::Status take_answer(const FrameHead& head, base::Buffer&& body, bool too_large);
  void take_event(const FrameHead& head, base::Buffer&& body);
  void take_request(const FrameHead& head);
  // Counts what was put into outgoing_ behind its first `before` bytes.
  void queued(std::size_t before) { queued_ += outgoing_.size() - before; }
  model::Reply read_answer(const FrameHead& head, std::uint8_t asked_in, base::Buffer&& body);
  model::Reply read_opaque_answer(base::Buffer&& body) const;
  Call& open_call();
  void finish(Call& call, model::Reply&& reply);
  void free_call(Call& call);
  std::uint64_t drained() const { return queued_ - outgoing_.size(); }

  const ClientOptions options_;
  ClientEvents& events_;
  FrameReader reader_;
  bodies::hessian2::Walker walker_;
  std::vector<Call> calls_;  // an id on the wire ends in its call's index
  std::vector<std::uint32_t> free_;
  std::size_t in_flight_ = 0;
  std::size_t oneway_ = 0;     // of them: they end when they are sent
  std::uint64_t started_ = 0;  // ids given
  base::Buffer outgoing_;
  std::uint64_t queued_ = 0;  // bytes that were ever put into outgoing_
  std::uint64_t ping_id_ = 0;
  bool ping_answered_ = false;
  bool read_only_ = false;
  bool closing_ = false;
  bool closed_ = false;
};

}  // namespace koine::codecs::calls::dubbo
