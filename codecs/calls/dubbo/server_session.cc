// Requests into calls, answers into frames.
#include "codecs/calls/dubbo/server_session.h"

#include <algorithm>
#include <utility>

#include "codecs/calls/dubbo/attachments.h"
#include "codecs/calls/dubbo/fastjson2.h"
#include "codecs/calls/dubbo/frame.h"
#include "codecs/calls/dubbo/invocation.h"

namespace koine::codecs::calls::dubbo {
namespace {

using base::Reason;
using base::Status;

// More than any limit lets be in flight (base/limits.h has its ceiling).
constexpr int slot_bits = 16;

}  // namespace

DubboServerSession::DubboServerSession(ServerOptions options, ServerEvents& events)
    : options_(std::move(options)),
      events_(events),
      reader_(options_.limits.message_bytes_max),
      walker_(options_.limits.nesting_max),
      outgoing_(options_.pool) {}

bool DubboServerSession::wants_read() const {
  return !closing_ && !write_paused_ && in_flight_ < options_.limits.pipelined_calls_max;
}

Status DubboServerSession::feed(base::Buffer& in) {
  share_used_ = false;
  unfinished_ = 0;
  for (std::size_t taken = 0;; ++taken) {
    if (closing_) {
      in.clear();  // nothing behind the end is a request any more
      return {};
    }
    if (!wants_read()) {
      if (!in.empty() && !write_paused_) base::count_hit(options_.hits, base::Limit::pipelined_calls_max);
      return {};
    }
    if (taken != 0 && taken == options_.work_share) {
      share_used_ = !in.empty();
      return {};
    }
    FrameHead head;
    base::Buffer body(options_.pool);
    Status status;
    switch (reader_.next(in, head, body)) {
      case FrameReader::State::need_more:
        if (reader_.unfinished(in)) unfinished_ = reader_.frames() + 1;
        return {};
      case FrameReader::State::malformed:
        status = Status(Reason::wire_malformed, "no Dubbo frame: it begins with another number than dabb");
        break;
      case FrameReader::State::too_large: {
        base::count_hit(options_.hits, base::Limit::message_bytes_max);
        Asked asked{head.id, head.serialization, false};
        model::CallHead call;
        call.protocol = protocol_name;
        refuse(
            head, asked, call,
            Status(Reason::limit_message,
                   "request of " + std::to_string(head.length) + " bytes is longer than message_bytes_max, " +
                       std::to_string(options_.limits.message_bytes_max) + ", allows"));
        break;
      }
      case FrameReader::State::frame: status = take_frame(head, std::move(body)); break;
    }
    if (!status.ok()) {
      closing_ = true;
      in.clear();
      return status;
    }
  }
}

Status DubboServerSession::take_frame(const FrameHead& head, base::Buffer&& body) {
  if (head.is_event) {
    take_event(head, std::move(body));
  } else if (head.is_request) {
    take_request(head, std::move(body));
  } else {
    return Status(Reason::wire_malformed, "an answer from a consumer who was asked nothing");
  }
  return {};
}

void DubboServerSession::take_event(const FrameHead& head, base::Buffer&& body) {
  if (!head.is_request || !head.is_two_way || read_event(body) != Event::heartbeat) return;
  append_heartbeat_answer(outgoing_, head.id, head.serialization, std::move(body));
  if (outgoing_.size() >= options_.limits.write_high_bytes) write_paused_ = true;
}

void DubboServerSession::take_request(const FrameHead& head, base::Buffer&& body) {
  Asked asked{head.id, head.serialization, false};
  const base::Slice whole = body.linearize();
  Invocation call;
  Status status;
  if (head.serialization == serialization_hessian2) {
    status = read_invocation(whole.bytes(), walker_, options_.limits, call);
  } else if (head.serialization == serialization_fastjson2) {
    status = fastjson2::read_invocation(whole.bytes(), options_.limits, call);
  } else {
    call.head.protocol = protocol_name;
    status = Status(Reason::wire_unsupported,
                    "serialization " + std::to_string(head.serialization) + " is not understood");
  }
  if (!status.ok()) return refuse(head, asked, call.head, status);
  asked.takes_attachments = call.takes_attachments;
  call.head.kind = head.is_two_way ? model::MethodKind::unary : model::MethodKind::oneway;
  model::Payload payload;
  payload.format = call.head.body_format;
  if (payload.format == model::BodyFormat::opaque) payload.native_format = head.serialization;
  body.consume(call.arguments_at);
  payload.bytes = body.take_front(call.arguments_size);
  const CallId id = open_slot(head, asked);
  events_.on_call(id, std::move(call.head), true, std::move(payload), true);
}

void DubboServerSession::refuse(const FrameHead& head, const Asked& asked, const model::CallHead& call,
                                const Status& why) {
  model::Reply reply;
  reply.outcome = model::outcome_from(why, model::Phase::not_sent);
  events_.on_refused(call, head.length, reply.outcome);
  if (head.is_request && head.is_two_way && !head.is_event) answer(asked, std::move(reply));
}

void DubboServerSession::answer(const Asked& asked, model::Reply&& reply) {
  append_answer(outgoing_, asked, std::move(reply), options_.limits.message_bytes_max);
  if (outgoing_.size() >= options_.limits.write_high_bytes) write_paused_ = true;
}

CallId DubboServerSession::open_slot(const FrameHead& head, const Asked& asked) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  Slot& slot = slots_[index];
  slot.id = ++calls_ << slot_bits | index;
  slot.asked = asked;
  slot.is_two_way = head.is_two_way;
  ++in_flight_;
  return slot.id;
}

