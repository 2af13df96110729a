// See probes.h.
#include "codecs/conformance/probes.h"

#include <algorithm>

namespace koine::codecs::conformance {
namespace {

// More rounds than any bytes of a vector could ask for: a session that needs them makes no progress.
constexpr int rounds_max = 10000;

model::Reply echo_reply(const ExpectedCall& call) {
  model::Reply reply;
  reply.has_message = !call.messages.empty();
  if (reply.has_message) {
    reply.message.format = call.format;
    reply.message.bytes.append(call.messages.front());
  }
  return reply;
}

}  // namespace

std::string printable(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes.substr(0, 80)) {
    if (c >= 0x20 && c < 0x7f && c != '\\') {
      out.push_back(c);
    } else {
      const auto value = static_cast<unsigned char>(c);
      out.append("\\x").push_back(digits[value >> 4]);
      out.push_back(digits[value & 15]);
    }
  }
  if (bytes.size() > 80) out += "… (" + std::to_string(bytes.size()) + " bytes)";
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out.append(out.empty() ? "" : " | ").append(line);
  return out.empty() ? "nothing" : out;
}

std::string status_text(const base::Status& status) {
  return status.ok() ? "OK" : std::string(base::to_string(status.reason()));
}

std::string describe(const ExpectedCall& call) {
  static constexpr std::string_view kinds[] = {"unary", "oneway", "client_stream", "server_stream", "bidi"};
  std::string out = call.service + "/" + call.method + " " + std::string(kinds[static_cast<int>(call.kind)]) +
                    " " + std::string(model::to_string(call.format));
  for (const auto& [name, value] : call.metadata) out += " " + name + "=" + printable(value);
  for (const std::string& message : call.messages) {
    out += " <" + std::to_string(message.size()) + ": " + printable(message) + ">";
  }
  return call.cancelled ? out + " cancelled" : out;
}

std::string describe(const ExpectedReply& reply) {
  if (reply.none) return "no end";
  std::string out(model::to_string(reply.code));
  if (reply.declared_field != 0) out += " field " + std::to_string(reply.declared_field);
  for (const std::string& message : reply.messages) {
    out += " <" + std::to_string(message.size()) + ": " + printable(message) + ">";
  }
  return out;
}

bool among(const Pairs& some, const Pairs& all) {
  auto at = all.begin();
  for (const auto& pair : some) {
    at = std::find(at, all.end(), pair);
    if (at == all.end()) return false;
    ++at;
  }
  return true;
}

// ---- the server half

ServerProbe::ServerProbe(const CallCodec& codec, const ServerOptions& options, Answer answer, bool record)
    : mode_(answer), record_(record), session_(codec.make_server(options, *this)) {}

void ServerProbe::on_call(CallId id, model::CallHead&& head, bool has_message, model::Payload&& message,
                          bool end_of_stream) {
  if (!status_.ok()) violation_ = "on_call after feed() had failed";
  if (seen_.find(id) != seen_.end()) violation_ = "two calls of one id";
  order_.push_back(id);
  Seen& seen = seen_[id];
  seen.call.kind = head.kind;
  seen.call.format = head.body_format;
  seen.streaming = !end_of_stream;
  if (record_) {
    seen.call.service = std::move(head.service);
    seen.call.method = std::move(head.method);
    for (std::size_t i = 0; i < head.metadata.size(); ++i) {
      seen.call.metadata.emplace_back(head.metadata[i].name, head.metadata[i].value);
    }
  }
  take(seen, has_message, std::move(message), end_of_stream);
  if (seen.ended) ready_.push_back(id);
}

void ServerProbe::on_message(CallId id, bool has_message, model::Payload&& message, bool end_of_stream) {
  const auto at = seen_.find(id);
  if (at == seen_.end() || at->second.ended || at->second.call.cancelled) {
    violation_ = "on_message for a call that is unknown, has ended or was cancelled";
    return;
  }
  take(at->second, has_message, std::move(message), end_of_stream);
  if (at->second.ended) ready_.push_back(id);
}

