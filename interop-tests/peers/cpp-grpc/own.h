// contract.proto: its client's cases and its provider.
#pragma once

#include <csignal>

#include "gen/contract.grpc.pb.h"
#include "suite.h"

namespace grpc_peer {

namespace v1 = koine::interop::v1;

constexpr char caller_blob[] = "\x00\xff\x80\x0a", answer_blob[] = "\xff\x00\x7f\x01";
inline std::multimap<std::string, std::string> caller_entries() {
  return {{"x-koine-greeting", "hello"}, {"x-koine-blob-bin", std::string(caller_blob, 4)}};
}
inline std::multimap<std::string, std::string> answer_headers() { return {{"x-koine-reply", "world"}}; }
inline std::multimap<std::string, std::string> answer_trailers() {
  return {{"x-koine-trail", "done"}, {"x-koine-blob-bin", std::string(answer_blob, 4)}};
}

struct Own {
  using Stub = v1::InteropService::Stub;
  using NoArguments = google::protobuf::Empty;
  using Greeting = v1::TextReply;
  using StampRequest = v1::NonceMessage;
  using StampAnswer = v1::NonceMessage;
  using PostRequest = v1::PostRequest;
  using PostAnswer = google::protobuf::Empty;
  using ResetRequest = v1::NonceMessage;
  using ResetAnswer = google::protobuf::Empty;
  using SeenRequest = v1::NonceMessage;
  using SeenAnswer = v1::Sightings;
  using FailRequest = v1::FailRequest;
  using FailAnswer = v1::Ticket;
  using LingerAnswer = v1::NonceMessage;
  static constexpr char values[] = "own.values", case_name[] = "case_id", package[] = "koine.interop.v1",
                        service[] = "koine.interop.v1.InteropService";
  static constexpr bool sees_cancels = true;

  static v1::NonceMessage stamp(std::int64_t nonce) {
    v1::NonceMessage message;
    message.set_nonce(nonce);
    return message;
  }
  static std::int64_t stamped(const v1::NonceMessage& answer) { return answer.nonce(); }
  static v1::LingerRequest linger(std::int64_t nonce) {
    v1::LingerRequest request;
    request.set_nonce(nonce);
    request.set_wait_millis(peer::linger_wait_ms);
    return request;
  }
  static void set_case(v1::FailRequest& request, const char* name) { request.set_case_id(name); }
  static peer::Sighting sighting(const v1::Sightings& seen) {
    return {seen.posts(), seen.resets(), seen.lingers_started(), seen.lingers_cancelled()};
  }

