// See driven.h.
#include "fuzz/driven.h"

#include <map>
#include <memory>
#include <vector>

namespace koine::fuzz {
namespace {

using codecs::CallId;

model::Payload body_of(model::BodyFormat format, std::size_t size) {
  model::Payload out;
  out.format = format;
  out.bytes.append(std::string(size, '\0'));
  return out;
}

model::Outcome outcome_of(std::uint8_t deed) {
  model::Outcome out;
  out.code = static_cast<model::Code>(deed % 17);
  if (out.code == model::Code::ok) return out;
  out.message = "did not work \xc3\xa9";
  out.origin = static_cast<model::Origin>(deed / 17 % 3);
  if (out.origin != model::Origin::application) out.reason = base::Reason::map_range;
  if (deed % 2 == 0) out.trailers.add("x-why", "because");
  if (deed % 5 == 0) out.details = "\x08\x05";
  if (deed % 3 == 0) out.declared_field = 1;
  return out;
}

constexpr const char* drained = "wants_write() is false after a drain() that yielded nothing";

// What an owner sends of its own accord is no peer's doing: of much there is enough for once or twice a run,
// so that the heap is still bounded by the peer's bytes.
class Plenty {
 public:
  std::size_t of(std::size_t bytes) {
    if (bytes > left_) return 5;
    left_ -= bytes;
    return bytes;
  }

 private:
  std::size_t left_ = 100'000;
};

// ---- the side that faces callers

class ServerOwner final : public codecs::ServerEvents {
 public:
  ServerOwner(const codecs::CallCodec& codec, const codecs::ServerOptions& options)
      : session_(codec.make_server(options, *this)) {}

  void on_call(CallId id, model::CallHead&& head, bool, model::Payload&& message,
               bool end_of_stream) override {
    check(calls_.find(id) == calls_.end(), "ids are used once");
    Call& call = calls_[id];
    call.oneway = head.kind == model::MethodKind::oneway;
    call.format = head.body_format;
    call.ended = call.unary = end_of_stream;
    (void)message;
  }
  void on_message(CallId id, bool, model::Payload&&, bool end_of_stream) override {
    Call& call = expect(id, "on_message");
    check(!call.ended, "nothing comes after the end of a stream");
    call.ended = end_of_stream;
  }
  void on_cancel(CallId id, base::Reason) override {
    expect(id, "on_cancel");
    calls_.erase(id);
  }
  void on_writable(CallId id) override { expect(id, "on_writable"); }

  void feed(std::string_view bytes) {
    in_.append(bytes);
    if (status_.ok() && session_->wants_read()) status_ = session_->feed(in_);
    (void)session_->unread_bytes();
    check(!session_->holds_input() || !session_->wants_read() || !status_.ok() || session_->wants_close(),
          "feed() leaves nothing that it could use");
    (void)session_->unfinished_unit();
  }
  void drain() {
    base::Buffer out;
    session_->drain(out);
    check(!out.empty() || !session_->wants_write(), drained);
  }
  void act(std::uint8_t deed) {
    switch (deed % 16) {
      case 0: session_->shutdown(); return;
      case 1: session_->shutdown_now(); return;
      case 2: session_->release_idle_memory(); return;
      case 3: drain(); return;
      default: break;
    }
    if (calls_.empty()) return;
    auto at = calls_.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(deed / 16 % calls_.size()));
    (void)session_->carries_metadata(at->first);
    (void)session_->queued_bytes();
    answer(at->first, at->second, deed);
  }
  void end() {
    feed("");
    session_->on_eof();
    while (!calls_.empty()) {
      const auto at = calls_.begin();
      const CallId id = at->first;
      const bool oneway = at->second.oneway;
      calls_.erase(at);
      if (oneway) {
        session_->no_reply(id);
      } else {
        session_->finish(id, outcome_of(static_cast<std::uint8_t>(id)));
      }
    }
    // Each time as much as limits.write_high_bytes at most, which may be little.
    while (session_->wants_write()) drain();
    check(session_->calls_in_flight() == 0, "no call is left when all were answered");
  }