const DubboServerSession::Slot* DubboServerSession::find(CallId id) const {
  const std::size_t index = id & ((std::uint64_t{1} << slot_bits) - 1);
  return id != 0 && index < slots_.size() && slots_[index].id == id ? &slots_[index] : nullptr;
}

DubboServerSession::Slot* DubboServerSession::find(CallId id) {
  return const_cast<Slot*>(std::as_const(*this).find(id));
}

void DubboServerSession::close_slot(Slot& slot) {
  free_.push_back(static_cast<std::uint32_t>(&slot - slots_.data()));
  slot = Slot();
  --in_flight_;
}

bool DubboServerSession::carries_metadata(CallId id) const {
  const Slot* slot = find(id);
  return slot != nullptr && slot->asked.takes_attachments;
}

void DubboServerSession::reply(CallId id, model::Reply&& reply) {
  Slot* slot = find(id);
  if (slot == nullptr) return;
  if (slot->is_two_way) answer(slot->asked, std::move(reply));
  close_slot(*slot);
}

void DubboServerSession::no_reply(CallId id) {
  if (Slot* slot = find(id); slot != nullptr) close_slot(*slot);
}

bool DubboServerSession::send_message(CallId id, model::Payload&& message) {
  if (Slot* slot = find(id); slot != nullptr) slot->message = std::move(message);
  return true;
}

void DubboServerSession::finish(CallId id, model::Outcome&& outcome) {
  Slot* slot = find(id);
  if (slot == nullptr) return;
  model::Reply whole;
  whole.has_message = slot->message.format != model::BodyFormat::none;
  whole.message = std::move(slot->message);
  whole.outcome = std::move(outcome);
  reply(id, std::move(whole));
}

void DubboServerSession::drain(base::Buffer& out) {
  const std::size_t high = options_.limits.write_high_bytes;
  if (out.size() < high && !outgoing_.empty()) {
    const std::size_t room = high - out.size();
    out.append(outgoing_.take_front(std::min(room, outgoing_.size())));
  }
  if (outgoing_.size() < options_.limits.write_low_bytes) write_paused_ = false;
}

void DubboServerSession::shutdown() {
  if (goodbye_said_) return;
  goodbye_said_ = true;
  append_goodbye(outgoing_, 0);
}

void DubboServerSession::release_idle_memory() {
  if (outgoing_.empty()) outgoing_ = base::Buffer(options_.pool);
  if (in_flight_ != 0) return;
  walker_ = bodies::hessian2::Walker(options_.limits.nesting_max);
  slots_ = {};
  free_ = {};
}

}  // namespace koine::codecs::calls::dubbo