void ServerProbe::on_cancel(CallId id, base::Reason) {
  const auto at = seen_.find(id);
  if (at == seen_.end() || at->second.call.cancelled || at->second.answered) {
    violation_ = "on_cancel for a call that is unknown, is finished or was cancelled before";
    return;
  }
  at->second.call.cancelled = true;
}

void ServerProbe::take(Seen& seen, bool has_message, model::Payload&& message, bool end_of_stream) {
  if (has_message && record_) seen.call.messages.push_back(message.bytes.to_string());
  seen.ended = end_of_stream;
  if (end_of_stream) ++finished_;
}

void ServerProbe::answer(CallId id, Seen& seen) {
  if (seen.answered || seen.call.cancelled) return;
  seen.answered = true;
  if (seen.call.kind == model::MethodKind::oneway) return session_->no_reply(id);
  model::Reply reply = echo_reply(seen.call);
  if (!seen.streaming) return session_->reply(id, std::move(reply));
  session_->send_head(id, {});
  if (reply.has_message) session_->send_message(id, std::move(reply.message));
  session_->finish(id, {});
}

void ServerProbe::answer_ready() {
  if (mode_ != Answer::echo) return;
  for (std::size_t i = 0; i < ready_.size(); ++i) answer(ready_[i], seen_[ready_[i]]);
  ready_.clear();
}

void ServerProbe::answer_without_draining() {
  for (std::size_t i = ready_.size(); i > 0; --i) answer(ready_[i - 1], seen_[ready_[i - 1]]);
  ready_.clear();
}

void ServerProbe::answer_all_reversed() {
  answer_without_draining();
  pump();
}

void ServerProbe::hand_in(std::string_view bytes) {
  in_.append(bytes);
  if (status_.ok() && session_->wants_read()) status_ = session_->feed(in_);
}

void ServerProbe::pump() {
  for (int round = 0; round < rounds_max; ++round) {
    const std::size_t before = in_.size();
    const std::size_t events = order_.size() + finished_;
    if (status_.ok() && session_->wants_read() && (!in_.empty() || session_->holds_input())) {
      status_ = session_->feed(in_);
    }
    answer_ready();
    bool moved = in_.size() != before || order_.size() + finished_ != events;
    if (session_->wants_write()) {
      base::Buffer out;
      session_->drain(out);
      moved = moved || !out.empty();
      if (out.empty() && session_->wants_write()) break;
      if (record_) output_ += out.to_string();
    }
    if (!moved) return;
  }
  violation_ = "the session makes no progress, or writes without end";
}

void ServerProbe::feed(std::string_view bytes) {
  in_.append(bytes);
  pump();
}

void ServerProbe::feed_first(std::string_view bytes) {
  in_.append(bytes);
  if (status_.ok() && session_->wants_read()) status_ = session_->feed(in_);
  if (status_.ok() && !session_->wants_read()) pump();
}

void ServerProbe::eof() {
  session_->on_eof();
  pump();
}

std::vector<std::string> ServerProbe::calls() const {
  std::vector<std::string> out;
  for (const CallId id : order_) {
    ExpectedCall call = seen_.at(id).call;
    // Whether a cancel still meets a call that has ended depends on when it was answered.
    if (seen_.at(id).ended) call.cancelled = false;
    out.push_back(describe(call));
  }
  return out;
}

// ---- the client half

ClientProbe::ClientProbe(const CallCodec& codec, const ClientOptions& options, bool record)
    : record_(record), session_(codec.make_client(options, *this)) {}

base::Status ClientProbe::start(const StartedCall& call, model::BodyFormat format, const Pairs& metadata) {
  model::CallHead head;
  head.service = call.service;
  head.method = call.method;
  head.signature = call.signature;
  head.kind = call.oneway ? model::MethodKind::oneway : model::MethodKind::unary;
  head.body_format = format;
  for (const auto& [name, value] : metadata) head.metadata.add(name, value);
  model::Payload message;
  message.format = format;
  message.bytes.append(call.body);
  const CallId id = ends_.size() + 1;
  ends_[id];
  return session_->start(id, head, true, std::move(message), true, false);
}

