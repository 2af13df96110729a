// ChannelStream: the one implementation of Stream, over any Channel: what tests see over memory is the code
// that runs over sockets. Owned by its StreamPtr, then by the loop (net/turn_loop.h: bury). The loop's
// thread.
//
// Reading: up to `turn_bytes_max` a turn into a slab that belongs to this stream while it holds unconsumed
// bytes; an idle stream holds none. The handler is told when the turn's other streams have been read, too.
// The slab starts at 4 KiB and doubles up to 64 KiB while reads fill it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/buffer.h"
#include "net/channel.h"
#include "net/stream.h"
#include "net/turn_loop.h"

namespace koine::net {

class ChannelStream;

// All streams of one network. Its loop is cleared before it goes (TurnLoop::clear).
class StreamList {
 public:
  StreamList() = default;
  StreamList(const StreamList&) = delete;
  StreamList& operator=(const StreamList&) = delete;
  // Streams that were released but still finish their output are ended here; others must be gone.
  ~StreamList();
  std::size_t open() const noexcept { return open_; }

 private:
  friend class ChannelStream;
  ChannelStream* first_ = nullptr;
  std::size_t open_ = 0;
};

class ChannelStream final : public Stream, public LoopObject, private ChannelEvents {
 public:
  struct Setup {
    TurnLoop& loop;
    StreamList& list;
    StreamHandler& handler;
    StreamOptions options;
    std::string peer;
    std::string local;
  };
  // A connected channel.
  static StreamPtr adopt(Setup setup, std::unique_ptr<Channel> channel);
  // A channel whose connect is under way.
  static StreamPtr connecting(Setup setup, std::unique_ptr<Channel> channel, base::Nanoseconds timeout_ns);
  // A connect that failed at once: on_closed(status) comes in a later callback.
  static StreamPtr failed(Setup setup, base::Status status);

  ~ChannelStream() override;

  void set_handler(StreamHandler& handler) override;
  void write(base::Buffer&& bytes) override;
  void write(base::Bytes bytes) override;
  std::size_t queued_bytes() const override { return out_.size(); }
  bool congested() const override { return congested_; }
  void pause_reading() override;
  void resume_reading() override;
  bool reading_paused() const override { return paused_; }
  void shutdown_write() override;
  void close() override;
  void close_after_flush() override;
  bool open() const override { return state_ == State::connecting || state_ == State::open; }
  bool connected() const override { return state_ == State::open; }
  std::string_view peer_text() const override { return peer_; }
  std::string_view local_text() const override { return local_; }

  static constexpr std::size_t turn_bytes_max = 64u << 10;

 private:
  friend class StreamList;
  enum class State : std::uint8_t { connecting, open, closing, ended };

  ChannelStream(Setup setup, std::unique_ptr<Channel> channel, Side side, State state);
  void release() noexcept override;
  void on_ready(bool readable, bool writable) override;
  void hand_on() override;
  void flush() override;

  void finish_connecting();
  bool read_ready();
  std::size_t read_some();
  void read_while_closing();
  std::span<std::uint8_t> read_room();
  void adapt_read_size(std::size_t asked, std::size_t got);
  void deliver();
  void write_some();
  void output_failed(const base::Status& status);
  void end_if_done();
  void end(const base::Status& status);
  void shut();
  void update_watch();
  bool can_write() const noexcept { return state_ == State::open || state_ == State::closing; }

  TurnLoop& loop_;
  StreamList& list_;
  ChannelStream* previous_ = nullptr;
  ChannelStream* next_ = nullptr;
  StreamHandler* handler_;  // null: nobody is told
  std::unique_ptr<Channel> channel_;
  StreamOptions options_;
  std::string peer_;
  std::string local_;

  base::Buffer in_;
  base::SlabRef read_slab_;
  std::size_t read_size_ = base::SlabPool::smallest_bytes;
  base::Buffer out_;
  TimerId timer_;             // connecting, or closing
  base::Status held_status_;  // why reading, or connecting at once, failed; told after what was read
  State state_;
  bool paused_ = false;
  bool delivering_ = false;     // inside on_data
  bool deliver_waits_ = false;  // flush() calls deliver()
  bool eof_seen_ = false;
  bool eof_told_ = false;
  bool shutdown_wanted_ = false;
  bool shutdown_done_ = false;
  bool write_blocked_ = false;
  bool congested_ = false;
  bool released_ = false;
  bool watching_read_ = false;
  bool watching_write_ = false;
};

}  // namespace koine::net
