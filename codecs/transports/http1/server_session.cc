// The server's side of an HTTP/1.1 connection.
#include "codecs/transports/http1/server_session.h"

#include <algorithm>
#include <string>
#include <utility>

#include "codecs/transports/http1/message_writer.h"

namespace koine::codecs::transports::http1 {

ServerSession::ServerSession(const ServerOptions& options, ServerEvents& events)
    : options_(options),
      events_(events),
      parser_(MessageKind::request, options_.limits),
      out_(options.pool) {}

bool ServerSession::wants_read() const {
  if (!failure_.ok() || eof_) return false;
  if (closing_ && !request_open_) return false;
  // A whole request is being worked on: what comes next stays where it is.
  return !(request_open_ && request_ended_);
}

base::Status ServerSession::feed(base::Buffer& in) {
  while (wants_read()) {
    switch (parser_.next(in)) {
      case MessageParser::Event::need_more: return failure_;
      case MessageParser::Event::head: {
        const MessageHead& head = parser_.head();
        request_open_ = true;
        request_ended_ = false;
        answer_begun_ = answer_ended_ = answer_chunked_ = answer_bodyless_ = answer_counted_ = false;
        head_method_ = head.method == "HEAD";
        keep_alive_ = head.keep_alive;
        minor_ = head.minor;
        const bool expects = head.expects_continue && head.has_body();
        events_.on_request(head);
        if (expects && !answer_begun_) out_.append(std::string_view("HTTP/1.1 100 Continue\r\n\r\n"));
        break;
      }
      case MessageParser::Event::body: {
        base::Slice bytes = parser_.take_body();
        if (!answer_begun_) events_.on_body(std::move(bytes));
        break;
      }
      case MessageParser::Event::end:
        request_ended_ = true;
        if (!answer_begun_) events_.on_request_end();
        advance();
        break;
      case MessageParser::Event::error:
        failure_ = parser_.failure();
        write_error();
        request_open_ = false;  // an answer that comes now would be read as the next one
        break;
    }
  }
  if (!failure_.ok()) in.clear();
  return failure_;
}

void ServerSession::advance() {
  if (!request_open_ || !request_ended_ || !answer_ended_) return;
  request_open_ = false;
  if (!keep_alive_) closing_ = true;
}

void ServerSession::write_error() {
  if (answer_begun_ && !answer_ended_) return;  // half an answer cannot be taken back
  if (request_open_ && answer_ended_) return;   // it was answered already; its body is what broke
  WriteHead head;
  head.status = parser_.failure_status();
  head.framing = Framing::length;
  head.close = true;
  std::string body(parser_.failure().message());
  body += '\n';
  head.length = body.size();
  model::Metadata fields;
  fields.add("content-type", "text/plain; charset=utf-8");
  std::string text;
  write_head(head, fields, text);
  out_.append(text);
  if (!head_method_) out_.append(body);
}

void ServerSession::on_eof() {
  eof_ = true;
  // Half a request will not become a whole one, and nobody waits for its answer to be complete.
  if (parser_.eof() == MessageParser::Event::error && failure_.ok()) failure_ = parser_.failure();
}

void ServerSession::drain(base::Buffer& out) {
  const std::size_t high = options_.limits.write_high_bytes;
  if (out.size() >= high) return;
  const std::size_t room = high - out.size();
  out.append(out_.size() <= room ? std::exchange(out_, base::Buffer(options_.pool)) : out_.take_front(room));
}

bool ServerSession::wants_close() const {
  if (!out_.empty()) return false;
  if (!failure_.ok()) return true;
  return (closing_ || eof_) && !request_open_;
}

void ServerSession::respond(int status, const model::Metadata& fields, base::Buffer&& body) {
  begin(status, fields, body.size());
  if (!answer_bodyless_) send(std::move(body));
  end();
}

void ServerSession::begin(int status, const model::Metadata& fields, std::optional<std::uint64_t> length) {
  if (!request_open_ || answer_begun_) return;
  answer_begun_ = true;
  WriteHead head;
  head.status = status;
  const bool never_a_body = status < 200 || status == 204 || status == 304;
  answer_bodyless_ = never_a_body || head_method_;
  answer_counted_ = length.has_value();
  answer_left_ = length.value_or(0);
  if (never_a_body) {
    head.framing = Framing::none;
  } else if (length.has_value()) {
    head.framing = Framing::length;
    head.length = *length;
  } else if (minor_ == 1) {
    head.framing = Framing::chunked;
    answer_chunked_ = true;
  } else {
    head.framing = Framing::close;
    keep_alive_ = false;
  }
  if (closing_) keep_alive_ = false;
  head.close = !keep_alive_;
  std::string text;
  write_head(head, fields, text);
  // HTTP/1.0 takes silence for the end of the connection.
  if (keep_alive_ && minor_ == 0) text.insert(text.size() - 2, "connection: keep-alive\r\n");
  out_.append(text);
}

bool ServerSession::send(base::Buffer&& bytes) {
  if (answer_begun_ && !answer_ended_ && !answer_bodyless_) {
    if (answer_counted_) {
      // Never more than was promised: the surplus would be read as the next answer.
      if (bytes.size() > answer_left_) bytes = bytes.take_front(static_cast<std::size_t>(answer_left_));
      answer_left_ -= bytes.size();
    }
    if (answer_chunked_) {
      write_chunk(std::move(bytes), out_);
    } else {
      out_.append(std::move(bytes));
    }
  }
  return out_.size() < options_.limits.write_high_bytes;
}

void ServerSession::end() {
  if (!answer_begun_ || answer_ended_) return;
  answer_ended_ = true;
  if (answer_chunked_ && !answer_bodyless_) out_.append(last_chunk);
  if (answer_counted_ && answer_left_ > 0 && !answer_bodyless_ && failure_.ok()) {
    failure_ = base::Status(base::Reason::internal, "an HTTP answer ended before its content-length");
  }
  advance();
}

}  // namespace koine::codecs::transports::http1
