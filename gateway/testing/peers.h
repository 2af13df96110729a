// Peers for tests of a whole gateway: callers and providers built of the codecs' other halves, on a loop of
// their own in the same network.
//
// A caller keeps what each of its calls got; a provider keeps what it was called with and answers by itself
// (echo) or when the test says so. Bodies are one text in a Thrift binary struct, whatever the protocol,
// because most tests' plans pass bytes on; of a raw peer they are the text itself.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/call_codec.h"
#include "gateway/turn.h"
#include "net/network.h"

namespace koine::gateway::testing {

// {1: text} as arguments, {0: text} as a result; and the text of either, "?" when it is neither.
base::Buffer arguments_of(std::string_view text);
base::Buffer result_of(std::string_view text);
std::string text_of(const base::Buffer& body);

// What one call got.
struct CallRecord {
  std::string sent;  // its own text, to compare the answer with
  bool done = false;
  bool head = false;
  std::vector<std::string> texts;
  model::Metadata metadata;  // of the head
  model::Outcome outcome;
  int ends = 0;  // how often it ended: 1 when all is well
  bool writable = true;
  std::string text() const { return texts.empty() ? std::string() : texts.front(); }
};

struct CallSpec {
  std::string service = {};
  std::string method = "Echo";
  model::MethodKind kind = model::MethodKind::unary;
  base::Nanoseconds timeout_ns = base::never_ns;
  model::Metadata metadata = {};
  std::string signature = {};
};

class Caller final : public net::StreamHandler, public codecs::ClientEvents, public Turn::Task {
 public:
  Caller(net::Network& network, Turn& turn, const codecs::CallCodec& codec, model::BodyFormat format,
         std::string_view address);
  ~Caller() override;

  bool raw = false;  // a text is the whole body

  std::shared_ptr<CallRecord> call(const CallSpec& spec, std::string_view text);
  // A stream: no message yet.
  std::shared_ptr<CallRecord> open(const CallSpec& spec);
  void send(const std::shared_ptr<CallRecord>& call, std::string_view text, bool last = false);
  void end(const std::shared_ptr<CallRecord>& call);
  void cancel(const std::shared_ptr<CallRecord>& call);
  void pause(const std::shared_ptr<CallRecord>& call);
  void resume(const std::shared_ptr<CallRecord>& call);
  void close();
  bool closed() const { return closed_; }
  bool accepting() const { return session_->accepting(); }
  net::Stream& stream() { return *stream_; }

  void on_data(base::Buffer& in) override;
  void on_eof() override;
  void on_closed(const base::Status& status) override;
  void on_reply(codecs::CallId id, model::Reply&& reply) override;
  void on_head(codecs::CallId id, model::ReplyHead&& head) override;
  void on_message(codecs::CallId id, model::Payload&& message) override;
  void on_finish(codecs::CallId id, model::Outcome&& outcome) override;
  void on_writable() override { turn_.queue(*this); }
  void on_writable(codecs::CallId id) override;
  void on_capacity() override {}
  void end_of_turn() override;

 private:
  codecs::CallId id_of(const std::shared_ptr<CallRecord>& call) const;
  std::shared_ptr<CallRecord> begin(const CallSpec& spec, std::string_view text, bool stream);
  void gone(const base::Status& why);

  Turn& turn_;
  model::BodyFormat format_;
  std::unique_ptr<codecs::ClientSession> session_;
  net::StreamPtr stream_;
  codecs::CallId next_id_ = 1;
  std::map<codecs::CallId, std::shared_ptr<CallRecord>> calls_;
  bool closed_ = false;
};

// What a provider was called with.
struct ServedCall {
  std::uint32_t connection = 0;
  codecs::CallId id = 0;
  model::CallHead head;
  std::vector<std::string> texts;
  bool ended = false;  // the caller sent its last message
  bool cancelled = false;
  bool answered = false;
  std::string text() const { return texts.empty() ? std::string() : texts.front(); }
};

class Provider final : private net::ListenerHandler {
 public:
  Provider(net::Network& network, Turn& turn, const codecs::CallCodec& codec, model::BodyFormat format,
           std::string_view address);
  ~Provider();

  bool raw = false;  // a text is the whole body
  // Calls are answered with their own text at once (the default), or wait for answer().
  bool echo = true;
  // Serves one connection until it ends, then the next that waits, as TSimpleServer does.
  bool one_at_a_time = false;
  // Methods whose messages come one by one.
  std::vector<std::string> stream_methods;

  std::vector<std::shared_ptr<ServedCall>> calls;  // in the order they came
  void answer(ServedCall& call, std::string_view text);
  void fail(ServedCall& call, model::Code code, std::string_view message);
  void send(ServedCall& call, std::string_view text);
  void finish(ServedCall& call, model::Code code = model::Code::ok);
  // Stops reading a stream's messages.
  void pause(ServedCall& call);
  void resume(ServedCall& call);
  void write_raw(std::uint32_t connection, std::string_view bytes);

  std::string address() const { return listener_->address().to_string(); }
  std::size_t connections() const;  // open now
  std::uint32_t connections_ever() const { return next_connection_; }
  void close_connections();  // in order
  void say_goodbye();        // on every connection, in the protocol's way
  void stop_listening() { listener_.reset(); }

 private:
  class Connection;
  void serve_next();
  void on_accepted(net::AcceptedSocket socket) override;
  void on_accept_failed(const base::Status& status) override;
  Connection* find(std::uint32_t connection);

  net::Network& network_;
  Turn& turn_;
  const codecs::CallCodec& codec_;
  model::BodyFormat format_;
  net::ListenerPtr listener_;
  std::uint32_t next_connection_ = 0;
  std::map<std::uint32_t, std::unique_ptr<Connection>> connections_;
  std::deque<net::AcceptedSocket> queue_;  // accepted and not served yet
};

}  // namespace koine::gateway::testing
