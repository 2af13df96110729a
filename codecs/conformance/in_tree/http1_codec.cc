// See http1_codec.h.
#include "codecs/conformance/in_tree/http1_codec.h"

#include <map>
#include <string>
#include <utility>

#include "codecs/transports/http1/client_session.h"
#include "codecs/transports/http1/server_session.h"

namespace koine::codecs::conformance::in_tree {
namespace {

namespace http1 = transports::http1;

model::Payload opaque(base::Buffer&& body) {
  model::Payload out;
  out.format = model::BodyFormat::opaque;
  out.bytes = std::move(body);
  return out;
}

class Http1Server final : public ServerSession, private http1::ServerEvents {
 public:
  Http1Server(const codecs::ServerOptions& options, codecs::ServerEvents& events)
      : events_(events), session_(http1::ServerOptions{options.limits, nullptr}, *this) {}

  base::Status feed(base::Buffer& in) override { return session_.feed(in); }
  bool wants_read() const override { return session_.wants_read(); }
  void on_eof() override {
    session_.on_eof();
    session_.shutdown();
  }
  void drain(base::Buffer& out) override { session_.drain(out); }
  bool wants_write() const override { return session_.wants_write(); }
  void reply(CallId id, model::Reply&& reply) override {
    if (id != id_ || !open_) return;
    open_ = false;
    session_.respond(reply.outcome.ok() ? 200 : 500, {}, std::move(reply.message.bytes));
  }
  void no_reply(CallId id) override { reply(id, model::Reply()); }
  void send_head(CallId, model::ReplyHead&&) override {}
  bool send_message(CallId, model::Payload&&) override { return true; }
  void finish(CallId, model::Outcome&&) override {}
  void pause(CallId) override {}
  void resume(CallId) override {}
  void shutdown() override { session_.shutdown(); }
  void shutdown_now() override {}
  bool wants_close() const override { return session_.wants_close(); }
  std::size_t calls_in_flight() const override { return open_ ? 1 : 0; }
  void release_idle_memory() override {}

 private:
  void on_request(const http1::MessageHead& head) override {
    method_ = head.target.empty() ? std::string() : head.target.substr(1);
    body_.clear();
  }
  void on_body(base::Slice&& bytes) override { body_.append(std::move(bytes)); }
  void on_request_end() override {
    model::CallHead head;
    head.protocol = "http1";
    head.method = method_;
    head.body_format = model::BodyFormat::opaque;
    open_ = true;
    events_.on_call(++id_, std::move(head), true, opaque(std::exchange(body_, base::Buffer())), true);
  }

  codecs::ServerEvents& events_;
  http1::ServerSession session_;
  CallId id_ = 0;
  bool open_ = false;
  std::string method_;
  base::Buffer body_;
};

class Http1Client final : public ClientSession, private http1::ClientEvents {
 public:
  Http1Client(const codecs::ClientOptions& options, codecs::ClientEvents& events)
      : events_(events),
        session_(http1::ClientOptions{options.limits, nullptr, "kit", options.pipelined_max}, *this) {}

  base::Status feed(base::Buffer& in) override { return session_.feed(in); }
  void on_closed(const base::Status& why) override { session_.on_closed(why); }
  void drain(base::Buffer& out) override { session_.drain(out); }
  bool wants_write() const override { return session_.wants_write(); }
  std::size_t capacity() const override { return session_.capacity(); }
  bool accepting() const override { return true; }
  base::Status start(CallId id, const model::CallHead& head, bool, model::Payload&& message, bool,
                     bool) override {
    const bool oneway = head.kind == model::MethodKind::oneway;
    base::Status status = session_.start(id, "POST", "/" + head.method, {}, std::move(message.bytes));
    if (status.ok()) calls_[id].cancelled = oneway;
    if (status.ok() && oneway) events_.on_reply(id, model::Reply());
    return status;
  }
  bool send_message(CallId, bool, model::Payload&&, bool) override { return true; }
  void pause(CallId) override {}
  void resume(CallId) override {}
  bool cancel(CallId id) override {
    calls_[id].cancelled = true;
    return true;
  }
  bool ping() override { return false; }
  bool ping_answered() const override { return false; }
  void shutdown() override {}
  bool wants_close() const override { return session_.wants_close(); }
  std::size_t calls_in_flight() const override { return calls_.size(); }
  void release_idle_memory() override {}

 private:
  struct Call {
    bool cancelled = false;
    model::Reply reply;
  };
  void on_response(http1::ExchangeId id, const http1::MessageHead& head) override {
    if (head.status != 200) calls_[id].reply.outcome.code = model::Code::unknown;
  }
  void on_body(http1::ExchangeId id, base::Slice&& bytes) override {
    calls_[id].reply.message.bytes.append(std::move(bytes));
  }
  void on_response_end(http1::ExchangeId id) override { end(id); }
  void on_failure(http1::ExchangeId id, const base::Status& why, bool) override {
    calls_[id].reply.outcome = model::outcome_from(why, model::Phase::maybe_executed);
    end(id);
  }
  void end(CallId id) {
    Call call = std::move(calls_[id]);
    calls_.erase(id);
    call.reply.has_message = call.reply.outcome.ok();
    call.reply.message.format = model::BodyFormat::opaque;
    if (!call.cancelled) events_.on_reply(id, std::move(call.reply));
  }

  codecs::ClientEvents& events_;
  http1::ClientSession session_;
  std::map<CallId, Call> calls_;
};

}  // namespace

const CallCodecTraits& Http1Codec::traits() const {
  static constexpr CallCodecTraits http1_traits = {.name = "http1", .ordered_answers = true};
  return http1_traits;
}

Detected Http1Codec::detect(base::Bytes first, const base::Limits&) const {
  for (std::size_t at = 0; at < first.size(); ++at) {
    if (first[at] == ' ') {
      return at >= 3 && base::as_text(first.first(at)) != "PRI" ? Detected::yes : Detected::no;
    }
    if (first[at] < 'A' || first[at] > 'Z') return Detected::no;
  }
  return Detected::need_more;
}

std::unique_ptr<ServerSession> Http1Codec::make_server(codecs::ServerOptions options,
                                                       codecs::ServerEvents& events) const {
  return std::make_unique<Http1Server>(options, events);
}
std::unique_ptr<ClientSession> Http1Codec::make_client(codecs::ClientOptions options,
                                                       codecs::ClientEvents& events) const {
  return std::make_unique<Http1Client>(options, events);
}

}  // namespace koine::codecs::conformance::in_tree
