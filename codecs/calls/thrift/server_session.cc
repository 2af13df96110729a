// Requests into calls, answers into frames.
#include "codecs/calls/thrift/server_session.h"

#include <algorithm>
#include <utility>

#include "codecs/transports/framed/framed.h"

namespace koine::codecs::calls::thrift {
namespace {

using base::Reason;
using transports::framed::FrameHead;
using transports::framed::FrameState;

constexpr std::string_view empty_struct("\0", 1);  // in every format of ours

std::size_t name_bytes_max(const base::Limits& limits) { return 2 * limits.method_name_bytes_max + 1; }

ApplicationException refusal_of(ExceptionType type, model::Code code, Reason reason, std::string_view text) {
  ApplicationException out;
  out.type = static_cast<std::int32_t>(type);
  out.message.append("[").append(model::to_string(code)).append("] ");
  out.message.append(base::to_string(reason)).append(": ").append(text);
  return out;
}

ApplicationException malformed(std::string_view text) {
  return refusal_of(ExceptionType::protocol_error, model::Code::invalid_argument, Reason::wire_malformed,
                    text);
}

}  // namespace

ThriftServerSession::ThriftServerSession(ServerOptions options, ThriftOptions thrift, ServerEvents& events)
    : options_(std::move(options)), thrift_(thrift), events_(events), outgoing_(options_.pool) {}

bool ThriftServerSession::wants_read() const {
  return !closing_ && !write_paused_ && slots_.size() < options_.limits.pipelined_calls_max;
}

base::Status ThriftServerSession::feed(base::Buffer& in) {
  backlog_ = false;
  while (true) {
    if (closing_) {
      in.clear();  // nothing behind the end is a request any more
      return {};
    }
    if (!wants_read()) {
      backlog_ = !in.empty();
      return {};
    }
    const FrameHead head = transports::framed::peek(in, options_.limits.message_bytes_max);
    switch (head.state) {
      case FrameState::need_more: return {};
      case FrameState::malformed:
        return fail(base::Status(Reason::wire_malformed, "frame with a length that is zero or negative"));
      case FrameState::too_large: return refuse_large(in, head.length);
      case FrameState::complete: break;
    }
    if (base::Status status = take_message(transports::framed::take(in, head)); !status.ok()) {
      in.clear();
      return status;
    }
  }
}

base::Status ThriftServerSession::fail(base::Status why) {
  closing_ = true;
  return why;
}

// The frame is refused by its length alone; only its header is waited for, so that the refusal can be
// addressed.
base::Status ThriftServerSession::refuse_large(base::Buffer& in, std::size_t length) {
  base::Buffer peeked = in;
  peeked.consume(transports::framed::header_bytes);
  const base::Slice start = peeked.take_front(header_bytes_max(name_bytes_max(options_.limits))).linearize();
  const MessageBegin begin =
      parse_message_begin(start.bytes(), length, thrift_.lax_binary, name_bytes_max(options_.limits));
  if (!begin.fault.empty() && begin.incomplete) return {};
  const std::string text = "frame of " + std::to_string(length) +
                           " bytes is longer than message_bytes_max, " +
                           std::to_string(options_.limits.message_bytes_max) + ", allows";
  if (begin.has_seqid) {
    const std::string_view method = begin.name.substr(begin.name.find(':') + 1);
    push_refusal(begin, method,
                 refusal_of(ExceptionType::internal_error, model::Code::resource_exhausted,
                            Reason::limit_message, text));
  }
  in.clear();
  return fail(base::Status(Reason::limit_message, text));
}

base::Status ThriftServerSession::take_message(base::Buffer frame) {
  const std::size_t name_max = name_bytes_max(options_.limits);
  if (frame.front().size() < std::min(frame.size(), header_bytes_max(name_max))) {
    base::Slice whole = frame.linearize();
    frame.clear();
    frame.append(std::move(whole));
  }
  const MessageBegin begin = parse_message_begin(frame.front(), frame.size(), thrift_.lax_binary, name_max);
  if (!begin.fault.empty() && !begin.has_seqid) {
    return fail(base::Status(Reason::wire_malformed, std::string(begin.fault)));
  }
  std::string_view service;
  std::string_view method;
  ApplicationException refusal;
  bool good = accept_header(begin, service, method, refusal);
  if (good && frame.size() == begin.length) {
    refusal = malformed("message without an arguments struct");
    good = false;
  }
  if (!good) {
    push_refusal(begin, method, std::move(refusal));
    return {};
  }

  const CallId id = first_id_ + slots_.size();
  Slot& slot = slots_.emplace_back();
  slot.dialect = begin.dialect;
  slot.seqid = begin.seqid;
  slot.oneway = begin.type == static_cast<std::uint8_t>(MessageType::oneway);
  slot.method = method;
  ++in_flight_;

  model::CallHead head;
  head.protocol = "thrift";
  head.service = service;
  head.method = method;
  head.kind = slot.oneway ? model::MethodKind::oneway : model::MethodKind::unary;
  head.body_format = body_format(begin.dialect);
  model::Payload payload;
  payload.format = head.body_format;
  frame.consume(begin.length);  // the views of the header are dead from here
  payload.bytes = std::move(frame);
  events_.on_call(id, std::move(head), true, std::move(payload), true);
  return {};
}

// Splits "Service:method" at the first colon, as Java, Go and PHP do.
bool ThriftServerSession::accept_header(const MessageBegin& begin, std::string_view& service,
                                        std::string_view& method, ApplicationException& refusal) const {
  const std::size_t colon = begin.name.find(':');
  method = colon == std::string_view::npos ? begin.name : begin.name.substr(colon + 1);
  if (colon != std::string_view::npos) service = begin.name.substr(0, colon);
  if (!begin.fault.empty()) {
    refusal = malformed(begin.fault);
    return false;
  }
  if (begin.type != static_cast<std::uint8_t>(MessageType::call) &&
      begin.type != static_cast<std::uint8_t>(MessageType::oneway)) {
    refusal =
        refusal_of(ExceptionType::invalid_message_type, model::Code::invalid_argument, Reason::wire_malformed,
                   "message type " + std::to_string(begin.type) +
                       " from a caller, who may send CALL (1) and ONEWAY (4)");
    return false;
  }
  if (method.empty() || (colon != std::string_view::npos && service.empty())) {
    refusal = malformed(method.empty() ? "message without a method name" : "empty service name before ':'");
    return false;
  }
  if (std::max(method.size(), service.size()) > options_.limits.method_name_bytes_max) {
    refusal = refusal_of(ExceptionType::protocol_error, model::Code::invalid_argument, Reason::limit_headers,
                         "service or method name is longer than method_name_bytes_max allows");
    return false;
  }
  return true;
}

// A request that never becomes a call; a oneway's sender waits for nothing.
void ThriftServerSession::push_refusal(const MessageBegin& begin, std::string_view method,
                                       ApplicationException refusal) {
  if (begin.type == static_cast<std::uint8_t>(MessageType::oneway)) return;
  Slot& slot = slots_.emplace_back();
  slot.dialect = begin.dialect;
  slot.seqid = begin.seqid;
  slot.method = method;
  slot.is_exception = true;
  slot.exception = std::move(refusal);
  slot.progress = Progress::answered;
  held_bytes_ += slot.exception.message.size();
  settle();
}

ThriftServerSession::Slot* ThriftServerSession::find_running(CallId id) {
  if (id < first_id_ || id - first_id_ >= slots_.size()) return nullptr;
  Slot& slot = slots_[static_cast<std::size_t>(id - first_id_)];
  return slot.progress == Progress::running ? &slot : nullptr;
}

void ThriftServerSession::reply(CallId id, model::Reply&& reply) {
  Slot* slot = find_running(id);
  if (slot == nullptr) return;
  if (slot->oneway) return no_reply(id);
  if (!reply.outcome.ok() && reply.outcome.declared_field == 0) {
    slot->is_exception = true;
    slot->exception = exception_from_outcome(reply.outcome);
  } else if (reply.has_message && (reply.message.format != body_format(slot->dialect) ||
                                   reply.message.compression != model::Compression::identity)) {
    slot->is_exception = true;
    slot->exception = refusal_of(ExceptionType::internal_error, model::Code::internal, Reason::internal,
                                 "answer in format " + std::string(model::to_string(reply.message.format)) +
                                     " for a caller who reads " +
                                     std::string(model::to_string(body_format(slot->dialect))));
  } else {
    slot->has_message = reply.has_message;
    slot->message = std::move(reply.message);
  }
  slot->progress = Progress::answered;
  complete(*slot);
}

void ThriftServerSession::no_reply(CallId id) {
  Slot* slot = find_running(id);
  if (slot == nullptr) return;
  slot->progress = Progress::silent;
  complete(*slot);
}

bool ThriftServerSession::send_message(CallId id, model::Payload&& message) {
  if (Slot* slot = find_running(id); slot != nullptr) {
    slot->has_message = true;
    slot->message = std::move(message);
  }
  return true;
}

void ThriftServerSession::finish(CallId id, model::Outcome&& outcome) {
  Slot* slot = find_running(id);
  if (slot == nullptr) return;
  model::Reply whole;
  whole.has_message = slot->has_message;
  whole.message = std::move(slot->message);
  whole.outcome = std::move(outcome);
  slot->has_message = false;
  reply(id, std::move(whole));
}

void ThriftServerSession::complete(Slot& slot) {
  --in_flight_;
  held_bytes_ += slot.message.bytes.size() + slot.exception.message.size();
  settle();
}

// Moves the answers whose turn has come to the outgoing bytes.
void ThriftServerSession::settle() {
  while (!slots_.empty() && slots_.front().progress != Progress::running) {
    Slot& slot = slots_.front();
    held_bytes_ -= slot.message.bytes.size() + slot.exception.message.size();
    if (slot.progress == Progress::answered) append_answer(slot);
    slots_.pop_front();
    ++first_id_;
  }
  if (outgoing_.size() + held_bytes_ >= options_.limits.write_high_bytes) write_paused_ = true;
}

void ThriftServerSession::append_answer(Slot& slot) {
  const std::size_t begin_bytes = message_begin_bytes(slot.dialect, slot.method, slot.seqid);
  if (slot.is_exception) {
    base::Buffer body(options_.pool);
    append_application_exception(body, body_format(slot.dialect), slot.exception.message,
                                 slot.exception.type);
    transports::framed::append_header(outgoing_, begin_bytes + body.size());
    append_message_begin(outgoing_, slot.dialect, MessageType::exception, slot.method, slot.seqid);
    outgoing_.append(std::move(body));
    return;
  }
  const std::size_t body_bytes = slot.has_message ? slot.message.bytes.size() : empty_struct.size();
  transports::framed::append_header(outgoing_, begin_bytes + body_bytes);
  append_message_begin(outgoing_, slot.dialect, MessageType::reply, slot.method, slot.seqid);
  if (slot.has_message) {
    outgoing_.append(std::move(slot.message.bytes));
  } else {
    outgoing_.append(empty_struct);
  }
}

void ThriftServerSession::drain(base::Buffer& out) {
  const std::size_t high = options_.limits.write_high_bytes;
  if (!outgoing_.empty() && out.size() < high) {
    const std::size_t room = high - out.size();
    out.append(outgoing_.size() <= room ? std::exchange(outgoing_, base::Buffer(options_.pool))
                                        : outgoing_.take_front(room));
  }
  if (outgoing_.size() + held_bytes_ <= options_.limits.write_low_bytes) write_paused_ = false;
}

bool ThriftServerSession::wants_close() const {
  return (closing_ || (eof_ && !backlog_)) && slots_.empty() && outgoing_.empty();
}

void ThriftServerSession::release_idle_memory() {
  if (outgoing_.empty()) outgoing_ = base::Buffer(options_.pool);
  if (slots_.empty()) std::deque<Slot>().swap(slots_);
}

}  // namespace koine::codecs::calls::thrift
