// Being slow and breaking things.
#include "gateway/testing/simulator/line.h"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

namespace koine::gateway::testing::simulator {
namespace {

// Marks the bytes that must not change: stream ids of HTTP/2 frames.
void protect_frames(std::string_view bytes, std::size_t at, std::vector<bool>& kept) {
  while (at + 9 <= bytes.size()) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 3; ++i) length = length << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    for (std::size_t i = 5; i < 9; ++i) kept[at + i] = true;
    at += 9 + length;
  }
  for (; at < bytes.size(); ++at) kept[at] = true;  // a frame that goes on in the next chunk
}

}  // namespace

void mutate(std::string& bytes, Wire wire, std::size_t message_at, std::uint64_t seed) {
  std::vector<bool> kept(bytes.size(), false);
  for (std::size_t i = 0; i < std::min(message_at, bytes.size()); ++i) kept[i] = true;
  if (wire == Wire::grpc) {
    protect_frames(bytes, message_at, kept);
  } else {
    for (const Range& range :
         id_ranges(wire, std::string_view(bytes).substr(std::min(message_at, bytes.size())))) {
      for (std::size_t i = message_at + range.from; i < std::min(message_at + range.to, bytes.size()); ++i) {
        kept[i] = true;
      }
    }
  }
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (!kept[i]) free.push_back(i);
  }
  if (free.empty()) return;
  std::mt19937_64 random(seed);
  for (std::uint64_t i = 0; i <= random() % 3; ++i) {
    // The first bytes say more than padding does.
    const std::size_t reach = random() % 2 == 0 ? free.size() : std::min<std::size_t>(free.size(), 40);
    char& c = bytes[free[random() % reach]];
    c = static_cast<char>(static_cast<std::uint8_t>(c) ^
                          (random() % 2 == 0 ? 1u << random() % 8 : 1 + random() % 255));
  }
}

std::string garbage(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string bytes(1 + random() % 200, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

void Line::put(std::string_view bytes) {
  if (muted_ || closing_) return;
  out_.append(bytes);
  stage_.turn.queue(*this);
}

void Line::drip(std::size_t bytes, base::Nanoseconds every_ns) {
  drip_bytes_ = bytes;
  drip_every_ns_ = every_ns;
  if (bytes == 0) drip_timer_.cancel();
  stage_.turn.queue(*this);
}

void Line::freeze() {
  if (open()) stream_->pause_reading();
}

void Line::freeze_for(base::Nanoseconds time_ns) {
  freeze();
  thaw_timer_.start(time_ns, [this] { thaw(); });
}

void Line::thaw() {
  if (open()) stream_->resume_reading();
}

void Line::end_sending() {
  ending_ = true;
  stage_.turn.queue(*this);
}

void Line::close() {
  drip_timer_.cancel();
  thaw_timer_.cancel();
  if (stream_ != nullptr) stream_->close();
}

void Line::close_behind_output() {
  closing_ = true;
  stage_.turn.queue(*this);
}

void Line::end_of_turn() {
  if (!open()) return;
  pull();
  if (!open()) return;
  if (drip_bytes_ == 0 || !drip_timer_.active()) flush();
}

void Line::flush() {
  if (!out_.empty() && mutation_ != 0) { mutate(out_, wire_, 0, std::exchange(mutation_, 0)); }
  if (!out_.empty() && std::exchange(repeats_, false)) out_ += std::string(out_);
  std::string now;
  if (drip_bytes_ > 0 && out_.size() > drip_bytes_) {
    now = out_.substr(0, drip_bytes_);
    out_.erase(0, drip_bytes_);
    drip_timer_.start(drip_every_ns_, [this] {
      if (open()) flush();
    });
  } else {
    now.swap(out_);
  }
  sent_ += now.size();
  if (!now.empty()) stream_->write(base::as_bytes(now));
  if (!out_.empty()) return;
  if (ending_) stream_->shutdown_write();
  if (closing_) stream_->close_after_flush();
}

}  // namespace koine::gateway::testing::simulator
