// Answers and events, written.
#include "codecs/calls/dubbo/answer.h"

#include <array>
#include <string>
#include <utility>

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/calls/dubbo/attachments.h"
#include "codecs/calls/dubbo/fastjson2.h"
#include "codecs/calls/dubbo/frame.h"
#include "codecs/calls/dubbo/result.h"
#include "codecs/calls/dubbo/status.h"
#include "codecs/calls/dubbo/thrown.h"

namespace koine::codecs::calls::dubbo {
namespace {

namespace hessian2 = bodies::hessian2;
using model::BodyFormat;

constexpr std::size_t event_bytes_max = 16;
constexpr std::string_view null_body = "N";
constexpr std::string_view read_only_body = "\x01R";
constexpr std::string_view writeable_body = "\x01W";

bool is_null(const base::Buffer& value) {
  return value.size() == 1 && value.front()[0] == hessian2::lead_null;
}

void append_frame(base::Buffer& out, FrameHead head, std::string_view begin, base::Buffer&& value,
                  std::string_view end) {
  head.length = begin.size() + value.size() + end.size();
  append_header(out, head);
  out.append(begin);
  out.append(std::move(value));
  out.append(end);
}

void append_event(base::Buffer& out, FrameHead head, std::string_view body) {
  head.is_event = true;
  append_frame(out, head, body, base::Buffer(), {});
}

// An answer of our own making, of whatever `outcome` is.
void append_failure(base::Buffer& out, FrameHead head, const Asked& asked, const model::Outcome& outcome) {
  std::string body;
  head.status = status_from_outcome(outcome);
  if (asked.serialization == serialization_fastjson2) {
    if (head.status != status_ok) {
      fastjson2::append_words(body, status_text(outcome));
    } else {
      fastjson2::append_thrown(body, outcome, asked.takes_attachments);
    }
  } else if (asked.serialization != serialization_hessian2) {
    // Its reader wants a text in its own serialization: without one it fails as well.
    if (head.status == status_ok) head.status = status_bad_response;
  } else if (head.status != status_ok) {
    hessian2::append_text(body, status_text(outcome));
  } else {
    append_result_begin(body, true, false, asked.takes_attachments);
    append_thrown(body, outcome);
    if (asked.takes_attachments) append_reply_attachments(body, {}, outcome.trailers);
  }
  append_frame(out, head, body, base::Buffer(), {});
}

model::Outcome not_writable(base::Reason reason, std::string message) {
  model::Outcome outcome =
      model::outcome_from(base::Status(reason, std::move(message)), model::Phase::executed);
  return outcome;
}

bool carries_message(const model::Outcome& outcome) { return outcome.ok() || outcome.thrown; }

}  // namespace

void append_answer(base::Buffer& out, const Asked& asked, model::Reply&& reply, std::size_t body_bytes_max) {
  FrameHead head;
  head.serialization = asked.serialization;
  head.id = asked.id;
  head.status = status_ok;
  if (!carries_message(reply.outcome)) return append_failure(out, head, asked, reply.outcome);
  model::Payload& message = reply.message;
  if (!reply.has_message && asked.serialization == serialization_hessian2) {
    message.format = BodyFormat::hessian2;
    message.bytes.append(null_body);
  }
  const BodyFormat format =
      asked.serialization == serialization_hessian2 ? BodyFormat::hessian2 : BodyFormat::opaque;
  if (message.format != format || message.compression != model::Compression::identity ||
      (format == BodyFormat::opaque && message.native_format != asked.serialization)) {
    return append_failure(
        out, head, asked,
        not_writable(base::Reason::internal,
                     "answer in format " + std::string(model::to_string(message.format)) +
                         " for a caller who reads serialization " + std::to_string(asked.serialization)));
  }
  std::string begin;
  std::string end;
  if (format == BodyFormat::hessian2) {
    const bool null = reply.outcome.ok() && is_null(message.bytes);
    if (null) message.bytes.clear();
    append_result_begin(begin, reply.outcome.thrown, null, asked.takes_attachments);
    if (asked.takes_attachments) append_reply_attachments(end, reply.head.metadata, reply.outcome.trailers);
  }
  const std::size_t length = begin.size() + message.bytes.size() + end.size();
  if (length > body_bytes_max) {
    return append_failure(
        out, head, asked,
        not_writable(base::Reason::limit_message, "answer of " + std::to_string(length) +
                                                      " bytes is longer than message_bytes_max, " +
                                                      std::to_string(body_bytes_max) + ", allows"));
  }
  append_frame(out, head, begin, std::move(message.bytes), end);
}

void append_heartbeat(base::Buffer& out, std::uint64_t id) {
  FrameHead head;
  head.is_request = true;
  head.is_two_way = true;
  head.id = id;
  append_event(out, head, null_body);
}

void append_heartbeat_answer(base::Buffer& out, std::uint64_t id, std::uint8_t serialization,
                             base::Buffer&& null) {
  FrameHead head;
  head.is_event = true;
  head.serialization = serialization;
  head.status = status_ok;
  head.id = id;
  append_frame(out, head, {}, std::move(null), {});
}

void append_goodbye(base::Buffer& out, std::uint64_t id) {
  FrameHead head;
  head.is_request = true;
  head.id = id;
  append_event(out, head, read_only_body);
}

Event read_event(const base::Buffer& body) {
  std::array<std::uint8_t, event_bytes_max> bytes;
  if (body.size() > bytes.size()) return Event::unknown;
  const std::size_t size = body.copy_to(bytes);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), size);
  if (text == read_only_body || text == fastjson2::read_only_body) return Event::read_only;
  if (text == writeable_body || text == fastjson2::writeable_body) return Event::writeable;
  return Event::heartbeat;
}

}  // namespace koine::codecs::calls::dubbo
