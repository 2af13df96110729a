// Addresses: every form that configuration may write, and what is refused.
#include "router/address.h"

#include <gtest/gtest.h>

namespace koine::router {
namespace {

Address good(std::string_view text) {
  auto parsed = parse_address(text);
  EXPECT_TRUE(parsed.has_value()) << text << ": " << parsed.status().to_string();
  return parsed.has_value() ? *parsed : Address();
}

TEST(Address, ReadsEveryForm) {
  EXPECT_EQ(good("127.0.0.1:7000"), (Address{Address::Kind::ip, "127.0.0.1", 7000}));
  EXPECT_EQ(good("[::1]:7000"), (Address{Address::Kind::ip, "::1", 7000}));
  EXPECT_EQ(good("orders.internal:1"), (Address{Address::Kind::name, "orders.internal", 1}));
  EXPECT_EQ(good("unix:/run/k.sock"), (Address{Address::Kind::unix_path, "/run/k.sock", 0}));
  EXPECT_EQ(good("127.0.0.1:0").port, 0);
}

TEST(Address, PrintsWhatItReads) {
  for (const char* text : {"127.0.0.1:7000", "[::1]:65535", "localhost:1", "unix:/run/k.sock"}) {
    EXPECT_EQ(good(text).to_string(), text);
  }
}

TEST(Address, RefusesWhatCannotBeConnectedTo) {
  for (const char* text :
       {"", "7000", "127.0.0.1", ":7000", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:7000x",
        "::1:7000", "[::1]7000", "[::1", "[name]:1", "1.2.3:7000", "a..b:1", "a b:1", "unix:"}) {
    const auto parsed = parse_address(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().reason(), base::Reason::config_invalid) << text;
  }
  EXPECT_FALSE(parse_address("unix:/" + std::string(200, 'x')).has_value());
  EXPECT_FALSE(parse_address("127.0.0.1:0", false).has_value());
}

TEST(Address, KnowsLoopback) {
  for (const char* text : {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "localhost:1", "unix:/x"}) {
    EXPECT_TRUE(good(text).loopback()) << text;
  }
  for (const char* text : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "example.org:1"}) {
    EXPECT_FALSE(good(text).loopback()) << text;
  }
}

}  // namespace
}  // namespace koine::router
