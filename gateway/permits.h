// Permits: how many connections the whole process holds to one endpoint.
//
// PHP's simple server, Java's thread-pool servers and their like give a thread or a process to each
// connection, so connections_max is counted over all workers: one permit = the right to hold one connection,
// taken before connecting and given back when it is closed. Who finds none left waits: whoever gives one back
// wakes the member that has waited longest, and holders learn that idle connections are wanted.
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

namespace koine::gateway {

class Permits {
 public:
  // How a member is told; called without a lock, on the thread of whoever gave back or began to wait, and
  // possibly once more after the member left. It only posts to a loop.
  class Waker {
   public:
    virtual ~Waker() = default;
    virtual void permit_free() = 0;  // try again
    virtual void idle_wanted() = 0;  // close an idle connection if there is one
  };

  // One pool's part in one endpoint's permits. Leaves when destroyed: it holds no permit then. Its owner's
  // thread only.
  class Member {
   public:
    Member(Permits& permits, std::string key, std::shared_ptr<Waker> waker);
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;
    ~Member();

    // Takes a permit unless `max` are held by all members together. Nothing is kept for a member that was
    // woken: another may be quicker, and then it waits again.
    bool try_take(std::uint32_t max);
    void give_back();
    // Waits to be woken, once. Asking again while waiting changes nothing.
    void wait();
    void stop_waiting();
    // Woken, but there is no use for the permit any more: wakes the next who waits.
    void pass_on();
    // Somebody (else) waits: idle connections should be given up. Cheap.
    bool wanted_by_others() const;
    // Permits held by all members together.
    std::uint32_t held() const;

   private:
    struct Shared;
    friend class Permits;
    Permits& permits_;
    const std::string key_;
    std::shared_ptr<Shared> shared_;
    std::shared_ptr<Waker> waker_;
  };

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<Member::Shared>> endpoints_;
};

}  // namespace koine::gateway
