// contract.thrift: its client's cases and its provider.
#pragma once

#include <condition_variable>
#include <mutex>

#include <thrift/processor/TMultiplexedProcessor.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TServerSocket.h>

#include "gen/Interop.h"
#include "suite.h"

namespace thrift_peer {

const std::map<std::string, std::string> info_request{{"x-koine-greeting", "hello"},
                                                      {"x-koine-tag", "caller"}};
const std::map<std::string, std::string> info_answer{{"x-koine-reply", "world"}, {"x-koine-tag", "provider"}};

// The info headers of the metadata cases; others belong to libraries and gateways.
inline std::map<std::string, std::string> marked(const std::map<std::string, std::string>& all) {
  std::map<std::string, std::string> marked;
  for (const auto& [name, value] : all)
    if (name.rfind("x-koine-", 0) == 0) marked.emplace(name, value);
  return marked;
}

inline std::string text_of(const std::map<std::string, std::string>& entries) {
  std::string text;
  for (const auto& [name, value] : entries)
    text += (text.empty() ? "{" : ",") + peer::quote(name) + ":" + peer::quote(value);
  return text.empty() ? "{}" : text + "}";
}

// The type of a deliberate failure with this text, see contract/cases.md.
inline TApplicationException::TApplicationExceptionType deliberate_type(const std::string& text) {
  return text.find("(UNKNOWN)") != std::string::npos ? TApplicationException::UNKNOWN
                                                     : TApplicationException::INTERNAL_ERROR;
}

// The course cases' calls where methods take their values, and not a message around them.
template <class ClientType, class ConcurrentClientType>
struct PlainCalls {
  using Client = ClientType;
  using ConcurrentClient = ConcurrentClientType;

  static void greet(Client& client) {
    std::string answer;
    client.greet(answer);
  }
  static std::int64_t stamp(Client& client, std::int64_t nonce) { return client.stamp(nonce); }
  static void stamp_send(Client& client, std::int64_t nonce) { client.send_stamp(nonce); }
  static std::int64_t stamp_receive(Client& client) { return client.recv_stamp(); }
  static std::int32_t stamp_send_concurrent(ConcurrentClient& client, std::int64_t nonce) {
    return client.send_stamp(nonce);
  }
  static std::int64_t stamp_receive_concurrent(ConcurrentClient& client, std::int32_t sequence) {
    return client.recv_stamp(sequence);
  }
  static void linger_send(Client& client, std::int64_t nonce, int wait_ms) {
    client.send_linger(nonce, wait_ms);
  }
  static void linger_receive(Client& client) { client.recv_linger(); }
  static void post(Client& client, std::int64_t nonce, const std::string& note) { client.post(nonce, note); }
  static void reset(Client& client, std::int64_t nonce) { client.reset(nonce); }
};

struct Own : PlainCalls<contract::InteropClient, contract::InteropConcurrentClient> {
  static constexpr char values[] = "own.values";
  static constexpr bool sees_cancels = false;

  static peer::Sighting seen(Client& client, std::int64_t nonce) {
    contract::Seen seen;
    client.seen(seen, nonce);
    return {seen.posts, seen.resets, seen.lingersStarted, seen.lingersCancelled};
  }

  static std::string deliberate() { return "the deliberate failure"; }
  static std::string fail_deliberately(Client& client) {
    contract::Ticket ticket;
    try {
      client.fail(ticket, "undeclared_failure");
    } catch (const TApplicationException& error) {
      const std::string text = error.what();
      if (error.getType() == deliberate_type(text) && text.find(peer::deliberate_text) != std::string::npos)
        return deliberate();
      throw;
    }
    return "the call ended well";
  }

