// The resolution order of calls, and that errors name the candidates.
#include "router/route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace koine::router {
namespace {

using base::Reason;
using testing::HasSubstr;
using testing::Not;

class RouteTableTest : public testing::Test {
 protected:
  RouteTableTest() {
    orders_.name = "orders";
    users_.name = "users";
    add(orders_, Protocol::thrift, "shop.OrderService", "GetOrder", {"OrderService", "shop.OrderService"});
    add(orders_, Protocol::thrift, "shop.OrderService", "Ping", {"OrderService", "shop.OrderService"});
    add(users_, Protocol::thrift, "shop.UserService", "GetUser", {"UserService"});
    add(users_, Protocol::thrift, "shop.UserService", "Ping", {"UserService"});
    add(orders_, Protocol::grpc, "shop.OrderService", "GetOrder", {"shop.OrderService"});
  }
  void add(const Cluster& cluster, Protocol caller, std::string service, std::string method,
           const std::vector<std::string>& names) {
    MethodRoute route;
    route.cluster = &cluster;
    route.caller = caller;
    route.service = std::move(service);
    route.method = std::move(method);
    const base::Status added = table_.add(std::move(route), names);
    ASSERT_TRUE(added.ok()) << added.to_string();
  }
  // "cluster/method", or the error.
  std::string find(Protocol caller, std::string_view service, std::string_view method,
                   std::string_view default_service = {}) {
    const auto found = table_.find({caller, service, method, default_service});
    return found.has_value() ? (*found)->cluster->name + "/" + (*found)->method : found.error().to_string();
  }

