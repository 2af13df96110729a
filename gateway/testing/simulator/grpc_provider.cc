// Providers that speak gRPC, on the codec's other half; lies are told below it, frame by frame (RFC 9113
// §4.1: u24 length, u8 type, u8 flags, u31 stream, payload).
#include <algorithm>
#include <map>
#include <utility>

#include "gateway/codecs.h"
#include "gateway/testing/simulator/providers.h"

namespace koine::gateway::testing::simulator {
namespace {

using model::BodyFormat;
using model::Code;

constexpr std::uint8_t frame_data = 0;
constexpr std::uint8_t frame_headers = 1;
constexpr std::uint8_t frame_rst_stream = 3;
constexpr std::uint8_t frame_push_promise = 5;
constexpr std::size_t frame_head_bytes = 9;
constexpr std::uint32_t error_refused_stream = 7;

std::string frame(std::uint8_t type, std::uint8_t flags, std::uint64_t stream, std::string_view payload) {
  std::string bytes;
  for (int shift = 16; shift >= 0; shift -= 8) bytes += static_cast<char>(payload.size() >> shift);
  bytes += static_cast<char>(type);
  bytes += static_cast<char>(flags);
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(stream >> shift);
  bytes += payload;
  return bytes;
}

std::string reset_frame(std::uint64_t stream, std::uint32_t code) {
  std::string payload;
  for (int shift = 24; shift >= 0; shift -= 8) payload += static_cast<char>(code >> shift);
  return frame(frame_rst_stream, 0, stream, payload);
}

// Where the first HEADERS frame of that stream ends in `bytes`, which begins with a frame; 0: there is none.
std::size_t behind_headers(std::string_view bytes, std::uint64_t stream) {
  std::size_t at = 0;
  while (at + frame_head_bytes <= bytes.size()) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 3; ++i) length = length << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    std::uint64_t of = 0;
    for (std::size_t i = 5; i < 9; ++i) of = of << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    const bool found = static_cast<std::uint8_t>(bytes[at + 3]) == frame_headers && of == stream;
    at += frame_head_bytes + length;
    if (found) return at <= bytes.size() ? at : 0;
  }
  return 0;
}

Flow flow_of(std::string_view method) {
  if (method == "Talk") return Flow::talk;
  if (method == "Push") return Flow::push;
  return method == "List" ? Flow::list : Flow::unary;
}

