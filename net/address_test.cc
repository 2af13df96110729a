// Reading and printing addresses.
#include "net/address.h"

#include <string>

#include <gtest/gtest.h>

#include "net/socket.h"

namespace koine::net {
namespace {

TEST(Address, ReadsAndPrintsEveryForm) {
  const struct {
    const char* text;
    const char* printed;
    AddressKind kind;
    bool loopback;
  } cases[] = {
      {"127.0.0.1:80", "127.0.0.1:80", AddressKind::ipv4, true},
      {"0.0.0.0:0", "0.0.0.0:0", AddressKind::ipv4, false},
      {"10.1.2.3:65535", "10.1.2.3:65535", AddressKind::ipv4, false},
      {"[::1]:80", "[::1]:80", AddressKind::ipv6, true},
      {"[::]:443", "[::]:443", AddressKind::ipv6, false},
      {"[2001:DB8:0:0:0:0:0:1]:9", "[2001:db8::1]:9", AddressKind::ipv6, false},
      {"[::ffff:127.0.0.1]:9", "[::ffff:127.0.0.1]:9", AddressKind::ipv6, true},
      {"localhost:80", "localhost:80", AddressKind::name, false},
      {"Orders.Prod.svc.:8080", "orders.prod.svc:8080", AddressKind::name, false},
      {"a_b-c:1", "a_b-c:1", AddressKind::name, false},
      {"3com.example:1", "3com.example:1", AddressKind::name, false},
      {"unix:/run/koine.sock", "unix:/run/koine.sock", AddressKind::unix_path, true},
      {"unix:@abstract", "unix:@abstract", AddressKind::unix_path, true},
      {"unix:relative/path:with colon", "unix:relative/path:with colon", AddressKind::unix_path, true},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.text);
    base::Result<Address> address = Address::parse(one.text);
    ASSERT_TRUE(address) << address.error().to_string();
    EXPECT_EQ(address->to_string(), one.printed);
    EXPECT_EQ(address->kind(), one.kind);
    EXPECT_EQ(address->is_loopback(), one.loopback);
    EXPECT_EQ(*Address::parse(address->to_string()), *address);
  }
}

TEST(Address, RefusesEverythingElseAndSaysWhy) {
  const struct {
    std::string text;
    const char* why;
  } cases[] = {
      {"", "expected host:port"},
      {"localhost", "expected host:port"},
      {"127.0.0.1", "expected host:port"},
      {":80", "host is missing"},
      {"host:", "port must be"},
      {"host:65536", "port must be"},
      {"host:-1", "port must be"},
      {"host:+1", "port must be"},
      {"host: 80", "port must be"},
      {"host:80x", "port must be"},
      {"host:99999999999999999999", "port must be"},
      {"::1:80", "[address]:port"},
      {"[::1]", "[address]:port"},
      {"[::1]80", "[address]:port"},
      {"[::1:80", "[address]:port"},
      {"[]:80", "no IPv6 address"},
      {"[127.0.0.1]:80", "no IPv6 address"},
      {"[fe80::1%eth0]:80", "no IPv6 address"},
      {std::string("[::1\0]:80", 9), "NUL"},
      {"256.0.0.1:80", "four numbers"},
      {"1.2.3:80", "four numbers"},
      {"2130706433:80", "four numbers"},
      {"0x7f.0.0.1:80", "four numbers"},
      {"a b:80", "neither an IP address nor a name"},
      {"a..b:80", "neither an IP address nor a name"},
      {".a:80", "neither an IP address nor a name"},
      {"*:80", "neither an IP address nor a name"},
      {"h\xC3\xA4:80", "neither an IP address nor a name"},
      {std::string("a\0b:80", 6), "NUL"},
      {std::string(64, 'a') + ":80", "neither an IP address nor a name"},
      {"unix:", "path is missing"},
      {"unix:@", "name after '@'"},
      {"unix:" + std::string(108, 'x'), "at most 107 bytes"},
      {std::string("unix:a\0b", 8), "NUL"},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.text);
    base::Result<Address> address = Address::parse(one.text);
    ASSERT_FALSE(address) << address->to_string();
    EXPECT_EQ(address.error().reason(), base::Reason::net_address);
    EXPECT_NE(address.error().message().find(one.why), std::string_view::npos) << address.error().to_string();
  }
  std::string long_name;
  for (int i = 0; i < 50; ++i) long_name += "abcde.";
  EXPECT_FALSE(Address::parse(long_name + "f:80"));
  EXPECT_TRUE(Address::parse("unix:" + std::string(107, 'x')));
}

TEST(Address, ErrorTextsAreBoundedAndPrintable) {
  base::Result<Address> address = Address::parse(std::string(1'000'000, '\x01'));
  ASSERT_FALSE(address);
  EXPECT_LT(address.error().message().size(), 4000u);
  for (const char c : address.error().message()) EXPECT_GE(c, ' ');
}

TEST(Address, ComparesByKindHostAndPort) {
  const Address a = *Address::parse("127.0.0.1:1");
  EXPECT_EQ(a, *Address::from_host("127.0.0.1", 1));
  EXPECT_NE(a, a.with_port(2));
  EXPECT_EQ(a.with_port(2).port(), 2);
  EXPECT_EQ(Address().to_string(), "0.0.0.0:0");
}

TEST(SocketAddress, TurnsIntoTheKernelsFormAndBack) {
  for (const char* text : {"127.0.0.1:80", "[2001:db8::1]:65535", "unix:/run/x", "unix:@abstract"}) {
    base::Result<SocketAddress> there = to_socket_address(*Address::parse(text));
    ASSERT_TRUE(there);
    EXPECT_EQ(from_socket_address(*there).to_string(), text);
    EXPECT_EQ(socket_address_text(*there), text);
  }
  EXPECT_FALSE(to_socket_address(*Address::parse("name:80")));
  SocketAddress nameless;
  nameless.storage.ss_family = AF_UNIX;
  nameless.size = sizeof(sa_family_t);
  EXPECT_EQ(socket_address_text(nameless), "unix:");
}

}  // namespace
}  // namespace koine::net
