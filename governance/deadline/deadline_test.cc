// The effective deadline: who wins, and what happens at the edges of time.
#include "governance/deadline/deadline.h"

#include <gtest/gtest.h>

namespace koine::governance::deadline {
namespace {

using base::millisecond_ns;
using base::never_ns;
using base::second_ns;

struct Case {
  model::CallHead head;
  router::MethodRoute route;
  Call call;
  model::Outcome stop;
  Case(base::Nanoseconds caller_ns, base::Nanoseconds policy_ns) {
    head.timeout_ns = caller_ns;
    route.policy.timeout_ns = policy_ns;
    call.head = &head;
    call.route = &route;
    call.started_ns = call.now_ns = 100 * second_ns;
  }
  Verdict run() { return Deadline().on_call(call, stop); }
};

TEST(Deadline, TheCallersWinsWhenItIsShorter) {
  Case one(3 * second_ns, 15 * second_ns);
  EXPECT_EQ(one.run(), Verdict::proceed);
  EXPECT_EQ(one.call.deadline_ns, 103 * second_ns);
}

TEST(Deadline, WhoGivesUpAloneIsToldBefore) {
  Case second(second_ns, 15 * second_ns);
  Case minute(60 * second_ns, never_ns);
  Case policy(second_ns, 950 * millisecond_ns);
  Case sooner(second_ns, 850 * millisecond_ns);
  for (Case* one : {&second, &minute, &policy, &sooner}) {
    one->call.caller = one == &minute ? model::Protocol::triple : model::Protocol::dubbo;
    EXPECT_EQ(one->run(), Verdict::proceed);
    one->call.deadline_ns -= 100 * second_ns;
  }
  EXPECT_EQ(second.call.deadline_ns, 900 * millisecond_ns);
  EXPECT_EQ(minute.call.deadline_ns, 59'800 * millisecond_ns);
  EXPECT_EQ(policy.call.deadline_ns, 900 * millisecond_ns);
  EXPECT_EQ(sooner.call.deadline_ns, 850 * millisecond_ns);
}

TEST(Deadline, ThePolicysWinsWhenTheCallerGrantsMoreOrSaysNothing) {
  Case more(60 * second_ns, 15 * second_ns);
  EXPECT_EQ(more.run(), Verdict::proceed);
  EXPECT_EQ(more.call.deadline_ns, 115 * second_ns);
  Case nothing(never_ns, 250 * millisecond_ns);
  EXPECT_EQ(nothing.run(), Verdict::proceed);
  EXPECT_EQ(nothing.call.deadline_ns, 100 * second_ns + 250 * millisecond_ns);
}

TEST(Deadline, ACallWhoseTimeIsOverIsStoppedUnsent) {
  for (const base::Nanoseconds caller_ns : {base::Nanoseconds{0}, base::Nanoseconds{-5}}) {
    Case over(caller_ns, 15 * second_ns);
    EXPECT_EQ(over.run(), Verdict::stop);
    EXPECT_EQ(over.stop.code, model::Code::deadline_exceeded);
    EXPECT_EQ(over.stop.reason, base::Reason::call_deadline);
  }
}

TEST(Deadline, HugeTimeoutsDoNotWrap) {
  Case huge(never_ns - 1, never_ns);
  EXPECT_EQ(huge.run(), Verdict::proceed);
  EXPECT_EQ(huge.call.deadline_ns, never_ns);
}

TEST(Deadline, AnUnroutedCallHasTheCallersOnly) {
  Case unrouted(2 * second_ns, second_ns);
  unrouted.call.route = nullptr;
  EXPECT_EQ(unrouted.run(), Verdict::proceed);
  EXPECT_EQ(unrouted.call.deadline_ns, 102 * second_ns);
}

}  // namespace
}  // namespace koine::governance::deadline
