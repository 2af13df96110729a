// For the kit's own tests: a small codec that is right, and can be wrong in one way at a time.
//
//   request  'K' · u32 length of the rest · u8 length of the method's name · name · body
//   answer   'R' · u32 length of the body · body; in the order of the requests
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codecs/call_codec.h"

namespace koine::codecs::conformance::testing {

enum class Flaw {
  none,
  finishes_early,     // reports a call one byte before its end
  trusts_length,      // makes room for what the length announces
  needs_whole_units,  // a unit that comes in two pieces is an error
  speaks_after_end,   // reports calls after feed() failed
  answers_as_they_come,
  claims_everything,
  drains_without_bound,
  forgets_calls,   // on_closed() ends nothing
  ignores_cancel,  // an answer to a cancelled call is reported
  has_no_limit,
  loses_bytes,  // cuts the last byte off a body
};

inline std::string u32(std::size_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
  return out;
}

// The unit at the front of `in`: its body's length, or a reason why there is none.
enum class UnitState { whole, partial, broken, too_long };
inline UnitState peek_unit(const base::Buffer& in, char mark, std::size_t limit, std::size_t& length) {
  const std::string head = base::Buffer(in).take_front(std::min<std::size_t>(in.size(), 5)).to_string();
  if (!head.empty() && head[0] != mark) return UnitState::broken;
  if (head.size() < 5) return UnitState::partial;
  length = 0;
  for (int i = 1; i < 5; ++i)
    length = length << 8 | static_cast<unsigned char>(head[static_cast<std::size_t>(i)]);
  if (length > limit) return UnitState::too_long;
  return in.size() < 5 + length ? UnitState::partial : UnitState::whole;
}

class ToyServer final : public ServerSession {
 public:
  ToyServer(ServerOptions options, Flaw flaw, ServerEvents& events)
      : options_(std::move(options)), flaw_(flaw), events_(events) {}

  base::Status feed(base::Buffer& in) override {
    const std::size_t limit =
        flaw_ == Flaw::has_no_limit ? std::size_t{1} << 31 : options_.limits.message_bytes_max;
    while (!in.empty()) {
      if (closing_ && flaw_ != Flaw::speaks_after_end) {
        in.clear();
        return {};
      }
      std::size_t length = 0;
      const UnitState state = peek_unit(in, 'K', limit, length);
      if (state == UnitState::too_long) return fail(base::Reason::limit_message);
      if (state == UnitState::broken) {
        if (flaw_ == Flaw::speaks_after_end) tell("ghost", "");
        return fail(base::Reason::wire_malformed);
      }
      if (state == UnitState::partial) {
        if (flaw_ == Flaw::needs_whole_units) return fail(base::Reason::wire_truncated);
        if (flaw_ == Flaw::trusts_length && in.size() >= 5) trusted_.reserve(length);
        if (flaw_ != Flaw::finishes_early || in.size() != 4 + length || length < 8) return {};
      }
      std::string unit = in.take_front(5 + length).to_string().substr(5);
      const std::size_t name = unit.empty() ? 0 : static_cast<unsigned char>(unit[0]);
      if (unit.size() < 1 + name) return fail(base::Reason::wire_malformed);
      if (flaw_ == Flaw::loses_bytes && unit.size() > 1 + name) unit.pop_back();
      tell(unit.substr(1, name), unit.substr(1 + name));
    }
    return {};
  }
  void on_eof() override { closing_ = true; }
  void drain(base::Buffer& out) override {
    if (flaw_ == Flaw::drains_without_bound) return out.append(std::exchange(out_, base::Buffer()));
    if (out.size() >= options_.limits.write_high_bytes) return;
    out.append(out_.take_front(std::min(out_.size(), options_.limits.write_high_bytes - out.size())));
  }
  bool wants_write() const override { return !out_.empty(); }
  void reply(CallId id, model::Reply&& reply) override {
    const std::string body = reply.message.bytes.to_string();
    if (flaw_ == Flaw::answers_as_they_come) return out_.append("R" + u32(body.size()) + body);
    slots_[static_cast<std::size_t>(id - first_)] = {true, "R" + u32(body.size()) + body};
    for (; !slots_.empty() && slots_.front().first; ++first_) {
      out_.append(slots_.front().second);
      slots_.pop_front();
    }
  }
  void no_reply(CallId) override {}
  void send_head(CallId, model::ReplyHead&&) override {}
  bool send_message(CallId, model::Payload&&) override { return true; }
  void finish(CallId, model::Outcome&&) override {}
  void pause(CallId) override {}
  void resume(CallId) override {}
  void shutdown() override { closing_ = true; }
  void shutdown_now() override {}
  bool wants_close() const override { return closing_ && out_.empty(); }
  std::size_t calls_in_flight() const override { return slots_.size(); }
  void release_idle_memory() override {}

