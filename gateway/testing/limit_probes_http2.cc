// Limits of an HTTP/2 connection, tried on a server session with frames written by hand (RFC 9113).
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "codecs/transports/http2/session.h"
#include "gateway/testing/limit_probes.h"
#include "net/memory/virtual_clock.h"

namespace koine::gateway::testing {
namespace {

namespace http2 = codecs::transports::http2;
using base::Limit;
using base::Limits;

enum Kind : std::uint8_t {
  data = 0,
  headers = 1,
  priority = 2,
  rst_stream = 3,
  settings = 4,
  ping = 6,
  window = 8,
  continuation = 9
};
constexpr std::uint8_t end_stream = 1, ack = 1, end_headers = 4;

std::string u32(std::uint64_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}
std::string frame(Kind kind, std::uint8_t flags, std::uint64_t stream, const std::string& body = {}) {
  return u32(body.size()).substr(1) + static_cast<char>(kind) + static_cast<char>(flags) + u32(stream) + body;
}
std::string length(std::size_t size) {  // HPACK: an integer with a prefix of 7 bits
  if (size < 127) return std::string(1, static_cast<char>(size));
  std::string out(1, '\x7f');
  for (size -= 127; size >= 128; size /= 128) out += static_cast<char>(size % 128 + 128);
  return out + static_cast<char>(size);
}
std::string literal(const std::string& name, const std::string& value) {
  return std::string(1, '\0') + length(name.size()) + name + length(value.size()) + value;
}
std::string request() {
  return literal(":method", "POST") + literal(":scheme", "http") + literal(":path", "/a/b") +
         literal(":authority", "shop");
}
constexpr std::size_t request_fields = 4;
constexpr std::size_t request_bytes = 7 + 4 + 7 + 4 + 5 + 4 + 10 + 4 + 4 * 32;

class Server final : public http2::SessionEvents {
 public:
  explicit Server(const Limits& limits) : session_(options(limits), *this) {
    feed(std::string(http2::client_preface) + frame(settings, 0, 0));
    drain();
    feed(frame(settings, ack, 0));
  }
  bool feed(const std::string& bytes) {
    base::Buffer in;
    in.append(bytes);
    const bool ok = session_.feed(in).ok();
    return ok && session_.failure().ok();
  }
  void drain() {
    base::Buffer out;
    session_.drain(out);
    written_ += out.to_string();
  }
  // 65,535 and what the first WINDOW_UPDATE of stream 0 adds.
  std::uint64_t connection_window() const {
    const std::size_t at = written_.find(std::string("\0\0\4\x08\0\0\0\0\0", 9));
    if (at == std::string::npos || at + 13 > written_.size()) return 0;
    std::uint64_t more = 0;
    for (std::size_t i = at + 9; i < at + 13; ++i) more = more << 8 | static_cast<unsigned char>(written_[i]);
    return 65535 + more;
  }
  http2::Session& session() { return session_; }
  net::memory::VirtualClock& clock() { return clock_; }
  Seen seen(bool passed, Limit limit) const { return {passed, hits_.value(limit) > 0}; }

  void on_headers(http2::Stream& stream, const http2::Headers& found) override {
    last = &stream;
    refused = found.refused != base::Reason::none;
    ++opened;
  }
  void on_data(http2::Stream&, base::Slice&&) override {}
  void on_end(http2::Stream&) override {}
  void on_end_sent(http2::Stream&) override {}
  void on_writable(http2::Stream&) override { writable = true; }
  void on_closed(http2::Stream&, const http2::Closed& closed) override {
    reset = closed.code != http2::ErrorCode::no_error;
  }
  void on_capacity() override {}

  http2::Stream* last = nullptr;
  std::size_t opened = 0;
  bool refused = false;
  bool writable = false;
  bool reset = false;

