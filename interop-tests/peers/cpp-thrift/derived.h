// The Thrift that Koine derives from contract.proto: the cases towards a gRPC provider.
#pragma once

#include "gen/InteropService.h"
#include "own.h"

namespace thrift_peer {

struct Derived {
  using Client = derived::InteropServiceClient;
  using ConcurrentClient = derived::InteropServiceConcurrentClient;
  static constexpr char values[] = "derived.values";
  static constexpr bool sees_cancels = true;

  static derived::NonceMessage message(std::int64_t nonce) {
    derived::NonceMessage message;
    message.nonce = nonce;
    return message;
  }

  static void greet(Client& client) {
    derived::TextReply answer;
    client.greet(answer);
  }
  static std::int64_t stamp(Client& client, std::int64_t nonce) {
    stamp_send(client, nonce);
    return stamp_receive(client);
  }
  static void stamp_send(Client& client, std::int64_t nonce) { client.send_stamp(message(nonce)); }
  static std::int64_t stamp_receive(Client& client) {
    derived::NonceMessage answer;
    client.recv_stamp(answer);
    return answer.nonce;
  }
  static std::int32_t stamp_send_concurrent(ConcurrentClient& client, std::int64_t nonce) {
    return client.send_stamp(message(nonce));
  }
  static std::int64_t stamp_receive_concurrent(ConcurrentClient& client, std::int32_t sequence) {
    derived::NonceMessage answer;
    client.recv_stamp(answer, sequence);
    return answer.nonce;
  }
  static void linger_send(Client& client, std::int64_t nonce, int wait_ms) {
    derived::LingerRequest request;
    request.nonce = nonce;
    request.wait_millis = wait_ms;
    client.send_linger(request);
  }
  static void linger_receive(Client& client) {
    derived::NonceMessage answer;
    client.recv_linger(answer);
  }
  static void post(Client& client, std::int64_t nonce, const std::string& note) {
    derived::PostRequest request;
    request.nonce = nonce;
    request.note = note;
    client.post(request);
  }
  static void reset(Client& client, std::int64_t nonce) { client.reset(message(nonce)); }
  static peer::Sighting seen(Client& client, std::int64_t nonce) {
    derived::Sightings seen;
    client.seen(seen, message(nonce));
    return {seen.posts, seen.resets, seen.lingers_started, seen.lingers_cancelled};
  }

  static std::string deliberate() { return "status 2 without details"; }
  static std::string fail_deliberately(Client& client) {
    derived::FailRequest request;
    request.case_id = "undeclared_failure";
    derived::Ticket ticket;
    try {
      client.fail(ticket, request);
    } catch (const derived::RpcStatus& status) {
      if (status.code == 2 && status.details.empty() &&
          status.message.find(peer::deliberate_text) != std::string::npos)
        return deliberate();
      throw peer::Failure("RpcStatus(" + std::to_string(status.code) + "): " + status.message);
    }
    return "the call ended well";
  }

  static void add_values(Suite<Derived>& suite) {
#define KOINE_CALL(method, ...)                                                                  \
  suite.add<derived::InteropService_##method##_args, derived::InteropService_##method##_result>( \
      #method, [](Client& client, const derived::InteropService_##method##_args& in,             \
                  derived::InteropService_##method##_result& out) {                              \
        (void)in;                                                                                \
        try {                                                                                    \
          __VA_ARGS__;                                                                           \
          out.__isset.success = true;                                                            \
        } catch (const derived::RpcStatus& status) {                                             \
          out.status = status;                                                                   \
          out.__isset.status = true;                                                             \
        }                                                                                        \
      })
#define KOINE_METHOD(method) KOINE_CALL(method, client.method(out.success, in.request))
    KOINE_METHOD(checkNumbers);
    KOINE_METHOD(checkBlob);
    KOINE_METHOD(checkRepeats);
    KOINE_METHOD(checkDictionaries);
    KOINE_METHOD(placePurchase);
    KOINE_METHOD(grow);
    KOINE_METHOD(checkPresence);
    KOINE_METHOD(coat);
    KOINE_METHOD(select);
    KOINE_METHOD(checkMoments);
    KOINE_METHOD(several);
    KOINE_METHOD(add);
    KOINE_METHOD(listNames);
    KOINE_METHOD(fail);
    KOINE_CALL(greet, client.greet(out.success));
#undef KOINE_METHOD
#undef KOINE_CALL
    suite.add("uint64_beyond_i64", [&suite] {
      derived::Numbers request, answer;
      request.case_id = "uint64_beyond_i64";
      request.uint64_value = 7;
      suite.shared_client().checkNumbers(answer, request);
      return peer::Outcome{json_of(answer), "\"2^64-1, which no Thrift type can hold\""};
    });
    suite.add("metadata_roundtrip", [&suite] { return exchange(suite); });
  }

  // Sends info headers where the dialect has them, and finds the answer's headers and trailers among its own.
  static peer::Outcome exchange(Suite<Derived>& suite) {
    const std::map<std::string, std::string> request{
        {"x-koine-greeting", "hello"}, {"x-koine-blob-bin", std::string("\x00\xff\x80\x0a", 4)}};
    const std::map<std::string, std::string> answered{
        {"x-koine-reply", "world"},
        {"x-koine-trail", "done"},
        {"x-koine-blob-bin", std::string("\xff\x00\x7f\x01", 4)}};
    Client client = suite.shared_client();
    auto& header = suite.shared().header;
    if (header)
      for (const auto& [name, value] : request) header->setHeader(name, value);
    const auto nonce = peer::new_nonce();
    derived::NonceMessage answer;
    try {
      client.exchangeMetadata(answer, message(nonce));
    } catch (const derived::RpcStatus& status) {
      throw peer::Failure("RpcStatus(" + std::to_string(status.code) + "): " + status.message);
    }
    const auto got = header ? marked(header->getHeaders()) : std::map<std::string, std::string>{};
    if (header) header->clearHeaders();
    return {peer::quote(std::to_string(answer.nonce) + (got == answered ? " with its headers" : "")),
            peer::quote(std::to_string(~nonce) + " with its headers")};
  }
};

}  // namespace thrift_peer