 private:
  base::Status fail(base::Reason reason) {
    closing_ = true;
    return base::Status(reason, "the toy does not understand this");
  }
  void tell(std::string method, const std::string& body) {
    model::CallHead head;
    head.protocol = "toy";
    head.method = std::move(method);
    head.body_format = model::BodyFormat::opaque;
    model::Payload payload;
    payload.format = model::BodyFormat::opaque;
    payload.bytes.append(body);
    slots_.emplace_back(false, std::string());
    events_.on_call(first_ + slots_.size() - 1, std::move(head), true, std::move(payload), true);
  }

  ServerOptions options_;
  Flaw flaw_;
  ServerEvents& events_;
  std::deque<std::pair<bool, std::string>> slots_;
  CallId first_ = 1;
  base::Buffer out_;
  std::string trusted_;
  bool closing_ = false;
};

class ToyClient final : public ClientSession {
 public:
  ToyClient(ClientOptions options, Flaw flaw, ClientEvents& events)
      : options_(std::move(options)), flaw_(flaw), events_(events) {}

  base::Status feed(base::Buffer& in) override {
    while (!in.empty()) {
      std::size_t length = 0;
      const UnitState state = peek_unit(in, 'R', options_.limits.message_bytes_max, length);
      if (state == UnitState::partial) return {};
      if (state != UnitState::whole || calls_.empty()) {
        closed_ = true;
        return base::Status(base::Reason::upstream_protocol, "no answer of the toy's");
      }
      model::Reply reply;
      reply.has_message = true;
      reply.message.bytes = in.take_front(5 + length);
      reply.message.bytes.consume(5);
      const auto [id, cancelled] = calls_.front();
      calls_.pop_front();
      if (!cancelled || flaw_ == Flaw::ignores_cancel) events_.on_reply(id, std::move(reply));
    }
    return {};
  }
  void on_closed(const base::Status& why) override {
    if (flaw_ == Flaw::forgets_calls) return;
    for (const auto& [id, cancelled] : std::exchange(calls_, std::deque<std::pair<CallId, bool>>())) {
      if (cancelled) continue;
      model::Reply reply;
      reply.outcome = model::outcome_from(why, model::Phase::maybe_executed);
      events_.on_reply(id, std::move(reply));
    }
  }
  void drain(base::Buffer& out) override { out.append(std::exchange(out_, base::Buffer())); }
  bool wants_write() const override { return !out_.empty(); }
  std::size_t capacity() const override { return options_.pipelined_max - calls_.size(); }
  bool accepting() const override { return !closed_; }
  base::Status start(CallId id, const model::CallHead& head, bool, model::Payload&& message, bool,
                     bool) override {
    std::string unit(1, static_cast<char>(head.method.size()));
    unit += head.method + message.bytes.to_string();
    out_.append("K" + u32(unit.size()) + unit);
    if (head.kind == model::MethodKind::oneway) {
      // The toy has no mark for it: an answer comes and is nobody's.
      calls_.emplace_back(id, true);
      events_.on_reply(id, model::Reply());
    } else {
      calls_.emplace_back(id, false);
    }
    return {};
  }
  bool send_message(CallId, bool, model::Payload&&, bool) override { return true; }
  void pause(CallId) override {}
  void resume(CallId) override {}
  bool cancel(CallId id) override {
    for (auto& [one, cancelled] : calls_) {
      if (one == id) cancelled = true;
    }
    return true;
  }
  bool ping() override { return false; }
  bool ping_answered() const override { return false; }
  void shutdown() override { closed_ = true; }
  bool wants_close() const override { return closed_; }
  std::size_t calls_in_flight() const override { return calls_.size(); }
  void release_idle_memory() override {}

 private:
  ClientOptions options_;
  Flaw flaw_;
  ClientEvents& events_;
  std::deque<std::pair<CallId, bool>> calls_;
  base::Buffer out_;
  bool closed_ = false;
};

class ToyCodec final : public CallCodec {
 public:
  explicit ToyCodec(Flaw flaw = Flaw::none) : flaw_(flaw) {}
  const CallCodecTraits& traits() const override {
    static constexpr CallCodecTraits toy = {.name = "toy", .ordered_answers = true};
    return toy;
  }
  Detected detect(base::Bytes first, const base::Limits&) const override {
    if (flaw_ == Flaw::claims_everything) return Detected::yes;
    if (first.empty()) return Detected::need_more;
    return first[0] == 'K' ? Detected::yes : Detected::no;
  }
  std::unique_ptr<ServerSession> make_server(ServerOptions options, ServerEvents& events) const override {
    return std::make_unique<ToyServer>(std::move(options), flaw_, events);
  }
  std::unique_ptr<ClientSession> make_client(ClientOptions options, ClientEvents& events) const override {
    return std::make_unique<ToyClient>(std::move(options), flaw_, events);
  }

 private:
  Flaw flaw_;
};

}  // namespace koine::codecs::conformance::testing
