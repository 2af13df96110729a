// What a service manager hears, on a socket of ours.
#include "gateway/service_manager.h"

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/un.h>
#include <unistd.h>

namespace koine::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

// A datagram socket at a path, or at a name of the abstract namespace.
class Manager {
 public:
  explicit Manager(bool abstract) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    char folder[] = "/tmp/koine-notify-XXXXXX";
    if (mkdtemp(folder) == nullptr) std::abort();
    folder_ = folder;
    name_ = folder_ + "/socket";
    if (abstract) name_[0] = '@';
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    std::memcpy(where.sun_path, name_.data(), name_.size());
    if (abstract) where.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
    if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&where), size) != 0) std::abort();
  }
  ~Manager() {
    unlink((folder_ + "/socket").c_str());
    rmdir(folder_.c_str());
  }
  const std::string& name() const { return name_; }
  std::string hear() {
    char text[4096];
    const ssize_t got = ::recv(socket_.get(), text, sizeof(text), 0);
    return got < 0 ? "nothing" : std::string(text, static_cast<std::size_t>(got));
  }

 private:
  net::FileDescriptor socket_;
  std::string folder_;
  std::string name_;
};

ServiceManager::Environment variables(std::map<std::string, std::string, std::less<>> all) {
  return [all = std::move(all)](std::string_view name) {
    const auto found = all.find(name);
    return found == all.end() ? std::nullopt : std::optional(found->second);
  };
}

class Notified : public ::testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Both, Notified, ::testing::Bool(),
                         [](const auto& one) { return one.param ? "AtAnAbstractName" : "AtAPath"; });

TEST_P(Notified, HearsTheStatesOfALifeInDatagrams) {
  Manager manager(GetParam());
  ServiceManager ours(variables({{"NOTIFY_SOCKET", manager.name()}}), 1);
  ASSERT_TRUE(ours.wanted());
  ASSERT_TRUE(ours.ready("Serving\n127.0.0.1:1").ok());
  EXPECT_EQ(manager.hear(), "READY=1\nSTATUS=Serving 127.0.0.1:1\n");
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  ASSERT_TRUE(ours.reloading().ok());
  const std::string reloading = manager.hear();
  EXPECT_THAT(reloading, MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+\nSTATUS=Loading\n"));
  const long long usec = std::atoll(reloading.c_str() + std::strlen("RELOADING=1\nMONOTONIC_USEC="));
  EXPECT_GE(usec, now.tv_sec * 1'000'000LL + now.tv_nsec / 1000);
  EXPECT_LT(usec, (now.tv_sec + 60) * 1'000'000LL);
  ASSERT_TRUE(ours.stopping(35 * base::second_ns, "Draining").ok());
  EXPECT_EQ(manager.hear(), "STOPPING=1\nEXTEND_TIMEOUT_USEC=35000000\nSTATUS=Draining\n");
  ASSERT_TRUE(ours.alive().ok());
  EXPECT_EQ(manager.hear(), "WATCHDOG=1\n");
  EXPECT_EQ(manager.hear(), "nothing");
}

TEST(ServiceManager, IsToldNothingWhenNobodyAsks) {
  ServiceManager ours(variables({}), 1);
  EXPECT_FALSE(ours.wanted());
  EXPECT_EQ(ours.alive_every_ns(), 0);
  EXPECT_TRUE(ours.ready("x").ok());
  EXPECT_FALSE(ServiceManager(ServiceManager::Environment(), 1).wanted());
}

TEST(ServiceManager, ThatIsGoneOrCannotBeAddressedIsAnErrorWithItsName) {
  ServiceManager gone(variables({{"NOTIFY_SOCKET", "/nonexistent/socket"}}), 1);
  EXPECT_THAT(gone.ready("x").to_string(), HasSubstr("/nonexistent/socket"));
  ServiceManager relative(variables({{"NOTIFY_SOCKET", "socket"}}), 1);
  EXPECT_EQ(relative.ready("x").reason(), base::Reason::net_address);
  ServiceManager longer(variables({{"NOTIFY_SOCKET", "/" + std::string(107, 'a')}}), 1);
  EXPECT_EQ(longer.ready("x").reason(), base::Reason::net_address);
}

TEST(ServiceManager, WantsSignsOfLifeTwiceAsOftenAsItWaitsAndOnlyFromItsOwnProcess) {
  const auto every = [](const std::string& usec, const std::string& process) {
    return ServiceManager(
               variables({{"NOTIFY_SOCKET", "/s"}, {"WATCHDOG_USEC", usec}, {"WATCHDOG_PID", process}}), 42)
        .alive_every_ns();
  };
  EXPECT_EQ(every("30000000", "42"), 15 * base::second_ns);
  EXPECT_EQ(every("30000000", ""), 15 * base::second_ns);
  EXPECT_EQ(every("30000000", "43"), 0);
  EXPECT_EQ(every("30000000x", "42"), 0);
  EXPECT_EQ(every("-1", "42"), 0);
  EXPECT_EQ(every("0", "42"), 0);
  EXPECT_EQ(every("99999999999999999999", "42"), 0);
  EXPECT_EQ(every("9223372036854775807", "42"), 0);
}

}  // namespace
}  // namespace koine::gateway
