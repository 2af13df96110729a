// Calling, and writing down what came of it.
#include "gateway/testing/simulator/callers.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "gateway/codecs.h"
#include "gateway/testing/simulator/configurations.h"

namespace koine::gateway::testing::simulator {
namespace {

using base::Reason;
using model::BodyFormat;
using model::Code;

constexpr std::string_view service_names[service_count] = {"Alpha", "Beta", "Gamma", "Delta"};
constexpr std::string_view grpc_services[service_count] = {"sim.Alpha", "sim.Beta", "sim.Gamma",
                                                           "simp.Delta"};

std::string method_name(Wire wire, Flow flow) {
  static constexpr std::string_view names[] = {"echo", "post", "talk", "push", "list"};
  std::string name(names[static_cast<std::size_t>(flow)]);
  if (wire == Wire::grpc) name.front() = static_cast<char>(name.front() - 'a' + 'A');
  return name;
}

// Ids that clients really send, and the ones that are easily mistaken.
std::int32_t seqid_of(const CallerPlan& plan, std::size_t call) {
  if (plan.seqid_zero) return 0;
  static constexpr std::int32_t odd[] = {0, -1, std::numeric_limits<std::int32_t>::max(),
                                         std::numeric_limits<std::int32_t>::min(), 1};
  return call % 3 == 0 ? odd[call / 3 % std::size(odd)] : static_cast<std::int32_t>(call * 2'654'435'761u);
}

// "[NOT_FOUND] text" says the code.
Code code_in(std::string_view text) {
  if (!text.starts_with('[')) return Code::unknown;
  return model::code_from_string(text.substr(1, text.find(']') - 1));
}

}  // namespace

// ---- every caller

Caller::Caller(Stage& stage, Wire wire, std::string_view address, std::size_t number)
    : Line(stage, wire, stage.ledger.caller_sent), number_(number) {
  stage_.ledger.connections.emplace_back();
  stage_.note(Event::caller_connects, number_);
  stream_ = stage.network.connect(*net::Address::parse(address), *this, net::ConnectOptions());
}

void Caller::on_connected() {
  stage_.ledger.connections[number_].peer = stream_->local_text();
  stage_.turn.queue(*this);
}

CallRecord& Caller::begin(std::size_t call, std::uint64_t request_bytes, std::string method) {
  CallRecord& record = stage_.ledger.calls[call];
  record.started = true;
  record.connection = number_;
  record.started_ns = stage_.now_ns();
  record.request_bytes = request_bytes;
  record.method = std::move(method);
  record.variant = stage_.ledger.variant;
  stage_.note(Event::caller_starts, call, number_);
  return record;
}

void Caller::end(std::size_t call, Code code, std::string_view text) {
  CallRecord& record = stage_.ledger.calls[call];
  stage_.ledger.end(record, stage_.now_ns(), code, text);
  stage_.note(Event::caller_ended, call, static_cast<std::uint64_t>(code), text, true);
}

void Caller::mark_lost(std::size_t call) {
  CallRecord& record = stage_.ledger.calls[call];
  if (!record.cancelled) record.lost = true;
  record.ended_ns = stage_.now_ns();
}

void Caller::lose(std::string_view why) {
  if (std::exchange(over_, true)) return;
  stage_.note(Event::caller_lost, number_, 0, why, true);
  lost();
  Line::close();
}

void Caller::close() {
  stage_.ledger.connections[number_].touched = true;
  lose("closed by the caller");
}

std::unique_ptr<Caller> make_caller(Stage& stage, const CallerPlan& plan, std::size_t number) {
  if (plan.wire == Wire::grpc) return std::make_unique<GrpcCaller>(stage, plan, number);
  return std::make_unique<ThriftCaller>(stage, plan, number);
}

// ---- Thrift

ThriftCaller::ThriftCaller(Stage& stage, const CallerPlan& plan, std::size_t number)
    : Caller(stage, plan.wire, listener_address(plan.listener), number), plan_(plan) {}

void ThriftCaller::start(std::size_t call) {
  if (!open()) return;
  const CallPlan& plan = stage_.scenario.calls[call];
  ThriftMessage message;
  message.type = plan.flow == Flow::oneway ? MessageType::oneway : MessageType::call;
  std::string method = method_name(wire(), plan.flow);
  message.name = method;
  if (plan_.multiplexed) {
    message.name = std::string(service_names[static_cast<std::size_t>(plan.service)]) + ":" + method;
  }
  message.seqid = seqid_of(plan_, call);
  CallRecord& record = stage_.ledger.calls[call];
  message.body =
      encode_arguments(body_format(wire()), make_ping(record.nonce, Side::request, 0, plan.pad_bytes));
  begin(call, message.body.size(), method);
  put(encode_message(wire(), message));
  if (plan.flow != Flow::oneway) waiting_.push_back({call, message.seqid, std::move(method)});
}

// A client that does not wait any more must not use the connection again: the answer would be the next one's.
void ThriftCaller::cancel(std::size_t call) {
  const auto found =
      std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& one) { return one.call == call; });
  if (found == waiting_.end()) return;
  stage_.note(Event::caller_cancels, call);
  stage_.ledger.calls[call].cancelled = true;
  close();
}

