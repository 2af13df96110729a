// The Thrift that Koine derives from the Java contract: the cases towards Dubbo's providers.
#pragma once

#include "gen/javas/InteropService.h"
#include "own.h"

namespace thrift_peer {

struct DerivedFromJava : PlainCalls<javas::InteropServiceClient, javas::InteropServiceConcurrentClient> {
  static constexpr char values[] = "javas.values";
  static constexpr bool sees_cancels = false;

  static peer::Sighting seen(Client& client, std::int64_t nonce) {
    javas::Seen seen;
    client.seen(seen, nonce);
    return {seen.posts, seen.resets, seen.lingersStarted, 0};
  }

  static std::string deliberate() { return "the deliberate failure"; }
  static std::string fail_deliberately(Client& client) {
    javas::Ticket ticket;
    try {
      client.fail(ticket, "undeclared_failure");
    } catch (const TApplicationException& error) {
      const std::string text = error.what();
      if (error.getType() == TApplicationException::INTERNAL_ERROR &&
          text.find(peer::deliberate_text) != std::string::npos)
        return deliberate();
      throw;
    }
    return "the call ended well";
  }

  // Any method: what was generated for its arguments and its result, written and read as the client does.
  template <class Args, class Result>
  static void call(Client& client, const char* method, const Args& in, Result& out) {
    const auto output = client.getOutputProtocol();
    output->writeMessageBegin(method, T_CALL, 0);
    in.write(output.get());
    output->writeMessageEnd();
    output->getTransport()->writeEnd();
    output->getTransport()->flush();
    const auto input = client.getInputProtocol();
    std::string name;
    TMessageType type;
    std::int32_t sequence;
    input->readMessageBegin(name, type, sequence);
    TApplicationException error;
    if (type == T_EXCEPTION)
      error.read(input.get());
    else
      out.read(input.get());
    input->readMessageEnd();
    input->getTransport()->readEnd();
    if (type == T_EXCEPTION) throw error;
  }

  static void add_values(Suite<DerivedFromJava>& suite) {
#define KOINE_METHOD(method)                                                                 \
  suite.add<javas::InteropService_##method##_args, javas::InteropService_##method##_result>( \
      #method, [](Client& client, const javas::InteropService_##method##_args& in,           \
                  javas::InteropService_##method##_result& out) { call(client, #method, in, out); })
    KOINE_METHOD(scalars);
    KOINE_METHOD(payload);
    KOINE_METHOD(lists);
    KOINE_METHOD(sets);
    KOINE_METHOD(maps);
    KOINE_METHOD(placeOrder);
    KOINE_METHOD(grow);
    KOINE_METHOD(optionals);
    KOINE_METHOD(paint);
    KOINE_METHOD(pick);
    KOINE_METHOD(times);
    KOINE_METHOD(days);
    KOINE_METHOD(odds);
    KOINE_METHOD(browse);
    KOINE_METHOD(leaf);
    KOINE_METHOD(wrap);
    KOINE_METHOD(several);
    KOINE_METHOD(add);
    KOINE_METHOD(listNames);
    KOINE_METHOD(findItem);
    KOINE_METHOD(label);
    KOINE_METHOD(labelByLong);
    KOINE_METHOD(labelByInteger);
    KOINE_METHOD(labelByString);
    KOINE_METHOD(labelByItem);
    KOINE_METHOD(labelByItemInt);
    KOINE_METHOD(fail);
    KOINE_METHOD(greet);
#undef KOINE_METHOD
  }
};

}  // namespace thrift_peer
