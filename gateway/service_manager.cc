// Datagrams to the service manager.
#include "gateway/service_manager.h"

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <limits>

#include <sys/un.h>

namespace koine::gateway {
namespace {

using base::Reason;
using base::Status;

// A manager whose queue is full is asked to wait for this long at most: it is not worth more.
constexpr int send_timeout_ms = 100;

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end && value > 0 ? value : 0;
}

// Of CLOCK_MONOTONIC, as systemd.service(5), "RELOADING=1", asks for.
std::int64_t monotonic_usec() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

// A line break would begin another assignment.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return line;
}

}  // namespace

ServiceManager::ServiceManager(const Environment& environment, std::int64_t process) {
  if (!environment) return;
  path_ = environment("NOTIFY_SOCKET").value_or("");
  if (path_.empty()) return;
  const std::string whose = environment("WATCHDOG_PID").value_or("");
  if (!whose.empty() && number(whose) != process) return;
  const std::int64_t usec = number(environment("WATCHDOG_USEC").value_or(""));
  if (usec > std::numeric_limits<std::int64_t>::max() / 1000) return;
  alive_every_ns_ = usec * base::microsecond_ns / 2;
}

Status ServiceManager::send(const std::string& state) {
  if (!wanted()) return {};
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  if ((path_.front() != '/' && path_.front() != '@') || path_.size() >= sizeof(where.sun_path)) {
    return Status(
        Reason::net_address,
        "NOTIFY_SOCKET is " + path_ + ": a path, or a name with @ in front, of at most 107 bytes is needed");
  }
  std::memcpy(where.sun_path, path_.data(), path_.size());
  if (path_.front() == '@') where.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path_.size());
  if (!socket_) {
    net::FileDescriptor made(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!made) return net::errno_status(errno, "telling NOTIFY_SOCKET");
    const timeval patience{0, send_timeout_ms * 1000};
    ::setsockopt(made.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    socket_ = std::move(made);
  }
  const auto sent = ::sendto(socket_.get(), state.data(), state.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&where), size);
  return sent < 0 ? net::errno_status(errno, "telling NOTIFY_SOCKET " + path_) : Status();
}

Status ServiceManager::ready(std::string_view status) {
  return send("READY=1\nSTATUS=" + one_line(status) + "\n");
}

Status ServiceManager::reloading() {
  return send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_usec()) + "\nSTATUS=Loading\n");
}

Status ServiceManager::stopping(base::Nanoseconds within_ns, std::string_view status) {
  return send("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + std::to_string(within_ns / base::microsecond_ns) +
              "\nSTATUS=" + one_line(status) + "\n");
}

Status ServiceManager::alive() { return send("WATCHDOG=1\n"); }

}  // namespace koine::gateway
