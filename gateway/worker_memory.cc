// Worker, the part that keeps the process below memory_bytes_max, and the record of calls that sessions
// refused.
#include <string>

#include "gateway/worker.h"

namespace koine::gateway {
namespace {

// Closing a connection gives its bytes back within a turn or two; then it is looked again.
constexpr base::Nanoseconds shed_pause_ns = 10 * base::millisecond_ns;

}  // namespace

void Worker::check_memory() {
  const std::size_t used = loop().slabs().used_bytes();
  memory_.update(used);
  parts_.shard->buffer_bytes.set(used);
  if (!memory_over() || now_ns() - shed_at_ns_ < shed_pause_ns) return;
  shed_at_ns_ = now_ns();
  // Not at once: connections are on the call stack.
  loop().defer([door = door_] {
    if (door->worker != nullptr) door->worker->shed_memory();
  });
}

// The one that holds most pays: whoever reads its answers and lets its calls end holds little.
void Worker::shed_memory() {
  Connection* largest = nullptr;
  for (const Handle handle : connections_.handles()) {
    Connection* one = connections_.find(handle);
    if (one == nullptr || one->session() == nullptr || one->held().total() == 0) continue;
    if (largest == nullptr || one->held().total() > largest->held().total()) largest = one;
  }
  if (largest == nullptr) return;
  shard().limit_hits.add(base::Limit::memory_bytes_max);
  largest->close_for(base::Status(base::Reason::limit_memory,
                                  "the gateway's buffers hold " + std::to_string(memory_.process_bytes()) +
                                      " bytes, more than memory_bytes_max, and this connection holds most: " +
                                      std::to_string(largest->held().total())));
}

void Worker::record_refused(router::Protocol caller, std::string_view peer, std::string_view default_service,
                            const model::CallHead& head, std::size_t request_bytes,
                            const model::Outcome& outcome) {
  governance::Call call;
  call.caller = caller;
  call.head = &head;
  call.peer = peer;
  call.snapshot_version = snapshot().version;
  call.started_ns = call.now_ns = now_ns();
  call.request_bytes = request_bytes;
  Pipeline::Passage passage;
  model::Outcome stop;
  pipeline_.run(Stage::server, passage, call, stop);
  if (!head.method.empty()) {
    const auto found = snapshot().routes.find({caller, head.service, head.method, default_service});
    if (found.has_value()) call.route = *found;
  }
  call.now_wall_ns = wall_ns();
  pipeline_.finish(passage, call, outcome);
}

}  // namespace koine::gateway
