// The .proto that Koine derives from contract.thrift: the cases towards a Thrift provider.
#pragma once

#include "gen/derived/contract.grpc.pb.h"
#include "own.h"

namespace grpc_peer {

namespace derived = koine::interop::contract;

struct Derived {
  using Stub = derived::Interop::Stub;
  using NoArguments = derived::GreetRequest;
  using Greeting = derived::GreetResponse;
  using StampRequest = derived::StampRequest;
  using StampAnswer = derived::StampResponse;
  using PostRequest = derived::PostRequest;
  using PostAnswer = derived::PostResponse;
  using ResetRequest = derived::ResetRequest;
  using ResetAnswer = derived::ResetResponse;
  using SeenRequest = derived::SeenRequest;
  using SeenAnswer = derived::Seen;
  using FailRequest = derived::FailRequest;
  using FailAnswer = derived::Ticket;
  using LingerAnswer = derived::LingerResponse;
  static constexpr char values[] = "derived.values", case_name[] = "caseId",
                        package[] = "koine.interop.contract", service[] = "koine.interop.contract.Interop";
  static constexpr bool sees_cancels = false;

  static derived::StampRequest stamp(std::int64_t nonce) {
    derived::StampRequest request;
    request.set_nonce(nonce);
    return request;
  }
  static std::int64_t stamped(const derived::StampResponse& answer) { return answer.value(); }
  static derived::LingerRequest linger(std::int64_t nonce) {
    derived::LingerRequest request;
    request.set_nonce(nonce);
    request.set_waitmillis(peer::linger_wait_ms);
    return request;
  }
  static void set_case(derived::FailRequest& request, const char* name) { request.set_caseid(name); }
  static peer::Sighting sighting(const derived::Seen& seen) {
    return {seen.posts(), seen.resets(), seen.lingersstarted(), seen.lingerscancelled()};
  }

  static void add_values(Suite<Derived>& suite) {
    suite.add("Scalars", &Stub::Scalars);
    suite.add("Payload", &Stub::Payload);
    suite.add("Lists", &Stub::Lists);
    suite.add("Sets", &Stub::Sets);
    suite.add("Maps", &Stub::Maps);
    suite.add("PlaceOrder", &Stub::PlaceOrder);
    suite.add("Grow", &Stub::Grow);
    suite.add("Optionals", &Stub::Optionals);
    suite.add("Paint", &Stub::Paint);
    suite.add("Pick", &Stub::Pick);
    suite.add("Times", &Stub::Times);
    suite.add("Several", &Stub::Several);
    suite.add("AddUp", &Stub::AddUp);
    suite.add("ListNames", &Stub::ListNames);
    suite.add("Greet", &Stub::Greet);
    suite.add("Fail", &Stub::Fail);
    suite.add("i8_out_of_range", [&suite] {
      derived::Scalars request, answer;
      request.set_caseid("i8_out_of_range");
      request.set_tiny(128);
      Context context;
      limit(context);
      succeed(suite.stub().Scalars(&context, request, &answer));
      return peer::Outcome{text_of(answer), "\"an error: 128 is no i8\""};
    });
    // The provider finds the entries where its dialect has a place for them, and answers in the same place.
    suite.add("metadata_roundtrip", [&suite] {
      Context context;
      limit(context);
      context.AddMetadata("x-koine-greeting", "hello");
      context.AddMetadata("x-koine-tag", "caller");
      derived::ExchangeHeadersRequest request;
      derived::ExchangeHeadersResponse answer;
      succeed(suite.stub().ExchangeHeaders(&context, request, &answer));
      std::multimap<std::string, std::string> got(answer.value().begin(), answer.value().end());
      for (const auto* entries : {&context.GetServerInitialMetadata(), &context.GetServerTrailingMetadata()})
        for (const auto& [name, value] : *entries)
          got.emplace(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
      const std::multimap<std::string, std::string> want{{"x-koine-reply", "world"},
                                                         {"x-koine-tag", "provider"}};
      return peer::Outcome{peer::quote(marked(got)), peer::quote(marked(want))};
    });
  }
};

}  // namespace grpc_peer
