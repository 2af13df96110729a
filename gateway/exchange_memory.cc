// Exchange, the part that tells its caller's connection what it holds: the request until the call is over,
// and room for a long answer before it is let in.
#include "gateway/connection.h"
#include "gateway/exchange.h"
#include "gateway/upstream_connection.h"
#include "gateway/worker.h"

namespace koine::gateway {

using base::Status;

void Exchange::refuse(const Status& why, std::size_t request_bytes) {
  call_.request_bytes = request_bytes;
  Pipeline& pipeline = worker_.pipeline();
  if (pipeline.run(Stage::server, passage_, call_) == governance::Verdict::stop) (void)pipeline.stopped();
  end(why);
}

void Exchange::hold_request(std::size_t bytes) {
  held_request_ += bytes;
  if (Connection* connection = worker_.find_connection(origin_.connection))
    connection->held().add_request(bytes);
}

void Exchange::drop_request(std::size_t bytes) {
  held_request_ -= bytes;
  if (Connection* connection = worker_.find_connection(origin_.connection)) {
    connection->held().drop_request(bytes);
    if (!over()) connection->touch();
  }
}

void Exchange::drop_answer() {
  waits_for_room_ = false;
  if (held_answer_ == 0) return;
  if (Connection* connection = worker_.find_connection(origin_.connection)) {
    connection->held().drop_answer(held_answer_);
    connection->touch();
  }
  held_answer_ = 0;
}

void Exchange::on_answer_size(std::size_t bytes) {
  // One message a time: the one before has gone to the caller's session.
  drop_answer();
  Connection* connection = answerable_ ? worker_.find_connection(origin_.connection) : nullptr;
  if (connection == nullptr) return;
  if (connection->make_room(own_, bytes)) {
    held_answer_ = bytes;
    return;
  }
  waits_for_room_ = true;
  if (UpstreamConnection* provider = upstream()) provider->pause(upstream_id_);
}

bool Exchange::room_granted(std::size_t bytes) {
  if (!waits_for_room_) return false;
  waits_for_room_ = false;
  held_answer_ = bytes;
  resume_provider();
  return true;
}

// There are two reasons for a pause: no room at the caller's connection, and a stream of the caller's that is
// full.
void Exchange::resume_provider() {
  if (waits_for_room_ || caller_full_ || state_ != State::sent) return;
  if (UpstreamConnection* provider = upstream()) provider->resume(upstream_id_);
}

}  // namespace koine::gateway
