// In which order a turn does its parts.
#include "net/turn_loop.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/step_loop_test_support.h"

namespace koine::net {
namespace {

using testing::StepLoop;
using testing::StillClock;

class TurnLoopTest : public ::testing::Test {
 protected:
  class Noted final : public LoopObject {
   public:
    Noted(TurnLoopTest& test, Side side, std::string name)
        : LoopObject(side), test_(test), name_(std::move(name)) {}

   private:
    void hand_on() override { test_.log.push_back("hand on " + name_); }
    void flush() override { test_.log.push_back("flush " + name_); }
    TurnLoopTest& test_;
    const std::string name_;
  };
  using Log = std::vector<std::string>;

  StillClock clock;
  StepLoop loop{clock};
  Log log;
};

TEST_F(TurnLoopTest, ArrivalsAreHandedOnBeforeTimersAndOutputIsFlushedLast) {
  Noted object(*this, LoopObject::Side::they, "object");
  loop.schedule(0, [&] { log.emplace_back("timer"); });
  loop.defer([&] { log.emplace_back("deferred"); });
  loop.enlist(object);
  loop.arrived(object, 1);
  EXPECT_TRUE(log.empty());
  loop.turn();
  EXPECT_EQ(log, (Log{"hand on object", "timer", "deferred", "flush object"}));
}

TEST_F(TurnLoopTest, WhatOurOwnConnectionsBroughtComesFirst) {
  Noted first(*this, LoopObject::Side::they, "caller 1");
  Noted second(*this, LoopObject::Side::we, "provider 1");
  Noted third(*this, LoopObject::Side::they, "caller 2");
  Noted fourth(*this, LoopObject::Side::we, "provider 2");
  for (Noted* object : {&first, &second, &third, &fourth}) loop.arrived(*object, 1);
  loop.turn();
  EXPECT_EQ(log, (Log{"hand on provider 1", "hand on provider 2", "hand on caller 1", "hand on caller 2"}));
}

TEST_F(TurnLoopTest, AnObjectIsHandedOnOnceHoweverOftenItArrives) {
  Noted object(*this, LoopObject::Side::they, "object");
  loop.arrived(object, 1);
  loop.arrived(object, 1);
  loop.turn();
  EXPECT_EQ(log, Log{"hand on object"});
  loop.arrived(object, 1);
  loop.turn();
  EXPECT_EQ(log.size(), 2u);
}

TEST_F(TurnLoopTest, EnoughObjectsAreHandedOnWithinTheTurn) {
  std::vector<std::unique_ptr<Noted>> objects;
  for (std::size_t i = 0; i < TurnLoop::arrivals_max; ++i) {
    EXPECT_TRUE(log.empty());
    objects.push_back(std::make_unique<Noted>(*this, LoopObject::Side::they, "object"));
    loop.arrived(*objects.back(), 1);
  }
  EXPECT_EQ(log.size(), TurnLoop::arrivals_max);
  loop.turn();
  EXPECT_EQ(log.size(), TurnLoop::arrivals_max);
}

TEST_F(TurnLoopTest, EnoughBytesAreHandedOnWithinTheTurn) {
  Noted few(*this, LoopObject::Side::they, "few");
  Noted many(*this, LoopObject::Side::they, "many");
  loop.arrived(few, TurnLoop::arrived_bytes_max - 1);
  EXPECT_TRUE(log.empty());
  loop.arrived(many, 1);
  EXPECT_EQ(log, (Log{"hand on few", "hand on many"}));
  // Counted anew.
  loop.arrived(few, TurnLoop::arrived_bytes_max - 1);
  EXPECT_EQ(log.size(), 2u);
  loop.turn();
  EXPECT_EQ(log.size(), 3u);
}

TEST_F(TurnLoopTest, OneThatIsBuriedWithAnArrivalWaitingIsFreedAndNotForgottenOnTheList) {
  auto* doomed = new Noted(*this, LoopObject::Side::they, "doomed");
  Noted other(*this, LoopObject::Side::they, "other");
  loop.arrived(*doomed, 1);
  loop.clear();
  loop.bury(doomed);
  loop.arrived(other, 1);
  loop.turn();
  EXPECT_EQ(log, Log{"hand on other"});
}

}  // namespace
}  // namespace koine::net