  static void add_values(Suite<Own>& suite) {
#define KOINE_METHOD(method, ...)                                                    \
  suite.add<contract::Interop_##method##_args, contract::Interop_##method##_result>( \
      #method, [](Client& client, const contract::Interop_##method##_args& in,       \
                  contract::Interop_##method##_result& out) {                        \
        (void)in;                                                                    \
        __VA_ARGS__;                                                                 \
        out.__isset.success = true;                                                  \
      })
#define KOINE_STRUCT_METHOD(method, argument) KOINE_METHOD(method, client.method(out.success, in.argument))
    KOINE_STRUCT_METHOD(scalars, request);
    KOINE_STRUCT_METHOD(payload, request);
    KOINE_STRUCT_METHOD(lists, request);
    KOINE_STRUCT_METHOD(sets, request);
    KOINE_STRUCT_METHOD(maps, request);
    KOINE_STRUCT_METHOD(placeOrder, order);
    KOINE_STRUCT_METHOD(grow, root);
    KOINE_STRUCT_METHOD(optionals, request);
    KOINE_STRUCT_METHOD(paint, request);
    KOINE_STRUCT_METHOD(pick, request);
    KOINE_STRUCT_METHOD(times, request);
    KOINE_METHOD(several, client.several(out.success, in.first, in.second, in.third, in.fourth, in.fifth));
    KOINE_METHOD(addUp, out.success = client.addUp(in.left, in.right));
    KOINE_STRUCT_METHOD(listNames, prefix);
    KOINE_METHOD(greet, client.greet(out.success));
    KOINE_STRUCT_METHOD(exchangeHeaders, headers);
#undef KOINE_STRUCT_METHOD
#undef KOINE_METHOD
    suite.add<contract::Interop_fail_args, contract::Interop_fail_result>(
        "fail",
        [](Client& client, const contract::Interop_fail_args& in, contract::Interop_fail_result& out) {
          try {
            client.fail(out.success, in.caseId);
            out.__isset.success = true;
          } catch (const contract::NotFound& declared) {
            out.notFound = declared;
            out.__isset.notFound = true;
          } catch (const contract::OverQuota& declared) {
            out.overQuota = declared;
            out.__isset.overQuota = true;
          }
        });
    suite.add("metadata_info", [&suite] {
      Client client = suite.shared_client();
      auto& header = suite.shared().header;
      if (!header) throw peer::Failure("Peer: this dialect has no info headers");
      for (const auto& [name, value] : info_request) header->setHeader(name, value);
      std::map<std::string, std::string> answer;
      client.exchangeHeaders(answer, {});
      header->clearHeaders();
      return peer::Outcome{"[" + text_of(answer) + "," + text_of(marked(header->getHeaders())) + "]",
                           "[{}," + text_of(info_answer) + "]"};
    });
  }
};

// ----------------------------------------------------------------- provider

// What the provider knows of nonces, over all connections.
class Sightings {
 public:
  void change(std::int64_t nonce, const std::function<void(contract::Seen&)>& change) {
    const std::lock_guard lock(mutex_);
    change(seen_[nonce]);
  }
  contract::Seen of(std::int64_t nonce) {
    const std::lock_guard lock(mutex_);
    return seen_[nonce];
  }

 private:
  std::mutex mutex_;
  std::map<std::int64_t, contract::Seen> seen_;
};

inline std::runtime_error mismatch(const std::string& name, const std::string& got, const std::string& want) {
  return std::runtime_error((name + ": got " + got + " want " + want).substr(0, 2000));
}

// Checks what it received against the case and answers the case's other value; one for each connection.
class Provider : public contract::InteropIf {
 public:
  Provider(Sightings& sightings, std::shared_ptr<THeaderProtocol> header)
      : sightings_(sightings), header_(std::move(header)) {}

#define KOINE_METHOD(method, Type, argument)                                                \
  void method(contract::Type& answer, const contract::Type& argument) override {            \
    contract::Interop_##method##_args in;                                                   \
    in.argument = argument;                                                                 \
    answer = check<contract::Interop_##method##_args, contract::Interop_##method##_result>( \
                 #method, name_of(argument), in)                                            \
                 .success;                                                                  \
  }
  KOINE_METHOD(scalars, Scalars, request)
  KOINE_METHOD(payload, Payload, request)
  KOINE_METHOD(lists, Lists, request)
  KOINE_METHOD(sets, Sets, request)
  KOINE_METHOD(maps, Maps, request)
  KOINE_METHOD(placeOrder, Order, order)
  KOINE_METHOD(grow, Node, root)
  KOINE_METHOD(optionals, Optionals, request)
  KOINE_METHOD(paint, Paint, request)
  KOINE_METHOD(pick, Pick, request)
  KOINE_METHOD(times, Times, request)
#undef KOINE_METHOD

