// Turn: what a worker leaves for the end of a loop turn.
//
// Sessions are touched many times in a turn and drained once, at its end, so that each connection's bytes go
// out with one write. And nothing is destroyed from inside one of its own events: what is over is only
// doomed, and goes when every task of the turn is done. One thread.
#pragma once

#include <memory>
#include <vector>

#include "base/function.h"
#include "net/loop.h"

namespace koine::gateway {

class Turn {
 public:
  // Something that wants to be called once at the end of the turn, however often it was queued.
  class Task {
   public:
    Task() = default;
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    // May queue further tasks, itself included.
    virtual void end_of_turn() = 0;

    virtual ~Task();

   private:
    friend class Turn;
    Turn* queued_in_ = nullptr;
  };

  explicit Turn(net::Loop& loop);
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn();

  void queue(Task& task) {
    if (task.queued_in_ == nullptr) add(task);
  }
  // Runs after the tasks: the place to destroy what may be on the call stack now.
  void doom(base::Function<void()> destroy);

 private:
  void add(Task& task);
  void arm();
  void run();

  net::Loop& loop_;
  bool armed_ = false;
  std::vector<Task*> tasks_;  // null: destroyed while queued
  std::vector<base::Function<void()>> doomed_;
  // Told to a deferred callback that outlives this object.
  struct Alive {
    Turn* turn;
  };
  std::shared_ptr<Alive> alive_;
};

}  // namespace koine::gateway
