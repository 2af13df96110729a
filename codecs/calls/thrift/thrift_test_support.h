// For the tests of this module: framed messages that real libraries wrote, recorders of events, and helpers.
//
// Made by: libthrift 0.17 (C++: TFramedTransport over TMemoryBuffer with TBinaryProtocol strict and not, and
// TCompactProtocol), php-thrift 0.17 (TBinaryProtocol, TCompactProtocol) and Apache Thrift's Go library
// 0.17 (TBinaryProtocol, TCompactProtocol). The arguments are {1: i64 -42, 2: string "hé"} unless named
// otherwise.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codecs/call_codec.h"

namespace koine::codecs::calls::thrift {

inline std::string unhex(std::string_view hex) {
  std::string out;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1])));
  }
  return out;
}

inline base::Buffer buffer_of(std::string_view text) {
  base::Buffer buffer;
  buffer.append(text);
  return buffer;
}

// One message in each dialect, framed, as hexadecimal text.
struct Golden {
  std::string_view binary;
  std::string_view lax;
  std::string_view compact;
};

namespace golden {
inline constexpr std::string_view args_binary = "0a0001ffffffffffffffd60b00020000000368c3a900";
inline constexpr std::string_view args_compact = "1653180368c3a900";
// CALL "getOrder", seqid 7.
inline constexpr Golden call = {
    "0000002a80010001000000086765744f72646572000000070a0001ffffffffffffffd60b00020000000368c3a900",
    "00000027000000086765744f7264657201000000070a0001ffffffffffffffd60b00020000000368c3a900",
    "00000014822107086765744f726465721653180368c3a900"};
// The same with seqid -2, and with the one that C++'s concurrent client begins with.
inline constexpr Golden call_negative = {
    "0000002a80010001000000086765744f72646572fffffffe0a0001ffffffffffffffd60b00020000000368c3a900",
    "00000027000000086765744f7264657201fffffffe0a0001ffffffffffffffd60b00020000000368c3a900",
    "000000188221feffffff0f086765744f726465721653180368c3a900"};
inline constexpr Golden call_concurrent = {
    "0000002a80010001000000086765744f726465727ffffff60a0001ffffffffffffffd60b00020000000368c3a900",
    "00000027000000086765744f72646572017ffffff60a0001ffffffffffffffd60b00020000000368c3a900",
    "000000188221f6ffffff07086765744f726465721653180368c3a900"};
// ONEWAY "post", seqid 300.
inline constexpr Golden oneway = {
    "000000268001000400000004706f73740000012c0a0001ffffffffffffffd60b00020000000368c3a900",
    "0000002300000004706f7374040000012c0a0001ffffffffffffffd60b00020000000368c3a900",
    "000000118281ac0204706f73741653180368c3a900"};
// CALL "Shop:getOrder", seqid 7, through TMultiplexedProtocol.
inline constexpr Golden multiplexed = {
    "0000002f800100010000000d53686f703a6765744f72646572000000070a0001ffffffffffffffd60b00020000000368c3a900",
    "0000002c0000000d53686f703a6765744f7264657201000000070a0001ffffffffffffffd60b00020000000368c3a900",
    "000000198221070d53686f703a6765744f726465721653180368c3a900"};
// REPLY "getOrder", seqid 7: {0: "ok"}; void; {2: an empty exception}; {20: an empty exception}.
inline constexpr Golden reply = {"0000001e80010002000000086765744f72646572000000070b0000000000026f6b00",
                                 "0000001b000000086765744f7264657202000000070b0000000000026f6b00",
                                 "00000012824107086765744f726465720800026f6b00"};
inline constexpr Golden reply_void = {"0000001580010002000000086765744f726465720000000700",
                                      "00000012000000086765744f72646572020000000700",
                                      "0000000d824107086765744f7264657200"};
inline constexpr Golden declared = {"0000001980010002000000086765744f72646572000000070c00020000",
                                    "00000016000000086765744f7264657202000000070c00020000",
                                    "0000000f824107086765744f726465722c0000"};
inline constexpr Golden declared_20 = {"0000001980010002000000086765744f72646572000000070c00140000",
                                       "00000016000000086765744f7264657202000000070c00140000",
                                       "00000010824107086765744f726465720c280000"};
// EXCEPTION "getOrder", seqid 7: INTERNAL_ERROR "boom"; UNKNOWN_METHOD "Invalid method name: 'getOrder'".
inline constexpr Golden exception = {
    "0000002780010003000000086765744f72646572000000070b000100000004626f6f6d0800020000000600",
    "00000024000000086765744f7264657203000000070b000100000004626f6f6d0800020000000600",
    "00000015826107086765744f726465721804626f6f6d150c00"};
inline constexpr Golden unknown_method = {
    "0000004280010003000000086765744f72646572000000070b00010000001f496e76616c6964206d6574686f64206e616d653a20"
    "276765"
    "744f72646572270800020000000100",
    "0000003f000000086765744f7264657203000000070b00010000001f496e76616c6964206d6574686f64206e616d653a20276765"
    "744f72"
    "646572270800020000000100",
    "00000030826107086765744f72646572181f496e76616c6964206d6574686f64206e616d653a20276765744f726465722715020"
    "0"};
// PHP: CALL "getOrder", seqid 0, as it always is there.
inline constexpr std::string_view php_binary =
    "0000002a80010001000000086765744f72646572000000000a0001ffffffffffffffd60b00020000000368c3a900";
inline constexpr std::string_view php_compact = "00000014822100086765744f726465721653180368c3a900";
// Go: a oneway method's call, which Go marks CALL: "post", seqid 1, {1: i32 5}; an undeclared error.
inline constexpr std::string_view go_oneway_binary =
    "000000188001000100000004706f7374000000010800010000000500";
inline constexpr std::string_view go_oneway_compact = "0000000b82210104706f7374150a00";
inline constexpr std::string_view go_exception_compact =
    "00000039826107086765744f726465721828496e7465726e616c206572726f722070726f63657373696e67206765744f72646572"
    "3a2062"
    "6f6f6d150c00";
}  // namespace golden

// What a session told its owner.
struct ServerRecorder : ServerEvents {
  struct Call {
    CallId id;
    model::CallHead head;
    model::BodyFormat format;
    std::string body;
  };
  std::vector<Call> calls;

  void on_call(CallId id, model::CallHead&& head, bool, model::Payload&& message, bool) override {
    calls.push_back({id, std::move(head), message.format, message.bytes.to_string()});
  }
  void on_message(CallId, bool, model::Payload&&, bool) override {}
  void on_cancel(CallId, base::Reason) override {}
  void on_writable(CallId) override {}
};

struct ClientRecorder : ClientEvents {
  struct Ended {
    CallId id;
    model::Reply reply;
  };
  std::vector<Ended> ended;
  int capacity_events = 0;

  void on_reply(CallId id, model::Reply&& reply) override { ended.push_back({id, std::move(reply)}); }
  void on_head(CallId, model::ReplyHead&&) override {}
  void on_message(CallId, model::Payload&&) override {}
  void on_finish(CallId, model::Outcome&&) override {}
  void on_writable(CallId) override {}
  void on_capacity() override { ++capacity_events; }
};

template <class Session>
std::string drain_all(Session& session) {
  std::string out;
  while (session.wants_write()) {
    base::Buffer buffer;
    session.drain(buffer);
    out += buffer.to_string();
  }
  return out;
}

}  // namespace koine::codecs::calls::thrift
