// The client's side of an HTTP/1.1 connection. Sans-I/O, one thread.
//
// Requests may be pipelined up to `pipelined_max`; answers come in their order. Each request ends in
// on_response_end() or on_failure().
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/result.h"
#include "base/status.h"
#include "codecs/transports/http1/message_parser.h"
#include "model/metadata.h"

namespace koine::codecs::transports::http1 {

using ExchangeId = std::uint64_t;

class ClientEvents {
 public:
  virtual ~ClientEvents() = default;
  // The final answer's head (1xx are swallowed), valid during the event.
  virtual void on_response(ExchangeId id, const MessageHead& head) = 0;
  virtual void on_body(ExchangeId id, base::Slice&& bytes) = 0;
  virtual void on_response_end(ExchangeId id) = 0;
  // No (whole) answer will come. `written`: some of the request left through drain().
  virtual void on_failure(ExchangeId id, const base::Status& why, bool written) = 0;
};

struct ClientOptions {
  base::Limits limits;
  base::SlabPool* pool = nullptr;  // outlives the session
  std::string host;                // the Host field of every request
  std::size_t pipelined_max = 1;
};

class ClientSession {
 public:
  ClientSession(const ClientOptions& options, ClientEvents& events);

  [[nodiscard]] base::Status feed(base::Buffer& in);
  // The peer sends no more; completes an answer that ends with its connection, fails the others.
  void on_eof();
  // The connection is gone: everything in flight fails with `why`.
  void on_closed(const base::Status& why);
  void drain(base::Buffer& out);
  bool wants_write() const { return !out_.empty(); }
  bool wants_close() const { return out_.empty() && (!failure_.ok() || (closing_ && pending_.empty())); }
  // How many more requests may be started now.
  std::size_t capacity() const;

  // A whole request. upstream_refused when capacity() is 0, wire_malformed when method or target cannot be
  // written.
  [[nodiscard]] base::Status start(ExchangeId id, std::string_view method, std::string_view target,
                                   const model::Metadata& fields, base::Buffer&& body);
  // A request in pieces: of `length` bytes, or chunked. No other request may be started before end().
  [[nodiscard]] base::Status begin(ExchangeId id, std::string_view method, std::string_view target,
                                   const model::Metadata& fields, std::optional<std::uint64_t> length);
  bool send(base::Buffer&& bytes);
  void end();

 private:
  struct Pending {
    ExchangeId id = 0;
    bool head_method = false;
    std::uint64_t starts_at = 0;  // in bytes ever written to out_
  };

  void fail(base::Reason reason, std::string why);
  void fail_all(const base::Status& why);
  bool read_head();

  ClientOptions options_;
  ClientEvents& events_;
  MessageParser parser_;
  base::Buffer out_;
  std::deque<Pending> pending_;
  std::uint64_t drained_ = 0;
  bool writing_ = false;  // between begin() and end()
  bool chunked_ = false;
  std::uint64_t left_ = 0;
  bool answering_ = false;  // a final head was reported
  bool closing_ = false;
  int informational_ = 0;
  base::Status failure_;
};

}  // namespace koine::codecs::transports::http1
