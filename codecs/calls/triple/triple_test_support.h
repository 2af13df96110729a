// For the tests of this module: what real peers sent, and sessions whose events are kept.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "codecs/calls/triple/triple_codec.h"

namespace koine::codecs::calls::triple {

inline constexpr std::string_view shop = "koine.interop.shop.InteropService";

// A file of testdata/: lines that say what it is, and hexadecimal digits.
inline std::string golden(std::string_view name) {
  std::ifstream file(std::filesystem::path(KOINE_SOURCE_DIR) / "codecs/calls/triple/testdata" / name);
  std::string line;
  std::string bytes;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  while (std::getline(file, line)) {
    if (line.starts_with("#")) continue;
    for (std::size_t i = 0; i + 1 < line.size(); i += 2) {
      bytes.push_back(static_cast<char>(digit(line[i]) << 4 | digit(line[i + 1])));
    }
  }
  EXPECT_FALSE(bytes.empty()) << name;
  return bytes;
}

// A field of a message of protobuf whose content is shorter than 128 bytes.
inline std::string field(int number, std::string_view content) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(content.size())}.append(content);
}
// label(int) with 7, as Java calls it.
inline std::string wrapped_seven() { return field(1, "hessian4") + field(2, "\x97") + field(3, "int"); }

inline model::CallHead call_head(std::string_view service, std::string_view method) {
  model::CallHead head;
  head.service = service;
  head.method = method;
  head.body_format = model::BodyFormat::triple_wrapper;
  return head;
}

inline model::Payload payload(std::string_view bytes,
                              model::BodyFormat format = model::BodyFormat::triple_wrapper) {
  model::Payload out;
  out.format = format;
  out.bytes.append(bytes);
  return out;
}

template <class Session>
base::Status feed_in_steps(Session& session, std::string_view bytes, std::size_t step, std::string* out) {
  base::Status status;
  for (std::size_t at = 0; at < bytes.size() && status.ok(); at += step) {
    base::Buffer in;
    in.append(bytes.substr(at, step));
    status = session.feed(in);
    base::Buffer drained;
    session.drain(drained);
    if (out != nullptr) out->append(drained.to_string());
  }
  return status;
}

struct KeptCall {
  CallId id;
  model::CallHead head;
  std::string body;
  model::BodyFormat format;
};

class KeptServer : public ServerEvents {
 public:
  explicit KeptServer(std::function<ServiceOwner(std::string_view)> owner = {}, base::Limits limits = {}) {
    ServerOptions options;
    options.limits = limits;
    options.service_owner = std::move(owner);
    session = TripleCodec().make_server(std::move(options), *this);
  }
  void on_call(CallId id, model::CallHead&& head, bool, model::Payload&& message, bool) override {
    calls.push_back({id, std::move(head), message.bytes.to_string(), message.format});
  }
  void on_message(CallId, bool, model::Payload&&, bool) override {}
  void on_cancel(CallId id, base::Reason) override { cancelled.push_back(id); }
  void on_writable(CallId) override {}
  void on_refused(const model::CallHead&, std::size_t, const model::Outcome& outcome) override {
    refused.push_back(outcome);
  }
  base::Status feed(std::string_view bytes, std::size_t step = std::string_view::npos) {
    return feed_in_steps(*session, bytes, std::min(step, bytes.size()), nullptr);
  }

  std::vector<KeptCall> calls;
  std::vector<CallId> cancelled;
  std::vector<model::Outcome> refused;
  std::unique_ptr<ServerSession> session;
};

class KeptClient : public ClientEvents {
 public:
  explicit KeptClient(const CallCodec& codec = TripleCodec()) {
    ClientOptions options;
    options.authority = "shop";
    session = codec.make_client(std::move(options), *this);
  }
  void on_reply(CallId id, model::Reply&& reply) override { replies.emplace_back(id, std::move(reply)); }
  void on_head(CallId, model::ReplyHead&&) override {}
  void on_message(CallId, model::Payload&&) override {}
  void on_finish(CallId, model::Outcome&&) override {}
  void on_writable(CallId) override {}
  void on_capacity() override {}
  base::Status start(CallId id, const model::CallHead& head, std::string_view body) {
    return session->start(id, head, true, payload(body, head.body_format), true, false);
  }
  // The reply to that call, which must be there.
  model::Reply& reply(CallId id) {
    for (auto& [of, reply] : replies) {
      if (of == id) return reply;
    }
    ADD_FAILURE() << "no reply to call " << id;
    static model::Reply none;
    return none;
  }

  std::vector<std::pair<CallId, model::Reply>> replies;
  std::unique_ptr<ClientSession> session;
};

// Passes bytes both ways until nobody has any.
inline void run(KeptClient& client, KeptServer& server) {
  for (bool moved = true; moved;) {
    base::Buffer there;
    base::Buffer back;
    client.session->drain(there);
    moved = !there.empty();
    ASSERT_TRUE(server.session->feed(there).ok());
    server.session->drain(back);
    moved = moved || !back.empty();
    ASSERT_TRUE(client.session->feed(back).ok());
  }
}

}  // namespace koine::codecs::calls::triple
