// Methods that cannot be put opposite one another are refused when their plan is compiled: MAP_NO_PAIR.
#include <memory>

#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"
#include "transcode/method_plan.h"
#include "transcode/plan.h"

namespace koine::transcode {
namespace {

using idl::derive::testing::derived;
using idl::derive::testing::read_thrift;
using model::BodyFormat;

class MethodRefusals : public testing::Test {
 protected:
  MethodSide thrift(std::string_view method) const {
    return {thrift_->find_service("shop.Shop")->find_method(method), BodyFormat::thrift_binary, "thrift"};
  }
  MethodSide grpc(std::string_view method) const {
    return {proto_->find_service("shop.Shop")->find_method(method), BodyFormat::protobuf, "grpc"};
  }
  // Whichever of the two calls the other.
  static void expect_refused(const MethodSide& one, const MethodSide& other, std::string_view why) {
    ASSERT_TRUE(one.method != nullptr && other.method != nullptr);
    for (const bool there : {true, false}) {
      const auto plan = MethodPlan::compile(there ? one : other, there ? other : one, PlanOptions());
      ASSERT_FALSE(plan);
      EXPECT_EQ(plan.error().reason(), base::Reason::map_no_pair);
      EXPECT_NE(plan.error().message().find(why), std::string_view::npos) << plan.error().to_string();
    }
  }

 private:
  const std::unique_ptr<idl::Schema> thrift_ = read_thrift({{"shop.thrift", R"(
namespace * shop
struct Order { 1: i64 id, 2: string note }
exception NotFound { 1: string resource }
service Shop {
  i32 add(1: i32 left, 2: i32 right),
  Order get(1: Order order),
  Order find(1: Order order) throws (1: NotFound missing)
}
)"}});
  const std::unique_ptr<idl::Schema> proto_ = derived(*thrift_, idl::Language::proto);
};

TEST_F(MethodRefusals, OfMessagesThatHaveNothingToDoWithOneAnother) {
  expect_refused(thrift("add"), grpc("Get"), "request: ");
  expect_refused(thrift("add"), grpc("Get"), "neither corresponds to shop.Order nor holds one struct");
}

TEST_F(MethodRefusals, OfAnExceptionThatTheOtherMethodDoesNotKnow) {
  expect_refused(thrift("find"), grpc("Get"), "exception shop.NotFound: ");
}

TEST_F(MethodRefusals, OfASideWithoutAMethod) {
  const MethodSide none{nullptr, BodyFormat::thrift_binary, "thrift"};
  EXPECT_FALSE(MethodPlan::compile(none, grpc("Get"), PlanOptions()));
  EXPECT_FALSE(MethodPlan::compile(grpc("Get"), none, PlanOptions()));
}

}  // namespace
}  // namespace koine::transcode
