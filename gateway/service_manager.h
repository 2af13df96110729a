// ServiceManager: telling systemd, or whoever else started the process, how it is (sd_notify(3)).
//
// A state is one datagram of NAME=value lines to the Unix socket that NOTIFY_SOCKET names: a path, or with
// '@' in front a name in Linux's abstract namespace. Without the variable nothing is sent. With WATCHDOG_USEC
// a sign of life is expected at least that often (sd_watchdog_enabled(3)). One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/status.h"
#include "net/socket.h"

namespace koine::gateway {

class ServiceManager {
 public:
  // The process's variables, as control::Environment; empty: nobody wants to know.
  using Environment = std::function<std::optional<std::string>(std::string_view name)>;
  // `process`: our own id; a WATCHDOG_PID that names another process means that its signs are not ours to
  // give.
  ServiceManager(const Environment& environment, std::int64_t process);

  bool wanted() const { return !path_.empty(); }
  // How often alive() is to be called: half the time that the manager waits. 0: never.
  base::Nanoseconds alive_every_ns() const { return alive_every_ns_; }

  // `status` is one line for a person. Errors: NET_IO, NET_ADDRESS; OK when nobody wants to know.
  [[nodiscard]] base::Status ready(std::string_view status);
  // The loading of a new configuration begins; ready() says that it is over.
  [[nodiscard]] base::Status reloading();
  // The end begins, and takes no longer than this.
  [[nodiscard]] base::Status stopping(base::Nanoseconds within_ns, std::string_view status);
  [[nodiscard]] base::Status alive();

 private:
  base::Status send(const std::string& state);

  std::string path_;
  net::FileDescriptor socket_;
  base::Nanoseconds alive_every_ns_ = 0;
};

}  // namespace koine::gateway