void ThriftCaller::cancel_all() {
  for (const Waiting& one : waiting_) stage_.ledger.calls[one.call].cancelled = true;
  if (!waiting_.empty()) close();
}

void ThriftCaller::on_data(base::Buffer& in) {
  const std::string bytes = in.to_string();
  in.clear();
  stage_.note(Event::caller_bytes, number(), bytes.size(), bytes);
  stage_.ledger.caller_received += bytes.size();
  in_ += bytes;
  while (open()) {
    ThriftMessage message;
    const Taken taken = take_message(wire(), in_, message);
    if (taken == Taken::need_more) return;
    const bool expected = taken == Taken::message && !waiting_.empty() &&
                          message.seqid == waiting_.front().seqid && message.name == waiting_.front().name;
    if (!expected) {
      // Somebody else's answer, or none at all: never from this gateway.
      if (!stage_.ledger.connections[number()].lied) {
        for (const Waiting& one : waiting_) ++stage_.ledger.calls[one.call].spoiled;
      }
      return lose("an answer that no call waits for");
    }
    const Waiting waiting = std::move(waiting_.front());
    waiting_.pop_front();
    take(waiting, message);
  }
}

void ThriftCaller::take(const Waiting& waiting, const ThriftMessage& message) {
  CallRecord& record = stage_.ledger.calls[waiting.call];
  if (message.type == MessageType::exception) {
    const std::string text = application_exception_text(wire(), message.body);
    return end(waiting.call, code_in(text), text);
  }
  const std::optional<Result> result = decode_result(body_format(wire()), message.body);
  if (!result) {
    ++record.spoiled;
    return end(waiting.call, Code::ok, "an answer that cannot be read");
  }
  if (result->kind == Result::Kind::refused) {
    if (result->refused_nonce != record.nonce) {
      ++(stage_.ledger.find(result->refused_nonce) != nullptr ? record.others : record.spoiled);
    }
    return end(waiting.call, Code::not_found, "the declared exception");
  }
  if (result->kind == Result::Kind::status) {
    return end(waiting.call, static_cast<Code>(result->status), "the provider's status");
  }
  if (result->kind == Result::Kind::value) stage_.ledger.judge_answer(record, result->value, 0);
  end(waiting.call, Code::ok, {});
}

void ThriftCaller::lost() {
  for (const Waiting& one : std::exchange(waiting_, {})) mark_lost(one.call);
}

// ---- gRPC

GrpcCaller::GrpcCaller(Stage& stage, const CallerPlan& plan, std::size_t number)
    : Caller(stage, Wire::grpc, listener_address(plan.listener), number),
      self_(std::make_shared<GrpcCaller*>(this)) {
  codecs::ClientOptions options;
  options.pool = &stage.network.loop().slabs();
  options.authority = "sim";
  options.body_format = BodyFormat::protobuf;
  session_ = stage.codecs.find(router::Protocol::grpc)->make_client(std::move(options), *this);
}

GrpcCaller::~GrpcCaller() { *self_ = nullptr; }

void GrpcCaller::start(std::size_t call) {
  if (!open() || !session_->accepting()) return;
  const CallPlan& plan = stage_.scenario.calls[call];
  model::CallHead head;
  head.service = grpc_services[static_cast<std::size_t>(plan.service)];
  head.method = method_name(Wire::grpc, plan.flow);
  head.body_format = BodyFormat::protobuf;
  head.timeout_ns = plan.timeout_ns;
  const bool talks = plan.flow == Flow::talk || plan.flow == Flow::push;
  head.kind = is_stream(plan.flow) ? model::MethodKind::bidi : model::MethodKind::unary;
  const std::int64_t nonce = stage_.ledger.calls[call].nonce;
  const std::string body =
      encode_arguments(BodyFormat::protobuf, make_ping(nonce, Side::request, 0, plan.pad_bytes));
  model::Payload message;
  message.format = BodyFormat::protobuf;
  if (!talks) message.bytes.append(body);
  const base::Status started =
      session_->start(call + 1, head, !talks, std::move(message), !talks, is_stream(plan.flow));
  if (!started.ok()) return;
  begin(call, body.size(), head.method);
  heard_[call] = 0;
  if (talks) say(call, 0);
  stage_.turn.queue(*this);
}

