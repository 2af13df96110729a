// SocketListener: accepts TCP and Unix connections on one loop. Owned by its ListenerPtr, then by the loop.
#pragma once

#include <cstddef>
#include <memory>

#include "net/event_loop.h"
#include "net/network.h"
#include "net/socket.h"

namespace koine::net {

class SocketListener final : public Listener, public LoopObject, private ChannelEvents {
 public:
  static base::Result<ListenerPtr> listen(EventLoop& loop, std::size_t& count, const Address& address,
                                          ListenerHandler& handler, const ListenOptions& options);
  ~SocketListener() override;

  const Address& address() const override { return address_; }
  void pause() override;
  void resume() override;
  void close_after_accepting() override;

 private:
  enum class Accepted : std::uint8_t { one, none, exhausted };

  SocketListener(EventLoop& loop, std::size_t& count, FileDescriptor fd, Address address,
                 ListenerHandler& handler);
  void release() noexcept override;
  void on_ready(bool readable, bool writable) override;
  void flush() override;
  Accepted accept_one();
  void accept_some(std::size_t count_max);
  void exhausted(int error);
  void shed();
  void update_watch();
  void stop_listening();

  EventLoop& loop_;
  std::size_t& count_;  // of the network's listeners
  FileDescriptor fd_;
  FileDescriptor reserve_;  // given up for a moment to accept and refuse when no other is left
  Address address_;
  std::string local_text_;  // of accepted connections; empty when each is asked (listening at 0.0.0.0 or ::)
  ListenerHandler* handler_;
  Readiness readiness_;
  Timer retry_;
  base::Nanoseconds exhausted_since_ns_ = base::never_ns;
  std::uint64_t inode_ = 0;  // of the Unix socket's file, to remove no other's
  bool paused_ = false;
  bool closing_ = false;
};

}  // namespace koine::net
