// A gateway under random trouble: providers that answer in any order, late or not at all, that die and come
// back; callers that cancel, disconnect and set short deadlines; reloads. After each run: no caller got
// another's answer, every call ended once at most, and nothing is left.
#include <array>
#include <optional>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using base::millisecond_ns;
using base::second_ns;

class Chaos {
 public:
  explicit Chaos(std::uint64_t seed, std::optional<Sabotage::Kind> sabotage = {})
      : random_(seed), world_(1 + seed % 3, seed) {
    for (std::size_t i = 0; i < addresses_.size(); ++i) revive(i);
    world_.network().set_links([this](const net::Address& to, std::uint64_t) { return link(to); });
    world_.options.sabotage = sabotage;
    world_.options.reload = [this](std::uint64_t version) { return make_snapshot(spec(version)); };
    world_.start(spec(1));
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      step();
      world_.advance(static_cast<base::Nanoseconds>(below(5)) * millisecond_ns);
    }
    // The longest deadline passes, then idle connections go.
    world_.advance(20 * second_ns);
  }

  void check() {
    for (const auto& call : calls_) {
      ASSERT_LE(call->ends, 1);
      if (call->ends == 1 && call->outcome.ok()) {
        ++answered_;
        if (call->text() != call->sent) ++swapped_;
      }
    }
    const Worker::Counts left = world_.counts();
    EXPECT_EQ(left.exchanges, 0u);
    EXPECT_EQ(left.upstream_connections, 0u);
    EXPECT_EQ(left.snapshots, world_.gateway().workers().size());
    EXPECT_EQ(world_.gateway().calls_in_flight("a"), 0u);
    EXPECT_EQ(world_.gateway().calls_in_flight("b"), 0u);
    std::size_t open = 0;
    for (const Caller* caller : callers_) open += caller->closed() ? 0u : 1u;
    EXPECT_EQ(left.connections, open);
  }
  std::size_t answered() const { return answered_; }
  // Answers that were not the call's own.
  std::size_t swapped() const { return swapped_; }

 private:
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

  // Slow, chopped, and some of them cut; to providers also so that nothing more is heard.
  net::memory::ConnectionOptions link(const net::Address& to) {
    net::memory::ConnectionOptions links;
    for (net::memory::LinkOptions* way : {&links.to_server, &links.to_client}) {
      way->latency_ns = static_cast<base::Nanoseconds>(below(3)) * millisecond_ns;
      way->jitter_ns = static_cast<base::Nanoseconds>(below(2)) * millisecond_ns;
      if (below(3) == 0) {
        way->read_bytes_max = 1 + below(20);
        way->random_reads = true;
      }
      if (below(10) == 0) {
        way->cut_at_bytes = below(5000);
        const bool provider = to.host() != "127.0.0.1";
        way->cut = below(2) == 0 && provider ? net::memory::Cut::silence : net::memory::Cut::reset;
      }
    }
    if (below(20) == 0) links.answer = net::memory::ConnectAnswer::refuse;
    return links;
  }

  SnapshotSpec spec(std::uint64_t version) {
    SnapshotSpec made;
    made.version = version;
    made.services = {{.name = "a",
                      .protocol = Protocol::thrift,
                      .endpoints = {addresses_[0], addresses_[1]},
                      .connections_max = static_cast<std::uint32_t>(1 + below(4)),
                      .pipelined_max = static_cast<std::uint32_t>(1 + below(3)),
                      .timeout_ns = 5 * second_ns,
                      .idle_close_ns = second_ns},
                     {.name = "b",
                      .protocol = Protocol::grpc,
                      .endpoints = {addresses_[2], addresses_[3]},
                      .connections_max = 2,
                      .concurrency_max = 50,
                      .timeout_ns = 5 * second_ns,
                      .idle_close_ns = second_ns}};
    made.default_service = "a";
    return made;
  }

  void revive(std::size_t index) {
    providers_[index] = &world_.provider(index < 2 ? Protocol::thrift : Protocol::grpc, addresses_[index]);
    providers_[index]->echo = below(2) == 0;
  }

  void call() {
    if (callers_.size() < 6 || below(20) == 0) {
      callers_.push_back(&world_.caller(below(2) == 0 ? Protocol::thrift : Protocol::grpc));
    }
    const std::size_t which = below(callers_.size());
    if (callers_[which]->closed()) return;
    CallSpec spec;
    // Thrift callers cannot name a service; for them it is ignored.
    spec.service = below(2) == 0 ? "test.a" : "test.b";
    if (below(4) == 0) spec.timeout_ns = static_cast<base::Nanoseconds>(1 + below(50)) * millisecond_ns;
    calls_.push_back(
        callers_[which]->call(spec, std::to_string(calls_.size()) + std::string(below(300), '.')));
    owners_.push_back(which);
  }

  void answer_any(Provider& provider) {
    for (std::size_t i = provider.calls.size(); i-- > 0;) {
      if (!provider.calls[i]->answered && below(2) == 0) {
        provider.answer(*provider.calls[i], provider.calls[i]->text());
      }
    }
  }

  void step() {
    const std::size_t which = below(providers_.size());
    switch (below(14)) {
      case 0:
        world_.remove_provider(*providers_[which]);
        revive(which);
        break;
      case 1: providers_[which]->close_connections(); break;
      case 2: providers_[which]->echo = !providers_[which]->echo; break;
      case 3: {
        if (calls_.empty()) break;
        const std::size_t victim = below(calls_.size());
        Caller& owner = *callers_[owners_[victim]];
        if (!calls_[victim]->done && !owner.closed()) {
          owner.cancel(calls_[victim]);
          calls_[victim]->done = true;
        }
        break;
      }
      case 4:
        if (!callers_.empty() && below(5) == 0) callers_[below(callers_.size())]->close();
        break;
      case 5:
        if (below(3) == 0) world_.gateway().reload();
        break;
      case 6:
        if (below(3) == 0) providers_[which]->say_goodbye();
        break;
      case 7:
      case 8: answer_any(*providers_[which]); break;
      default:
        for (std::size_t i = 1 + below(4); i > 0; --i) call();
    }
  }

  std::mt19937_64 random_;
  World world_;
  const std::array<std::string, 4> addresses_ = {"10.0.0.1:1", "10.0.0.1:2", "10.0.0.2:1", "10.0.0.2:2"};
  std::array<Provider*, 4> providers_{};
  std::vector<Caller*> callers_;
  std::vector<std::shared_ptr<CallRecord>> calls_;
  std::vector<std::size_t> owners_;
  std::size_t answered_ = 0;
  std::size_t swapped_ = 0;
};

TEST(Chaos, NoCallerEverGetsAnothersAnswerAndNothingIsLeft) {
  std::size_t answered = 0;
  // Others by hand: --gtest_random_seed=<n>.
  constexpr std::uint64_t seeds = 20;
  const auto first =
      static_cast<std::uint64_t>(::testing::UnitTest::GetInstance()->random_seed()) * seeds + 1;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Chaos chaos(seed);
    chaos.run(200);
    chaos.check();
    EXPECT_EQ(chaos.swapped(), 0u);
    if (::testing::Test::HasFailure()) return;
    answered += chaos.answered();
  }
  // The trouble must not be so great that nothing is tested.
  EXPECT_GT(answered, 50 * seeds);
}

TEST(Chaos, WouldNoticeASwap) {
  Chaos chaos(1, Sabotage::Kind::exchange_answers);
  chaos.run(200);
  chaos.check();
  EXPECT_GT(chaos.swapped(), 0u);
}

}  // namespace
}  // namespace koine::gateway::testing
