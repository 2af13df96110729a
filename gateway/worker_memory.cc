// Worker, the part that keeps the process below memory_bytes_max, and the record of calls that sessions
// refused.
#include <algorithm>
#include <string>
#include <vector>

#include "gateway/worker.h"

namespace koine::gateway {
namespace {

// Closing a connection gives its bytes back within a turn or two; then it is looked again.
constexpr base::Nanoseconds shed_pause_ns = 10 * base::millisecond_ns;
// While memory is tight: who has taken nothing from one look to the next does not read. Longer than it takes
// a reader nearby to acknowledge, short enough that little comes in between.
constexpr base::Nanoseconds look_pause_ns = 50 * base::millisecond_ns;

}  // namespace

void Worker::check_memory() {
  const std::size_t used = loop().slabs().used_bytes();
  memory_.update(used);
  parts_.shard->buffer_bytes.set(used);
  if (!memory_tight()) return;
  if (!look_timer_.active()) look_timer_.start(look_pause_ns, [this] { look_at_readers(); });
  if (memory_.excess_bytes(snapshot().limits.memory_bytes_max) == 0) return;
  if (now_ns() - shed_at_ns_ < shed_pause_ns) return;
  shed_at_ns_ = now_ns();
  // Not at once: connections are on the call stack.
  loop().defer([door = door_] {
    if (door->worker != nullptr) door->worker->shed_memory();
  });
}

void Worker::look_at_readers() {
  memory_.update(loop().slabs().used_bytes());
  const bool tight = memory_tight();
  for (const Handle handle : connections_.handles()) {
    if (Connection* one = connections_.find(handle)) one->look_at_reader(tight);
  }
  if (tight) look_timer_.start(look_pause_ns, [this] { look_at_readers(); });
  check_memory();
}

// Whoever takes nothing pays first, and of those who do, and of the others, whoever holds most: who reads its
// answers and lets its calls end holds little, and is never closed for what others hold.
void Worker::shed_memory() {
  const std::size_t excess = memory_.excess_bytes(snapshot().limits.memory_bytes_max);
  if (excess == 0) return;
  struct Candidate {
    bool stuck;
    std::size_t bytes;
    Connection* connection;
  };
  std::vector<Candidate> candidates;
  for (const Handle handle : connections_.handles()) {
    Connection* one = connections_.find(handle);
    if (one == nullptr || one->session() == nullptr) continue;
    const std::size_t bytes = one->memory_bytes();
    if (bytes > 0) candidates.push_back({one->stuck(), bytes, one});
  }
  std::ranges::sort(candidates, [](const Candidate& one, const Candidate& other) {
    return one.stuck != other.stuck ? one.stuck : one.bytes > other.bytes;
  });
  std::size_t given = 0;
  // Who holds no more than its part of what there is has not made it too much.
  const std::size_t share = memory_share_bytes();
  for (const Candidate& one : candidates) {
    if (given >= excess) break;
    if (!one.stuck && one.bytes <= share) continue;
    given += one.bytes;
    shard().limit_hits.add(base::Limit::memory_bytes_max);
    one.connection->close_for(base::Status(
        base::Reason::limit_memory, "the gateway's buffers hold " + std::to_string(memory_.process_bytes()) +
                                        " bytes, close to memory_bytes_max, and this connection holds most" +
                                        (one.stuck ? " of those that take nothing: " : ": ") +
                                        std::to_string(one.bytes)));
  }
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
  if (pipeline_.run(Stage::server, passage, call) == governance::Verdict::stop) (void)pipeline_.stopped();
  if (!head.method.empty()) {
    const auto found =
        snapshot().routes.find({caller, head.service, head.method, default_service, head.signature});
    if (found.has_value()) call.route = *found;
  }
  call.now_wall_ns = wall_ns();
  pipeline_.finish(passage, call, outcome);
}

}  // namespace koine::gateway
