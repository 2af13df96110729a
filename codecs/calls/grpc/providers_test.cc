// What providers do that a gRPC library would not: answers that are no gRPC, broken framing, resets,
// goodbyes.
#include <gtest/gtest.h>

#include "codecs/calls/grpc/session_test_support.h"

namespace koine::codecs::calls::grpc {
namespace {

using model::Code;
using model::Origin;
using model::Phase;
using testing::BarePeer;
using testing::call_head;
using testing::ClientRecorder;
using testing::framed;
using testing::ok_reply;
using testing::payload;
using testing::ServerRecorder;
using testing::settle_between;
using transports::http2::ErrorCode;
using transports::http2::HeaderList;
using transports::http2::Role;
using transports::http2::Stream;

struct Provider {
  explicit Provider(const base::Limits& limits = {}) : client(limits), peer(Role::server) {}
  // One unary call against what `answer` does once the request is there.
  const testing::ClientSeen& call(std::function<void(Stream&)> answer) {
    peer.on_request_end = std::move(answer);
    const CallId id = ++next_id;
    EXPECT_TRUE(client.start_unary(id, call_head(), "q").ok());
    EXPECT_TRUE(settle_between(*client.session, *peer.session));
    EXPECT_EQ(client.seen[id].replies, 1);
    EXPECT_EQ(client.session->calls_in_flight(), 0u);
    return client.seen[id];
  }
  void respond(Stream& stream, std::initializer_list<std::pair<const char*, const char*>> list, bool end) {
    HeaderList fields;
    for (const auto& [name, value] : list) fields.add(name, value);
    peer.session->respond(stream, fields, end);
  }
  void finish(Stream& stream, std::string_view body, const char* status) {
    peer.session->send(stream, base::as_bytes(body));
    HeaderList trailers;
    if (status != nullptr) trailers.add("grpc-status", status);
    trailers.add("x-tail", "t");
    peer.session->end(stream, &trailers);
  }
  ClientRecorder client;
  BarePeer peer;
  CallId next_id = 0;
};

TEST(GrpcProviders, HttpErrorsMapToCodes) {
  Provider provider;
  const auto& seen = provider.call([&](Stream& stream) {
    provider.respond(stream, {{":status", "503"}, {"content-type", "text/html"}}, false);
    provider.peer.session->send(stream, base::as_bytes("<html>"));
    provider.peer.session->end(stream, nullptr);
  });
  EXPECT_EQ(seen.outcome.code, Code::unavailable);
  EXPECT_EQ(seen.outcome.origin, Origin::transport);
  EXPECT_EQ(seen.outcome.reason, base::Reason::upstream_protocol);
  EXPECT_NE(seen.outcome.message.find("503"), std::string::npos);
  EXPECT_NE(seen.outcome.message.find("text/html"), std::string::npos);
  const auto& next = provider.call([&](Stream& stream) {
    provider.respond(stream, {{":status", "404"}}, true);
  });
  EXPECT_EQ(next.outcome.code, Code::unimplemented);
  const auto& ok_but_html = provider.call([&](Stream& stream) {
    provider.respond(stream, {{":status", "200"}, {"content-type", "text/html"}}, true);
  });
  EXPECT_EQ(ok_but_html.outcome.code, Code::unknown);
}

TEST(GrpcProviders, TrailersOnlyStatusWinsOverTheHttpStatus) {
  Provider provider;
  const auto& seen = provider.call([&](Stream& stream) {
    provider.respond(
        stream, {{":status", "400"}, {"grpc-status", "9"}, {"grpc-message", "not%20yet"}, {"x-tail", "t"}},
        true);
  });
  EXPECT_EQ(seen.outcome.code, Code::failed_precondition);
  EXPECT_EQ(seen.outcome.origin, Origin::application);
  EXPECT_EQ(seen.outcome.message, "not yet");
  EXPECT_EQ(seen.outcome.trailers.get("x-tail"), "t");
}

TEST(GrpcProviders, InformationalAnswersAreSwallowed) {
  // The peer half has no way to send 103, so its frames are written here: SETTINGS, HEADERS(:status 103),
  // HEADERS(:status 200, content-type) as literals without indexing (RFC 7541 §6.2.2), DATA, trailers.
  ClientRecorder client{base::Limits{}};
  ASSERT_TRUE(client.start_unary(1, call_head(), "q").ok());
  base::Buffer out;
  client.session->drain(out);
  const auto frame = [](char type, char flags, char stream, const std::string& body) {
    return std::string("\0\0", 2) + static_cast<char>(body.size()) + type + flags + std::string("\0\0\0", 3) +
           stream + body;
  };
  const auto field = [](const std::string& name, const std::string& value) {
    return std::string("\0", 1) + static_cast<char>(name.size()) + name + static_cast<char>(value.size()) +
           value;
  };
  base::Buffer in;
  in.append(frame(4, 0, 0, ""));
  in.append(frame(1, 4, 1, field(":status", "103")));
  in.append(frame(1, 4, 1, field(":status", "200") + field("content-type", "application/grpc")));
  in.append(frame(0, 0, 1, framed("answer")));
  in.append(frame(1, 5, 1, field("grpc-status", "0")));
  ASSERT_TRUE(client.session->feed(in).ok());
  EXPECT_EQ(client.seen[1].message, "answer");
  EXPECT_TRUE(client.seen[1].outcome.ok());
}

TEST(GrpcProviders, MissingStatusIsNotSuccess) {
  Provider provider;
  const auto ok_head = [&](Stream& stream) {
    provider.respond(stream, {{":status", "200"}, {"content-type", "application/grpc"}}, false);
  };
  const auto& no_trailers = provider.call([&](Stream& stream) {
    ok_head(stream);
    provider.peer.session->send(stream, base::as_bytes(framed("m")));
    provider.peer.session->end(stream, nullptr);
  });
  EXPECT_EQ(no_trailers.outcome.code, Code::internal);
  const auto& no_status = provider.call([&](Stream& stream) {
    ok_head(stream);
    provider.finish(stream, framed("m"), nullptr);
  });
  EXPECT_EQ(no_status.outcome.code, Code::unknown);
  EXPECT_EQ(no_status.outcome.trailers.get("x-tail"), "t");
}

TEST(GrpcProviders, CardinalityAndFramingOfTheAnswerAreChecked) {
  Provider provider;
  const auto answer = [&](const std::string& body) {
    return [&provider, body](Stream& stream) {
      provider.respond(stream, {{":status", "200"}, {"content-type", "application/grpc"}}, false);
      provider.finish(stream, body, "0");
    };
  };
  EXPECT_EQ(provider.call(answer("")).outcome.code, Code::unimplemented);
  EXPECT_EQ(provider.call(answer(framed("a") + framed("b"))).outcome.code, Code::unimplemented);
  EXPECT_EQ(provider.call(answer(framed("abc").substr(0, 6))).outcome.code, Code::internal);
  EXPECT_EQ(provider.call(answer(framed("a", 3))).outcome.code, Code::internal);
  EXPECT_EQ(provider.call(answer(framed("a", 1))).outcome.code, Code::internal);
  const auto& fine = provider.call(answer(framed("fine")));
  EXPECT_EQ(fine.message, "fine");
  EXPECT_TRUE(fine.outcome.ok());
}

TEST(GrpcProviders, UnknownEncodingAndBrokenMetadataAreInternal) {
  Provider provider;
  const auto& encoding = provider.call([&](Stream& stream) {
    provider.respond(stream,
                     {{":status", "200"}, {"content-type", "application/grpc"}, {"grpc-encoding", "snappy"}},
                     false);
    provider.finish(stream, framed("x", 1), "0");
  });
  EXPECT_EQ(encoding.outcome.code, Code::internal);
  const auto& metadata = provider.call([&](Stream& stream) {
    provider.respond(stream, {{":status", "200"}, {"content-type", "application/grpc"}, {"x-bin", "*"}},
                     false);
    provider.finish(stream, framed("x"), "0");
  });
  EXPECT_EQ(metadata.outcome.code, Code::internal);
}

TEST(GrpcProviders, ResetsMapToOutcomes) {
  Provider provider;
  const auto reset = [&](ErrorCode code) {
    return [&provider, code](Stream& stream) { provider.peer.session->reset(stream, code); };
  };
  const auto& refused = provider.call(reset(ErrorCode::refused_stream));
  EXPECT_EQ(refused.outcome.code, Code::unavailable);
  EXPECT_EQ(refused.outcome.phase, Phase::not_sent);
  EXPECT_EQ(refused.outcome.reason, base::Reason::upstream_refused);
  EXPECT_EQ(refused.outcome.native_protocol, "http2");
  EXPECT_EQ(refused.outcome.native_code, 7);
  const auto& broken = provider.call(reset(ErrorCode::internal_error));
  EXPECT_EQ(broken.outcome.code, Code::internal);
  EXPECT_EQ(broken.outcome.phase, Phase::maybe_executed);
  EXPECT_EQ(broken.outcome.reason, base::Reason::upstream_reset);
  EXPECT_EQ(provider.call(reset(ErrorCode::cancel)).outcome.code, Code::cancelled);
}

TEST(GrpcProviders, BytesThatBreakHttp2EndTheCallsAsTheProvidersBreach) {
  Provider provider;
  ASSERT_TRUE(provider.client.start_unary(1, call_head(), "x").ok());
  ASSERT_TRUE(settle_between(*provider.client.session, *provider.peer.session));
  // HEADERS on a stream that only a server could have opened, and only by a promise.
  base::Buffer in;
  in.append(std::string_view("\x00\x00\x01\x01\x05\x00\x00\x00\x02\x88", 10));
  const base::Status fed = provider.client.session->feed(in);
  ASSERT_FALSE(fed.ok());
  provider.client.session->on_closed(fed);
  EXPECT_EQ(provider.client.seen[1].outcome.code, Code::unavailable);
  EXPECT_EQ(provider.client.seen[1].outcome.reason, base::Reason::upstream_protocol);
  EXPECT_EQ(provider.client.seen[1].outcome.phase, Phase::maybe_executed);
}

TEST(GrpcProviders, EarlyAnswerWithNoErrorResetIsAnAnswer) {
  Provider provider;
  provider.peer.on_request = [&](Stream& stream) {
    provider.respond(stream, {{":status", "200"}, {"content-type", "application/grpc"}}, false);
    provider.finish(stream, "", "8");
  };
  model::CallHead head = call_head("shop.Talk", "Chat");
  ASSERT_TRUE(provider.client.session->start(1, head, true, payload("x"), false, true).ok());
  ASSERT_TRUE(settle_between(*provider.client.session, *provider.peer.session));
  EXPECT_EQ(provider.client.seen[1].finishes, 1);
  EXPECT_EQ(provider.client.seen[1].outcome.code, Code::resource_exhausted);
  EXPECT_EQ(provider.client.seen[1].outcome.origin, Origin::application);
  EXPECT_TRUE(provider.client.session->send_message(1, true, payload("late"), true));
  ASSERT_TRUE(settle_between(*provider.client.session, *provider.peer.session));
}

TEST(GrpcProviders, OversizedTrailersFailOneCallOnly) {
  base::Limits limits;
  limits.headers_bytes_max = 2000;
  Provider provider(limits);
  const auto& seen = provider.call([&](Stream& stream) {
    provider.respond(stream, {{":status", "200"}, {"content-type", "application/grpc"}}, false);
    HeaderList trailers;
    trailers.add("grpc-status", "0");
    trailers.add("x-long", std::string(3000, 'l'));
    provider.peer.session->send(stream, base::as_bytes(framed("m")));
    provider.peer.session->end(stream, &trailers);
  });
  EXPECT_EQ(seen.outcome.code, Code::resource_exhausted);
  EXPECT_EQ(seen.outcome.reason, base::Reason::limit_headers);
  const auto& next = provider.call([&](Stream& stream) {
    provider.respond(stream, {{":status", "200"}, {"content-type", "application/grpc"}}, false);
    provider.finish(stream, framed("m"), "0");
  });
  EXPECT_TRUE(next.outcome.ok());
}

TEST(GrpcProviders, GoodbyeRefusesNewCallsAndFinishesOldOnes) {
  testing::Pair pair;
  std::vector<CallId> waiting;
  pair.server.on_call_do = [&](CallId id) { waiting.push_back(id); };
  ASSERT_TRUE(pair.client.start_unary(1, call_head(), "before").ok());
  ASSERT_TRUE(pair.settle());
  pair.server.session->shutdown();
  // The race: a call that leaves before the client heard the first GOAWAY is still served.
  ASSERT_TRUE(pair.client.start_unary(2, call_head(), "racing").ok());
  ASSERT_TRUE(pair.settle());
  EXPECT_FALSE(pair.client.session->accepting());
  EXPECT_EQ(pair.client.session->capacity(), 0u);
  EXPECT_GT(pair.client.capacity_events, 0);
  const base::Status refused = pair.client.start_unary(3, call_head(), "after");
  EXPECT_EQ(refused.reason(), base::Reason::upstream_refused);
  ASSERT_EQ(waiting.size(), 2u);
  EXPECT_FALSE(pair.server.session->wants_close());
  for (const CallId id : waiting) pair.server.session->reply(id, ok_reply("bye"));
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.client.seen[1].message, "bye");
  EXPECT_EQ(pair.client.seen[2].message, "bye");
  EXPECT_TRUE(pair.server.session->wants_close());
  EXPECT_TRUE(pair.client.session->wants_close());
}

TEST(GrpcProviders, CallsBeyondGoawaysLastIdWereNotSent) {
  testing::Pair pair;
  ASSERT_TRUE(pair.client.start_unary(1, call_head(), "first").ok());
  ASSERT_TRUE(pair.settle());
  // The server says its last word without having read what the client has already written.
  ASSERT_TRUE(pair.client.start_unary(2, call_head(), "too late").ok());
  base::Buffer lost;
  pair.client.session->drain(lost);
  pair.server.session->shutdown_now();
  base::Buffer goodbye;
  pair.server.session->drain(goodbye);
  ASSERT_TRUE(pair.client.session->feed(goodbye).ok());
  EXPECT_EQ(pair.client.seen[1].replies, 0);
  EXPECT_EQ(pair.client.seen[2].replies, 1);
  EXPECT_EQ(pair.client.seen[2].outcome.phase, Phase::not_sent);
  EXPECT_EQ(pair.client.seen[2].outcome.code, Code::unavailable);
  // And a server that has said it ignores the late stream.
  ASSERT_TRUE(pair.server.session->feed(lost).ok());
  EXPECT_EQ(pair.server.order.size(), 1u);
  pair.server.session->reply(pair.server.order[0], ok_reply("served"));
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.client.seen[1].message, "served");
}

