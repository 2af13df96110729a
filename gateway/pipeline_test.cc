// Each policy that a call passed hears of its end exactly once, last first; stop and park stop where they
// say.
#include "gateway/pipeline.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace koine::gateway {
namespace {

using governance::Verdict;

struct Recorder final : governance::Policy {
  std::string name;
  Verdict verdict;
  std::vector<std::string>& log;
  Recorder(std::string text, Verdict says, std::vector<std::string>& to)
      : name(std::move(text)), verdict(says), log(to) {}
  Verdict on_call(governance::Call&, model::Outcome& stop) override {
    log.push_back("call " + name);
    if (verdict == Verdict::stop) stop.message = name;
    return verdict;
  }
  Verdict on_attempt(governance::Call&, model::Outcome&) override {
    log.push_back("attempt " + name);
    return verdict;
  }
  void on_attempt_end(governance::Call&, const model::Outcome&) override {
    log.push_back("attempt_end " + name);
  }
  void on_finish(governance::Call&, const model::Outcome&) override { log.push_back("finish " + name); }
};

class PipelineTest : public testing::Test {
 protected:
  void add(Stage stage, const std::string& name, Verdict verdict = Verdict::proceed) {
    steps_.push_back({stage, std::make_unique<Recorder>(name, verdict, log_)});
  }
  std::vector<std::string> take() { return std::exchange(log_, {}); }

  std::vector<std::string> log_;
  std::vector<Step> steps_;
  Pipeline::Passage passage_;
  governance::Call call_;
  model::Outcome outcome_;
};

TEST_F(PipelineTest, StagesRunInOrderAndTheEndIsHeardInReverse) {
  add(Stage::server, "a");
  add(Stage::route, "b");
  add(Stage::route, "c");
  Pipeline pipeline(std::move(steps_));
  EXPECT_EQ(pipeline.run(Stage::server, passage_, call_), Verdict::proceed);
  EXPECT_THAT(take(), testing::ElementsAre("call a"));
  EXPECT_EQ(pipeline.run(Stage::route, passage_, call_), Verdict::proceed);
  EXPECT_THAT(take(), testing::ElementsAre("call b", "call c"));
  pipeline.finish(passage_, call_, outcome_);
  EXPECT_THAT(take(), testing::ElementsAre("finish c", "finish b", "finish a"));
  pipeline.finish(passage_, call_, outcome_);
  EXPECT_THAT(take(), testing::IsEmpty());
}

TEST_F(PipelineTest, APolicyThatStopsIsNotToldOfTheEnd) {
  add(Stage::server, "a");
  add(Stage::server, "b", Verdict::stop);
  add(Stage::server, "c");
  Pipeline pipeline(std::move(steps_));
  EXPECT_EQ(pipeline.run(Stage::server, passage_, call_), Verdict::stop);
  const model::Outcome stopped = pipeline.stopped();
  EXPECT_EQ(stopped.message, "b");
  EXPECT_EQ(stopped.code, model::Code::unavailable);
  EXPECT_EQ(stopped.origin, model::Origin::gateway);
  EXPECT_EQ(stopped.phase, model::Phase::not_sent);
  EXPECT_EQ(pipeline.stopped().message, "") << "of the next call";
  pipeline.finish(passage_, call_, outcome_);
  EXPECT_THAT(take(), testing::ElementsAre("call a", "call b", "finish a"));
}

TEST_F(PipelineTest, AParkedCallGoesOnBehindThePolicyThatParkedIt) {
  add(Stage::route, "a", Verdict::park);
  add(Stage::route, "b");
  Pipeline pipeline(std::move(steps_));
  EXPECT_EQ(pipeline.run(Stage::route, passage_, call_), Verdict::park);
  EXPECT_EQ(pipeline.run(Stage::route, passage_, call_), Verdict::proceed);
  pipeline.finish(passage_, call_, outcome_);
  EXPECT_THAT(take(), testing::ElementsAre("call a", "call b", "finish b", "finish a"));
}

TEST_F(PipelineTest, AttemptsAreAskedInOrderAndEndInReverse) {
  add(Stage::server, "a");
  add(Stage::route, "b");
  Pipeline pipeline(std::move(steps_));
  EXPECT_EQ(pipeline.attempt(call_), Verdict::proceed);
  pipeline.attempt_end(call_, outcome_);
  EXPECT_THAT(take(), testing::ElementsAre("attempt a", "attempt b", "attempt_end b", "attempt_end a"));
}

}  // namespace
}  // namespace koine::gateway
