// gRPC towards providers: calls become HTTP/2 streams, what comes back becomes a Reply or a stream's events.
//
// Messages held back by pause() are reported from drain() after resume(), never from inside resume(). One
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "codecs/call_codec.h"
#include "codecs/calls/grpc/message_reader.h"
#include "codecs/calls/grpc/variant.h"
#include "codecs/transports/http2/session.h"
#include "model/call.h"

namespace koine::codecs::calls::grpc {

class GrpcClientSession final : public ClientSession, private transports::http2::SessionEvents {
 public:
  // `variant` outlives it.
  GrpcClientSession(ClientOptions options, ClientEvents& events, const Variant& variant = plain_grpc());

  [[nodiscard]] base::Status feed(base::Buffer& in) override;
  void on_closed(const base::Status& why) override;
  void drain(base::Buffer& out) override;
  bool wants_write() const override;

  std::size_t capacity() const override { return http2_.capacity(); }
  bool accepting() const override { return http2_.accepting(); }
  [[nodiscard]] base::Status start(CallId id, const model::CallHead& head, bool has_message,
                                   model::Payload&& message, bool end_of_stream, bool expect_stream) override;
  bool send_message(CallId id, bool has_message, model::Payload&& message, bool end_of_stream) override;
  void pause(CallId id) override;
  void resume(CallId id) override;
  [[nodiscard]] bool cancel(CallId id) override;

  bool established() const override { return http2_.settings_received(); }
  bool ping() override { return http2_.ping(); }
  bool ping_answered() const override { return http2_.ping_answered(); }
  void shutdown() override { http2_.shutdown(); }
  bool wants_close() const override { return http2_.wants_close(); }
  std::size_t calls_in_flight() const override { return by_id_.size(); }
  void release_idle_memory() override;

 private:
  using Stream = transports::http2::Stream;

  struct Call {
    CallId id = 0;
    Stream* stream = nullptr;  // null once the stream is over
    MessageReader reader;
    model::Reply reply;                                 // collected; of a stream only head and outcome
    model::BodyFormat asked = model::BodyFormat::none;  // the request's
    std::int32_t thrown_code = -1;                      // Variant::thrown_code
    std::size_t held = 0;  // received and not yet given back to the stream's window
    bool live = false;     // false once finished: no event may follow
    bool expect_stream = false;
    bool oneway = false;
    bool head_received = false;
    bool paused = false;
    bool size_told = false;  // on_answer_size was emitted
    bool ended = false;      // the peer's END_STREAM came
    bool has_outcome = false;
    bool in_ready = false;
  };

  void on_headers(Stream& stream, const transports::http2::Headers& headers) override;
  void on_data(Stream& stream, base::Slice&& bytes) override;
  void on_end(Stream& stream) override;
  void on_end_sent(Stream& stream) override;
  void on_writable(Stream& stream) override;
  void on_closed(Stream& stream, const transports::http2::Closed& closed) override;
  void on_capacity() override { events_.on_capacity(); }

  Call* make_call(CallId id);
  Call* find(CallId id) const;
  void bury(Call& call);
  void reap();
  // fields_ = the request's headers; fails when they have no form on this wire or are too many for the peer.
  base::Status write_request(const model::CallHead& head);
  bool write_message(Stream& stream, model::Payload&& message);
  void read_response(Call& call, const transports::http2::HeaderList& fields, bool end_stream);
  // Ends the call with this outcome and resets its stream when it still lives.
  void fail(Call& call, model::Outcome&& outcome);
  void fail(Call& call, const base::Status& why);
  // Reports the collected reply or the stream's end.
  void complete(Call& call);
  void collect(Call& call);
  void deliver(Call& call);
  void give_back(Call& call);

  ClientOptions options_;
  ClientEvents& events_;
  const Variant& variant_;
  transports::http2::Session http2_;
  std::unordered_map<CallId, Call*> by_id_;
  std::vector<std::unique_ptr<Call>> calls_;
  std::vector<Call*> free_;
  std::vector<Call*> buried_;
  std::vector<Call*> ready_;  // resumed, to be delivered by drain()
  transports::http2::HeaderList fields_;
};

}  // namespace koine::codecs::calls::grpc