ClientProbe::End* ClientProbe::find(CallId id, const char* event) {
  const auto at = ends_.find(id);
  if (at == ends_.end() || at->second.ended || at->second.cancelled) {
    violation_ = std::string(event) + " for a call that is unknown, has ended or was cancelled";
    return nullptr;
  }
  return &at->second;
}

void ClientProbe::end(CallId id, model::Outcome&& outcome) {
  End* end = find(id, "the end");
  if (end == nullptr) return;
  end->ended = true;
  end->reply.code = outcome.code;
  end->reply.declared_field = outcome.declared_field;
  end->whole.outcome = std::move(outcome);
  ++finished_;
  finish_order_.push_back(id);
}

void ClientProbe::on_reply(CallId id, model::Reply&& reply) {
  if (End* end = find(id, "on_reply"); end != nullptr) {
    if (reply.has_message && record_) end->reply.messages.push_back(reply.message.bytes.to_string());
    end->whole.head = std::move(reply.head);
  }
  end(id, std::move(reply.outcome));
}
void ClientProbe::on_head(CallId id, model::ReplyHead&& head) {
  if (End* end = find(id, "on_head"); end != nullptr) end->whole.head = std::move(head);
}
void ClientProbe::on_message(CallId id, model::Payload&& message) {
  End* end = find(id, "on_message");
  if (end != nullptr && record_) end->reply.messages.push_back(message.bytes.to_string());
}
void ClientProbe::on_finish(CallId id, model::Outcome&& outcome) { end(id, std::move(outcome)); }

void ClientProbe::cancelled(CallId id) { ends_[id].cancelled = true; }

const model::Reply* ClientProbe::reply(CallId id) const {
  const auto at = ends_.find(id);
  return at == ends_.end() || !at->second.ended ? nullptr : &at->second.whole;
}

void ClientProbe::pump() {
  for (int round = 0; round < rounds_max; ++round) {
    const std::size_t before = in_.size();
    if (status_.ok() && !in_.empty()) status_ = session_->feed(in_);
    bool moved = in_.size() != before;
    if (session_->wants_write()) {
      base::Buffer out;
      session_->drain(out);
      moved = moved || !out.empty();
      if (out.empty() && session_->wants_write()) break;
      if (record_) output_ += out.to_string();
    }
    if (!moved) return;
  }
  violation_ = "the session makes no progress, or writes without end";
}

void ClientProbe::feed(std::string_view bytes) {
  in_.append(bytes);
  pump();
}

void ClientProbe::feed_first(std::string_view bytes) {
  in_.append(bytes);
  if (status_.ok()) status_ = session_->feed(in_);
}

void ClientProbe::closed() {
  session_->on_closed(base::Status(base::Reason::upstream_closed, "the connection ended"));
}

std::vector<std::string> ClientProbe::replies() const {
  std::vector<std::string> out;
  for (const auto& [id, end] : ends_) out.push_back(end.ended ? describe(end.reply) : "no end");
  return out;
}

bool settle(ClientProbe& client, ServerProbe& server, std::size_t step) {
  const auto carry = [step](std::string bytes, auto& to) {
    const std::size_t piece = step == 0 ? std::max<std::size_t>(bytes.size(), 1) : step;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      to.feed(std::string_view(bytes).substr(at, piece));
    }
    return !bytes.empty();
  };
  for (int round = 0; round < rounds_max; ++round) {
    client.pump();
    const bool there = carry(client.take_output(), server);
    server.pump();
    const bool back = carry(server.take_output(), client);
    if (!there && !back) return true;
  }
  return false;
}

}  // namespace koine::codecs::conformance
