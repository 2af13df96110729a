// The writer's thread and the file it writes to.
#include "governance/access_log/writer.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/result.h"

namespace koine::governance::access_log {
namespace {

constexpr std::size_t batch_bytes_max = 256u << 10;
// A pipe that nobody reads must not keep the process from ending.
constexpr int blocked_wait_ms = 1000;

class FileSink final : public Sink {
 public:
  explicit FileSink(std::string path) : path_(std::move(path)) {}
  ~FileSink() override {
    if (owned_ && fd_ >= 0) ::close(fd_);
  }

  base::Status open() override {
    if (path_ == "stdout" || path_ == "stderr") {
      fd_ = path_ == "stdout" ? STDOUT_FILENO : STDERR_FILENO;
      return {};
    }
    // Non-blocking matters for pipes only: writing to one that is full is bounded by write()'s own patience.
    const int opened = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0640);
    if (opened < 0) {
      const int why = errno;
      return {base::Reason::config_io, "cannot open the access log: " + std::string(std::strerror(why)),
              path_};
    }
    if (owned_ && fd_ >= 0) ::close(fd_);
    fd_ = opened;
    owned_ = true;
    return {};
  }

  std::size_t write(std::string_view bytes) override {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t count = ::write(fd_, bytes.data() + done, bytes.size() - done);
      if (count > 0) {
        done += static_cast<std::size_t>(count);
      } else if (count < 0 && errno == EAGAIN) {
        pollfd ready{fd_, POLLOUT, 0};
        if (::poll(&ready, 1, blocked_wait_ms) <= 0) break;
      } else if (count == 0 || errno != EINTR) {
        break;
      }
    }
    return done;
  }

 private:
  std::string path_;
  int fd_ = -1;
  bool owned_ = false;
};

}  // namespace

std::unique_ptr<Sink> make_file_sink(std::string path) { return std::make_unique<FileSink>(std::move(path)); }

base::Status Writer::start() {
  KOINE_RETURN_IF_ERROR(sink_->open());
  thread_ = std::thread([this] { run(); });
  return {};
}

void Writer::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_.store(true, std::memory_order_release);
  }
  pause_.notify_one();
  notify();
  thread_.join();
  while (flush() > 0) {}
}

void Writer::reopen() {
  reopen_wanted_.store(true, std::memory_order_release);
  notify();
}

Ring& Writer::add_ring(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  return *rings_.emplace_back(std::make_unique<Ring>(bytes));
}

void Writer::notify() {
  if (signal_.exchange(1, std::memory_order_acq_rel) == 0) signal_.notify_one();
}

std::uint64_t Writer::dropped() const {
  std::uint64_t sum = lost_.load(std::memory_order_relaxed);
  for (const Ring* ring : rings()) sum += ring->dropped();
  return sum;
}

std::vector<Ring*> Writer::rings() const {
  const std::lock_guard lock(mutex_);
  std::vector<Ring*> all;
  all.reserve(rings_.size());
  for (const auto& ring : rings_) all.push_back(ring.get());
  return all;
}

std::size_t Writer::flush() {
  if (reopen_wanted_.exchange(false, std::memory_order_acq_rel) && !sink_->open().ok()) {
    reopen_failures_.fetch_add(1, std::memory_order_relaxed);
  }
  std::size_t taken = 0;
  for (Ring* ring : rings()) {
    batch_.clear();
    const std::size_t lines = ring->pop(batch_, batch_bytes_max);
    if (lines == 0) continue;
    taken += lines;
    const std::size_t bytes = std::min(sink_->write(batch_), batch_.size());
    const auto whole = static_cast<std::size_t>(
        std::count(batch_.begin(), batch_.begin() + static_cast<std::ptrdiff_t>(bytes), '\n'));
    written_.fetch_add(whole, std::memory_order_relaxed);
    lost_.fetch_add(lines - whole, std::memory_order_relaxed);
  }
  if (batch_.capacity() > 2 * batch_bytes_max || taken == 0) std::string().swap(batch_);
  return taken;
}

void Writer::run() {
  while (!stopping_.load(std::memory_order_acquire)) {
    signal_.wait(0, std::memory_order_acquire);
    signal_.store(0, std::memory_order_release);
    while (flush() > 0) {
      if (stopping_.load(std::memory_order_acquire)) return;
      // Under load: gather lines for a while, so that a thousand calls cost one write and no wake-ups.
      std::unique_lock lock(mutex_);
      pause_.wait_for(lock, std::chrono::milliseconds(5),
                      [this] { return stopping_.load(std::memory_order_acquire); });
    }
  }
}

}  // namespace koine::governance::access_log