 private:
  http2::SessionOptions options(const Limits& limits) {
    http2::SessionOptions out;
    out.limits = limits;
    out.hits = &hits_;
    out.clock = &clock_;
    return out;
  }
  base::LimitHits hits_;
  net::memory::VirtualClock clock_;
  std::string written_;
  http2::Session session_;
};

std::string open_stream(std::uint64_t index, const std::string& more = {}, std::uint8_t flags = 0) {
  return frame(headers, static_cast<std::uint8_t>(end_headers | flags), 2 * index + 1, request() + more);
}

// The same small thing `amount` times; what is over the limit ends the connection.
std::function<Seen(const Limits&, std::uint64_t)> repeated(Limit limit,
                                                           std::function<std::string(std::uint64_t)> one,
                                                           bool drained, std::string before = {}) {
  return [=](const Limits& limits, std::uint64_t amount) {
    Server server(limits);
    bool ok = before.empty() || server.feed(before);
    for (std::uint64_t i = 0; i < amount && ok; ++i) {
      ok = server.feed(one(i));
      if (!drained) continue;
      server.drain();
      ok = ok && server.session().failure().ok();
    }
    return server.seen(ok, limit);
  };
}

// What a second gives back to a budget that is used up; the burst's row counts.
std::function<Seen(const Limits&, std::uint64_t)> refilled(Limit burst, std::size_t spent,
                                                           std::function<std::string(std::uint64_t)> one) {
  return [=](const Limits& given, std::uint64_t amount) {
    constexpr std::size_t burst_events = 10;
    Limits limits = given;
    set_limit(limits, burst, burst_events);
    Server server(limits);
    const auto send = [&](std::uint64_t index) {
      const bool ok = server.feed(one(index));
      server.drain();
      return ok && server.session().failure().ok();
    };
    for (std::uint64_t i = spent; i < burst_events; ++i) EXPECT_TRUE(send(i)) << base::to_string(burst);
    server.clock().advance(base::second_ns);
    bool ok = true;
    for (std::uint64_t i = 0; i < amount; ++i) ok = send(burst_events + i) && ok;
    return server.seen(ok, burst);
  };
}

Seen send_data(const Limits& limits, std::uint64_t amount, Limit limit) {
  Server server(limits);
  bool ok = server.feed(open_stream(0));
  for (std::uint64_t left = amount; left > 0 && ok;) {
    const std::uint64_t now = std::min<std::uint64_t>(left, 16384);
    ok = server.feed(frame(data, 0, 1, std::string(now, 'x')));
    left -= now;
  }
  server.drain();
  return server.seen(ok && !server.reset && server.session().failure().ok(), limit);
}

Seen queue_answer(const Limits& limits, std::uint64_t amount) {
  Server server(limits);
  server.feed(open_stream(0, {}, end_stream));
  http2::HeaderList answer;
  answer.add(":status", "200");
  server.session().respond(*server.last, answer, false);
  base::Buffer bytes;
  bytes.append(std::string(amount, 'x'));
  return server.seen(server.session().send(*server.last, std::move(bytes)), Limit::write_high_bytes);
}

// As much leaves as leaves `amount` behind: below the low mark its writer is told.
Seen drain_answer(const Limits& given, std::uint64_t amount) {
  Limits limits = given;
  limits.write_high_bytes = 50000;
  Server server(limits);
  server.feed(frame(window, 0, 0, u32(1 << 20)) + open_stream(0, {}, end_stream));
  http2::HeaderList answer;
  answer.add(":status", "200");
  server.session().respond(*server.last, answer, false);
  // A stream's window is 65,535 bytes here: that much leaves.
  base::Buffer bytes;
  bytes.append(std::string(65535 + amount, 'x'));
  server.session().send(*server.last, std::move(bytes));
  for (int i = 0; i < 10; ++i) server.drain();
  return {server.writable, false};
}

void add_flood_probes(Probes& probes) {
  const auto rapid = [](std::uint64_t i) { return open_stream(i) + frame(rst_stream, 0, 2 * i + 1, u32(8)); };
  probes[Limit::resets_received_burst] = {5, repeated(Limit::resets_received_burst, rapid, true)};
  const auto made = [](std::uint64_t i) {
    return open_stream(i) + frame(window, 0, 2 * i + 1, u32(0x7fffffff));
  };
  probes[Limit::resets_caused_burst] = {5, repeated(Limit::resets_caused_burst, made, true)};
  // The opening's SETTINGS and its acknowledgement are two.
  const auto useless = [](std::uint64_t) { return frame(priority, 0, 9, u32(0) + "\x01"); };
  probes[Limit::glitches_burst] = {40, [useless](const Limits& limits, std::uint64_t amount) {
                                     return repeated(Limit::glitches_burst, useless, true)(limits,
                                                                                           amount - 2);
                                   }};
  probes[Limit::resets_received_per_second] = {5, refilled(Limit::resets_received_burst, 0, rapid)};
  probes[Limit::resets_caused_per_second] = {5, refilled(Limit::resets_caused_burst, 0, made)};
  probes[Limit::glitches_per_second] = {5, refilled(Limit::glitches_burst, 2, useless)};
  const auto ask = [](std::uint64_t) { return frame(ping, 0, 0, "12345678"); };
  probes[Limit::acks_queued_max] = {20, repeated(Limit::acks_queued_max, ask, false)};
  probes[Limit::frames_queued_max] = {30, repeated(Limit::frames_queued_max, ask, false)};
  probes[Limit::frames_unread_max] = {10,
                                      [ask](const Limits& limits, std::uint64_t amount) {
                                        Server server(limits);
                                        for (std::uint64_t i = 0; i < amount; ++i) server.feed(ask(i));
                                        return server.seen(server.session().wants_read(),
                                                           Limit::frames_unread_max);
                                      },
                                      true};
  probes[Limit::empty_data_frames_max] = {
      3, repeated(
             Limit::empty_data_frames_max, [](std::uint64_t) { return frame(data, 0, 1); }, true,
             open_stream(0))};
}

}  // namespace

void add_http2_probes(Probes& probes) {
  probes[Limit::headers_bytes_max] = {
      1000, [](const Limits& limits, std::uint64_t amount) {
        Server server(limits);
        server.feed(open_stream(0, literal("x", std::string(amount - request_bytes - 33, 'v'))));
        return server.seen(!server.refused, Limit::headers_bytes_max);
      }};
  probes[Limit::headers_count_max] = {10, [](const Limits& limits, std::uint64_t amount) {
                                        std::string more;
                                        for (std::uint64_t i = request_fields; i < amount; ++i)
                                          more += literal("x", "v");
                                        Server server(limits);
                                        server.feed(open_stream(0, more));
                                        return server.seen(!server.refused, Limit::headers_count_max);
                                      }};
  probes[Limit::continuations_max] = {3, [](const Limits& limits, std::uint64_t amount) {
                                        std::string bytes = frame(headers, 0, 1, request());
                                        for (std::uint64_t i = 1; i <= amount; ++i) {
                                          bytes += frame(continuation, i == amount ? end_headers : 0, 1,
                                                         literal("x", "v"));
                                        }
                                        Server server(limits);
                                        return server.seen(server.feed(bytes), Limit::continuations_max);
                                      }};
  probes[Limit::settings_entries_max] = {4, [](const Limits& limits, std::uint64_t amount) {
                                           std::string body;
                                           for (std::uint64_t i = 0; i < amount; ++i)
                                             body += std::string("\0\6", 2) + u32(1 << 20);
                                           Server server(limits);
                                           const bool ok = server.feed(frame(settings, 0, 0, body));
                                           server.drain();
                                           return server.seen(ok && server.session().failure().ok(),
                                                              Limit::settings_entries_max);
                                         }};
  add_flood_probes(probes);
  probes[Limit::streams_per_connection_max] = {3, [](const Limits& limits, std::uint64_t amount) {
                                                 Server server(limits);
                                                 bool ok = true;
                                                 for (std::uint64_t i = 0; i < amount; ++i)
                                                   ok = server.feed(open_stream(i)) && ok;
                                                 server.drain();
                                                 return server.seen(ok && server.opened == amount,
                                                                    Limit::streams_per_connection_max);
                                               }};
  probes[Limit::stream_window_bytes] = {70000, [](const Limits& limits, std::uint64_t amount) {
                                          return send_data(limits, amount, Limit::stream_window_bytes);
                                        }};
  // What has come is given back at once, so no peer that keeps to its window meets this one: it is what is
  // announced.
  probes[Limit::connection_window_bytes] = {100000,
                                            [](const Limits& limits, std::uint64_t amount) {
                                              Server server(limits);
                                              return Seen{server.connection_window() >= amount, false};
                                            },
                                            false, false};
  // RFC 7541 §6.3: a table size update, at the beginning of a block.
  probes[Limit::hpack_table_bytes_max] = {
      300,
      [](const Limits& limits, std::uint64_t amount) {
        std::string update(1, '\x3f');
        const std::uint64_t rest = amount - 31;
        update += static_cast<char>(rest % 128 + 128);
        update += static_cast<char>(rest / 128);
        Server server(limits);
        const bool ok = server.feed(frame(headers, end_headers, 1, update + request()));
        server.drain();
        return Seen{ok && server.session().failure().ok(), false};
      },
      false, false};
  probes[Limit::write_high_bytes] = {100000, queue_answer, true};
  probes[Limit::write_low_bytes] = {20000, drain_answer, true, false};
}

}  // namespace koine::gateway::testing
