// HTTP/2 for the gRPC targets to begin with: frames of every kind in the targets' own short form
// (fuzz/sessions.h), limits so low that a few frames are a flood, and clocks.
#pragma once

#include "base/clock.h"
#include "base/limits.h"
#include "fuzz/target.h"

namespace koine::fuzz {

// Time stands still: what a session does depends on the bytes alone.
class StillClock final : public base::Clock {
 public:
  base::Nanoseconds monotonic_ns() const override { return base::second_ns; }
  base::Nanoseconds wall_ns() const override { return base::second_ns; }
};
// A second passes each time somebody looks.
class HastyClock final : public base::Clock {
 public:
  base::Nanoseconds monotonic_ns() const override { return now_ += base::second_ns; }
  base::Nanoseconds wall_ns() const override { return now_; }

 private:
  mutable base::Nanoseconds now_ = 0;
};

void few_floods(base::Limits& limits);

// `prefix`: what the target reads before the frames.
void add_server_frames(const std::string& prefix, const std::string& name, const AddSeed& add);
void add_client_frames(const std::string& prefix, const std::string& name, const AddSeed& add);

}  // namespace koine::fuzz