 private:
  struct Call {
    model::BodyFormat format = model::BodyFormat::none;
    bool oneway = false;
    bool unary = false;
    bool ended = false;
    bool head_sent = false;
    bool message_sent = false;
  };
  Call& expect(CallId id, const char* event) {
    const auto at = calls_.find(id);
    check(at != calls_.end(), "an event is about a call that is not finished", [&] { return event; });
    return at->second;
  }
  void answer(CallId id, Call& call, std::uint8_t deed) {
    const bool one_message = call.unary && call.message_sent;
    switch (deed % 16) {
      case 4:
      case 5:
      case 6: {
        if (call.oneway || call.head_sent || !call.unary) break;
        model::Reply reply;
        if (deed % 4 != 1) reply.outcome = outcome_of(deed);
        reply.has_message = reply.outcome.ok() || reply.outcome.declared_field != 0;
        if (reply.has_message) reply.message = body_of(call.format, 1 + deed / 4);
        if (deed == 0xf4) reply.message.format = model::BodyFormat::opaque;
        if (deed == 0xe4) reply.message.compression = model::Compression::gzip;
        reply.head.metadata.add("x-head", deed == 0xd4 ? std::string(plenty_.of(70'000), 'm') : "1");
        calls_.erase(id);
        return session_->reply(id, std::move(reply));
      }
      case 7: {
        if (call.oneway || call.head_sent) break;
        call.head_sent = true;
        model::ReplyHead head;
        head.metadata.add("x-head-bin", std::string_view("\0\xff", 2));
        return session_->send_head(id, std::move(head));
      }
      case 8:
      case 9: {
        if (call.oneway || one_message) break;
        if (!call.head_sent) session_->send_head(id, {});
        call.head_sent = call.message_sent = true;
        (void)session_->send_message(id, body_of(call.format, deed % 16 == 8 ? 5u : plenty_.of(40'000)));
        return;
      }
      case 10: return session_->pause(id);
      case 11: return session_->resume(id);
      case 12: {
        if (call.oneway) break;
        calls_.erase(id);
        return session_->finish(id, outcome_of(deed));
      }
      default: break;
    }
    if (call.oneway) {
      calls_.erase(id);
      session_->no_reply(id);
    }
  }

  base::Buffer in_;
  std::unique_ptr<codecs::ServerSession> session_;
  Plenty plenty_;
  std::map<CallId, Call> calls_;
  base::Status status_;
};

// ---- the side that faces providers

class ClientOwner final : public codecs::ClientEvents {
 public:
  ClientOwner(const codecs::CallCodec& codec, const codecs::ClientOptions& options)
      : format_(options.body_format), session_(codec.make_client(options, *this)) {}

  void on_reply(CallId id, model::Reply&&) override {
    check(!expect(id, "on_reply").stream, "a unary call ends in on_reply");
    calls_.erase(id);
  }
  void on_head(CallId id, model::ReplyHead&&) override {
    Call& call = expect(id, "on_head");
    check(call.stream && !call.head, "one head for each stream");
    call.head = true;
  }
  void on_message(CallId id, model::Payload&&) override {
    check(expect(id, "on_message").head, "messages follow the head");
  }
  void on_finish(CallId id, model::Outcome&&) override {
    check(expect(id, "on_finish").stream, "a stream ends in on_finish");
    calls_.erase(id);
  }
  void on_writable(CallId id) override { expect(id, "on_writable"); }
  void on_capacity() override {}

  void feed(std::string_view bytes) {
    in_.append(bytes);
    if (status_.ok() && !closed_) status_ = session_->feed(in_);
  }
  void drain() {
    base::Buffer out;
    session_->drain(out);
    check(!out.empty() || !session_->wants_write(), drained);
  }
  void act(std::uint8_t deed) {
    switch (deed % 16) {
      case 0:
        if (deed >= 128) session_->shutdown();
        return;
      case 1:
        (void)session_->established();
        if (session_->ping()) (void)session_->ping_answered();
        return;
      case 2: session_->release_idle_memory(); return;
      case 3: drain(); return;
      case 4:
      case 5:
      case 6:
      case 7:
      case 8: return start(deed);
      default: break;
    }
    if (calls_.empty()) return;
    auto at = calls_.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(deed / 16 % calls_.size()));
    const CallId id = at->first;
    Call& call = at->second;
    switch (deed % 16) {
      case 9:
      case 10:
        if (!call.sending) return;
        call.sending = deed % 16 == 9;
        (void)session_->send_message(id, true, body_of(format_, deed < 128 ? 3u : plenty_.of(30'000)),
                                     !call.sending);
        return;
      case 11:
        if (!call.sending) return;
        call.sending = false;
        (void)session_->send_message(id, false, model::Payload(), true);
        return;
      case 12: return session_->pause(id);
      case 13: return session_->resume(id);
      default:
        calls_.erase(at);
        // What cannot go on is closed by its owner.
        if (!session_->cancel(id)) close();
        return;
    }
  }
  void close() {
    if (closed_) return;
    closed_ = true;
    session_->on_closed(base::Status(base::Reason::upstream_closed, "the end"));
    check(calls_.empty(), "every call ends with its connection");
    check(session_->calls_in_flight() == 0, "no call is left when the connection is gone");
  }

 private:
  struct Call {
    bool stream = false;
    bool sending = false;
    bool head = false;
  };
  Call& expect(CallId id, const char* event) {
    const auto at = calls_.find(id);
    check(at != calls_.end(), "an event is about a call that is not finished", [&] { return event; });
    return at->second;
  }
  void start(std::uint8_t deed) {
    if (closed_ || session_->capacity() == 0 || !session_->accepting()) return;
    model::CallHead head;
    head.service = "s.S";
    head.method = "Get";
    head.body_format = format_;
    // More than a frame holds, and than small limits allow.
    head.metadata.add("x-a", deed == 0xf5 ? std::string(plenty_.of(20'000), 'm') : "1");
    if (deed % 3 == 0) head.timeout_ns = 1'000'000;
    if (deed % 5 == 0) head.trace.parent = "00-1-2-01";
    if (deed % 7 == 0) head.trace.state = "a=b";
    if (deed == 0xe5) head.service = "no path";
    const CallId id = ++last_;
    Call call;
    call.stream = deed % 16 == 7 || deed % 16 == 8;
    call.sending = deed % 16 == 8;
    head.kind = deed % 16 == 4 ? model::MethodKind::oneway
                : call.stream  ? model::MethodKind::bidi
                               : model::MethodKind::unary;
    calls_[id] = call;
    model::Payload body = body_of(format_, deed < 240 ? 5u : plenty_.of(50'000));
    if (deed == 0xd5) body.compression = model::Compression::deflate;
    if (!session_->start(id, head, true, std::move(body), !call.sending, call.stream).ok()) {
      calls_.erase(id);
    }
  }

  const model::BodyFormat format_;
  base::Buffer in_;
  std::unique_ptr<codecs::ClientSession> session_;
  Plenty plenty_;
  std::map<CallId, Call> calls_;
  CallId last_ = 0;
  base::Status status_;
  bool closed_ = false;
};

// A piece of the stream, one deed, the next piece; the first byte says how long pieces are, 0 all of it.
template <class Owner>
void drive(Owner& owner, base::Bytes deeds, std::string_view stream) {
  const std::size_t piece = deeds.empty() || deeds[0] == 0 ? stream.size() : deeds[0];
  if (!deeds.empty()) deeds = deeds.subspan(1);
  for (std::size_t i = 0; i < deeds.size() || !stream.empty(); ++i) {
    owner.feed(stream.substr(0, piece));
    stream.remove_prefix(stream.size() < piece ? stream.size() : piece);
    if (i < deeds.size()) owner.act(deeds[i]);
  }
}

}  // namespace

void drive_server(const codecs::CallCodec& codec, const codecs::ServerOptions& options, base::Bytes deeds,
                  std::string_view stream) {
  ServerOwner owner(codec, options);
  drive(owner, deeds, stream);
  owner.end();
}

void drive_client(const codecs::CallCodec& codec, const codecs::ClientOptions& options, std::size_t calls,
                  base::Bytes deeds, std::string_view stream) {
  ClientOwner owner(codec, options);
  for (std::size_t i = 0; i < calls; ++i) owner.act(5);
  owner.drain();
  drive(owner, deeds, stream);
  owner.close();
}

}  // namespace koine::fuzz
