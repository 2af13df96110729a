// The server's side of an HTTP/1.1 connection. Sans-I/O, one thread.
//
// One exchange at a time: pipelined requests wait in the owner's buffer until the one before was answered, so
// answers leave in the order of the requests. An answer may be given from inside an event or any time later.
#pragma once

#include <cstdint>
#include <optional>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/status.h"
#include "codecs/transports/http1/message_parser.h"
#include "model/metadata.h"

namespace koine::codecs::transports::http1 {

class ServerEvents {
 public:
  virtual ~ServerEvents() = default;
  // `head` is valid during the event. on_request_end() follows, at once when there is no body.
  virtual void on_request(const MessageHead& head) = 0;
  // Not called any more once the request was answered.
  virtual void on_body(base::Slice&& bytes) = 0;
  virtual void on_request_end() = 0;
};

struct ServerOptions {
  base::Limits limits;
  base::SlabPool* pool = nullptr;  // outlives the session
};

class ServerSession {
 public:
  ServerSession(const ServerOptions& options, ServerEvents& events);

  // Takes what belongs to the current exchange; the rest stays in `in` until wants_read() is true again. An
  // error: it was answered (400, 413, …) where no answer had begun; close once drain()'s bytes are written.
  [[nodiscard]] base::Status feed(base::Buffer& in);
  bool wants_read() const;
  void on_eof();
  // Appends all that is ready, as long as `out` holds less than write_high_bytes.
  void drain(base::Buffer& out);
  bool wants_write() const { return !out_.empty(); }
  bool wants_close() const;

  // The whole answer. Its framing fields and the connection's are written here (message_writer.h); HEAD, 204
  // and 304 get no body. Ignored when no request waits for an answer.
  void respond(int status, const model::Metadata& fields, base::Buffer&& body);
  // An answer in pieces: with `length` bytes in all, or of unknown length (chunked; to HTTP/1.0 until close).
  void begin(int status, const model::Metadata& fields, std::optional<std::uint64_t> length);
  // False when write_high_bytes are queued: go on when queued_bytes() fell.
  bool send(base::Buffer&& bytes);
  void end();
  std::size_t queued_bytes() const { return out_.size(); }

  // The exchange that runs is the last one.
  void shutdown() { closing_ = true; }
  bool idle() const { return !request_open_ && parser_.between_messages(); }

 private:
  void advance();
  void write_error();

  ServerOptions options_;
  ServerEvents& events_;
  MessageParser parser_;
  base::Buffer out_;
  bool request_open_ = false;   // a head was read and its exchange is not over
  bool request_ended_ = false;  // all of it was read
  bool answer_begun_ = false;
  bool answer_ended_ = false;
  bool answer_chunked_ = false;
  bool answer_bodyless_ = false;
  bool answer_counted_ = false;
  std::uint64_t answer_left_ = 0;
  bool head_method_ = false;
  bool keep_alive_ = true;
  int minor_ = 1;
  bool closing_ = false;
  bool eof_ = false;
  base::Status failure_;
};

}  // namespace koine::codecs::transports::http1
