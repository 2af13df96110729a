// Running what was left for the end of the turn.
#include "gateway/turn.h"

#include <algorithm>
#include <utility>

namespace koine::gateway {

Turn::Task::~Task() {
  if (queued_in_ == nullptr) return;
  for (Task*& task : queued_in_->tasks_) {
    if (task == this) task = nullptr;
  }
}

Turn::Turn(net::Loop& loop) : loop_(loop), alive_(std::make_shared<Alive>(Alive{this})) {}

Turn::~Turn() {
  alive_->turn = nullptr;
  for (Task* task : tasks_) {
    if (task != nullptr) task->queued_in_ = nullptr;
  }
}

void Turn::add(Task& task) {
  task.queued_in_ = this;
  tasks_.push_back(&task);
  arm();
}

void Turn::doom(base::Function<void()> destroy) {
  doomed_.push_back(std::move(destroy));
  arm();
}

void Turn::arm() {
  if (armed_) return;
  armed_ = true;
  loop_.defer([alive = alive_] {
    if (alive->turn != nullptr) alive->turn->run();
  });
}

void Turn::run() {
  // Tasks queue tasks (an answer makes another connection write) and the doomed may do so too.
  while (!tasks_.empty() || !doomed_.empty()) {
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      Task* task = tasks_[i];
      if (task == nullptr) continue;
      tasks_[i] = nullptr;
      task->queued_in_ = nullptr;
      task->end_of_turn();
    }
    tasks_.clear();
    if (doomed_.empty()) continue;
    for (base::Function<void()>& destroy : std::exchange(doomed_, {})) destroy();
  }
  armed_ = false;
}

}  // namespace koine::gateway
