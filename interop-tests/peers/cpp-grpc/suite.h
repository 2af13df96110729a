// The cases of one target: values from the table, and the course cases, over whichever stub was generated.
#pragma once

#include <condition_variable>
#include <mutex>

#include <google/protobuf/empty.pb.h>
#include <grpcpp/generic/generic_stub.h>

#include "values.h"

namespace grpc_peer {

using Context = grpc::ClientContext;

inline void limit(Context& context, int ms = peer::answer_limit_ms) {
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(ms));
}

inline std::shared_ptr<grpc::Channel> channel_to(const peer::Target& target) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a target has connections of its own
  return grpc::CreateCustomChannel(target.host + ":" + std::to_string(target.port),
                                   grpc::InsecureChannelCredentials(), arguments);
}

// Only the entries of the metadata cases; others belong to libraries and gateways.
template <class Entries>
std::string marked(const Entries& entries) {
  std::map<std::string, std::string> found;
  for (const auto& [name, value] : entries)
    if (const std::string key(name.data(), name.size()); key.rfind("x-koine-", 0) == 0)
      found[key] += "<" + std::string(value.data(), value.size()) + ">";
  std::string text;
  for (const auto& [name, value] : found) {
    text += " " + name + ":";
    for (const char c : value) {
      char hex[4];
      std::snprintf(hex, sizeof hex, "%02x", static_cast<unsigned char>(c));
      text += name.size() > 4 && name.compare(name.size() - 4, 4, "-bin") == 0 ? std::string(hex)
                                                                               : std::string(1, c);
    }
  }
  return text;
}

// Api names what was generated from one IDL: Stub, the messages of the course cases, and where its values
// lie.
template <class Api>
class Suite {
 public:
  using Stub = typename Api::Stub;

  explicit Suite(const peer::Target& target)
      : target_(target), channel_(channel_to(target)), stub_(channel_) {
    Api::add_values(*this);
    add_course();
  }

  void run() {
    cases_.run(
        target_,
        [] {
          try {
            throw;
          } catch (const std::exception& error) { return std::string("Exception: ") + error.what(); }
        },
        [] {});
  }

  void add(const std::string& name, peer::Suite::Run run) { cases_.add(name, std::move(run)); }

  // Adds the cases of one method.
  template <class Request, class Answer>
  void add(const std::string& method, grpc::Status (Stub::*call)(Context*, const Request&, Answer*)) {
    static const auto samples = peer::samples(Api::values);
    for (const auto& sample : samples) {
      if (sample.method != method) continue;
      cases_.add(sample.name, [this, &sample, call] {
        const Value end = parsed(sample.answer);
        const auto request = named<Request>(sample.request, sample.name);
        Context context;
        limit(context);
        Answer answer;
        const grpc::Status status = (stub_.*call)(&context, request, &answer);
        if (end.struct_value().fields().contains("error"))
          return declared(status, end.struct_value().fields().at("error"));
        succeed(status);
        return peer::Outcome{text_of(answer), text_of(named<Answer>(sample.answer, sample.name + ".answer"))};
      });
    }
  }

  // The value with the case's name, where its type has a place for it and the table says nothing else.
  template <class T>
  static T named(const std::string& json, const std::string& name) {
    T message = message_of<T>(parsed(json));
    const auto* field = T::descriptor()->FindFieldByName(Api::case_name);
    if (field != nullptr && message.GetReflection()->GetString(message, field).empty())
      message.GetReflection()->SetString(&message, field, name);
    return message;
  }

  Stub& stub() { return stub_; }

 private:
  class Calls : public peer::Service {
   public:
    explicit Calls(Stub& stub) : stub_(stub) {}
    void greet() override {
      typename Api::Greeting answer;
      call(&Stub::Greet, typename Api::NoArguments(), &answer);
    }
    std::int64_t stamp(std::int64_t nonce) override {
      typename Api::StampAnswer answer;
      call(&Stub::Stamp, Api::stamp(nonce), &answer);
      return Api::stamped(answer);
    }
    void post(std::int64_t nonce, const std::string& note) override {
      typename Api::PostRequest request;
      request.set_nonce(nonce);
      request.set_note(note);
      typename Api::PostAnswer answer;
      call(&Stub::Post, request, &answer);
    }
    void reset(std::int64_t nonce) override {
      typename Api::ResetAnswer answer;
      typename Api::ResetRequest request;
      request.set_nonce(nonce);
      call(&Stub::Reset, request, &answer);
    }
    peer::Sighting seen(std::int64_t nonce) override {
      typename Api::SeenAnswer answer;
      typename Api::SeenRequest request;
      request.set_nonce(nonce);
      call(&Stub::Seen, request, &answer);
      return Api::sighting(answer);
    }

   private:
    template <class Method, class Request, class Answer>
    void call(Method method, const Request& request, Answer* answer) {
      Context context;
      limit(context);
      succeed((stub_.*method)(&context, request, answer));
    }
    Stub& stub_;
  };

