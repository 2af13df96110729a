// SocketChannel: a non-blocking stream socket as a Channel. The loop's thread.
#pragma once

#include <optional>
#include <string>

#include "net/channel.h"
#include "net/event_loop.h"
#include "net/socket.h"

namespace koine::net {

class SocketChannel final : public Channel {
 public:
  SocketChannel(EventLoop& loop, FileDescriptor fd) noexcept : loop_(loop), fd_(std::move(fd)) {}
  ~SocketChannel() override { SocketChannel::close(); }

  void watch(ChannelEvents& events, bool readable, bool writable) override;
  IoResult read(std::span<std::uint8_t> out) override;
  IoResult write(std::span<const base::Slice> slices) override;
  base::Status connect_result() override;
  std::string local_text() override { return local_socket_text(fd_.get()); }
  void shutdown_write() override;
  void close() override;

 private:
  EventLoop& loop_;
  FileDescriptor fd_;
  std::optional<Readiness> readiness_;  // once watched
};

}  // namespace koine::net
