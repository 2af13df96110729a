// For tests: gRPC sessions whose events are written down, a client wired back to back to a server, and a
// bare HTTP/2 peer that can say anything.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codecs/calls/grpc/client_session.h"
#include "codecs/calls/grpc/server_session.h"

namespace koine::codecs::calls::grpc::testing {

inline model::Payload payload(std::string_view text, model::BodyFormat format = model::BodyFormat::protobuf) {
  model::Payload out;
  out.format = format;
  out.bytes.append(text);
  return out;
}

inline model::CallHead call_head(std::string_view service = "shop.Orders", std::string_view method = "Get") {
  model::CallHead head;
  head.protocol = "grpc";
  head.service = service;
  head.method = method;
  head.body_format = model::BodyFormat::protobuf;
  return head;
}

inline model::Reply ok_reply(std::string_view text) {
  model::Reply reply;
  reply.has_message = true;
  reply.message = payload(text);
  return reply;
}

struct ServerSeen {
  model::CallHead head;
  std::vector<std::string> messages;
  bool end = false;
  bool cancelled = false;
  base::Reason reason = base::Reason::none;
  int writable = 0;
};

class ServerRecorder : public ServerEvents {
 public:
  explicit ServerRecorder(const base::Limits& limits, const base::Clock* clock = nullptr) {
    ServerOptions options;
    options.limits = limits;
    options.clock = clock;
    options.streams = [](std::string_view path) { return path.ends_with("/Chat"); };
    session = std::make_unique<GrpcServerSession>(std::move(options), *this);
  }
  void on_call(CallId id, model::CallHead&& head, bool has_message, model::Payload&& message,
               bool end_of_stream) override {
    ServerSeen& to = seen[id];
    order.push_back(id);
    to.head = std::move(head);
    if (has_message) to.messages.push_back(message.bytes.to_string());
    to.end = end_of_stream;
    if (on_call_do) on_call_do(id);
  }
  void on_message(CallId id, bool has_message, model::Payload&& message, bool end_of_stream) override {
    ServerSeen& to = seen[id];
    if (has_message) to.messages.push_back(message.bytes.to_string());
    to.end = end_of_stream;
    if (on_message_do) on_message_do(id);
  }
  void on_cancel(CallId id, base::Reason reason) override {
    seen[id].cancelled = true;
    seen[id].reason = reason;
  }
  void on_writable(CallId id) override { ++seen[id].writable; }
  void on_refused(const model::CallHead&, std::size_t, const model::Outcome& outcome) override {
    refused.push_back(outcome);
  }

  std::vector<model::Outcome> refused;
  ServerSeen& last() { return seen[order.back()]; }

  std::unique_ptr<GrpcServerSession> session;
  std::map<CallId, ServerSeen> seen;
  std::vector<CallId> order;
  std::function<void(CallId)> on_call_do;
  std::function<void(CallId)> on_message_do;
};

struct ClientSeen {
  int replies = 0;
  model::Reply reply;
  std::string message;  // reply.message as text
  bool head = false;
  model::ReplyHead stream_head;
  std::vector<std::string> messages;
  int finishes = 0;
  model::Outcome outcome;
  int writable = 0;
};

class ClientRecorder : public ClientEvents {
 public:
  explicit ClientRecorder(const base::Limits& limits) {
    ClientOptions options;
    options.limits = limits;
    options.authority = "orders.local";
    session = std::make_unique<GrpcClientSession>(std::move(options), *this);
  }
  void on_reply(CallId id, model::Reply&& reply) override {
    ClientSeen& to = seen[id];
    ++to.replies;
    to.reply = std::move(reply);
    to.message = to.reply.message.bytes.to_string();
    to.outcome = to.reply.outcome;
  }
  void on_head(CallId id, model::ReplyHead&& head) override {
    seen[id].head = true;
    seen[id].stream_head = std::move(head);
  }
  void on_message(CallId id, model::Payload&& message) override {
    seen[id].messages.push_back(message.bytes.to_string());
    if (on_message_do) on_message_do(id);
  }
  void on_finish(CallId id, model::Outcome&& outcome) override {
    ++seen[id].finishes;
    seen[id].outcome = std::move(outcome);
  }
  void on_writable(CallId id) override { ++seen[id].writable; }
  void on_capacity() override { ++capacity_events; }

