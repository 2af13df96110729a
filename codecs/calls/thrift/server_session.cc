// Requests into calls, answers into messages.
#include "codecs/calls/thrift/server_session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "codecs/calls/thrift/header_metadata.h"
#include "codecs/calls/thrift/json_message.h"
#include "codecs/utf8.h"
#include "codecs/wire.h"

namespace koine::codecs::calls::thrift {
namespace {

using base::Reason;
namespace theader = transports::theader;

// Slots that answered calls may keep while an earlier one is still running, for each call that may be in
// flight.
constexpr std::size_t slots_per_call = 16;

std::size_t name_bytes_max(const base::Limits& limits) { return 2 * limits.method_name_bytes_max + 1; }

Refusal refusal_of(ExceptionType type, model::Code code, Reason reason, std::string_view text) {
  Refusal out;
  out.exception.type = static_cast<std::int32_t>(type);
  out.exception.message.append("[").append(model::to_string(code)).append("] ");
  out.exception.message.append(base::to_string(reason)).append(": ").append(to_utf8(text));
  out.outcome.code = code;
  out.outcome.origin = model::Origin::gateway;
  out.outcome.phase = model::Phase::not_sent;
  out.outcome.reason = reason;
  out.outcome.message = text;
  return out;
}

Refusal malformed(std::string_view text) {
  return refusal_of(ExceptionType::protocol_error, model::Code::invalid_argument, Reason::wire_malformed,
                    text);
}

}  // namespace

ThriftServerSession::ThriftServerSession(ServerOptions options, ThriftOptions thrift, ServerEvents& events)
    : options_(std::move(options)),
      lax_(thrift.lax_binary || options_.thrift_lax),
      events_(events),
      reader_(options_.limits, options_.pool, options_.hits, lax_),
      outgoing_(options_.pool) {}

bool ThriftServerSession::wants_read() const {
  const std::size_t calls_max = options_.limits.pipelined_calls_max;
  return !closing_ && !write_paused_ && slots_.size() - sent_ < calls_max &&
         slots_.size() < slots_per_call * calls_max;
}

base::Status ThriftServerSession::feed(base::Buffer& in) {
  backlog_ = false;
  share_used_ = false;
  unfinished_ = 0;
  Incoming incoming;
  for (std::size_t taken = 0;; ++taken) {
    if (closing_) {
      in.clear();  // nothing behind the end is a request any more
      return {};
    }
    if (!wants_read()) {
      backlog_ = !in.empty() || reader_.holds_bytes();
      if (backlog_ && !write_paused_) base::count_hit(options_.hits, base::Limit::pipelined_calls_max);
      return {};
    }
    if (taken != 0 && taken == options_.work_share) {
      share_used_ = backlog_ = !in.empty() || reader_.holds_bytes();
      return {};
    }
    switch (reader_.next(in, incoming)) {
      case MessageReader::State::need_more:
        if (reader_.unfinished(in)) unfinished_ = reader_.messages() + 1;
        return {};
      case MessageReader::State::failed: in.clear(); return fail(reader_.error());
      case MessageReader::State::too_large: {
        base::Status refused = refuse_large(in);
        if (refused.ok()) unfinished_ = reader_.messages() + 1;
        return refused;
      }
      case MessageReader::State::message: break;
    }
    if (base::Status status = take_message(incoming); !status.ok()) {
      in.clear();
      return status;
    }
  }
}

base::Status ThriftServerSession::fail(base::Status why) {
  closing_ = true;
  return why;
}

// The message is refused by its length alone; only its header is waited for, so that the refusal can be
// addressed.
base::Status ThriftServerSession::refuse_large(base::Buffer& in) {
  std::size_t claimed = 0;
  const std::size_t wanted = header_bytes_max(name_bytes_max(options_.limits));
  const base::Slice start = reader_.peek_front(in, wanted, claimed);
  const base::Bytes bytes = start.bytes();
  Envelope envelope;
  MessageBegin begin;
  if (bytes.size() >= 2 && bytes[0] == theader::magic_first && bytes[1] == theader::magic_second) {
    begin.has_seqid = bytes.size() > theader::prologue_bytes;
    if (!begin.has_seqid && !reader_.front_ends()) return {};
    if (begin.has_seqid) {
      envelope.transport = ThriftTransport::header;
      envelope.seqid = load_be32(bytes.data() + 4);
      begin.dialect =
          bytes[theader::prologue_bytes] == theader::protocol_compact ? Dialect::compact : Dialect::binary;
      begin.seqid = static_cast<std::int32_t>(envelope.seqid);
    }
  } else {
    if (claimed == 0) envelope.transport = ThriftTransport::unframed;
    begin = parse_message_begin(bytes, claimed == 0 ? options_.limits.message_bytes_max + 1 : claimed, lax_,
                                name_bytes_max(options_.limits));
    const bool cut_off = !begin.fault.empty() && begin.incomplete && bytes.size() < wanted;
    if (cut_off && !reader_.front_ends()) return {};
  }
  base::Status why = reader_.error();
  base::count_hit(options_.hits, base::Limit::message_bytes_max);
  if (begin.has_seqid) {
    const std::string_view method = begin.name.substr(begin.name.find(':') + 1);
    push_refusal(envelope, begin, method,
                 refusal_of(ExceptionType::internal_error, model::Code::resource_exhausted,
                            Reason::limit_message, why.message()));
  }
  in.clear();
  return fail(std::move(why));
}

// A THeader that cannot be undone. Its sender is told, and then the connection ends: if the message inside
// was a oneway nobody waits for this answer, and it must not be taken for that of a later call.
base::Status ThriftServerSession::refuse_header(const Incoming& incoming) {
  Refusal refusal;
  Reason reason = Reason::wire_malformed;
  switch (incoming.refusal) {
    case Incoming::Refusal::transform:
      reason = Reason::wire_unsupported;
      refusal =
          refusal_of(ExceptionType::invalid_transform, model::Code::invalid_argument, reason, incoming.why);
      break;
    case Incoming::Refusal::protocol:
      reason = Reason::wire_unsupported;
      refusal =
          refusal_of(ExceptionType::invalid_protocol, model::Code::invalid_argument, reason, incoming.why);
      break;
    case Incoming::Refusal::compressed:
      reason = Reason::wire_compression;
      refusal =
          refusal_of(ExceptionType::protocol_error, model::Code::invalid_argument, reason, incoming.why);
      break;
    case Incoming::Refusal::too_large:
      reason = Reason::limit_message;
      refusal =
          refusal_of(ExceptionType::internal_error, model::Code::resource_exhausted, reason, incoming.why);
      break;
    default: refusal = malformed(incoming.why); break;
  }
  MessageBegin begin;
  begin.dialect = incoming.protocol_id == theader::protocol_compact ? Dialect::compact : Dialect::binary;
  begin.seqid = static_cast<std::int32_t>(incoming.envelope.seqid);
  Envelope plain = incoming.envelope;
  plain.zlib = false;
  push_refusal(plain, begin, {}, std::move(refusal));
  return fail(base::Status(reason, incoming.why));
}

base::Status ThriftServerSession::take_message(Incoming& incoming) {
  if (incoming.refusal != Incoming::Refusal::none && incoming.refusal != Incoming::Refusal::infos) {
    return refuse_header(incoming);
  }
  base::Buffer& message = incoming.message;
  const bool header = incoming.envelope.transport == ThriftTransport::header;
  const std::size_t name_max = name_bytes_max(options_.limits);
  if (message.front().size() < std::min(message.size(), header_bytes_max(name_max))) {
    base::Slice whole = message.linearize();
    message.clear();
    message.append(std::move(whole));
  }
  const MessageBegin begin = parse_message_begin(message.front(), message.size(), lax_ && !header, name_max);
  if (!begin.fault.empty() && !begin.has_seqid) {
    return fail(base::Status(Reason::wire_malformed, std::string(begin.fault)));
  }
  if (header && (begin.dialect == Dialect::compact) != (incoming.protocol_id == theader::protocol_compact)) {
    return fail(
        base::Status(Reason::wire_malformed, "a THeader and its message disagree about the protocol"));
  }
  std::string_view service;
  std::string_view method;
  std::optional<Refusal> refusal = read_names(begin, service, method);
  if (!refusal && incoming.refusal == Incoming::Refusal::infos) {
    refusal = refusal_of(ExceptionType::internal_error, model::Code::resource_exhausted,
                         Reason::limit_headers, incoming.why);
  }
  if (!refusal && message.size() == begin.length) refusal = malformed("message without an arguments struct");
  if (refusal) {
    push_refusal(incoming.envelope, begin, method, std::move(*refusal));
    return {};
  }

  const CallId id = first_id_ + slots_.size();
  Slot& slot = slots_.emplace_back();
  slot.dialect = begin.dialect;
  slot.envelope = incoming.envelope;
  slot.seqid = begin.seqid;
  slot.oneway = begin.type == static_cast<std::uint8_t>(MessageType::oneway);
  slot.method = method;

  model::CallHead head;
  head.protocol = "thrift";
  head.service = service;
  head.method = method;
  head.kind = slot.oneway ? model::MethodKind::oneway : model::MethodKind::unary;
  head.body_format = body_format(begin.dialect);
  if (header) {
    keep_persistent(incoming);
    read_request_infos(incoming.infos, head);
    for (std::size_t i = 0; i < persistent_.size(); ++i) {
      if (!head.metadata.has(persistent_[i].name)) {
        head.metadata.add(persistent_[i].name, persistent_[i].value, persistent_.wire_name(i));
      }
    }
  }
  model::Payload payload;
  payload.format = head.body_format;
  message.consume(begin.length);  // the views of the header are dead from here
  if (begin.dialect == Dialect::json && !strip_json_end(message)) {
    slots_.pop_back();
    const std::string name = head.service.empty() ? head.method : head.service + ":" + head.method;
    MessageBegin kept = begin;
    kept.name = name;
    push_refusal(incoming.envelope, kept, head.method, malformed("JSON message without its closing bracket"));
    return {};
  }
  ++in_flight_;
  payload.bytes = std::move(message);
  events_.on_call(id, std::move(head), true, std::move(payload), true);
  return {};
}

// A later value of a name counts, and no more is kept than one message may have.
void ThriftServerSession::keep_persistent(const Incoming& incoming) {
  if (incoming.persistent.empty()) return;
  model::Metadata kept;
  read_reply_infos(incoming.persistent, kept);
  for (std::size_t i = 0; i < persistent_.size(); ++i) {
    const auto [name, value] = persistent_[i];
    const bool fits =
        kept.size() < options_.limits.headers_count_max &&
        kept.list_bytes() + name.size() + value.size() + 32 <= options_.limits.headers_bytes_max;
    if (fits && !kept.has(name)) kept.add(name, value, persistent_.wire_name(i));
  }
  persistent_ = std::move(kept);
}

// Splits "Service:method" at the first colon, as Java, Go and PHP do.
std::optional<Refusal> ThriftServerSession::read_names(const MessageBegin& begin, std::string_view& service,
                                                       std::string_view& method) const {
  const std::size_t colon = begin.name.find(':');
  method = colon == std::string_view::npos ? begin.name : begin.name.substr(colon + 1);
  if (colon != std::string_view::npos) service = begin.name.substr(0, colon);
  if (!begin.fault.empty()) return malformed(begin.fault);
  if (begin.type != static_cast<std::uint8_t>(MessageType::call) &&
      begin.type != static_cast<std::uint8_t>(MessageType::oneway)) {
    return refusal_of(ExceptionType::invalid_message_type, model::Code::invalid_argument,
                      Reason::wire_malformed,
                      "message type " + std::to_string(begin.type) +
                          " from a caller, who may send CALL (1) and ONEWAY (4)");
  }
  if (method.empty() || (colon != std::string_view::npos && service.empty())) {
    return malformed(method.empty() ? "message without a method name" : "empty service name before ':'");
  }
  if (std::max(method.size(), service.size()) > options_.limits.method_name_bytes_max) {
    base::count_hit(options_.hits, base::Limit::method_name_bytes_max);
    return refusal_of(ExceptionType::protocol_error, model::Code::invalid_argument, Reason::limit_headers,
                      "service or method name is longer than method_name_bytes_max allows");
  }
  return std::nullopt;
}

// A request that never becomes a call; a oneway's sender waits for nothing.
void ThriftServerSession::push_refusal(const Envelope& envelope, const MessageBegin& begin,
                                       std::string_view method, Refusal refusal) {
  model::CallHead head;
  head.protocol = "thrift";
  const std::size_t colon = begin.name.find(':');
  if (colon != std::string_view::npos) head.service = begin.name.substr(0, colon);
  head.method = method;
  events_.on_refused(head, 0, refusal.outcome);
  if (begin.type == static_cast<std::uint8_t>(MessageType::oneway)) return;
  Slot& slot = slots_.emplace_back();
  slot.dialect = begin.dialect;
  slot.envelope = envelope;
  slot.seqid = begin.seqid;
  slot.method = method;
  slot.is_exception = true;
  slot.exception = std::move(refusal.exception);
  slot.progress = Progress::answered;
  held_bytes_ += held_by(slot);
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
  if (slot->envelope.transport == ThriftTransport::header) {
    slot->metadata = std::move(reply.head.metadata);
    const model::Metadata& trailers = reply.outcome.trailers;
    for (std::size_t i = 0; i < trailers.size(); ++i) {
      slot->metadata.add(trailers[i].name, trailers[i].value, trailers.wire_name(i));
    }
  }
  if (!reply.outcome.ok() && reply.outcome.declared_field == 0) {
    slot->is_exception = true;
    slot->exception = exception_from_outcome(reply.outcome);
  } else if (reply.has_message && (reply.message.format != body_format(slot->dialect) ||
                                   reply.message.compression != model::Compression::identity)) {
    slot->is_exception = true;
    slot->exception =
        refusal_of(ExceptionType::internal_error, model::Code::internal, Reason::internal,
                   "answer in format " + std::string(model::to_string(reply.message.format)) +
                       " for a caller who reads " + std::string(model::to_string(body_format(slot->dialect))))
            .exception;
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
  held_bytes_ += held_by(slot);
  settle();
}

// Moves the answers whose turn has come to the outgoing bytes.
void ThriftServerSession::settle() {
  while (!slots_.empty() && slots_.front().progress != Progress::running) {
    Slot& slot = slots_.front();
    if (slot.progress == Progress::sent) {
      --sent_;
    } else {
      emit(slot);
    }
    if (gave_up_) return give_up();
    slots_.pop_front();
    ++first_id_;
  }
  // Behind a call that is still running an answer may leave if all before it allow that, and it does itself.
  for (std::size_t i = 0; i < slots_.size() && slots_[i].envelope.out_of_order; ++i) {
    Slot& slot = slots_[i];
    if (slot.progress != Progress::answered && slot.progress != Progress::silent) continue;
    emit(slot);
    if (gave_up_) return give_up();
    slot = Slot();
    slot.envelope.out_of_order = true;
    slot.progress = Progress::sent;
    ++sent_;
  }
  if (outgoing_.size() + held_bytes_ >= options_.limits.write_high_bytes) write_paused_ = true;
}

std::size_t ThriftServerSession::held_by(const Slot& slot) {
  return slot.message.bytes.size() + slot.exception.message.size() + slot.metadata.list_bytes();
}

void ThriftServerSession::emit(Slot& slot) {
  held_bytes_ -= held_by(slot);
  if (slot.progress == Progress::answered) append_answer(slot);
}

void ThriftServerSession::append_answer(Slot& slot) {
  InfoList infos;
  if (!slot.metadata.empty()) infos.add(slot.metadata);
  Outgoing what;
  what.envelope = slot.envelope;
  what.dialect = slot.dialect;
  what.type = MessageType::reply;
  what.name = slot.method;
  what.seqid = slot.seqid;
  what.infos = infos.infos();
  if (slot.is_exception) return append_exception(what, slot.exception);
  if (!slot.has_message) {
    slot.message.bytes = base::Buffer(options_.pool);
    slot.message.bytes.append(empty_struct(slot.dialect));
  }
  const base::Status appended = append_message(outgoing_, what, std::move(slot.message.bytes));
  if (appended.ok()) return;
  what.infos = {};
  append_exception(what, refusal_of(ExceptionType::internal_error, model::Code::resource_exhausted,
                                    appended.reason(), appended.message())
                             .exception);
}

void ThriftServerSession::append_exception(const Outgoing& what, const ApplicationException& exception) {
  base::Buffer body(options_.pool);
  append_application_exception(body, body_format(what.dialect), exception.message, exception.type);
  Outgoing message = what;
  message.type = MessageType::exception;
  if (append_message(outgoing_, message, std::move(body)).ok()) return;
  // The metadata has no room, or there is no memory to compress: what must be said can be said without both.
  message.infos = {};
  message.envelope.zlib = false;
  body = base::Buffer(options_.pool);
  append_application_exception(body, body_format(what.dialect), exception.message, exception.type);
  gave_up_ = !append_message(outgoing_, message, std::move(body)).ok();
}

// No answer can be written any more: the connection ends.
void ThriftServerSession::give_up() {
  closing_ = true;
  outgoing_.clear();
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].progress == Progress::running) --in_flight_;
  }
  first_id_ += slots_.size();
  slots_.clear();
  sent_ = 0;
  held_bytes_ = 0;
}

bool ThriftServerSession::carries_metadata(CallId id) const {
  return id >= first_id_ && id - first_id_ < slots_.size() &&
         slots_[static_cast<std::size_t>(id - first_id_)].envelope.transport == ThriftTransport::header;
}

void ThriftServerSession::drain(base::Buffer& out) {
  const std::size_t high = options_.limits.write_high_bytes;
  if (!outgoing_.empty() && out.size() < high) {
    if (reader_.zlib_stream() && deflater_ == nullptr) {
      deflater_ = std::make_unique<transports::zlib::Deflater>();
    }
    if (!move_out(outgoing_, high - out.size(), out, deflater_.get()).ok()) give_up();
  }
  if (outgoing_.size() + held_bytes_ <= options_.limits.write_low_bytes) write_paused_ = false;
}

bool ThriftServerSession::wants_close() const {
  return (closing_ || (eof_ && !backlog_)) && slots_.empty() && outgoing_.empty();
}

void ThriftServerSession::release_idle_memory() {
  if (outgoing_.empty()) outgoing_ = base::Buffer(options_.pool);
  if (slots_.empty()) slots_.release();
  reader_.release_memory();
}

}  // namespace koine::codecs::calls::thrift
