// A strict HTTP/1.1 message reader (RFC 9110, RFC 9112), requests and responses. Sans-I/O, one thread.
//
// Where the RFCs let a recipient be lenient it refuses, because every leniency is a place where two readers
// of one connection may disagree on where a message ends: lines end in CRLF and hold no other CR or LF, no
// folded lines, no space around a field's name, one Content-Length of digits only, Transfer-Encoding is
// "chunked" once and never beside Content-Length, HTTP/1.0 and 1.1 only, exactly one Host. docs/adr has why
// no library does this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/status.h"
#include "model/metadata.h"

namespace koine::codecs::transports::http1 {

enum class MessageKind : std::uint8_t { request, response };

struct MessageHead {
  std::string method;      // requests: "GET"; case is kept
  std::string target;      // requests: as on the wire, bytes 0x21…0x7E
  int status = 0;          // responses: 100…599
  std::string reason;      // responses: may be empty
  int minor = 1;           // HTTP/1.<minor>
  model::Metadata fields;  // names in lower case, values without the white space around them
  bool keep_alive = true;
  bool expects_continue = false;
  bool has_length = false;
  std::uint64_t length = 0;
  bool chunked = false;

  bool has_body() const noexcept { return chunked || (has_length && length > 0); }
};

class MessageParser {
 public:
  enum class Event : std::uint8_t {
    need_more,
    head,  // head() is there
    body,  // take_body() has bytes
    end,   // the message is complete; the next call begins the next one
    error  // failure() and failure_status(); nothing more is read
  };

  // `limits` outlives the parser.
  MessageParser(MessageKind kind, const base::Limits& limits) : kind_(kind), limits_(limits) {}

  // Takes from the front of `in` what belongs to the next event.
  Event next(base::Buffer& in);
  const MessageHead& head() const noexcept { return head_; }
  MessageHead& head() noexcept { return head_; }
  base::Slice take_body() noexcept;
  const model::Metadata& trailers() const noexcept { return trailers_; }

  // Responses: this one answers HEAD, so it has no body whatever its fields say. Call at Event::head.
  void skip_body() noexcept;
  // The peer sends no more: `end` for a body that ends with its connection, `need_more` between messages,
  // else `error`.
  Event eof();

  const base::Status& failure() const noexcept { return failure_; }
  // What a server answers to it: 400, 413, 414, 417, 431, 501 or 505.
  int failure_status() const noexcept { return failure_status_; }
  // True when nothing of a message has been read.
  bool between_messages() const noexcept { return state_ == State::start && line_.empty(); }

 private:
  enum class State : std::uint8_t {
    start,
    fields,
    length_body,
    chunk_size,
    chunk_data,
    chunk_end,
    trailers,
    close_body,
    ended,
    failed
  };

  // The next line without its CRLF into line_; false: not complete yet, or failed.
  bool read_line(base::Buffer& in);
  // Up to `most` bytes of body; false when there are none.
  bool read_body(base::Buffer& in, std::uint64_t most);
  void begin_message();
  bool parse_request_line(std::string_view line);
  bool parse_status_line(std::string_view line);
  bool parse_version(std::string_view text);
  bool parse_field(std::string_view line, model::Metadata& into);
  bool parse_chunk_size(std::string_view line);
  // Everything that the whole set of fields decides.
  bool finish_head();
  bool read_framing();
  bool read_connection();
  bool check_host();
  Event fail(int status, base::Reason reason, std::string why);
  bool refuse(int status, base::Reason reason, std::string why);

  MessageKind kind_;
  const base::Limits& limits_;
  State state_ = State::start;
  MessageHead head_;
  model::Metadata trailers_;
  std::string line_;
  bool line_done_ = false;
  std::size_t head_bytes_ = 0;  // of the start line and the fields, or of the trailers
  std::size_t field_count_ = 0;
  std::uint64_t left_ = 0;  // of the body or chunk
  std::uint64_t body_bytes_ = 0;
  base::Slice body_;
  base::Status failure_;
  int failure_status_ = 0;
};

// "Not Found"; "" for a number without a standard phrase.
std::string_view reason_phrase(int status);

}  // namespace koine::codecs::transports::http1