  static void add_values(Suite<Own>& suite) {
    suite.add("CheckNumbers", &Stub::CheckNumbers);
    suite.add("CheckBlob", &Stub::CheckBlob);
    suite.add("CheckRepeats", &Stub::CheckRepeats);
    suite.add("CheckDictionaries", &Stub::CheckDictionaries);
    suite.add("PlacePurchase", &Stub::PlacePurchase);
    suite.add("Grow", &Stub::Grow);
    suite.add("CheckPresence", &Stub::CheckPresence);
    suite.add("Coat", &Stub::Coat);
    suite.add("Select", &Stub::Select);
    suite.add("CheckMoments", &Stub::CheckMoments);
    suite.add("Several", &Stub::Several);
    suite.add("Add", &Stub::Add);
    suite.add("ListNames", &Stub::ListNames);
    suite.add("Greet", &Stub::Greet);
    suite.add("Fail", &Stub::Fail);
    suite.add("metadata_roundtrip", [&suite] {
      Context context;
      limit(context);
      for (const auto& [name, value] : caller_entries()) context.AddMetadata(name, value);
      const auto nonce = peer::new_nonce();
      v1::NonceMessage answer;
      succeed(suite.stub().ExchangeMetadata(&context, stamp(nonce), &answer));
      return peer::Outcome{
          peer::quote(std::to_string(answer.nonce()) + marked(context.GetServerInitialMetadata()) + " |" +
                      marked(context.GetServerTrailingMetadata())),
          peer::quote(std::to_string(~nonce) + marked(answer_headers()) + " |" + marked(answer_trailers()))};
    });
  }
};

// ----------------------------------------------------------------- provider

// Checks what it received against the case and answers the case's other value.
class Provider : public v1::InteropService::Service {
 public:
  using Call = grpc::ServerContext*;
  using Empty = google::protobuf::Empty;

#define KOINE_METHOD(Method, Type)                                                \
  grpc::Status Method(Call, const v1::Type* request, v1::Type* answer) override { \
    return check(#Method, name_of(*request), *request, *answer);                  \
  }
  KOINE_METHOD(CheckNumbers, Numbers)
  KOINE_METHOD(CheckBlob, Blob)
  KOINE_METHOD(CheckRepeats, Repeats)
  KOINE_METHOD(CheckDictionaries, Dictionaries)
  KOINE_METHOD(PlacePurchase, Purchase)
  KOINE_METHOD(Grow, TreeNode)
  KOINE_METHOD(CheckPresence, Presence)
  KOINE_METHOD(Coat, Coating)
  KOINE_METHOD(Select, Selection)
  KOINE_METHOD(CheckMoments, Moments)
#undef KOINE_METHOD

  grpc::Status Several(Call, const v1::SeveralRequest* request, v1::TextReply* answer) override {
    return check("Several", "several_arguments", *request, *answer);
  }
  grpc::Status Add(Call, const v1::AddRequest* request, v1::AddReply* answer) override {
    return check("Add", "bare_result", *request, *answer);
  }
  grpc::Status ListNames(Call, const v1::ListNamesRequest* request, v1::ListNamesReply* answer) override {
    return check("ListNames", "bare_list_result", *request, *answer);
  }
  grpc::Status Greet(Call, const Empty* request, v1::TextReply* answer) override {
    return check("Greet", "no_arguments", *request, *answer);
  }

  grpc::Status Reset(Call, const v1::NonceMessage* request, Empty*) override {
    const std::lock_guard lock(mutex_);
    seen_[request->nonce()].set_resets(seen_[request->nonce()].resets() + 1);
    return grpc::Status::OK;
  }
  grpc::Status Post(Call, const v1::PostRequest* request, Empty*) override {
    const std::lock_guard lock(mutex_);
    if (request->note() == peer::post_note)
      seen_[request->nonce()].set_posts(seen_[request->nonce()].posts() + 1);
    return grpc::Status::OK;
  }
  grpc::Status Seen(Call, const v1::NonceMessage* request, v1::Sightings* answer) override {
    const std::lock_guard lock(mutex_);
    *answer = seen_[request->nonce()];
    return grpc::Status::OK;
  }

  grpc::Status Fail(Call, const v1::FailRequest* request, v1::Ticket* answer) override {
    if (request->case_id() == "undeclared_failure") return {grpc::StatusCode::UNKNOWN, peer::deliberate_text};
    return check("Fail", request->case_id(), *request, *answer);
  }

  grpc::Status Linger(Call call, const v1::LingerRequest* request, v1::NonceMessage* answer) override {
    change(request->nonce(),
           [](v1::Sightings& seen) { seen.set_lingers_started(seen.lingers_started() + 1); });
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(request->wait_millis());
    while (std::chrono::steady_clock::now() < end) {
      if (call->IsCancelled()) {
        change(request->nonce(),
               [](v1::Sightings& seen) { seen.set_lingers_cancelled(seen.lingers_cancelled() + 1); });
        return grpc::Status::CANCELLED;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    answer->set_nonce(~request->nonce());
    return grpc::Status::OK;
  }

  grpc::Status ExchangeMetadata(Call call, const v1::NonceMessage* request,
                                v1::NonceMessage* answer) override {
    const auto got = marked(call->client_metadata()), want = marked(caller_entries());
    if (got != want) return mismatch("metadata_roundtrip", got, want);
    for (const auto& [name, value] : answer_headers()) call->AddInitialMetadata(name, value);
    for (const auto& [name, value] : answer_trailers()) call->AddTrailingMetadata(name, value);
    answer->set_nonce(~request->nonce());
    return grpc::Status::OK;
  }

  grpc::Status Stamp(Call, const v1::NonceMessage* request, v1::NonceMessage* answer) override {
    answer->set_nonce(~request->nonce());
    return grpc::Status::OK;
  }

 private:
  template <class T>
  static std::string name_of(const T& request) {
    return request.case_id();
  }
  static std::string name_of(const v1::TreeNode& request) {
    return request.label() == "n0" ? "recursive_chain" : "recursive_bush";
  }

  static grpc::Status mismatch(const std::string& name, const std::string& got, const std::string& want) {
    return {grpc::StatusCode::UNKNOWN, (name + ": got " + got + " want " + want).substr(0, 2000)};
  }

  void change(std::int64_t nonce, const std::function<void(v1::Sightings&)>& change) {
    const std::lock_guard lock(mutex_);
    change(seen_[nonce]);
  }

  template <class Request, class Answer>
  static grpc::Status check(const std::string& method, const std::string& name, const Request& received,
                            Answer& answer) {
    static const auto samples = peer::samples(Own::values);
    for (const auto& sample : samples) {
      if (sample.method != method || sample.name != name) continue;
      const auto got = text_of(received), want = text_of(Suite<Own>::named<Request>(sample.request, name));
      if (got != want) return mismatch(name, peer::shorten(got), peer::shorten(want));
      const Value end = parsed(sample.answer);
      if (end.struct_value().fields().contains("error"))
        return declared(end.struct_value().fields().at("error"));
      answer = Suite<Own>::named<Answer>(sample.answer, name + ".answer");
      return grpc::Status::OK;
    }
    return mismatch(name, "an unknown case", "a case of this method");
  }

  static grpc::Status declared(const Value& error) {
    const auto& fields = error.struct_value().fields();
    const int code = code_of(fields.at("code").string_value());
    const std::string& message = fields.at("message").string_value();
    const auto details =
        one_detail(Own::package, fields.at("detail").string_value(), fields.at("fields"), code, message);
    return {static_cast<grpc::StatusCode>(code), message, details.SerializeAsString()};
  }

  std::mutex mutex_;
  std::map<std::int64_t, v1::Sightings> seen_;
};

inline void serve(int port, const std::string&) {
  Provider provider;
  int bound = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials(), &bound);
  builder.RegisterService(&provider);
  const auto server = builder.BuildAndStart();
  if (server == nullptr) throw std::runtime_error("cannot listen on 127.0.0.1:" + std::to_string(port));
  std::cout << "READY " << bound << std::endl;
  server->Wait();
}

}  // namespace grpc_peer
