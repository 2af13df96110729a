// Providers of both families: what they share, and those that speak Thrift.
#include "gateway/testing/simulator/providers.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

namespace koine::gateway::testing::simulator {
namespace {

using base::millisecond_ns;

class ThriftLine final : public ProviderLine, public std::enable_shared_from_this<ThriftLine> {
 public:
  using ProviderLine::ProviderLine;

  void adopt(net::AcceptedSocket socket) {
    stream_ = stage_.network.adopt(std::move(socket), *this, net::StreamOptions());
  }
  void say_goodbye() override { close_behind_output(); }

  void on_data(base::Buffer& in) override {
    const std::string bytes = in.to_string();
    in.clear();
    stage_.note(Event::provider_bytes, number(), bytes.size(), bytes);
    stage_.ledger.provider_received += bytes.size();
    in_ += bytes;
    while (open()) {
      ThriftMessage message;
      const Taken taken = take_message(wire(), in_, message);
      if (taken == Taken::need_more) return;
      if (taken == Taken::broken) {
        // Never from this gateway.
        ++stage_.ledger.unknown_executions;
        return close();
      }
      take(std::move(message));
    }
  }
  // Answers to come have nowhere to go.
  void on_eof() override { close(); }

 private:
  void take(ThriftMessage message) {
    std::string_view method = message.name;
    if (!endpoint().multiplexed.empty() && method.starts_with(endpoint().multiplexed + ":")) {
      method.remove_prefix(endpoint().multiplexed.size() + 1);
    } else if (!endpoint().multiplexed.empty()) {
      method = "?";
    }
    const std::optional<Ping> ping = decode_arguments(body_format(wire()), message.body);
    CallRecord* call =
        execute(method, message.type == MessageType::oneway ? "post" : "echo", ping ? &*ping : nullptr);
    // Only a liar answers these.
    if (message.type == MessageType::oneway && (call == nullptr || plan_of(*call).lie == Lie::none)) return;
    if (call == nullptr) {
      message.type = MessageType::exception;
      message.body = application_exception(wire(), "nobody's call", 6);
      return put(encode_message(wire(), message));
    }
    const CallPlan& plan = plan_of(*call);
    if (plan.answer == Answer::never) return;
    const std::size_t index = stage_.ledger.index_of(*call);
    if (plan.answer_after_ns == 0) return answer(index, std::move(message));
    stage_.network.loop().schedule(plan.answer_after_ns, [weak = weak_from_this(), index, message]() mutable {
      if (const auto self = weak.lock(); self != nullptr && self->open())
        self->answer(index, std::move(message));
    });
  }

  void answer(std::size_t index, ThriftMessage message) {
    CallRecord& call = stage_.ledger.calls[index];
    const CallPlan& plan = plan_of(call);
    message.type = MessageType::reply;
    const std::size_t colon = message.name.find(':');
    if (colon != std::string::npos) message.name.erase(0, colon + 1);
    Result result;
    if (plan.answer == Answer::error) {
      message.type = MessageType::exception;
      message.body = application_exception(wire(), "the provider's own error", 6);
    } else {
      result.kind = plan.answer == Answer::refused ? Result::Kind::refused : Result::Kind::value;
      result.refused_nonce = call.nonce;
      result.value = make_ping(call.nonce, Side::answer, 0, plan.answer_pad_bytes);
      message.body = encode_result(body_format(wire()), result);
    }
    if (plan.lie != Lie::none) return misbehave(call, plan, message);
    answers(call);
    put(encode_message(wire(), message));
    last_seqid_ = message.seqid;
  }

  void misbehave(CallRecord& call, const CallPlan& plan, ThriftMessage message) {
    lie(call);
    const std::string honest = encode_message(wire(), message);
    switch (plan.lie) {
      case Lie::none: break;
      case Lie::twice: put(honest + honest); break;
      case Lie::unknown_id:
      case Lie::old_id: {
        static constexpr std::int32_t odd[] = {0, -1, std::numeric_limits<std::int32_t>::max(),
                                               std::numeric_limits<std::int32_t>::min()};
        message.seqid = plan.lie_detail % 2 == 0 ? odd[plan.lie_detail / 2 % 4] : message.seqid + 100'000;
        if (plan.lie == Lie::old_id && last_seqid_ != 0) message.seqid = last_seqid_;
        put(encode_message(wire(), message));
        if (plan.lie_detail % 3 == 0) put(honest);
        break;
      }
      case Lie::wrong_name:
        message.name = "ecko";
        put(encode_message(wire(), message));
        break;
      case Lie::wrong_type:
        message.type = plan.lie_detail % 2 == 0 ? MessageType::call : MessageType::oneway;
        put(encode_message(wire(), message));
        break;
      case Lie::mutated: {
        std::string bytes = honest;
        mutate(bytes, wire(), 0, plan.lie_detail);
        put(bytes);
        break;
      }
      case Lie::garbage: put(garbage(plan.lie_detail)); break;
      case Lie::refused_stream: close(); break;
      case Lie::reset_stream:
      case Lie::cut_off:
        put(std::string_view(honest).substr(0, plan.lie_detail % honest.size()));
        close_behind_output();
        break;
      case Lie::stuck:
        put(std::string_view(honest).substr(0, plan.lie_detail % honest.size()));
        mute();
        break;
      case Lie::oversize: {
        const std::uint32_t length = plan.lie_detail % 2 == 0 ? message_bytes_max + 1 : 0x7fffffffu;
        std::string head;
        for (int shift = 24; shift >= 0; shift -= 8) head += static_cast<char>(length >> shift);
        put(head + honest.substr(4));
        break;
      }
    }
  }

