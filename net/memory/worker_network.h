// WorkerNetwork: one worker's net::Network in a MemoryNetwork, with its listeners and channels. One thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "net/channel_stream.h"
#include "net/memory/manual_loop.h"
#include "net/memory/memory_network.h"
#include "net/network.h"

namespace koine::net::memory {

class WorkerNetwork final : public Network {
 public:
  explicit WorkerNetwork(MemoryNetwork& world);
  ~WorkerNetwork() override { shut(); }

  Loop& loop() override { return loop_; }
  ManualLoop& manual_loop() noexcept { return loop_; }
  base::Result<ListenerPtr> listen(const Address& address, ListenerHandler& handler,
                                   const ListenOptions& options) override;
  StreamPtr connect(const Address& address, StreamHandler& handler, const ConnectOptions& options) override;
  StreamPtr adopt(AcceptedSocket socket, StreamHandler& handler, const StreamOptions& options) override;
  ResolveId resolve(const Address& name, ResolveCallback callback) override;
  void cancel_resolve(ResolveId id) override { resolves_.erase(id); }
  std::size_t open_streams() const override { return streams_.open(); }

  // Destroys what waits on the loop, while other workers still live.
  void shut();

 private:
  MemoryNetwork& world_;
  ManualLoop loop_;
  StreamList streams_;
  ResolveId last_resolve_ = 0;
  std::map<ResolveId, ResolveCallback> resolves_;
};

// One side of a connection as a Channel.
class MemoryChannel final : public Channel, private Pollable {
 public:
  MemoryChannel(ManualLoop& loop, std::shared_ptr<Connection> connection, int side);
  ~MemoryChannel() override { MemoryChannel::close(); }

  void watch(ChannelEvents& events, bool readable, bool writable) override;
  IoResult read(std::span<std::uint8_t> out) override { return connection_->read(side_, out); }
  IoResult write(std::span<const base::Slice> slices) override { return connection_->write(side_, slices); }
  base::Status connect_result() override;
  std::string local_text() override { return connection_->text(side_); }
  void shutdown_write() override { connection_->shutdown_write(side_); }
  void close() override;

 private:
  Ready poll() override;
  void dispatch(Ready ready) override { events_->on_ready(ready.read, ready.write); }

  ManualLoop& loop_;
  std::shared_ptr<Connection> connection_;
  int side_;
  ChannelEvents* events_ = nullptr;
  bool want_read_ = false;
  bool want_write_ = false;
  bool closed_ = false;
};

class MemoryListener final : public Listener, public LoopObject, private Pollable {
 public:
  MemoryListener(MemoryNetwork& world, ManualLoop& loop, std::shared_ptr<Port> port,
                 ListenerHandler& handler);
  ~MemoryListener() override { stop_listening(); }

  const Address& address() const override { return port_->address; }
  void pause() override { paused_ = true; }
  void resume() override { paused_ = false; }
  void close_after_accepting() override;

 private:
  void release() noexcept override;
  void flush() override;
  Ready poll() override;
  void dispatch(Ready) override { accept_all(); }
  void accept_all();
  void stop_listening();

  MemoryNetwork& world_;
  ManualLoop& loop_;
  std::shared_ptr<Port> port_;
  ListenerHandler* handler_;
  Timer retry_;
  bool paused_ = false;
  bool closing_ = false;
  bool listening_ = true;
};

}  // namespace koine::net::memory