  void several(std::string& answer, const std::int32_t first, const std::string& second,
               const std::vector<std::int64_t>& third, const contract::Colour::type fourth,
               const contract::Item& fifth) override {
    contract::Interop_several_args in;
    in.first = first;
    in.second = second;
    in.third = third;
    in.fourth = fourth;
    in.fifth = fifth;
    answer = check<contract::Interop_several_args, contract::Interop_several_result>("several",
                                                                                     "several_arguments", in)
                 .success;
  }
  std::int64_t addUp(const std::int64_t left, const std::int64_t right) override {
    contract::Interop_addUp_args in;
    in.left = left;
    in.right = right;
    return check<contract::Interop_addUp_args, contract::Interop_addUp_result>("addUp", "bare_result", in)
        .success;
  }
  void listNames(std::vector<std::string>& answer, const std::string& prefix) override {
    contract::Interop_listNames_args in;
    in.prefix = prefix;
    answer = check<contract::Interop_listNames_args, contract::Interop_listNames_result>(
                 "listNames", "bare_list_result", in)
                 .success;
  }
  void greet(std::string& answer) override {
    answer = check<contract::Interop_greet_args, contract::Interop_greet_result>("greet", "no_arguments", {})
                 .success;
  }

  void reset(const contract::Nonce nonce) override {
    sightings_.change(nonce, [](contract::Seen& seen) { ++seen.resets; });
  }
  void post(const contract::Nonce nonce, const std::string& note) override {
    if (note == peer::post_note) sightings_.change(nonce, [](contract::Seen& seen) { ++seen.posts; });
  }
  void seen(contract::Seen& answer, const contract::Nonce nonce) override { answer = sightings_.of(nonce); }

  void fail(contract::Ticket& answer, const std::string& name) override {
    // The library answers what nobody declared as UNKNOWN; the text tells the callers to expect that.
    if (name == "undeclared_failure")
      throw std::runtime_error(std::string(peer::deliberate_text) + " (UNKNOWN)");
    contract::Interop_fail_args in;
    in.caseId = name;
    const auto end = check<contract::Interop_fail_args, contract::Interop_fail_result>("fail", name, in);
    if (end.__isset.notFound) throw end.notFound;
    if (end.__isset.overQuota) throw end.overQuota;
    answer = end.success;
  }
  contract::Nonce linger(const contract::Nonce nonce, const std::int32_t wait_ms) override {
    sightings_.change(nonce, [](contract::Seen& seen) { ++seen.lingersStarted; });
    std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
    return ~nonce;
  }
  // Metadata comes in the message or, where the dialect has them, in info headers, and goes back the same
  // way.
  void exchangeHeaders(std::map<std::string, std::string>& answer,
                       const std::map<std::string, std::string>& headers) override {
    const auto info = header_ ? marked(header_->getHeaders()) : std::map<std::string, std::string>{};
    if (headers.empty() && !info.empty()) {
      if (info != info_request) throw mismatch("metadata_info", text_of(info), text_of(info_request));
      for (const auto& [name, value] : info_answer) header_->setHeader(name, value);
      return;
    }
    contract::Interop_exchangeHeaders_args in;
    in.headers = headers;
    answer = check<contract::Interop_exchangeHeaders_args, contract::Interop_exchangeHeaders_result>(
                 "exchangeHeaders", "metadata_roundtrip", in)
                 .success;
  }
  contract::Nonce stamp(const contract::Nonce nonce) override { return ~nonce; }

