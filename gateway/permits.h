// Permits: how many connections the whole process holds to one endpoint, and how that endpoint is.
//
// PHP's simple server, Java's thread-pool servers and their like give a thread or a process to each
// connection, so connections_max is counted over all workers: one permit = the right to hold one connection,
// taken before connecting and given back when it is closed. Who finds none left waits in a queue: a permit
// that is given back goes to the member that has waited longest, and is its own from then on (a quicker one
// would starve it), and holders learn that idle connections are wanted.
//
// What one worker finds out about an endpoint is every worker's knowledge: a connect that failed is not
// repeated by the others until the back-off is over, one that succeeded ends it for all, and a worker that
// has no connection knows whether others have.
// Shared by all workers, any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"

namespace koine::gateway {

class Permits {
 public:
  // How a member is told; called without a lock, on the thread of whoever gave back or began to wait, and
  // possibly once more after the member left. It only posts to a loop.
  class Waker {
   public:
    virtual ~Waker() = default;
    virtual void permit_granted() = 0;    // one is kept: try_take() has it, pass_on() gives it away
    virtual void idle_wanted() = 0;       // close an idle connection if there is one
    virtual void nobody_connected() = 0;  // the last connection that any member had is gone
  };

  // One pool's part in one endpoint's permits. Leaves when destroyed: it holds no permit then. Its owner's
  // thread only.
  class Member {
   public:
    Member(Permits& permits, std::string key, std::shared_ptr<Waker> waker);
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;
    ~Member();

    // Takes the permit that was granted, or one unless `max` are held by all members together.
    bool try_take(std::uint32_t max);
    // The same, but waits to be granted one (once) when there is none. Asking again while waiting changes
    // nothing.
    bool take_or_wait(std::uint32_t max);
    void give_back();
    // Gives away what was granted meanwhile, too.
    void stop_waiting();
    // There is no use for what was granted: it goes to the next who waits.
    void pass_on();
    // Somebody (else) waits: idle connections should be given up. Cheap.
    bool wanted_by_others() const;
    // Permits held by all members together, granted ones included.
    std::uint32_t held() const;

    // Connecting failed: the endpoint is left alone for a while that grows with failures in a row, by all
    // members. Failures within that while are the same one.
    void connect_failed(base::Nanoseconds now_ns, const base::Status& why);
    // A connection of this member stands, and later no more.
    void connected();
    void disconnected();
    // The endpoint is left alone until then. Cheap.
    base::Nanoseconds down_until_ns() const;
    // Another member has a connection that stands.
    bool others_connected() const;
    base::Status last_error() const;

   private:
    struct Seat;
    struct Shared;
    friend class Permits;
    Permits& permits_;
    const std::string key_;
    std::shared_ptr<Shared> shared_;
    std::shared_ptr<Seat> seat_;
  };

  // How long an endpoint is left alone after failures in a row.
  static base::Nanoseconds backoff_ns(std::uint32_t failures);
  // Endpoints that have members.
  std::size_t endpoints() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::weak_ptr<Member::Shared>> endpoints_;
};

}  // namespace koine::gateway
