// Writer: the thread that takes log lines out of every worker's ring and writes them to a file.
//
// A worker never waits: a full ring drops the line and counts it, a blocked or full disk blocks only this
// thread. written() + dropped() = lines offered, once flush() or stop() has returned.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/status.h"
#include "governance/access_log/ring.h"

namespace koine::governance::access_log {

// Where lines go. Used by the writer's thread only, except open().
class Sink {
 public:
  virtual ~Sink() = default;
  // Opens, or opens anew after a rotation; on failure what was open stays open.
  virtual base::Status open() = 0;
  // Writes all of it or says how much was written; the rest is lost.
  virtual std::size_t write(std::string_view bytes) = 0;
};

// "stdout", "stderr" or a file that is appended to (made with mode 0640).
std::unique_ptr<Sink> make_file_sink(std::string path);

class Writer {
 public:
  explicit Writer(std::unique_ptr<Sink> sink) : sink_(std::move(sink)) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { stop(); }

  // Opens the sink and starts the thread. Errors: CONFIG_IO.
  [[nodiscard]] base::Status start();
  // Writes what is in the rings, ends the thread. Lines pushed later are never written.
  void stop();
  // Any thread, never waits: the writer opens the file again before its next line, after a rotation. When
  // that fails the old file is kept, and reopen_failures() rises.
  void reopen();

  // A ring for one more worker. It lives as long as the writer. Any thread.
  Ring& add_ring(std::size_t bytes);
  // A worker's word that a ring has something. Any thread; a system call only when the writer sleeps.
  void notify();

  std::uint64_t written() const { return written_.load(std::memory_order_relaxed); }
  std::uint64_t dropped() const;
  std::uint64_t reopen_failures() const { return reopen_failures_.load(std::memory_order_relaxed); }
  // Empties the rings once, on this thread: only while the writer's thread does not run (before start(), in
  // tests). Returns the lines taken.
  std::size_t flush();

 private:
  void run();
  std::vector<Ring*> rings() const;

  std::unique_ptr<Sink> sink_;
  mutable std::mutex mutex_;  // guards rings_; stopping_ rises under it
  std::vector<std::unique_ptr<Ring>> rings_;
  std::string batch_;
  std::thread thread_;
  std::condition_variable pause_;  // ends a pause between two writes when the writer stops
  std::atomic<bool> stopping_{false};
  std::atomic<bool> reopen_wanted_{false};
  std::atomic<std::uint32_t> signal_{0};
  std::atomic<std::uint64_t> written_{0};
  std::atomic<std::uint64_t> lost_{0};  // taken from a ring, but the sink did not take them
  std::atomic<std::uint64_t> reopen_failures_{0};
};

}  // namespace koine::governance::access_log
