// The half that faces Dubbo2 consumers: frames in, calls out, answers back in any order.
//
// Every request is answered under its own id in its own serialization; one that is oneway is not answered at
// all. Hessian2 requests are read as far as their attachments; of fastjson2's the arguments are opaque, and
// those in another serialization, which do not show what they call, are refused. A request that is broken
// inside an intact frame, or too long, is answered and the connection goes on; where frames cannot be trusted
// any more, feed() fails. Up to limits.pipelined_calls_max calls are in flight; beyond that, or with
// limits.write_high_bytes of answers waiting, wants_read() is false and whole frames stay in the buffer.
//
// The goodbye is an event, R: consumers choose the connection for no more calls, and those that come
// nevertheless are taken until shutdown_now().
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "codecs/bodies/hessian2/walk.h"
#include "codecs/call_codec.h"
#include "codecs/calls/dubbo/answer.h"
#include "codecs/calls/dubbo/frame_reader.h"

namespace koine::codecs::calls::dubbo {

class DubboServerSession final : public ServerSession {
 public:
  DubboServerSession(ServerOptions options, ServerEvents& events);

  base::Status feed(base::Buffer& in) override;
  bool wants_read() const override;
  bool share_used() const override { return share_used_; }
  std::uint64_t unfinished_unit() const override { return unfinished_; }
  bool carries_metadata(CallId id) const override;
  void on_eof() override {}
  void drain(base::Buffer& out) override;
  bool wants_write() const override { return !outgoing_.empty(); }
  std::size_t queued_bytes() const override { return outgoing_.size(); }

  void reply(CallId id, model::Reply&& reply) override;
  void no_reply(CallId id) override;
  // Dubbo2 has no streams: one message is kept until finish() sends it.
  void send_head(CallId, model::ReplyHead&&) override {}
  bool send_message(CallId id, model::Payload&& message) override;
  void finish(CallId id, model::Outcome&& outcome) override;
  void pause(CallId) override {}
  void resume(CallId) override {}

  void shutdown() override;
  void shutdown_now() override { closing_ = true; }
  bool wants_close() const override { return closing_ && in_flight_ == 0 && outgoing_.empty(); }
  std::size_t calls_in_flight() const override { return in_flight_; }
  void release_idle_memory() override;

 private:
  struct Slot {
    CallId id = 0;  // 0: free
    Asked asked;
    bool is_two_way = true;
    model::Payload message;  // of send_message()
  };

  base::Status take_frame(const FrameHead& head, base::Buffer&& body);
  void take_event(const FrameHead& head, base::Buffer&& body);
  void take_request(const FrameHead& head, base::Buffer&& body);
  void refuse(const FrameHead& head, const Asked& asked, const model::CallHead& call,
              const base::Status& why);
  void answer(const Asked& asked, model::Reply&& reply);
  CallId open_slot(const FrameHead& head, const Asked& asked);
  // Null for an id that is not in flight.
  Slot* find(CallId id);
  const Slot* find(CallId id) const;
  void close_slot(Slot& slot);

  const ServerOptions options_;
  ServerEvents& events_;
  FrameReader reader_;
  bodies::hessian2::Walker walker_;
  std::vector<Slot> slots_;  // a call's id ends in its slot's index
  std::vector<std::uint32_t> free_;
  std::uint64_t calls_ = 0;  // so many were begun
  std::size_t in_flight_ = 0;
  base::Buffer outgoing_;
  bool write_paused_ = false;  // above write_high_bytes and not yet below write_low_bytes
  bool share_used_ = false;
  std::uint64_t unfinished_ = 0;
  bool goodbye_said_ = false;
  bool closing_ = false;
};

}  // namespace koine::codecs::calls::dubbo
