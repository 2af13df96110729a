// The life of a stream: connecting, open, closing, ended.
#include "net/channel_stream.h"

#include <algorithm>
#include <utility>

namespace koine::net {
namespace {

constexpr std::size_t read_size_max = 64u << 10;
// A slab with less room than this, and than an eighth of itself, is not read into any more.
constexpr std::size_t read_room_min = 512;
// How much of a broken connection's last words are still read.
constexpr int last_reads_max = 16;

}  // namespace

StreamList::~StreamList() {
  while (first_ != nullptr) delete first_;
}

StreamPtr ChannelStream::adopt(Setup setup, std::unique_ptr<Channel> channel) {
  auto* stream = new ChannelStream(std::move(setup), std::move(channel), Side::they, State::open);
  stream->update_watch();
  return StreamPtr(stream);
}

StreamPtr ChannelStream::connecting(Setup setup, std::unique_ptr<Channel> channel,
                                    base::Nanoseconds timeout_ns) {
  auto* stream = new ChannelStream(std::move(setup), std::move(channel), Side::we, State::connecting);
  stream->timer_ = stream->loop_.schedule(timeout_ns, [stream] {
    stream->timer_ = {};
    stream->end(base::Status(base::Reason::net_timeout,
                             "connecting to " + stream->peer_ + " took longer than its timeout"));
  });
  stream->update_watch();
  return StreamPtr(stream);
}

StreamPtr ChannelStream::failed(Setup setup, base::Status status) {
  auto* stream = new ChannelStream(std::move(setup), nullptr, Side::we, State::connecting);
  stream->held_status_ = std::move(status);
  stream->loop_.enlist(*stream);
  return StreamPtr(stream);
}

ChannelStream::ChannelStream(Setup setup, std::unique_ptr<Channel> channel, Side side, State state)
    : LoopObject(side),
      loop_(setup.loop),
      list_(setup.list),
      handler_(&setup.handler),
      channel_(std::move(channel)),
      options_(setup.options),
      peer_(std::move(setup.peer)),
      local_(std::move(setup.local)),
      in_(&loop_.slabs()),
      out_(&loop_.slabs()),
      state_(state) {
  next_ = list_.first_;
  if (next_ != nullptr) next_->previous_ = this;
  list_.first_ = this;
  ++list_.open_;
}

ChannelStream::~ChannelStream() {
  shut();
  (previous_ != nullptr ? previous_->next_ : list_.first_) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
}

// Nothing moves any more; called once or more.
void ChannelStream::shut() {
  if (state_ == State::ended) return;
  state_ = State::ended;
  --list_.open_;
  loop_.cancel(timer_);
  timer_ = {};
  if (channel_ != nullptr) channel_->close();
  out_.clear();
  congested_ = false;
  // in_ stays: its handler may be looking at it right now.
}

void ChannelStream::end(const base::Status& status) {
  if (state_ == State::ended) return;
  shut();
  StreamHandler* handler = std::exchange(handler_, nullptr);
  if (handler != nullptr) handler->on_closed(status);
  if (released_) loop_.bury(this);
}

void ChannelStream::close() {
  handler_ = nullptr;
  shut();
}

void ChannelStream::release() noexcept {
  released_ = true;
  handler_ = nullptr;
  if (state_ == State::closing) return;  // end() buries it
  shut();
  loop_.bury(this);
}

void ChannelStream::set_handler(StreamHandler& handler) {
  if (state_ == State::ended) return;
  handler_ = &handler;
  if (in_.empty()) return;
  deliver_waits_ = true;
  loop_.enlist(*this);
}

void ChannelStream::update_watch() {
  if (channel_ == nullptr || state_ == State::ended) return;
  const bool reading = can_write() && !paused_ && !eof_seen_ && held_status_.ok();
  const bool writing = state_ == State::connecting || write_blocked_;
  if (reading == watching_read_ && writing == watching_write_) return;
  watching_read_ = reading;
  watching_write_ = writing;
  channel_->watch(*this, reading, writing);
}

void ChannelStream::on_ready(bool readable, bool writable) {
  if (state_ == State::connecting) {
    if (writable) finish_connecting();
    return;
  }
  if (state_ == State::ended) return;
  // Writing waits for the end of the turn: what handlers write until then goes out with it.
  const bool unblocked = writable && write_blocked_;
  if (unblocked) {
    write_blocked_ = false;
    loop_.enlist(*this);
  }
  if (readable && read_ready()) return;
  // Otherwise flush() does: it may well find that the channel has to be watched for writing again.
  if (!unblocked) update_watch();
}

// Reads what is there. True when there was something: hand_on() follows.
bool ChannelStream::read_ready() {
  const std::size_t total = read_some();
  if (state_ == State::closing) {
    read_while_closing();
    return false;
  }
  if (total > 0) deliver_waits_ = true;
  if (total > 0 || eof_seen_ || !held_status_.ok()) {
    // However little of it is filled, the whole slab is taken until then.
    loop_.arrived(*this, std::max(total, read_slab_ ? read_slab_->capacity : 0));
    return true;
  }
  if (in_.empty()) read_slab_.reset();
  return false;
}

void ChannelStream::hand_on() {
  if (state_ == State::closing) {
    read_while_closing();
  } else {
    deliver();
  }
  // An output that is unblocked is looked at again by flush().
  if (watching_write_ == write_blocked_) update_watch();
}

void ChannelStream::finish_connecting() {
  const base::Status status = channel_->connect_result();
  if (!status.ok()) return end(status.with_context("connecting to " + peer_));
  loop_.cancel(timer_);
  timer_ = {};
  state_ = State::open;
  local_ = channel_->local_text();
  loop_.enlist(*this);
  update_watch();
  if (handler_ != nullptr) handler_->on_connected();
}

std::span<std::uint8_t> ChannelStream::read_room() {
  if (read_slab_) {
    const std::size_t room = read_slab_->capacity - read_slab_->used;
    if (room >= read_room_min && room >= read_slab_->capacity / 8) {
      return {read_slab_->data() + read_slab_->used, room};
    }
  }
  read_slab_ = loop_.slabs().take(read_size_);
  return {read_slab_->data(), read_slab_->capacity};
}

void ChannelStream::adapt_read_size(std::size_t asked, std::size_t got) {
  if (got == asked && asked >= read_size_ / 2) {
    read_size_ = std::min(read_size_ * 2, read_size_max);
  } else if (got < read_size_ / 4) {
    read_size_ = std::max(read_size_ / 2, base::SlabPool::smallest_bytes);
  }
}

// Reads what is there, up to a turn's share. Returns how many bytes came.
std::size_t ChannelStream::read_some() {
  std::size_t total = 0;
  while (total < turn_bytes_max && !paused_ && !eof_seen_ && held_status_.ok()) {
    const std::span<std::uint8_t> room = read_room();
    IoResult result = channel_->read(room);
    if (result.kind == IoKind::eof) eof_seen_ = true;
    if (result.kind == IoKind::error) { held_status_ = result.status.with_context("reading from " + peer_); }
    if (result.kind != IoKind::bytes) break;
    if (state_ != State::closing) {
      read_slab_->used += result.count;
      in_.append(base::Slice(read_slab_, room.data(), result.count));
    }
    adapt_read_size(room.size(), result.count);
    total += result.count;
    if (result.count < room.size()) break;
  }
  return total;
}

// What came was dropped.
void ChannelStream::read_while_closing() {
  read_slab_.reset();
  // The peer broke the connection while we were only waiting for its end: ours has been sent.
  if (!held_status_.ok()) return end(out_.empty() ? base::Status() : held_status_);
  end_if_done();
}

// Data, then how it ended, as far as the handler wants to hear it now.
void ChannelStream::deliver() {
  if (state_ != State::open || paused_) return;
  if (deliver_waits_) {
    deliver_waits_ = false;
    if (!in_.empty()) {
      delivering_ = true;
      handler_->on_data(in_);
      delivering_ = false;
    }
  }
  if (in_.empty()) {
    in_.clear();
    read_slab_.reset();
  }
  // set_handler() or resume_reading() meanwhile: flush() comes back here.
  if (state_ != State::open || paused_ || deliver_waits_) return;
  if (eof_seen_ && !eof_told_) {
    eof_told_ = true;
    in_.clear();
    read_slab_.reset();
    handler_->on_eof();
    if (state_ == State::open) end_if_done();
    return;
  }
  if (!held_status_.ok()) end(held_status_);
}

void ChannelStream::pause_reading() {
  paused_ = true;
  update_watch();
}

void ChannelStream::resume_reading() {
  if (!paused_) return;
  paused_ = false;
  update_watch();
  if (state_ != State::open) return;
  // Inside on_data nobody has seen anything new since: pausing and resuming there changes nothing.
  const bool unheard = (eof_seen_ && !eof_told_) || !held_status_.ok();
  if (delivering_ || (in_.empty() && !unheard)) return;
  deliver_waits_ = true;
  loop_.enlist(*this);
}

void ChannelStream::write(base::Buffer&& bytes) {
  if (!open() || shutdown_wanted_) return bytes.clear();
  out_.append(std::move(bytes));
  if (out_.size() >= options_.write_high_bytes) congested_ = true;
  if (state_ == State::open && !write_blocked_) loop_.enlist(*this);
}

void ChannelStream::write(base::Bytes bytes) {
  if (!open() || shutdown_wanted_) return;
  out_.append(bytes);
  if (out_.size() >= options_.write_high_bytes) congested_ = true;
  if (state_ == State::open && !write_blocked_) loop_.enlist(*this);
}

void ChannelStream::shutdown_write() {
  if (!open() || shutdown_wanted_) return;
  shutdown_wanted_ = true;
  loop_.enlist(*this);
}

void ChannelStream::close_after_flush() {
  if (!open()) return;
  if (state_ == State::connecting) {
    // Nobody has heard anything of us yet, and nothing is waited for: as good as close(), told later.
    held_status_ = out_.empty()
                       ? base::Status()
                       : base::Status(base::Reason::net_io, "closed before it was connected to " + peer_);
    loop_.cancel(timer_);
    timer_ = {};
    if (channel_ != nullptr) channel_->close();
    channel_.reset();
    out_.clear();
    state_ = State::closing;
    loop_.enlist(*this);
    return;
  }
  state_ = State::closing;
  shutdown_wanted_ = true;
  paused_ = false;
  timer_ = loop_.schedule(close_timeout_ns, [this] {
    timer_ = {};
    end(out_.empty() ? base::Status()
                     : base::Status(base::Reason::net_timeout,
                                    peer_ + " did not take what was left to send before the close timeout"));
  });
  update_watch();
  loop_.enlist(*this);
}

void ChannelStream::flush() {
  if (state_ == State::ended) return;
  if (channel_ == nullptr) return end(held_status_);
  if (deliver_waits_) deliver();
  if (state_ == State::closing) {
    in_.clear();
    read_slab_.reset();
  }
  if (can_write() && !write_blocked_) write_some();
  update_watch();
}

void ChannelStream::write_some() {
  std::size_t total = 0;
  while (!out_.empty()) {
    // A fast reader does not keep the others waiting: the rest goes in the next turn.
    if (total >= turn_bytes_max * 16) {
      write_blocked_ = true;
      break;
    }
    IoResult result = channel_->write(out_.slices());
    if (result.kind == IoKind::again) {
      write_blocked_ = true;
      break;
    }
    if (result.kind != IoKind::bytes) return output_failed(result.status.with_context("writing to " + peer_));
    total += result.count;
    out_.consume(result.count);
  }
  if (out_.empty()) {
    out_.clear();  // gives the last slab back
    if (shutdown_wanted_ && !shutdown_done_) {
      shutdown_done_ = true;
      channel_->shutdown_write();
    }
  }
  end_if_done();
  if (congested_ && state_ == State::open && out_.size() <= options_.write_low_bytes) {
    congested_ = false;
    handler_->on_writable();
  }
}

// The peer takes no more, but what it sent before (an early refusal, say) may be waiting to be read.
void ChannelStream::output_failed(const base::Status& status) {
  out_.clear();
  for (int i = 0; i < last_reads_max && state_ == State::open; ++i) {
    const std::size_t total = read_some();
    if (total > 0) deliver_waits_ = true;
    deliver();
    if (total == 0) break;
  }
  if (state_ == State::open || state_ == State::closing) end(status);
}

void ChannelStream::end_if_done() {
  const bool told = state_ == State::closing ? eof_seen_ : eof_told_;
  if (told && shutdown_done_ && can_write()) end(base::Status());
}

}  // namespace koine::net