  base::Status start_unary(CallId id, const model::CallHead& head, std::string_view text) {
    return session->start(id, head, true, payload(text, head.body_format), true, false);
  }

  std::unique_ptr<GrpcClientSession> session;
  std::map<CallId, ClientSeen> seen;
  std::function<void(CallId)> on_message_do;
  int capacity_events = 0;
};

// Moves what `from` wants to write into `to`, `step` bytes a time (0: as it is).
template <class From, class To>
std::size_t carry(From& from, To& to, std::size_t step) {
  base::Buffer out;
  from.drain(out);
  const std::size_t total = out.size();
  while (!out.empty()) {
    base::Buffer in;
    if (step == 0) {
      in = std::move(out);
      out = base::Buffer();
    } else {
      in.append(out.take_front(step).to_string());
    }
    if (!to.feed(in).ok()) break;
  }
  return total;
}

template <class A, class B>
bool settle_between(A& a, B& b, std::size_t step = 0, int rounds = 20000) {
  for (int i = 0; i < rounds; ++i) {
    const std::size_t moved = carry(a, b, step) + carry(b, a, step);
    if (moved == 0 && !a.wants_write() && !b.wants_write()) return true;
  }
  return false;
}

struct Pair {
  explicit Pair(std::size_t step_bytes = 0, const base::Limits& limits = {})
      : client(limits), server(limits), step(step_bytes) {}
  bool settle() { return settle_between(*client.session, *server.session, step); }
  ClientRecorder client;
  ServerRecorder server;
  std::size_t step;
};

// HTTP/2 without gRPC on top: what a strange peer would say.
class BarePeer : public transports::http2::SessionEvents {
 public:
  explicit BarePeer(transports::http2::Role role, const base::Limits& limits = {}) {
    transports::http2::SessionOptions options;
    options.role = role;
    options.limits = limits;
    session = std::make_unique<transports::http2::Session>(options, *this);
  }
  void on_headers(transports::http2::Stream& stream, const transports::http2::Headers& headers) override {
    (headers.trailers ? trailers : headers_seen) = headers.fields;
    ended_with_headers = headers.end_stream && !headers.trailers;
    last = &stream;
    if (on_request && !headers.trailers) on_request(stream);
  }
  void on_data(transports::http2::Stream& stream, base::Slice&& bytes) override {
    data.append(base::as_text(bytes.bytes()));
    session->consume(stream, bytes.size());
  }
  void on_end(transports::http2::Stream& stream) override {
    ended = true;
    if (on_request_end) on_request_end(stream);
  }
  void on_end_sent(transports::http2::Stream&) override {}
  void on_writable(transports::http2::Stream&) override {}
  void on_closed(transports::http2::Stream&, const transports::http2::Closed& how) override {
    closed = true;
    closed_how = how;
    last = nullptr;
  }
  void on_capacity() override {}

  // Sends a request of these fields and body bytes and returns the stream.
  transports::http2::Stream* request(const transports::http2::HeaderList& fields, std::string_view body,
                                     bool end = true) {
    auto opened = session->open(fields, end && body.empty(), nullptr);
    if (!opened) return nullptr;
    if (!body.empty()) session->send(**opened, base::as_bytes(body));
    if (end) session->end(**opened, nullptr);
    return *opened;
  }

  std::unique_ptr<transports::http2::Session> session;
  transports::http2::HeaderList headers_seen;
  transports::http2::HeaderList trailers;
  std::string data;
  bool ended = false;
  bool ended_with_headers = false;
  bool closed = false;
  transports::http2::Closed closed_how;
  transports::http2::Stream* last = nullptr;
  std::function<void(transports::http2::Stream&)> on_request;
  std::function<void(transports::http2::Stream&)> on_request_end;
};

inline transports::http2::HeaderList grpc_request(std::string_view path = "/shop.Orders/Get") {
  transports::http2::HeaderList fields;
  fields.add(":method", "POST");
  fields.add(":scheme", "http");
  fields.add(":path", path);
  fields.add(":authority", "shop");
  fields.add("te", "trailers");
  fields.add("content-type", "application/grpc");
  return fields;
}

// `text` with its five bytes in front.
inline std::string framed(std::string_view text, char flag = 0) {
  std::string out(1, flag);
  const auto size = static_cast<std::uint32_t>(text.size());
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((size >> shift) & 0xff);
  out.append(text);
  return out;
}

}  // namespace koine::codecs::calls::grpc::testing
