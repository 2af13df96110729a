// How a stream uses what is below it: one write a turn, reads that adapt, slabs that are given back. The
// channel is a script here; behaviour over real channels is tested in net/memory/network_contract_test.cc.
#include "net/channel_stream.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/step_loop_test_support.h"

namespace koine::net {
namespace {

using testing::StepLoop;
using testing::StillClock;

// What the test's channel saw and is to answer; outlives the channel.
struct Script {
  std::vector<std::size_t> write_pieces;  // slices offered by each write
  std::string written;
  std::deque<std::size_t> takes;  // bytes that each write takes; 0 is "again"; empty: everything
  base::Status write_error;
  std::string input;
  bool input_ends = false;
  std::vector<std::size_t> read_sizes;  // room of each read
  ChannelEvents* events = nullptr;
  bool want_read = false;
  bool want_write = false;
  int shutdowns = 0;
  int closes = 0;
};

class ScriptedChannel final : public Channel {
 public:
  explicit ScriptedChannel(Script& script) : script_(script) {}
  ~ScriptedChannel() override { ScriptedChannel::close(); }
  void watch(ChannelEvents& events, bool readable, bool writable) override {
    script_.events = &events;
    script_.want_read = readable;
    script_.want_write = writable;
  }
  IoResult read(std::span<std::uint8_t> out) override {
    script_.read_sizes.push_back(out.size());
    const std::size_t count = std::min(out.size(), script_.input.size());
    if (count == 0) return {script_.input_ends ? IoKind::eof : IoKind::again, 0, {}};
    std::copy_n(script_.input.begin(), count, out.begin());
    script_.input.erase(0, count);
    return {IoKind::bytes, count, {}};
  }
  IoResult write(std::span<const base::Slice> slices) override {
    script_.write_pieces.push_back(slices.size());
    if (!script_.write_error.ok()) return {IoKind::error, 0, script_.write_error};
    std::size_t most = SIZE_MAX;
    if (!script_.takes.empty()) {
      most = script_.takes.front();
      script_.takes.pop_front();
    }
    std::size_t taken = 0;
    for (const base::Slice& slice : slices) {
      const std::size_t count = std::min(slice.size(), most - taken);
      script_.written += base::as_text(slice.bytes()).substr(0, count);
      taken += count;
    }
    if (taken == 0) return {};
    return {IoKind::bytes, taken, {}};
  }
  base::Status connect_result() override { return {}; }
  std::string local_text() override { return "local"; }
  void shutdown_write() override { ++script_.shutdowns; }
  void close() override {
    if (!closed_) ++script_.closes;
    closed_ = true;
  }

