// The simulator's callers: a Thrift client of our own writing, and a gRPC client on the codec's other half.
// Each writes into the ledger what its calls got. Owned by the Simulation; its loop.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "codecs/call_codec.h"
#include "gateway/testing/simulator/line.h"

namespace koine::gateway::testing::simulator {

class Caller : public Line {
 public:
  // Connects. `number`: of this connection in the ledger.
  Caller(Stage& stage, Wire wire, std::string_view address, std::size_t number);

  std::size_t number() const { return number_; }
  // Starts the call with that index in the scenario; no-op on a connection that is over.
  virtual void start(std::size_t call) = 0;
  // The caller gives up. The Thrift ones can only go away.
  virtual void cancel(std::size_t call) = 0;
  virtual void cancel_all() = 0;
  void close() override;

  void on_connected() override;
  void on_eof() override { lose("the gateway ended the connection"); }
  void on_closed(const base::Status& status) override { lose(status.to_string()); }

 protected:
  CallRecord& begin(std::size_t call, std::uint64_t request_bytes, std::string method);
  void end(std::size_t call, model::Code code, std::string_view text);
  // Calls that wait get no result any more.
  void lose(std::string_view why);
  virtual void lost() = 0;
  void mark_lost(std::size_t call);

 private:
  const std::size_t number_;
  bool over_ = false;
};

class ThriftCaller final : public Caller {
 public:
  ThriftCaller(Stage& stage, const CallerPlan& plan, std::size_t number);
  void start(std::size_t call) override;
  void cancel(std::size_t call) override;
  void cancel_all() override;
  void on_data(base::Buffer& in) override;

 private:
  struct Waiting {
    std::size_t call;
    std::int32_t seqid;
    std::string name;
  };
  void lost() override;
  void take(const Waiting& waiting, const ThriftMessage& message);

  const CallerPlan plan_;
  std::string in_;
  std::deque<Waiting> waiting_;
};

class GrpcCaller final : public Caller, private codecs::ClientEvents {
 public:
  GrpcCaller(Stage& stage, const CallerPlan& plan, std::size_t number);
  ~GrpcCaller() override;
  void start(std::size_t call) override;
  void cancel(std::size_t call) override;
  void cancel_all() override;
  void on_data(base::Buffer& in) override;

 private:
  void pull() override;
  void lost() override;
  void say(std::size_t call, std::uint32_t message);
  void take(std::size_t call, const model::Payload& message);
  void on_reply(codecs::CallId id, model::Reply&& reply) override;
  void on_head(codecs::CallId, model::ReplyHead&&) override {}
  void on_message(codecs::CallId id, model::Payload&& message) override;
  void on_finish(codecs::CallId id, model::Outcome&& outcome) override;
  using Line::on_writable;
  void on_writable(codecs::CallId) override { stage_.turn.queue(*this); }
  void on_capacity() override {}

  std::unique_ptr<codecs::ClientSession> session_;
  std::map<std::size_t, std::uint32_t> heard_;  // calls in flight: messages that came
  // Timers of streams that are still talking find the caller through this, or find it gone.
  std::shared_ptr<GrpcCaller*> self_;
};

std::unique_ptr<Caller> make_caller(Stage& stage, const CallerPlan& plan, std::size_t number);

}  // namespace koine::gateway::testing::simulator