TEST(GrpcProviders, CallNotYetWrittenAtGoodbyeWasNotSent) {
  testing::Pair pair;
  ASSERT_TRUE(pair.settle());
  ASSERT_TRUE(pair.client.start_unary(1, call_head(), "still here").ok());
  pair.server.session->shutdown_now();
  base::Buffer goodbye;
  pair.server.session->drain(goodbye);
  ASSERT_TRUE(pair.client.session->feed(goodbye).ok());
  base::Buffer out;
  pair.client.session->drain(out);
  EXPECT_EQ(pair.client.seen[1].replies, 1);
  EXPECT_EQ(pair.client.seen[1].outcome.phase, Phase::not_sent);
  EXPECT_EQ(pair.client.session->calls_in_flight(), 0u);
}

TEST(GrpcProviders, NamesWithoutAPathAreNeverSent) {
  testing::Pair pair;
  for (const auto& [service, method] : {std::pair{"", "m"}, std::pair{"s", ""}, std::pair{"a b", "m"},
                                        std::pair{"s", "m\r\nx: y"}, std::pair{"s", "m?q"}}) {
    EXPECT_EQ(pair.client.start_unary(1, call_head(service, method), "q").reason(),
              base::Reason::call_no_form);
  }
  EXPECT_EQ(pair.client.session->calls_in_flight(), 0u);
  ASSERT_TRUE(pair.settle());
  EXPECT_TRUE(pair.server.order.empty());
}

