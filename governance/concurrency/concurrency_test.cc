// The limit holds over all workers, is given back exactly, and outlives snapshots.
#include "governance/concurrency/concurrency.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace koine::governance::concurrency {
namespace {

struct Service {
  router::Cluster cluster;
  router::MethodRoute route;
  model::CallHead head;
  explicit Service(std::uint32_t limit) {
    cluster.name = "orders";
    cluster.concurrency_max = limit;
    route.cluster = &cluster;
  }
  Call call() {
    Call one;
    one.head = &head;
    one.route = &route;
    return one;
  }
};

TEST(Concurrency, RefusesTheCallAboveTheLimitAndNamesTheService) {
  Counters counters;
  Concurrency here(counters);
  Concurrency there(counters);
  Service service(2);
  Call first = service.call(), second = service.call(), third = service.call();
  model::Outcome stop;
  EXPECT_EQ(here.on_call(first, stop), Verdict::proceed);
  EXPECT_EQ(there.on_call(second, stop), Verdict::proceed);
  EXPECT_EQ(here.on_call(third, stop), Verdict::stop);
  EXPECT_EQ(stop.code, model::Code::resource_exhausted);
  EXPECT_EQ(stop.reason, base::Reason::limit_concurrency);
  EXPECT_NE(stop.message.find("orders"), std::string::npos);
  EXPECT_EQ(counters.in_flight("orders"), 2u);
  here.on_finish(first, {});
  EXPECT_EQ(there.on_call(third, stop), Verdict::proceed);
}

TEST(Concurrency, ANewSnapshotCountsOnWhereTheOldOneStood) {
  Counters counters;
  Concurrency policy(counters);
  Service old_service(1), new_service(1);
  Call old_call = old_service.call(), new_call = new_service.call();
  model::Outcome stop;
  EXPECT_EQ(policy.on_call(old_call, stop), Verdict::proceed);
  policy.on_snapshot();
  EXPECT_EQ(policy.on_call(new_call, stop), Verdict::stop);
  policy.on_finish(old_call, {});
  EXPECT_EQ(policy.on_call(new_call, stop), Verdict::proceed);
  policy.on_finish(new_call, {});
  EXPECT_EQ(counters.in_flight("orders"), 0u);
}

TEST(Concurrency, WithoutALimitEverythingPassesAndIsStillCounted) {
  Counters counters;
  Concurrency policy(counters);
  Service service(0);
  model::Outcome stop;
  for (int i = 0; i < 5000; ++i) {
    Call call = service.call();
    EXPECT_EQ(policy.on_call(call, stop), Verdict::proceed);
  }
  EXPECT_EQ(counters.in_flight("orders"), 5000u);
}

TEST(Concurrency, ThreadsNeverExceedTheLimitTogether) {
  Counters counters;
  Service service(3);
  std::atomic<int> inside{0}, worst{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      Concurrency policy(counters);
      for (int i = 0; i < 20000; ++i) {
        Call call = service.call();
        model::Outcome stop;
        if (policy.on_call(call, stop) != Verdict::proceed) continue;
        const int now = ++inside;
        int seen = worst.load();
        while (now > seen && !worst.compare_exchange_weak(seen, now)) {}
        --inside;
        policy.on_finish(call, {});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(worst.load(), 3);
  EXPECT_EQ(counters.in_flight("orders"), 0u);
}

}  // namespace
}  // namespace koine::governance::concurrency