  void add_course() {
    add("void", [this] {
      Calls calls(stub_);
      return peer::run_void(calls);
    });
    add("oneway", [this] {
      Calls calls(stub_);
      return peer::run_oneway(calls);
    });
    add("deadline_passed", [this] { return deadline_passed(); });
    add("cancelled", [this] { return cancelled(); });
    add("in_flight_1000", [this] { return in_flight(); });
    add("undeclared_failure", [this] { return undeclared_failure(); });
    add("no_such_method", [this] { return no_such_method(); });
  }

  peer::Outcome declared(const grpc::Status& status, const Value& error) {
    const auto& fields = error.struct_value().fields();
    if (status.ok()) throw peer::Failure("Peer: the call ended well");
    if (fields.contains("exception")) {  // the derived contract says nothing of the message
      const std::string& kind = fields.at("exception").string_value();
      const int code = kind == "NotFound" ? 5 : 8;
      return {status_text(status.error_code(), "", details_of(status)),
              status_text(code, "", one_detail(Api::package, kind, fields.at("fields"), code, ""))};
    }
    const int code = code_of(fields.at("code").string_value());
    const std::string& message = fields.at("message").string_value();
    return {status_text(status.error_code(), status.error_message(), details_of(status)),
            status_text(code, message,
                        one_detail(Api::package, fields.at("detail").string_value(), fields.at("fields"),
                                   code, message))};
  }

  peer::Outcome undeclared_failure() {
    typename Api::FailRequest request;
    Api::set_case(request, "undeclared_failure");
    Context context;
    limit(context);
    typename Api::FailAnswer answer;
    const grpc::Status status = stub_.Fail(&context, request, &answer);
    if (status.error_message().find(peer::deliberate_text) == std::string::npos) throw failure_of(status);
    return {status_text(status.error_code(), peer::deliberate_text, details_of(status)),
            status_text(2, peer::deliberate_text, {})};
  }

  peer::Outcome no_such_method() {
    grpc::TemplatedGenericStub<google::protobuf::Empty, google::protobuf::Empty> anything(channel_);
    Context context;
    limit(context);
    google::protobuf::Empty request, answer;
    grpc::Status ended;
    std::mutex mutex;
    std::condition_variable changed;
    bool over = false;
    anything.UnaryCall(&context, "/" + std::string(Api::service) + "/NoSuchMethod", grpc::StubOptions(),
                       &request, &answer, [&](grpc::Status status) {
                         const std::lock_guard lock(mutex);
                         ended = std::move(status);
                         over = true;
                         changed.notify_one();
                       });
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return over; });
    return {peer::quote(code_name(ended.error_code())), "\"UNIMPLEMENTED\""};
  }

  peer::Outcome deadline_passed() {
    Calls calls(stub_);
    calls.greet();
    const auto nonce = peer::new_nonce();
    Context context;
    limit(context, target_.deadline_ms);
    typename Api::LingerAnswer answer;
    const grpc::Status status = stub_.Linger(&context, Api::linger(nonce), &answer);
    if (status.error_code() != grpc::StatusCode::DEADLINE_EXCEEDED) throw failure_of(status);
    return peer::aftermath(calls, calls, nonce, Api::sees_cancels);
  }

  peer::Outcome cancelled() {
    Calls calls(stub_);
    const auto nonce = peer::new_nonce();
    Context context;
    limit(context);
    grpc::Status status;
    std::thread caller([&] {
      typename Api::LingerAnswer answer;
      status = stub_.Linger(&context, Api::linger(nonce), &answer);
    });
    try {
      peer::poll(calls, nonce, [](const peer::Sighting& seen) { return seen.started > 0; });
    } catch (...) {
      context.TryCancel();
      caller.join();
      throw;
    }
    context.TryCancel();
    caller.join();
    if (status.error_code() != grpc::StatusCode::CANCELLED) throw failure_of(status);
    return peer::aftermath(calls, calls, nonce, Api::sees_cancels);
  }

  peer::Outcome in_flight() {
    struct Call {
      Context context;
      typename Api::StampRequest request;
      typename Api::StampAnswer answer;
    };
    std::vector<Call> calls(peer::in_flight_calls);
    std::mutex mutex;
    std::condition_variable changed;
    int right = 0, over = 0;
    std::string trouble;
    const auto base = peer::new_nonce() & ~0xffffll;
    for (int i = 0; i < peer::in_flight_calls; ++i) {
      Call& call = calls[static_cast<std::size_t>(i)];
      limit(call.context);
      call.request = Api::stamp(base + i);
      stub_.async()->Stamp(&call.context, &call.request, &call.answer, [&, i](grpc::Status status) {
        const std::lock_guard lock(mutex);
        if (status.ok() && Api::stamped(calls[static_cast<std::size_t>(i)].answer) == ~(base + i)) ++right;
        if (!status.ok()) trouble = failure_of(status).what();
        if (++over == peer::in_flight_calls) changed.notify_one();
      });
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return over == peer::in_flight_calls; });
    if (!trouble.empty()) throw peer::Failure(trouble);
    return peer::in_flight_outcome(right);
  }

  peer::Target target_;
  std::shared_ptr<grpc::Channel> channel_;
  Stub stub_;
  peer::Suite cases_;
};

}  // namespace grpc_peer