  Cluster orders_;
  Cluster users_;
  RouteTable table_;
};

TEST_F(RouteTableTest, GrpcCallsGoByTheFullName) {
  EXPECT_EQ(find(Protocol::grpc, "shop.OrderService", "GetOrder"), "orders/GetOrder");
  EXPECT_THAT(find(Protocol::grpc, "OrderService", "GetOrder"), HasSubstr("CALL_UNKNOWN_SERVICE"));
}

TEST_F(RouteTableTest, AMultiplexedPrefixDecidesAlone) {
  EXPECT_EQ(find(Protocol::thrift, "OrderService", "Ping", "users"), "orders/Ping");
  EXPECT_EQ(find(Protocol::thrift, "shop.OrderService", "Ping", "users"), "orders/Ping");
  EXPECT_THAT(find(Protocol::thrift, "OrderService", "GetUser"), HasSubstr("CALL_UNKNOWN_METHOD"));
}

TEST_F(RouteTableTest, TheListenersDefaultServiceComesBeforeTheOnlyOwner) {
  EXPECT_EQ(find(Protocol::thrift, "", "Ping", "users"), "users/Ping");
  EXPECT_EQ(find(Protocol::thrift, "", "Ping", "orders"), "orders/Ping");
}

TEST_F(RouteTableTest, AMethodThatTheDefaultServiceLacksGoesToItsOnlyOwner) {
  EXPECT_EQ(find(Protocol::thrift, "", "GetUser", "orders"), "users/GetUser");
  EXPECT_EQ(find(Protocol::thrift, "", "GetOrder"), "orders/GetOrder");
}

TEST_F(RouteTableTest, SeveralOwnersAreAnErrorThatNamesThem) {
  const std::string error = find(Protocol::thrift, "", "Ping");
  EXPECT_THAT(error, HasSubstr("CALL_AMBIGUOUS_METHOD"));
  EXPECT_THAT(error, HasSubstr("orders, users"));
  EXPECT_THAT(error, HasSubstr("default_service"));
}

TEST_F(RouteTableTest, UnknownNamesAreErrorsThatNameTheCandidates) {
  EXPECT_THAT(find(Protocol::thrift, "Nobody", "Ping"),
              HasSubstr("OrderService, UserService, shop.OrderService"));
  EXPECT_THAT(find(Protocol::thrift, "UserService", "Nothing"), HasSubstr("it has: GetUser, Ping"));
  EXPECT_THAT(find(Protocol::thrift, "", "Nothing"), HasSubstr("services: orders, users"));
}

TEST_F(RouteTableTest, HostileNamesDoNotReachTheMessageAsTheyCame) {
  const std::string error =
      find(Protocol::thrift, "", std::string("a\r\nb\0c\x1b", 7) + std::string(5000, 'x'));
  EXPECT_THAT(error, HasSubstr("a??b?c?x"));
  EXPECT_LT(error.size(), 400u);
  EXPECT_THAT(error, Not(HasSubstr("\r")));
}

TEST_F(RouteTableTest, ARefusedMethodAnswersWithItsReason) {
  MethodRoute route;
  route.cluster = &orders_;
  route.caller = Protocol::grpc;
  route.method = "Broken";
  route.refusal = base::Status(Reason::map_no_pair, "no counterpart", "shop.OrderService.Broken");
  ASSERT_TRUE(table_.add(std::move(route), {"shop.OrderService"}).ok());
  EXPECT_THAT(find(Protocol::grpc, "shop.OrderService", "Broken"), HasSubstr("MAP_NO_PAIR"));
  EXPECT_EQ(find(Protocol::grpc, "shop.OrderService", "GetOrder"), "orders/GetOrder");
}

TEST_F(RouteTableTest, TwoOwnersOfOneNameAreRefusedAndNothingIsAdded) {
  MethodRoute route;
  route.cluster = &users_;
  route.caller = Protocol::grpc;
  route.method = "GetOrder";
  const std::size_t before = table_.routes().size();
  const base::Status added = table_.add(std::move(route), {"other.Service", "shop.OrderService"});
  EXPECT_EQ(added.reason(), Reason::call_ambiguous_method);
  EXPECT_THAT(added.to_string(), HasSubstr("orders and users"));
  EXPECT_EQ(table_.routes().size(), before);
  EXPECT_THAT(find(Protocol::grpc, "other.Service", "GetOrder"), HasSubstr("CALL_UNKNOWN_SERVICE"));
}

// A plain Thrift call names no interface, and the service's name does not say which of two is meant.
TEST_F(RouteTableTest, AMethodOfTwoInterfacesOfTheDefaultServiceIsAmbiguous) {
  add(orders_, Protocol::thrift, "old.Orders", "GetOrder", {"old.Orders"});
  add(orders_, Protocol::thrift, "old.Orders", "Drop", {"old.Orders"});
  const std::string error = find(Protocol::thrift, "", "GetOrder", "orders");
  EXPECT_THAT(error, HasSubstr("CALL_AMBIGUOUS_METHOD"));
  EXPECT_THAT(error, HasSubstr("old.Orders, shop.OrderService"));
  EXPECT_EQ(find(Protocol::thrift, "", "Drop", "orders"), "orders/Drop");
  EXPECT_EQ(find(Protocol::thrift, "old.Orders", "GetOrder"), "orders/GetOrder");
  EXPECT_EQ(find(Protocol::thrift, "", "Ping", "orders"), "orders/Ping");
}

TEST_F(RouteTableTest, IdsAreTheIndexOfTheRoute) {
  for (std::size_t i = 0; i < table_.routes().size(); ++i) EXPECT_EQ(table_.routes()[i]->id, i);
}

TEST_F(RouteTableTest, OneRouteForAnyMethodStandsBehindThoseWithAName) {
  MethodRoute any;
  any.cluster = &users_;
  any.caller = Protocol::dubbo;
  any.method = "*";
  any.any_method = true;
  ASSERT_TRUE(table_.add(std::move(any), {"shop.Users"}).ok());
  add(orders_, Protocol::dubbo, "shop.Users", "known", {"shop.Users"});
  EXPECT_EQ(find(Protocol::dubbo, "shop.Users", "known"), "orders/known");
  EXPECT_EQ(find(Protocol::dubbo, "shop.Users", "whatever"), "users/*");
  EXPECT_EQ(find(Protocol::dubbo, "shop.Users", "*"), "users/*");
  EXPECT_THAT(find(Protocol::dubbo, "shop.Other", "whatever"), HasSubstr("CALL_UNKNOWN_SERVICE"));
  MethodRoute twice;
  twice.cluster = &orders_;
  twice.caller = Protocol::dubbo;
  twice.method = "*";
  twice.any_method = true;
  EXPECT_EQ(table_.add(std::move(twice), {"shop.Users"}).reason(), Reason::call_ambiguous_method);
}

}  // namespace
}  // namespace koine::router
