// The cases of one target: values from the table, and the course cases, over whichever client was generated.
#pragma once

#include <atomic>

#include <sys/resource.h>
#include <thrift/async/TConcurrentClientSyncInfo.h>

#include "connection.h"

namespace thrift_peer {

// Api names what was generated from one IDL: Client, ConcurrentClient, and static functions
//   linger_send(client, nonce, wait_ms), linger_receive(client), stamp_send(client, nonce),
//   stamp_receive(client), stamp(client, nonce), greet, post, reset, seen, and `values`, `sees_cancels`.
template <class Api>
class Suite {
 public:
  using Client = typename Api::Client;

  explicit Suite(const peer::Target& target) : target_(target) {
    Api::add_values(*this);
    add_course();
  }

  void run() {
    cases_.run(target_, describe,
               [this] { shared_.reset(); });  // whatever is left on the wire belongs to the case that failed
  }

  // Adds the cases of one method: Args and Result are its generated argument and result structs.
  template <class Args, class Result>
  void add(const std::string& method, const std::function<void(Client&, const Args&, Result&)>& call) {
    static const auto samples = peer::samples(Api::values);
    for (const auto& sample : samples) {
      if (sample.method != method) continue;
      cases_.add(sample.name, [this, &sample, call] {
        Result result;
        Client client = shared_client();
        call(client, parsed<Args>(sample.request), result);
        return peer::Outcome{json_of(result),
                             json_as_read(Dialect::parse(target_.dialect), parsed<Result>(sample.answer))};
      });
    }
  }

  void add(const std::string& name, peer::Suite::Run run) { cases_.add(name, std::move(run)); }

  Connection& shared() {
    if (!shared_) shared_ = std::make_unique<Connection>(target_, peer::answer_limit_ms);
    return *shared_;
  }

  Client shared_client() { return Client(shared().protocol, shared().output); }

  const peer::Target& target() const { return target_; }

 private:
  class Calls : public peer::Service {
   public:
    explicit Calls(Connection& connection) : client_(connection.protocol, connection.output) {}
    void greet() override { Api::greet(client_); }
    std::int64_t stamp(std::int64_t nonce) override { return Api::stamp(client_, nonce); }
    void post(std::int64_t nonce, const std::string& note) override { Api::post(client_, nonce, note); }
    void reset(std::int64_t nonce) override { Api::reset(client_, nonce); }
    peer::Sighting seen(std::int64_t nonce) override { return Api::seen(client_, nonce); }

   private:
    Client client_;
  };

  void add_course() {
    add("void", [this] {
      Calls calls(shared());
      return peer::run_void(calls);
    });
    add("oneway", [this] {
      Calls calls(shared());
      return peer::run_oneway(calls);
    });
    add("deadline_passed", [this] { return deadline_passed(); });
    add("cancelled", [this] { return cancelled(); });
    add("in_flight_1000", [this] { return in_flight(); });
    add("undeclared_failure", [this] { return undeclared_failure(); });
    add("no_such_method", [this] { return no_such_method(); });
  }

  peer::Outcome aftermath(Calls& calls, std::int64_t nonce) {
    Connection own(target_, peer::answer_limit_ms);
    Calls fresh(own);
    return peer::aftermath(calls, fresh, nonce, Api::sees_cancels);
  }

  peer::Outcome deadline_passed() {
    Calls calls(shared());
    calls.greet();
    Connection hurried(target_, target_.deadline_ms);
    Client client(hurried.protocol, hurried.output);
    const auto nonce = peer::new_nonce();
    try {
      Api::linger_send(client, nonce, peer::linger_wait_ms);
      Api::linger_receive(client);
      throw peer::Failure("Peer: the call was answered, a time-out was due");
    } catch (const TTransportException& error) {
      if (error.getType() != TTransportException::TIMED_OUT) throw;
    }
    hurried.close();
    return aftermath(calls, nonce);
  }

  peer::Outcome cancelled() {
    Calls calls(shared());
    Connection abandoned(target_, peer::answer_limit_ms);
    Client client(abandoned.protocol, abandoned.output);
    const auto nonce = peer::new_nonce();
    Api::linger_send(client, nonce, peer::linger_wait_ms);
    peer::poll(calls, nonce, [](const peer::Sighting& seen) { return seen.started > 0; });
    abandoned.close();
    return aftermath(calls, nonce);
  }

  // A thousand threads share the library's concurrent client: every call is written before the answers are
  // awaited. The header transport keeps one state for both directions and allows no such thing; there a
  // window is written ahead.
  peer::Outcome in_flight() {
    Connection own(target_, peer::answer_limit_ms);
    const auto base = peer::new_nonce() & ~0xffffll;
    if (!own.concurrent()) return pipelined(own, base);
    auto sync = std::make_shared<apache::thrift::async::TConcurrentClientSyncInfo>();
    typename Api::ConcurrentClient client(own.protocol, own.separate_output(), sync);
    std::vector<std::int32_t> sequences;
    for (int i = 0; i < peer::in_flight_calls; ++i)
      sequences.push_back(Api::stamp_send_concurrent(client, base + i));
    std::atomic<int> right{0};
    std::vector<std::thread> callers;
    for (int i = 0; i < peer::in_flight_calls; ++i) {
      callers.emplace_back([&, i] {
        try {
          if (Api::stamp_receive_concurrent(client, sequences[static_cast<std::size_t>(i)]) == ~(base + i))
            ++right;
        } catch (const std::exception&) {
          own.close();  // nobody may wait for an answer that will not come
        }
      });
    }
    for (auto& caller : callers) caller.join();
    return peer::in_flight_outcome(right);
  }

  peer::Outcome pipelined(Connection& own, std::int64_t base) {
    constexpr int window = 50;
    Client client(own.protocol, own.output);
    int right = 0, sent = 0;
    for (int received = 0; received < peer::in_flight_calls; ++received) {
      for (; sent < peer::in_flight_calls && sent - received < window; ++sent)
        Api::stamp_send(client, base + sent);
      if (Api::stamp_receive(client) == ~(base + received)) ++right;
    }
    return peer::in_flight_outcome(right);
  }

  // What fails unforeseen keeps its text; its number is INTERNAL_ERROR, except from libraries that know only
  // UNKNOWN, whose providers say so in the text.
  peer::Outcome undeclared_failure() {
    Client client = shared_client();
    const std::string want = Api::deliberate();
    return {peer::quote(Api::fail_deliberately(client)), peer::quote(want)};
  }

  peer::Outcome no_such_method() {
    Connection& connection = shared();
    connection.output->writeMessageBegin("noSuchMethod", T_CALL, 0);
    connection.output->writeStructBegin("noSuchMethod_args");
    connection.output->writeFieldStop();
    connection.output->writeStructEnd();
    connection.output->writeMessageEnd();
    connection.output->getTransport()->writeEnd();
    connection.output->getTransport()->flush();
    std::string name;
    TMessageType type;
    std::int32_t sequence;
    connection.protocol->readMessageBegin(name, type, sequence);
    TApplicationException error;
    if (type == T_EXCEPTION)
      error.read(connection.protocol.get());
    else
      connection.protocol->skip(T_STRUCT);
    connection.protocol->readMessageEnd();
    connection.protocol->getTransport()->readEnd();
    return {std::to_string(type) + std::to_string(error.getType()),
            std::to_string(T_EXCEPTION) + std::to_string(TApplicationException::UNKNOWN_METHOD)};
  }

  peer::Target target_;
  std::unique_ptr<Connection> shared_;
  peer::Suite cases_;
};

}  // namespace thrift_peer
