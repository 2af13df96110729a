// What an Exchange and the upstream side say to each other: an attempt at a provider, named by a handle.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "codecs/call_codec.h"
#include "gateway/ids.h"
#include "model/call.h"

namespace koine::gateway {

class UpstreamConnection;

// One attempt of one call. An answer finds its call by this and by nothing else: it is dropped when the call
// is gone or has gone on to another attempt.
struct AttemptRef {
  Handle exchange;
  std::uint32_t serial = 0;
  bool operator==(const AttemptRef&) const = default;
};

// Who is told what becomes of attempts: the worker, which finds the Exchange. Called from inside events of
// client sessions, so nothing upstream is destroyed meanwhile.
class AttemptEvents {
 public:
  // A connection with room is there: start the call on it now, or it goes to the next.
  virtual void on_ready(AttemptRef attempt, UpstreamConnection& connection) = 0;
  // None can be had; the attempt waits no longer.
  virtual void on_unavailable(AttemptRef attempt, const base::Status& why) = 0;
  virtual void on_reply(AttemptRef attempt, model::Reply&& reply) = 0;
  virtual void on_head(AttemptRef attempt, model::ReplyHead&& head) = 0;
  virtual void on_message(AttemptRef attempt, model::Payload&& message) = 0;
  virtual void on_finish(AttemptRef attempt, model::Outcome&& outcome) = 0;
  virtual void on_writable(AttemptRef attempt) = 0;
  // See ClientEvents::on_answer_size.
  virtual void on_answer_size(AttemptRef attempt, std::size_t bytes) = 0;

 protected:
  ~AttemptEvents() = default;
};

}  // namespace koine::gateway