  std::string in_;
  std::int32_t last_seqid_ = 0;  // of the last honest answer
};

}  // namespace

// ---- what they share

ProviderLine::ProviderLine(Stage& stage, const EndpointPlan& plan, std::uint32_t number)
    : Line(stage, plan.wire, stage.ledger.provider_sent), endpoint_(plan), number_(number) {}

void ProviderLine::on_closed(const base::Status& status) {
  stage_.note(Event::provider_lost, number_, 0, status.to_string(), true);
}

CallRecord* ProviderLine::execute(std::string_view method, std::string_view expected_method,
                                  const Ping* ping) {
  CallRecord* call = ping != nullptr ? stage_.ledger.find(ping->nonce) : nullptr;
  if (call == nullptr || method != expected_method) {
    ++stage_.ledger.unknown_executions;
    return nullptr;
  }
  if (call->executions++ == 0) {
    call->executed_ns = stage_.now_ns();
    call->executed_order = ++stage_.ledger.order;
  }
  if (!intact(*ping, Side::request, 0)) ++call->spoiled_executions;
  call->endpoint = endpoint_.address;
  call->group = endpoint_.group;
  if (plan_of(*call).service != endpoint_.service) ++stage_.ledger.unknown_executions;
  stage_.note(Event::provider_executes, stage_.ledger.index_of(*call), number_, endpoint_.address, true);
  return call;
}

const CallPlan& ProviderLine::plan_of(const CallRecord& call) const {
  return stage_.scenario.calls[stage_.ledger.index_of(call)];
}

void ProviderLine::answers(CallRecord& call) {
  call.answered = true;
  call.answered_late = call.ends > 0 || call.lost || call.cancelled;
  call.answered_order = ++stage_.ledger.order;
  stage_.note(Event::provider_answers, stage_.ledger.index_of(call));
}

void ProviderLine::lie(CallRecord& call) {
  call.lied = true;
  stage_.note(Event::provider_lies, stage_.ledger.index_of(call), 0, to_string(plan_of(call).lie), true);
  stage_.ledger.disturb(endpoint_.address, effect_lie | effect_close, stage_.now_ns());
}

// ---- Provider

Provider::Provider(Stage& stage, EndpointPlan plan) : stage_(stage), plan_(std::move(plan)) { listen(); }

Provider::~Provider() = default;

void Provider::listen() {
  if (listening()) return;
  auto made = stage_.network.listen(*net::Address::parse(plan_.address), *this, net::ListenOptions());
  if (!made) std::abort();
  listener_ = std::move(*made);
}

void Provider::stop() {
  listener_.reset();
  close_connections();
}

void Provider::on_accepted(net::AcceptedSocket socket) {
  std::erase_if(lines_, [](const std::shared_ptr<ProviderLine>& line) { return !line->open(); });
  const std::uint32_t number = ++accepted_;
  stage_.note(Event::provider_accepts, number, 0, plan_.address, true);
  lines_.push_back(is_thrift(plan_.wire) ? make_thrift_line(stage_, plan_, number, std::move(socket))
                                         : make_grpc_line(stage_, plan_, number, std::move(socket)));
}

std::size_t Provider::connections() const {
  return static_cast<std::size_t>(
      std::count_if(lines_.begin(), lines_.end(), [](const auto& line) { return line->open(); }));
}

void Provider::close_connections() {
  for (const auto& line : lines_) line->close();
}

void Provider::repeat_next() {
  for (const auto& line : lines_) line->repeat();
}

void Provider::say_goodbye() {
  for (const auto& line : lines_) {
    if (line->open()) line->say_goodbye();
  }
}

void Provider::freeze(base::Nanoseconds time_ns) {
  for (const auto& line : lines_) line->freeze_for(time_ns);
}

void Provider::drip(std::size_t bytes, base::Nanoseconds every_ns) {
  for (const auto& line : lines_) line->drip(bytes, every_ns);
}

void Provider::heal() {
  for (const auto& line : lines_) {
    line->thaw();
    line->drip(0, 0);
  }
  listen();
}

std::shared_ptr<ProviderLine> make_thrift_line(Stage& stage, const EndpointPlan& plan, std::uint32_t number,
                                               net::AcceptedSocket socket) {
  auto line = std::make_shared<ThriftLine>(stage, plan, number);
  line->adopt(std::move(socket));
  return line;
}

}  // namespace koine::gateway::testing::simulator
