// The client's side of an HTTP/1.1 connection.
#include "codecs/transports/http1/client_session.h"

#include <utility>

#include "codecs/transports/http1/message_writer.h"

namespace koine::codecs::transports::http1 {
namespace {

constexpr int informational_max = 16;  // 1xx answers to one request

}  // namespace

ClientSession::ClientSession(const ClientOptions& options, ClientEvents& events)
    : options_(options),
      events_(events),
      parser_(MessageKind::response, options_.limits),
      out_(options.pool) {}

std::size_t ClientSession::capacity() const {
  if (!failure_.ok() || closing_ || writing_) return 0;
  return pending_.size() >= options_.pipelined_max ? 0 : options_.pipelined_max - pending_.size();
}

base::Status ClientSession::start(ExchangeId id, std::string_view method, std::string_view target,
                                  const model::Metadata& fields, base::Buffer&& body) {
  KOINE_RETURN_IF_ERROR(begin(id, method, target, fields, body.size()));
  send(std::move(body));
  end();
  return {};
}

base::Status ClientSession::begin(ExchangeId id, std::string_view method, std::string_view target,
                                  const model::Metadata& fields, std::optional<std::uint64_t> length) {
  if (capacity() == 0) {
    return base::Status(base::Reason::upstream_refused,
                        "the HTTP/1.1 connection takes no further request now");
  }
  if (!legal_request_line(method, target)) {
    return base::Status(base::Reason::wire_malformed,
                        "the method or the target cannot be written in HTTP/1.1");
  }
  Pending pending;
  pending.id = id;
  pending.head_method = method == "HEAD";
  pending.starts_at = drained_ + out_.size();
  pending_.push_back(pending);
  writing_ = true;
  chunked_ = !length.has_value();
  left_ = length.value_or(0);
  WriteHead head;
  head.method = method;
  head.target = target;
  head.host = options_.host;
  head.length = left_;
  // A length of 0 is said only where a body would be expected (RFC 9110 §8.6).
  const bool bodyless = length.has_value() && left_ == 0 && (method == "GET" || method == "HEAD");
  head.framing = chunked_ ? Framing::chunked : bodyless ? Framing::none : Framing::length;
  std::string text;
  write_head(head, fields, text);
  out_.append(text);
  return {};
}

bool ClientSession::send(base::Buffer&& bytes) {
  if (writing_) {
    if (chunked_) {
      write_chunk(std::move(bytes), out_);
    } else {
      if (bytes.size() > left_) bytes = bytes.take_front(static_cast<std::size_t>(left_));
      left_ -= bytes.size();
      out_.append(std::move(bytes));
    }
  }
  return out_.size() < options_.limits.write_high_bytes;
}

void ClientSession::end() {
  if (!writing_) return;
  writing_ = false;
  if (chunked_) {
    out_.append(last_chunk);
  } else if (left_ > 0) {
    fail(base::Reason::internal, "an HTTP request ended before its content-length");
  }
}

void ClientSession::drain(base::Buffer& out) {
  const std::size_t high = options_.limits.write_high_bytes;
  if (out.size() >= high) return;
  const std::size_t room = high - out.size();
  base::Buffer ready =
      out_.size() <= room ? std::exchange(out_, base::Buffer(options_.pool)) : out_.take_front(room);
  drained_ += ready.size();
  out.append(std::move(ready));
}

bool ClientSession::read_head() {
  const MessageHead& head = parser_.head();
  if (pending_.empty()) {
    fail(base::Reason::upstream_protocol, "the peer sent an HTTP answer that nobody asked for");
    return false;
  }
  if (head.status == 101) {
    fail(base::Reason::upstream_protocol, "the peer switched protocols without being asked");
    return false;
  }
  if (head.status < 200) {
    if (++informational_ > informational_max) {
      fail(base::Reason::upstream_protocol, "the peer sends one informational answer after the other");
      return false;
    }
    return true;
  }
  informational_ = 0;
  answering_ = true;
  if (!head.keep_alive) closing_ = true;
  const Pending& pending = pending_.front();
  if (pending.head_method) parser_.skip_body();
  events_.on_response(pending.id, head);
  return true;
}

base::Status ClientSession::feed(base::Buffer& in) {
  bool more = true;
  while (more && failure_.ok()) {
    // Behind an answer that closes the connection nothing is an answer any more.
    if (closing_ && !answering_) break;
    switch (parser_.next(in)) {
      case MessageParser::Event::need_more: more = false; break;
      case MessageParser::Event::head: more = read_head(); break;
      case MessageParser::Event::body: events_.on_body(pending_.front().id, parser_.take_body()); break;
      case MessageParser::Event::end:
        if (answering_) {
          answering_ = false;
          const ExchangeId id = pending_.front().id;
          pending_.pop_front();
          events_.on_response_end(id);
        }
        break;
      case MessageParser::Event::error:
        fail(base::Reason::upstream_protocol,
             "the peer's HTTP answer is malformed: " + std::string(parser_.failure().message()));
        break;
    }
  }
  if (!failure_.ok() || (closing_ && pending_.empty())) in.clear();
  // Requests behind an answer that closes the connection will not be answered.
  if (failure_.ok() && closing_ && !answering_ && !pending_.empty()) {
    fail(base::Reason::upstream_closed, "the peer closes the connection after an earlier answer");
  }
  return failure_;
}

void ClientSession::on_eof() {
  if (failure_.ok() && parser_.eof() == MessageParser::Event::end && answering_) {
    answering_ = false;
    const ExchangeId id = pending_.front().id;
    pending_.pop_front();
    events_.on_response_end(id);
  }
  closing_ = true;
  fail_all(base::Status(base::Reason::upstream_closed, "the peer closed the connection"));
}

void ClientSession::on_closed(const base::Status& why) {
  closing_ = true;
  fail_all(why.ok() ? base::Status(base::Reason::upstream_closed, "the connection was closed") : why);
}

void ClientSession::fail(base::Reason reason, std::string why) {
  if (failure_.ok()) failure_ = base::Status(reason, std::move(why));
  out_.clear();
  fail_all(failure_);
}

void ClientSession::fail_all(const base::Status& why) {
  writing_ = false;
  while (!pending_.empty()) {
    const Pending pending = pending_.front();
    pending_.pop_front();
    events_.on_failure(pending.id, why, drained_ > pending.starts_at);
  }
}

}  // namespace koine::codecs::transports::http1