 private:
  template <class T>
  static std::string name_of(const T& value) {
    return value.caseId;
  }
  static std::string name_of(const contract::Node& value) {
    return value.name == "n0" ? "recursive_chain" : "recursive_bush";
  }

  template <class Args, class Result>
  static Result check(const std::string& method, const std::string& name, const Args& received) {
    static const auto samples = peer::samples(Own::values);
    for (const auto& sample : samples) {
      if (sample.method != method || sample.name != name) continue;
      const auto got = json_of(received), want = json_of(parsed<Args>(sample.request));
      if (got != want) throw mismatch(name, peer::shorten(got), peer::shorten(want));
      return parsed<Result>(sample.answer);
    }
    throw mismatch(name, "an unknown case", "a case of this method");
  }

  Sightings& sightings_;
  std::shared_ptr<THeaderProtocol> header_;
};

// Makes a provider for each connection, because that is where the library shows the info headers.
class Providers : public contract::InteropIfFactory {
 public:
  contract::InteropIf* getHandler(const TConnectionInfo& connection) override {
    return new Provider(sightings_, std::dynamic_pointer_cast<THeaderProtocol>(connection.input));
  }
  void releaseHandler(contract::InteropIf* handler) override { delete handler; }

 private:
  Sightings sightings_;
};

class Multiplexer : public TProcessorFactory {
 public:
  explicit Multiplexer(std::shared_ptr<TProcessorFactory> one) : one_(std::move(one)) {}
  std::shared_ptr<TProcessor> getProcessor(const TConnectionInfo& connection) override {
    auto processor = std::make_shared<TMultiplexedProcessor>();
    processor->registerProcessor(service_of("own"), one_->getProcessor(connection));
    return processor;
  }

 private:
  std::shared_ptr<TProcessorFactory> one_;
};

// Factories of the server side, one class for all dialects.
class LayerFactory : public TTransportFactory {
 public:
  explicit LayerFactory(Dialect dialect) : dialect_(std::move(dialect)) {}
  TransportPtr getTransport(TransportPtr socket) override { return layered(dialect_, socket); }

 private:
  Dialect dialect_;
};

class EncodingFactory : public TProtocolFactory {
 public:
  explicit EncodingFactory(Dialect dialect) : dialect_(std::move(dialect)) {}
  ProtocolPtr getProtocol(TransportPtr transport) override {
    return dialect_.header() ? std::make_shared<THeaderProtocol>(transport, dialect_.header_encoding())
                             : encoded(dialect_, transport);
  }
  ProtocolPtr getProtocol(TransportPtr in, TransportPtr out) override {
    // What answers must be the very object that read the call: it knows the caller's headers.
    return dialect_.header() ? std::make_shared<THeaderProtocol>(in, out, dialect_.header_encoding())
                             : getProtocol(in);
  }

 private:
  Dialect dialect_;
};

class Announcer : public server::TServerEventHandler {
 public:
  explicit Announcer(TServerSocket& socket) : socket_(socket) {}
  void preServe() override { std::cout << "READY " << socket_.getPort() << std::endl; }

 private:
  TServerSocket& socket_;
};

inline void serve(int port, const std::string& dialect_name) {
  const auto dialect = Dialect::parse(dialect_name);
  auto socket = std::make_shared<TServerSocket>("127.0.0.1", port);
  std::shared_ptr<TProcessorFactory> processors =
      std::make_shared<contract::InteropProcessorFactory>(std::make_shared<Providers>());
  if (dialect.multiplexed) processors = std::make_shared<Multiplexer>(processors);
  server::TThreadedServer server(processors, socket, std::make_shared<LayerFactory>(dialect),
                                 std::make_shared<EncodingFactory>(dialect));
  if (dialect.header())
    server.setOutputProtocolFactory(nullptr);  // one object reads and answers: it knows the caller's headers
  server.setServerEventHandler(std::make_shared<Announcer>(*socket));
  server.serve();
}

}  // namespace thrift_peer
