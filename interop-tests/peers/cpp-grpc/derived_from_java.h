// The .proto that Koine derives from the Java contract: the cases towards Dubbo's providers.
#pragma once

#include "gen/derived/java.grpc.pb.h"
#include "own.h"

namespace grpc_peer {

namespace javas = koine::interop::shop;

struct DerivedFromJava {
  using Stub = javas::InteropService::Stub;
  using NoArguments = javas::GreetRequest;
  using Greeting = javas::GreetResponse;
  using StampRequest = javas::StampRequest;
  using StampAnswer = javas::StampResponse;
  using PostRequest = javas::PostRequest;
  using PostAnswer = javas::PostResponse;
  using ResetRequest = javas::ResetRequest;
  using ResetAnswer = javas::ResetResponse;
  using SeenRequest = javas::SeenRequest;
  using SeenAnswer = javas::Seen;
  using FailRequest = javas::FailRequest;
  using FailAnswer = javas::Ticket;
  using LingerAnswer = javas::LingerResponse;
  static constexpr char values[] = "javas.values", case_name[] = "caseId", package[] = "koine.interop.shop",
                        service[] = "koine.interop.shop.InteropService";
  static constexpr bool sees_cancels = false;

  static javas::StampRequest stamp(std::int64_t nonce) {
    javas::StampRequest request;
    request.set_nonce(nonce);
    return request;
  }
  static std::int64_t stamped(const javas::StampResponse& answer) { return answer.value(); }
  static javas::LingerRequest linger(std::int64_t nonce) {
    javas::LingerRequest request;
    request.set_nonce(nonce);
    request.set_waitmillis(peer::linger_wait_ms);
    return request;
  }
  static void set_case(javas::FailRequest& request, const char* name) { request.set_caseid(name); }
  static peer::Sighting sighting(const javas::Seen& seen) {
    return {seen.posts(), seen.resets(), seen.lingersstarted(), 0};
  }

  template <class T>
  static T message(const std::string& hex) {
    T made;
    if (!made.ParseFromString(unhex(hex)))
      throw peer::Failure("Peer: the table has no " + made.GetTypeName());
    return made;
  }

  // Adds the cases of one method, whose values are bytes.
  template <class Request, class Answer>
  static void add(Suite<DerivedFromJava>& suite, const std::string& method,
                  grpc::Status (Stub::*call)(Context*, const Request&, Answer*)) {
    static const auto samples = peer::samples(values);
    for (const auto& sample : samples) {
      if (sample.method != method) continue;
      suite.add(sample.name, [&suite, &sample, call] {
        Context context;
        limit(context);
        Answer answer;
        const grpc::Status status = (suite.stub().*call)(&context, message<Request>(sample.request), &answer);
        if (!sample.thrown.empty()) return thrown(status, sample);
        succeed(status);
        return peer::Outcome{text_of(answer), text_of(message<Answer>(sample.answer))};
      });
    }
  }

  // A declared exception: UNKNOWN, since no annotation says another code.
  static peer::Outcome thrown(const grpc::Status& status, const peer::Sample& sample) {
    google::rpc::Status want;
    auto* detail = want.add_details();
    detail->set_type_url("type.googleapis.com/" + sample.thrown);
    detail->set_value(unhex(sample.answer));
    return {status_text(status.error_code(), status.error_message(), details_of(status)),
            status_text(grpc::StatusCode::UNKNOWN, unhex(sample.text), want)};
  }

  static void add_values(Suite<DerivedFromJava>& suite) {
    add(suite, "Scalars", &Stub::Scalars);
    add(suite, "Payload", &Stub::Payload);
    add(suite, "Lists", &Stub::Lists);
    add(suite, "Sets", &Stub::Sets);
    add(suite, "Maps", &Stub::Maps);
    add(suite, "PlaceOrder", &Stub::PlaceOrder);
    add(suite, "Grow", &Stub::Grow);
    add(suite, "Optionals", &Stub::Optionals);
    add(suite, "Paint", &Stub::Paint);
    add(suite, "Pick", &Stub::Pick);
    add(suite, "Times", &Stub::Times);
    add(suite, "Days", &Stub::Days);
    add(suite, "Odds", &Stub::Odds);
    add(suite, "Browse", &Stub::Browse);
    add(suite, "Leaf", &Stub::Leaf);
    add(suite, "Wrap", &Stub::Wrap);
    add(suite, "Several", &Stub::Several);
    add(suite, "Add", &Stub::Add);
    add(suite, "ListNames", &Stub::ListNames);
    add(suite, "FindItem", &Stub::FindItem);
    add(suite, "Label", &Stub::Label);
    add(suite, "LabelByLong", &Stub::LabelByLong);
    add(suite, "LabelByInteger", &Stub::LabelByInteger);
    add(suite, "LabelByString", &Stub::LabelByString);
    add(suite, "LabelByItem", &Stub::LabelByItem);
    add(suite, "LabelByItemInt", &Stub::LabelByItemInt);
    add(suite, "Fail", &Stub::Fail);
    add(suite, "Greet", &Stub::Greet);
  }
};

}  // namespace grpc_peer