// A stream's next message; those behind it follow a moment later each.
void GrpcCaller::say(std::size_t call, std::uint32_t number_of_message) {
  if (!open() || !heard_.contains(call)) return;
  const CallPlan& plan = stage_.scenario.calls[call];
  const Ping ping =
      make_ping(stage_.ledger.calls[call].nonce, Side::request, number_of_message, plan.pad_bytes);
  model::Payload message;
  message.format = BodyFormat::protobuf;
  message.bytes.append(encode_arguments(BodyFormat::protobuf, ping));
  const bool last = number_of_message + 1 >= plan.messages;
  session_->send_message(call + 1, true, std::move(message), last);
  stage_.turn.queue(*this);
  if (last) return;
  const auto gap = static_cast<base::Nanoseconds>(plan.lie_detail % 3) * base::millisecond_ns;
  stage_.network.loop().schedule(gap, [self = self_, call, number_of_message] {
    if (*self != nullptr) (*self)->say(call, number_of_message + 1);
  });
}

void GrpcCaller::cancel(std::size_t call) {
  if (!open() || heard_.erase(call) == 0) return;
  stage_.note(Event::caller_cancels, call);
  stage_.ledger.calls[call].cancelled = true;
  stage_.ledger.calls[call].ended_ns = stage_.now_ns();
  if (!session_->cancel(call + 1)) return close();
  stage_.turn.queue(*this);
}

void GrpcCaller::cancel_all() {
  while (open() && !heard_.empty()) cancel(heard_.begin()->first);
}

void GrpcCaller::on_data(base::Buffer& in) {
  stage_.note(Event::caller_bytes, number(), in.size(), in.to_string());
  stage_.ledger.caller_received += in.size();
  const base::Status fed = session_->feed(in);
  if (!fed.ok()) {
    // The gateway broke the protocol: nobody else is there.
    if (!stage_.ledger.connections[number()].lied) {
      for (const auto& [call, messages] : heard_) ++stage_.ledger.calls[call].spoiled;
    }
    return lose(fed.to_string());
  }
  if (session_->wants_close()) return lose("the gateway said goodbye");
  stage_.turn.queue(*this);
}

void GrpcCaller::pull() {
  while (open() && !stream().congested() && session_->wants_write()) {
    base::Buffer out;
    session_->drain(out);
    if (out.empty()) break;
    put(out.to_string());
  }
}

void GrpcCaller::lost() {
  const std::map<std::size_t, std::uint32_t> waiting = std::exchange(heard_, {});
  for (const auto& [call, messages] : waiting) mark_lost(call);
  session_->on_closed(base::Status(Reason::net_eof, "the connection ended"));
}

void GrpcCaller::take(std::size_t call, const model::Payload& message) {
  CallRecord& record = stage_.ledger.calls[call];
  const std::string body = message.bytes.to_string();
  const std::optional<Result> result = decode_result(BodyFormat::protobuf, body);
  const std::uint32_t index = heard_[call]++;
  if (!result) {
    ++record.spoiled;
  } else if (result->kind == Result::Kind::value) {
    stage_.ledger.judge_answer(record, result->value, index);
  }
}

void GrpcCaller::on_reply(codecs::CallId id, model::Reply&& reply) {
  const auto call = static_cast<std::size_t>(id - 1);
  if (!heard_.contains(call)) return;  // the connection is being lost
  if (reply.has_message) take(call, reply.message);
  on_finish(id, std::move(reply.outcome));
}

void GrpcCaller::on_message(codecs::CallId id, model::Payload&& message) {
  const auto call = static_cast<std::size_t>(id - 1);
  if (heard_.contains(call)) take(call, message);
}

void GrpcCaller::on_finish(codecs::CallId id, model::Outcome&& outcome) {
  const auto call = static_cast<std::size_t>(id - 1);
  if (heard_.erase(call) == 0) return;
  end(call, outcome.code, outcome.message);
}

}  // namespace koine::gateway::testing::simulator
