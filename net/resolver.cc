// Name look-up with getaddrinfo on threads of its own.
#include "net/resolver.h"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include <netdb.h>

#include "net/socket.h"

namespace koine::net {
namespace {

using Answer = base::Result<std::vector<Address>>;

Answer look_up(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (error != 0) {
    const bool unknown = error == EAI_NONAME || error == EAI_NODATA;
    return base::Status(unknown ? base::Reason::net_address : base::Reason::net_io,
                        "looking up " + host + ": " + gai_strerror(error));
  }
  std::vector<Address> found;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6) continue;
    SocketAddress address;
    std::memcpy(&address.storage, entry->ai_addr,
                std::min<std::size_t>(entry->ai_addrlen, sizeof(address.storage)));
    address.size = entry->ai_addrlen;
    const Address one = from_socket_address(address).with_port(port);
    if (std::find(found.begin(), found.end(), one) == found.end()) found.push_back(one);
  }
  freeaddrinfo(list);
  if (found.empty()) return base::Status(base::Reason::net_address, "looking up " + host + ": no IP address");
  return found;
}

}  // namespace

// Kept alive by every thread: one that hangs in getaddrinfo outlives the Resolver.
struct Resolver::State {
  struct Job {
    std::string host;
    std::uint16_t port;
    base::Function<void(Answer)> done;
  };
  struct Worker {
    std::thread thread;
    bool busy = false;
  };

  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Job> jobs;
  std::deque<Worker> workers;  // a deque: threads hold references to their entries
  std::size_t threads_max = 1;
  bool stopping = false;

  void run(Worker& self) {
    std::unique_lock lock(mutex);
    for (;;) {
      wake.wait(lock, [this] { return stopping || !jobs.empty(); });
      if (stopping) return;
      {
        Job job = std::move(jobs.front());
        jobs.pop_front();
        self.busy = true;
        lock.unlock();
        job.done(look_up(job.host, job.port));
      }
      lock.lock();
      self.busy = false;
    }
  }

  static void submit(const std::shared_ptr<State>& state, Job job) {
    const std::lock_guard lock(state->mutex);
    state->jobs.push_back(std::move(job));
    const auto idle = std::count_if(state->workers.begin(), state->workers.end(),
                                    [](const Worker& worker) { return !worker.busy; });
    if (static_cast<std::size_t>(idle) < state->jobs.size() && state->workers.size() < state->threads_max) {
      Worker& worker = state->workers.emplace_back();
      worker.thread = std::thread([state, &worker] { state->run(worker); });
    }
    state->wake.notify_one();
  }
};

Resolver::Resolver(std::size_t threads_max) : state_(std::make_shared<State>()) {
  state_->threads_max = std::max<std::size_t>(threads_max, 1);
}

Resolver::~Resolver() {
  std::vector<std::thread> idle;
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->jobs.clear();
    for (State::Worker& worker : state_->workers) {
      if (worker.busy) {
        worker.thread.detach();  // waits for a name server; nobody waits for it
      } else {
        idle.push_back(std::move(worker.thread));
      }
    }
  }
  state_->wake.notify_all();
  for (std::thread& thread : idle) thread.join();
}

ResolveId ResolveQueue::resolve(const Address& name, Network::ResolveCallback callback) {
  const ResolveId id = ++last_id_;
  waiting_.emplace(id, std::move(callback));
  if (name.kind() != AddressKind::name) {
    loop_.post([this, id, name] { answer(id, std::vector<Address>{name}); });
    return id;
  }
  Resolver::State::submit(
      resolver_.state_,
      {name.host(), name.port(), [this, id, mailbox = loop_.mailbox()](Answer result) {
         // A closed mailbox: this object is gone, and the callback with it.
         mailbox->post([this, id, result = std::move(result)]() mutable { answer(id, std::move(result)); });
       }});
  return id;
}

void ResolveQueue::answer(ResolveId id, Answer result) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;  // cancelled
  Network::ResolveCallback callback = std::move(found->second);
  waiting_.erase(found);
  callback(std::move(result));
}

}  // namespace koine::net