class GrpcLine final : public ProviderLine,
                       private codecs::ServerEvents,
                       public std::enable_shared_from_this<GrpcLine> {
 public:
  GrpcLine(Stage& stage, const EndpointPlan& plan, std::uint32_t number, net::AcceptedSocket socket)
      : ProviderLine(stage, plan, number) {
    codecs::ServerOptions options;
    options.pool = &stage.network.loop().slabs();
    options.streams = [](std::string_view path) {
      return flow_of(path.substr(path.rfind('/') + 1)) != Flow::unary;
    };
    session_ = stage.codecs.find(router::Protocol::grpc)->make_server(std::move(options), *this);
    stream_ = stage.network.adopt(std::move(socket), *this, net::StreamOptions());
  }

  void say_goodbye() override {
    session_->shutdown();
    stage_.turn.queue(*this);
  }
  void on_data(base::Buffer& in) override {
    stage_.note(Event::provider_bytes, number(), in.size(), in.to_string());
    stage_.ledger.provider_received += in.size();
    if (!session_->feed(in).ok() && !broken_ && !repeats()) {
      // Only a provider that broke the protocol itself is answered with a broken one.
      ++stage_.ledger.unknown_executions;
      close();
    }
    stage_.turn.queue(*this);
  }
  void on_eof() override { close(); }
  using Line::on_writable;

 private:
  struct Served {
    std::size_t call = 0;
    std::uint32_t messages = 0;  // that came
    bool known = false;
    std::string method;
  };

  // ---- what is asked

  void on_call(codecs::CallId id, model::CallHead&& head, bool has_message, model::Payload&& message,
               bool end_of_stream) override {
    Served& served = served_[id];
    served.method = std::move(head.method);
    if (has_message) heard(id, served, message);
    if (end_of_stream) complete(id);
  }
  void on_message(codecs::CallId id, bool has_message, model::Payload&& message,
                  bool end_of_stream) override {
    const auto found = served_.find(id);
    if (found == served_.end()) return;
    if (has_message) heard(id, found->second, message);
    if (end_of_stream) complete(id);
  }
  void on_cancel(codecs::CallId id, base::Reason) override { served_.erase(id); }
  void on_writable(codecs::CallId) override { stage_.turn.queue(*this); }

  void heard(codecs::CallId id, Served& served, const model::Payload& message) {
    const std::optional<Ping> ping = decode_arguments(BodyFormat::protobuf, message.bytes.to_string());
    if (served.messages++ == 0) {
      if (ping && refuses(id, *ping)) return;
      const bool known =
          flow_of(served.method) != Flow::unary || served.method == "Echo" || served.method == "Post";
      CallRecord* call = execute(known ? served.method : "?", served.method, ping ? &*ping : nullptr);
      served.known = call != nullptr;
      if (call != nullptr) served.call = stage_.ledger.index_of(*call);
    } else if (served.known) {
      CallRecord& call = stage_.ledger.calls[served.call];
      if (!ping || ping->nonce != call.nonce || !intact(*ping, Side::request, served.messages - 1)) {
        ++call.spoiled_executions;
      }
    }
    if (served.known && flow_of(served.method) == Flow::talk && plan(served).answer == Answer::ok) {
      say(id, served.call, served.messages - 1);
    }
  }

  // REFUSED_STREAM promises that nothing was done: the call may go elsewhere.
  bool refuses(codecs::CallId id, const Ping& ping) {
    CallRecord* call = stage_.ledger.find(ping.nonce);
    if (call == nullptr || plan_of(*call).lie != Lie::refused_stream || call->lied) return false;
    lie(*call);
    served_.erase(id);
    put(reset_frame(id, error_refused_stream));
    broken_ = true;
    return true;
  }

  const CallPlan& plan(const Served& served) const { return plan_of(stage_.ledger.calls[served.call]); }

  // ---- what is answered

  void complete(codecs::CallId id) {
    const auto found = served_.find(id);
    if (found == served_.end()) return;
    const Served& served = found->second;
    if (!served.known) {
      end(id, Code::internal, "nobody's call");
      return;
    }
    const CallPlan& plan_here = plan(served);
    if (plan_here.answer == Answer::never) return;
    if (plan_here.answer_after_ns == 0) return answer(id);
    stage_.network.loop().schedule(plan_here.answer_after_ns, [weak = weak_from_this(), id] {
      if (const auto self = weak.lock(); self != nullptr && self->open()) self->answer(id);
    });
  }

  void answer(codecs::CallId id) {
    const auto found = served_.find(id);
    if (found == served_.end()) return;  // cancelled
    const Served served = found->second;
    CallRecord& call = stage_.ledger.calls[served.call];
    const CallPlan& plan_here = plan(served);
    if (plan_here.lie != Lie::none && plan_here.lie != Lie::refused_stream) {
      lie(call);
      lying_ = plan_here.lie;
      lying_id_ = id;
      lying_detail_ = plan_here.lie_detail;
    } else {
      answers(call);
    }
    if (plan_here.answer == Answer::refused) return end(id, Code::not_found, "refused");
    if (plan_here.answer == Answer::error)
      return end(id, Code::failed_precondition, "the provider's own error");
    const Flow flow = flow_of(served.method);
    if (flow == Flow::unary) {
      model::Reply reply;
      reply.has_message = true;
      reply.message.format = BodyFormat::protobuf;
      if (served.method == "Echo") reply.message.bytes.append(words(served.call, 0));
      served_.erase(id);
      session_->reply(id, std::move(reply));
    } else {
      if (flow == Flow::push) say(id, served.call, 0);
      for (std::uint32_t i = 0; flow == Flow::list && i < plan_here.messages; ++i) say(id, served.call, i);
      end(id, Code::ok, {});
    }
    stage_.turn.queue(*this);
  }

  std::string words(std::size_t call, std::uint32_t message) const {
    Result result;
    result.kind = Result::Kind::value;
    result.value = make_ping(stage_.ledger.calls[call].nonce, Side::answer, message,
                             stage_.scenario.calls[call].answer_pad_bytes);
    return encode_result(BodyFormat::protobuf, result);
  }

  void say(codecs::CallId id, std::size_t call, std::uint32_t message) {
    model::Payload payload;
    payload.format = BodyFormat::protobuf;
    payload.bytes.append(words(call, message));
    session_->send_message(id, std::move(payload));
    stage_.turn.queue(*this);
  }

  void end(codecs::CallId id, Code code, std::string_view text) {
    served_.erase(id);
    model::Outcome outcome;
    outcome.code = code;
    outcome.message = text;
    session_->finish(id, std::move(outcome));
    stage_.turn.queue(*this);
  }

  // ---- bytes

  void pull() override {
    while (open() && !stream().congested() && session_->wants_write()) {
      base::Buffer out;
      session_->drain(out);
      if (out.empty()) break;
      std::string bytes = out.to_string();
      if (lying_ != Lie::none) {
        misbehave(std::move(bytes));
      } else {
        put(bytes);
      }
    }
    if (session_->wants_close()) close_behind_output();
  }

  void misbehave(std::string bytes) {
    broken_ = true;
    const std::uint64_t detail = lying_detail_;
    switch (std::exchange(lying_, Lie::none)) {
      case Lie::none:
      case Lie::refused_stream: put(bytes); break;
      case Lie::twice: put(bytes + bytes); break;
      case Lie::unknown_id: put(frame(frame_data, 0, (lying_id_ + 1000) | 1, "\0\0\0\0\1x") + bytes); break;
      case Lie::old_id: put(bytes + frame(frame_data, 1, detail % 2 == 0 ? lying_id_ : 1, "late")); break;
      case Lie::wrong_name: put(frame(0xfa, 0, lying_id_, "of an unknown type") + bytes); break;
      case Lie::wrong_type:
        put(frame(frame_push_promise, 4, lying_id_, std::string("\0\0\0\2\x82", 5)) + bytes);
        break;
      case Lie::mutated:
        mutate(bytes, Wire::grpc, 0, detail);
        put(bytes);
        break;
      case Lie::garbage: put(garbage(detail)); break;
      case Lie::cut_off:
        put(std::string_view(bytes).substr(0, detail % bytes.size()));
        close_behind_output();
        break;
      case Lie::stuck:
        put(std::string_view(bytes).substr(0, detail % bytes.size()));
        mute();
        break;
      case Lie::oversize: {
        // A DATA frame whose message would be one byte too long; the rest of it never comes.
        const std::size_t head = behind_headers(bytes, lying_id_);
        const std::uint32_t length = message_bytes_max + 1;
        std::string prefix(1, '\0');
        for (int shift = 24; shift >= 0; shift -= 8) prefix += static_cast<char>(length >> shift);
        put(bytes.substr(0, head) + frame(frame_data, 0, lying_id_, prefix + "x"));
        break;
      }
      case Lie::reset_stream: {
        // Behind the answer's head; without it REFUSED_STREAM would be a lie that nobody can see through.
        const std::size_t head = behind_headers(bytes, lying_id_);
        auto code = static_cast<std::uint32_t>(detail % 14);
        if (head == 0 && code == error_refused_stream) ++code;
        put(bytes.substr(0, head) + reset_frame(lying_id_, code));
        break;
      }
    }
  }

  std::unique_ptr<codecs::ServerSession> session_;
  std::map<codecs::CallId, Served> served_;
  Lie lying_ = Lie::none;
  codecs::CallId lying_id_ = 0;
  std::uint64_t lying_detail_ = 0;
  bool broken_ = false;
};

}  // namespace

std::shared_ptr<ProviderLine> make_grpc_line(Stage& stage, const EndpointPlan& plan, std::uint32_t number,
                                             net::AcceptedSocket socket) {
  return std::make_shared<GrpcLine>(stage, plan, number, std::move(socket));
}

}  // namespace koine::gateway::testing::simulator