TEST(GrpcProviders, MetadataAboveThePeersLimitIsNeverSent) {
  base::Limits small;
  small.headers_bytes_max = 4096;
  ClientRecorder client{base::Limits{}};
  ServerRecorder server(small);
  ASSERT_TRUE(settle_between(*client.session, *server.session));
  model::CallHead head = call_head();
  head.metadata.add("x-long", std::string(4000, 'l'));
  const base::Status status = client.start_unary(1, head, "q");
  EXPECT_EQ(status.reason(), base::Reason::limit_headers);
  EXPECT_EQ(client.session->calls_in_flight(), 0u);
  ASSERT_TRUE(client.start_unary(2, call_head(), "q").ok());
}

TEST(GrpcProviders, AnswerWhoseTrailersCannotBeWrittenEndsTheCall) {
  testing::Pair pair;
  pair.server.on_call_do = [&](CallId id) {
    model::Reply reply = ok_reply("fine");
    reply.outcome.trailers.add("x-huge", std::string(500000, 'h'));
    pair.server.session->reply(id, std::move(reply));
  };
  ASSERT_TRUE(pair.client.start_unary(1, call_head(), "q").ok());
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.client.seen[1].replies, 1);
  EXPECT_EQ(pair.client.seen[1].outcome.code, Code::internal);
  EXPECT_EQ(pair.server.session->calls_in_flight(), 0u);
  EXPECT_EQ(pair.client.session->capacity(), 100u);
}

TEST(GrpcProviders, CapacityIsThePeersAndComesBack) {
  base::Limits two;
  two.streams_per_connection_max = 2;
  ClientRecorder client{base::Limits{}};
  ServerRecorder server(two);
  ASSERT_TRUE(settle_between(*client.session, *server.session));
  EXPECT_EQ(client.session->capacity(), 2u);
  ASSERT_TRUE(client.start_unary(1, call_head(), "a").ok());
  ASSERT_TRUE(client.start_unary(2, call_head(), "b").ok());
  EXPECT_EQ(client.session->capacity(), 0u);
  EXPECT_FALSE(client.start_unary(3, call_head(), "c").ok());
  ASSERT_TRUE(settle_between(*client.session, *server.session));
  const int before = client.capacity_events;
  server.session->reply(server.order[0], ok_reply("x"));
  ASSERT_TRUE(settle_between(*client.session, *server.session));
  EXPECT_EQ(client.session->capacity(), 1u);
  EXPECT_GT(client.capacity_events, before);
}

}  // namespace
}  // namespace koine::codecs::calls::grpc
