// An answer as a frame: what an Outcome and a value become for a caller. Stateless, any thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/buffer.h"
#include "model/call.h"

namespace koine::codecs::calls::dubbo {

// What an answer goes by: what its request said.
struct Asked {
  std::uint64_t id = 0;
  std::uint8_t serialization = 0;
  bool takes_attachments = false;
};

// Appends the frame. A body longer than `body_bytes_max`, or in another format than the request's, becomes an
// exception that says so. What belongs to a request in a serialization that nobody here writes ends with a
// status and no text.
void append_answer(base::Buffer& out, const Asked& asked, model::Reply&& reply, std::size_t body_bytes_max);

// Heartbeats, their answers, and the goodbye: events, in Hessian2 or with a null of another serialization.
void append_heartbeat(base::Buffer& out, std::uint64_t id);
void append_heartbeat_answer(base::Buffer& out, std::uint64_t id, std::uint8_t serialization,
                             base::Buffer&& null);
void append_goodbye(base::Buffer& out, std::uint64_t id);

// What an event says.
enum class Event : std::uint8_t { heartbeat, read_only, writeable, unknown };
Event read_event(const base::Buffer& body);

}  // namespace koine::codecs::calls::dubbo
