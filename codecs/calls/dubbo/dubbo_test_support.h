// For the tests of this module: frames that real peers sent, and sessions whose events are kept.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "codecs/bodies/hessian2/text.h"
#include "codecs/calls/dubbo/client_session.h"
#include "codecs/calls/dubbo/frame.h"
#include "codecs/calls/dubbo/server_session.h"

namespace koine::codecs::calls::dubbo {

inline std::string from_hex(std::string_view hex) {
  std::string bytes;
  int high = -1;
  for (const char c : hex) {
    if (c == ' ' || c == '\n') continue;
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<char>(high << 4 | digit));
      high = -1;
    }
  }
  return bytes;
}

// A file of testdata/: a line that says what it is and who wrote it, and hexadecimal digits.
inline std::string golden(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::string hex;
  while (std::getline(file, line)) {
    if (!line.starts_with("#")) hex += line;
  }
  EXPECT_FALSE(hex.empty()) << path;
  return from_hex(hex);
}
inline std::filesystem::path testdata() {
  return std::filesystem::path(KOINE_SOURCE_DIR) / "codecs/calls/dubbo/testdata";
}
// All files whose name ends so, in order.
inline std::vector<std::filesystem::path> golden_files(std::string_view ending) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(testdata())) {
    if (entry.path().filename().string().ends_with(ending)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

inline base::Buffer buffer_of(std::string_view bytes) {
  base::Buffer buffer;
  buffer.append(bytes);
  return buffer;
}

// A text as Hessian2 has it.
inline std::string text(std::string_view utf8) {
  std::string out;
  bodies::hessian2::append_text(out, utf8);
  return out;
}

inline model::CallHead head_of(std::string_view service, std::string_view method) {
  model::CallHead head;
  head.service = service;
  head.method = method;
  return head;
}

struct KeptCall {
  CallId id = 0;
  model::CallHead head;
  std::string body;
};
struct Refused {
  model::CallHead head;
  std::size_t bytes = 0;
  model::Outcome outcome;
};

class KeptServer final : public ServerEvents {
 public:
  explicit KeptServer(ServerOptions options = {}) : session(std::move(options), *this) {}

  void on_call(CallId id, model::CallHead&& head, bool, model::Payload&& message, bool) override {
    calls.push_back({id, std::move(head), message.bytes.to_string()});
  }
  void on_message(CallId, bool, model::Payload&&, bool) override { ADD_FAILURE() << "no streams here"; }
  void on_cancel(CallId, base::Reason) override { ADD_FAILURE() << "nothing cancels a call here"; }
  void on_writable(CallId) override {}
  void on_refused(const model::CallHead& head, std::size_t bytes, const model::Outcome& outcome) override {
    refused.push_back({head, bytes, outcome});
  }

  base::Status feed(std::string_view bytes) {
    in.append(bytes);
    return session.feed(in);
  }
  std::string drained() {
    base::Buffer out;
    session.drain(out);
    return out.to_string();
  }
  void reply(CallId id, std::string_view value) {
    model::Reply reply;
    reply.has_message = true;
    reply.message.format = model::BodyFormat::hessian2;
    reply.message.bytes.append(value);
    session.reply(id, std::move(reply));
  }

  std::vector<KeptCall> calls;
  std::vector<Refused> refused;
  base::Buffer in;
  DubboServerSession session;
};

class KeptClient final : public ClientEvents {
 public:
  explicit KeptClient(ClientOptions options = {}) : session(std::move(options), *this) {}

  void on_reply(CallId id, model::Reply&& reply) override { replies.emplace_back(id, std::move(reply)); }
  void on_head(CallId, model::ReplyHead&&) override { ADD_FAILURE() << "no streams here"; }
  void on_message(CallId, model::Payload&&) override { ADD_FAILURE() << "no streams here"; }
  void on_finish(CallId, model::Outcome&&) override { ADD_FAILURE() << "no streams here"; }
  void on_writable(CallId) override {}
  void on_capacity() override { ++capacities; }

  base::Status start(CallId id, const model::CallHead& head, std::string_view arguments) {
    model::Payload message;
    message.format = model::BodyFormat::hessian2;
    message.bytes.append(arguments);
    return session.start(id, head, true, std::move(message), true, false);
  }
  base::Status feed(std::string_view bytes) {
    in.append(bytes);
    return session.feed(in);
  }
  std::string drained() {
    base::Buffer out;
    session.drain(out);
    return out.to_string();
  }

  std::vector<std::pair<CallId, model::Reply>> replies;
  int capacities = 0;
  base::Buffer in;
  DubboClientSession session;
};

// The frames of what was drained, one behind the other.
struct Frame {
  FrameHead head;
  std::string body;
};
inline std::vector<Frame> frames_of(std::string_view bytes) {
  std::vector<Frame> frames;
  base::Buffer in = buffer_of(bytes);
  Frame frame;
  while (!in.empty() && peek(in, frame.head) == FrameState::head) {
    in.consume(header_bytes);
    frame.body = in.take_front(frame.head.length).to_string();
    frames.push_back(frame);
  }
  EXPECT_TRUE(in.empty());
  return frames;
}
// The same bytes as an answer to another request.
inline std::string with_id(std::string frame, std::uint64_t id) {
  for (std::size_t i = 0; i < 8; ++i) frame[4 + i] = static_cast<char>(id >> (56 - 8 * i));
  return frame;
}

}  // namespace koine::codecs::calls::dubbo
