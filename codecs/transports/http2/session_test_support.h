// For tests: an HTTP/2 session whose events are written down, and two of them wired back to back.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codecs/transports/http2/session.h"

namespace koine::codecs::transports::http2::testing {

inline HeaderList request_fields(std::string_view path) {
  HeaderList fields;
  fields.add(":method", "POST");
  fields.add(":scheme", "http");
  fields.add(":path", path);
  fields.add(":authority", "shop");
  return fields;
}

inline HeaderList response_fields(std::string_view status = "200") {
  HeaderList fields;
  fields.add(":status", status);
  return fields;
}

struct Seen {
  HeaderList headers;
  HeaderList trailers;
  base::Reason refused = base::Reason::none;
  std::string data;
  bool end = false;
  bool end_sent = false;
  bool closed = false;
  Closed how;
  int writable = 0;
};

class Recorder : public SessionEvents {
 public:
  Recorder(Role role, const base::Limits& limits, std::size_t work_share = 0) : role_(role) {
    SessionOptions options;
    options.work_share = work_share;
    options.role = role;
    options.limits = limits;
    session = std::make_unique<Session>(options, *this);
  }

  void on_headers(Stream& stream, const Headers& headers) override {
    Seen& to = seen[stream.id()];
    (headers.trailers ? to.trailers : to.headers) = headers.fields;
    to.refused = headers.refused;
    live[stream.id()] = &stream;
    if (role_ == Role::server && !headers.trailers && on_request) on_request(stream);
  }
  void on_data(Stream& stream, base::Slice&& bytes) override {
    seen[stream.id()].data.append(base::as_text(bytes.bytes()));
    if (consume_at_once) session->consume(stream, bytes.size());
  }
  void on_end(Stream& stream) override {
    seen[stream.id()].end = true;
    if (on_request_end) on_request_end(stream);
  }
  void on_end_sent(Stream& stream) override { seen[stream.id()].end_sent = true; }
  void on_writable(Stream& stream) override { ++seen[stream.id()].writable; }
  void on_closed(Stream& stream, const Closed& closed) override {
    seen[stream.id()].closed = true;
    seen[stream.id()].how = closed;
    live.erase(stream.id());
  }
  void on_capacity() override { ++capacity_events; }

  std::unique_ptr<Session> session;
  std::map<StreamId, Seen> seen;
  std::map<StreamId, Stream*> live;
  bool consume_at_once = true;
  int capacity_events = 0;
  std::function<void(Stream&)> on_request;
  std::function<void(Stream&)> on_request_end;

 private:
  Role role_;
};

// Moves what `from` has to write into `to`, `step` bytes a time (0: all at once). Returns how many bytes.
inline std::size_t carry(Session& from, Session& to, std::size_t step, std::string* copy = nullptr) {
  base::Buffer out;
  from.drain(out);
  const std::size_t total = out.size();
  if (copy != nullptr) copy->append(out.to_string());
  while (!out.empty()) {
    base::Buffer in;
    if (step == 0) {
      in = std::move(out);
      out = base::Buffer();
    } else {
      // A copy of its own, so that an address used after its slab is gone is caught.
      in.append(out.take_front(step).to_string());
    }
    if (!to.feed(in).ok()) break;
  }
  return total;
}

struct Pair {
  explicit Pair(std::size_t step_bytes = 0, const base::Limits& limits = {})
      : client(Role::client, limits), server(Role::server, limits), step(step_bytes) {}

  // Until neither side has anything to say; false when `rounds` were not enough.
  bool settle(int rounds = 2000) {
    for (int i = 0; i < rounds; ++i) {
      const std::size_t moved =
          carry(*client.session, *server.session, step) + carry(*server.session, *client.session, step);
      if (moved == 0) return true;
    }
    return false;
  }

  Recorder client;
  Recorder server;
  std::size_t step;
};

}  // namespace koine::codecs::transports::http2::testing