 private:
  Script& script_;
  bool closed_ = false;
};

struct Handler final : StreamHandler {
  bool consume = true;
  std::size_t received = 0;
  int writable = 0;
  std::vector<std::string> ends;
  std::function<void()> data;
  base::Buffer kept;
  void on_data(base::Buffer& in) override {
    received += in.size();
    if (data) data();
    if (consume) in.consume(in.size());
  }
  void on_eof() override { ends.emplace_back("eof"); }
  void on_writable() override { ++writable; }
  void on_closed(const base::Status& status) override { ends.push_back(status.to_string()); }
};

class ChannelStreamTest : public ::testing::Test {
 protected:
  ~ChannelStreamTest() override {
    stream.reset();
    loop.clear();
  }
  void open(StreamOptions options = {}) {
    stream = ChannelStream::adopt({loop, list, handler, options, "peer", "local"},
                                  std::make_unique<ScriptedChannel>(script));
  }
  static base::Buffer piece(std::string_view text) {
    base::Buffer out;
    out.append(text);
    return out;
  }
  StillClock clock;
  StepLoop loop{clock};
  StreamList list;
  Script script;
  Handler handler;
  StreamPtr stream;
};

TEST_F(ChannelStreamTest, WritesOfOneTurnGoOutInOneCall) {
  open();
  for (int i = 0; i < 5; ++i) stream->write(piece("abc"));
  EXPECT_TRUE(script.write_pieces.empty()) << "written before the end of the turn";
  loop.turn();
  EXPECT_EQ(script.write_pieces, std::vector<std::size_t>{5});
  EXPECT_EQ(script.written, "abcabcabcabcabc");
  EXPECT_FALSE(script.want_write);
  loop.turn();
  EXPECT_EQ(script.write_pieces.size(), 1u);
}

TEST_F(ChannelStreamTest, PartialWritesGoOnWhenTheChannelIsReadyAgain) {
  open();
  stream->write(piece("0123456789"));
  script.takes = {3, 4, 0};
  loop.turn();
  EXPECT_EQ(script.written, "0123456");
  EXPECT_TRUE(script.want_write);
  EXPECT_EQ(stream->queued_bytes(), 3u);
  stream->write(piece("ab"));
  loop.turn();
  EXPECT_EQ(script.written, "0123456") << "tried although the channel had said to wait";
  script.events->on_ready(false, true);
  loop.turn();
  EXPECT_EQ(script.written, "0123456789ab");
  EXPECT_FALSE(script.want_write);
}

TEST_F(ChannelStreamTest, WatermarksAreExact) {
  open({.write_high_bytes = 10, .write_low_bytes = 4});
  stream->write(piece("123456789"));
  EXPECT_FALSE(stream->congested());
  stream->write(piece("0"));
  EXPECT_TRUE(stream->congested());
  script.takes = {5, 0};
  loop.turn();
  EXPECT_EQ(handler.writable, 0) << "5 are left, the low mark is 4";
  script.takes = {1, 0};
  script.events->on_ready(false, true);
  loop.turn();
  EXPECT_EQ(handler.writable, 1);
  EXPECT_FALSE(stream->congested());
  script.events->on_ready(false, true);
  loop.turn();
  EXPECT_EQ(handler.writable, 1);
}

TEST_F(ChannelStreamTest, ShutdownWaitsForQueuedBytesAndHappensOnce) {
  open();
  stream->write(piece("last"));
  script.takes = {2, 0};
  stream->shutdown_write();
  stream->shutdown_write();
  loop.turn();
  EXPECT_EQ(script.shutdowns, 0);
  script.events->on_ready(false, true);
  loop.turn();
  EXPECT_EQ(script.written, "last");
  EXPECT_EQ(script.shutdowns, 1);
}

TEST_F(ChannelStreamTest, ReadsGrowWithTheirInputAndShrinkAgain) {
  open();
  script.input.assign(400'000, 'x');
  while (!script.input.empty()) {
    script.events->on_ready(true, false);
    loop.turn();
  }
  EXPECT_EQ(handler.received, 400'000u);
  EXPECT_EQ(script.read_sizes.front(), 4096u);
  EXPECT_EQ(*std::max_element(script.read_sizes.begin(), script.read_sizes.end()), 64u << 10);
  for (int i = 0; i < 10; ++i) {
    script.input = "small";
    script.events->on_ready(true, false);
    loop.turn();
  }
  EXPECT_EQ(script.read_sizes.back(), 4096u);
  EXPECT_EQ(loop.slabs().used_bytes(), 0u);
}

TEST_F(ChannelStreamTest, AShortReadIsTheLastOfItsTurn) {
  open();
  script.input = "short";
  script.events->on_ready(true, false);
  EXPECT_EQ(script.read_sizes.size(), 1u) << "a second read only to hear that nothing is there";
}

TEST_F(ChannelStreamTest, ATurnReadsItsShareOnly) {
  open();
  script.input.assign(10u << 20, 'x');
  for (int i = 0; i < 10; ++i) {
    const std::size_t before = handler.received;
    script.events->on_ready(true, false);
    EXPECT_LE(handler.received - before, 2 * ChannelStream::turn_bytes_max);
    loop.turn();
  }
}

TEST_F(ChannelStreamTest, BytesOneByOneCostLittleMoreThanThemselves) {
  open();
  handler.consume = false;
  constexpr std::size_t count = 100'000;
  for (std::size_t i = 0; i < count; ++i) {
    script.input = "x";
    script.events->on_ready(true, false);
  }
  EXPECT_LE(loop.slabs().used_bytes(), count + count / 4 + 8192);
  stream.reset();
  loop.turn();
  EXPECT_EQ(loop.slabs().used_bytes(), 0u);
}

TEST_F(ChannelStreamTest, PausedStreamIsNotWatchedForReading) {
  open();
  EXPECT_TRUE(script.want_read);
  stream->pause_reading();
  EXPECT_FALSE(script.want_read);
  stream->resume_reading();
  EXPECT_TRUE(script.want_read);
}

TEST_F(ChannelStreamTest, PauseAndResumeInsideOnDataChangesNothing) {
  open();
  handler.consume = false;
  int calls = 0;
  handler.data = [&] {
    ++calls;
    stream->pause_reading();
    stream->resume_reading();
  };
  script.input = "abc";
  script.events->on_ready(true, false);
  loop.turn();
  loop.turn();
  EXPECT_EQ(calls, 1);
}

TEST_F(ChannelStreamTest, TellsItsHandlerWhenTheOtherStreamsOfTheTurnHaveBeenRead) {
  open();
  Script other_script;
  Handler other_handler;
  StreamPtr other = ChannelStream::adopt({loop, list, other_handler, {}, "peer", "local"},
                                         std::make_unique<ScriptedChannel>(other_script));
  handler.data = [&] { EXPECT_TRUE(other_script.input.empty()); };
  script.input = "abc";
  other_script.input = "defg";
  script.events->on_ready(true, false);
  other_script.events->on_ready(true, false);
  EXPECT_EQ(handler.received, 0u);
  loop.turn();
  EXPECT_EQ(handler.received, 3u);
  EXPECT_EQ(other_handler.received, 4u);
}

TEST_F(ChannelStreamTest, WhatWasReadForAStreamThatANeighbourClosesIsNotHandedOn) {
  open();
  Script other_script;
  Handler other_handler;
  StreamPtr other = ChannelStream::adopt({loop, list, other_handler, {}, "peer", "local"},
                                         std::make_unique<ScriptedChannel>(other_script));
  handler.data = [&] { other.reset(); };
  script.input = "abc";
  other_script.input = "defg";
  script.events->on_ready(true, false);
  other_script.events->on_ready(true, false);
  loop.turn();
  EXPECT_EQ(other_handler.received, 0u);
  EXPECT_TRUE(other_handler.ends.empty());
  EXPECT_EQ(loop.slabs().used_bytes(), 0u);
}

TEST_F(ChannelStreamTest, ANeighbourThatPausesItKeepsWhatWasReadForLater) {
  open();
  Script other_script;
  Handler other_handler;
  StreamPtr other = ChannelStream::adopt({loop, list, other_handler, {}, "peer", "local"},
                                         std::make_unique<ScriptedChannel>(other_script));
  handler.data = [&] { other->pause_reading(); };
  script.input = "abc";
  other_script.input = "defg";
  other_script.input_ends = true;
  script.events->on_ready(true, false);
  other_script.events->on_ready(true, false);
  loop.turn();
  EXPECT_EQ(other_handler.received, 0u);
  other->resume_reading();
  loop.turn();
  EXPECT_EQ(other_handler.received, 4u);
}

TEST_F(ChannelStreamTest, ANeighbourThatClosesItAfterItsOutputEndsItAtOnceWhenItsPeerHasEnded) {
  open();
  Script other_script;
  Handler other_handler;
  StreamPtr other = ChannelStream::adopt({loop, list, other_handler, {}, "peer", "local"},
                                         std::make_unique<ScriptedChannel>(other_script));
  handler.data = [&] {
    other->write(piece("last words"));
    other->close_after_flush();
  };
  script.input = "abc";
  other_script.input_ends = true;
  script.events->on_ready(true, false);
  other_script.events->on_ready(true, false);
  loop.turn();
  EXPECT_EQ(other_script.written, "last words");
  EXPECT_EQ(other_handler.ends, std::vector<std::string>{"OK"});
}

TEST_F(ChannelStreamTest, WriteErrorStillReadsWhatThePeerSaid) {
  open();
  script.write_error = base::Status(base::Reason::net_io, "Broken pipe");
  script.input.assign(10'000, 'r');
  stream->write(piece("question"));
  loop.turn();
  EXPECT_EQ(handler.received, 10'000u);
  EXPECT_EQ(handler.ends, std::vector<std::string>{"NET_IO: writing to peer: Broken pipe"});
  EXPECT_EQ(script.closes, 1);
}

TEST_F(ChannelStreamTest, EndsInOrderOnlyWhenBothDirectionsHave) {
  open();
  script.input_ends = true;
  script.events->on_ready(true, false);
  loop.turn();
  EXPECT_EQ(handler.ends, std::vector<std::string>{"eof"});
  EXPECT_FALSE(script.want_read) << "the end would make it readable for ever";
  stream->write(piece("still"));
  stream->shutdown_write();
  loop.turn();
  EXPECT_EQ(script.written, "still");
  EXPECT_EQ(handler.ends, (std::vector<std::string>{"eof", "OK"}));
  EXPECT_EQ(script.closes, 1);
  EXPECT_EQ(list.open(), 0u);
}

TEST_F(ChannelStreamTest, CloseAfterFlushGivesUpAfterItsTime) {
  open();
  script.takes = {0};
  stream->write(piece("never taken"));
  stream->close_after_flush();
  loop.turn();
  EXPECT_TRUE(handler.ends.empty());
  clock.now += Stream::close_timeout_ns;
  loop.turn();
  ASSERT_EQ(handler.ends.size(), 1u);
  EXPECT_TRUE(handler.ends[0].starts_with("NET_TIMEOUT: peer did not take")) << handler.ends[0];
  EXPECT_EQ(script.closes, 1);
}

TEST_F(ChannelStreamTest, CloseAfterFlushDropsFurtherInputWithoutKeepingIt) {
  open();
  stream->close_after_flush();
  loop.turn();
  EXPECT_EQ(script.shutdowns, 1);
  for (int i = 0; i < 100; ++i) {
    script.input.assign(10'000, 'x');
    script.events->on_ready(true, false);
  }
  EXPECT_EQ(handler.received, 0u);
  EXPECT_EQ(loop.slabs().used_bytes(), 0u);
  script.input.clear();
  script.input_ends = true;
  script.events->on_ready(true, false);
  EXPECT_EQ(handler.ends, std::vector<std::string>{"OK"});
}

TEST_F(ChannelStreamTest, ClosingListEndsStreamsThatLinger) {
  auto own = std::make_unique<StreamList>();
  Handler mine;
  StreamPtr lingering = ChannelStream::adopt({loop, *own, mine, {}, "peer", "local"},
                                             std::make_unique<ScriptedChannel>(script));
  script.takes = {0};
  lingering->write(piece("x"));
  lingering->close_after_flush();
  lingering.reset();
  loop.turn();
  EXPECT_EQ(own->open(), 1u);
  EXPECT_EQ(script.closes, 0);
  own.reset();
  EXPECT_EQ(script.closes, 1);
  loop.turn();
}

}  // namespace
}  // namespace koine::net
