// TApplicationException: golden bytes of three libraries, the table of codes both ways, hostile bytes.
#include "codecs/calls/thrift/application_exception.h"

#include <gtest/gtest.h>

#include "codecs/calls/thrift/message_begin.h"
#include "codecs/calls/thrift/thrift_test_support.h"

namespace koine::codecs::calls::thrift {
namespace {

using model::BodyFormat;
using model::Code;

struct Body {
  BodyFormat format;
  std::string bytes;
};

Body body_of(std::string_view framed_hex) {
  const std::string message = unhex(framed_hex).substr(4);
  const MessageBegin begin = parse_message_begin(base::as_bytes(message), message.size(), true, 256);
  return {body_format(begin.dialect), message.substr(begin.length)};
}

base::Result<ApplicationException> decode(const Body& body, std::size_t nesting_max = 64) {
  return decode_application_exception(body.format, base::as_bytes(body.bytes), nesting_max);
}

TEST(ThriftApplicationException, ReadsAndWritesWhatLibrariesWrite) {
  struct Want {
    std::string_view hex;
    std::string_view message;
    std::int32_t type;
  };
  const Want wants[] = {
      {golden::exception.binary, "boom", 6},
      {golden::exception.lax, "boom", 6},
      {golden::exception.compact, "boom", 6},
      {golden::unknown_method.binary, "Invalid method name: 'getOrder'", 1},
      {golden::unknown_method.compact, "Invalid method name: 'getOrder'", 1},
      {golden::go_exception_compact, "Internal error processing getOrder: boom", 6},
  };
  for (const Want& want : wants) {
    const Body body = body_of(want.hex);
    const auto exception = decode(body);
    ASSERT_TRUE(exception) << exception.status().to_string();
    EXPECT_EQ(exception->message, want.message);
    EXPECT_EQ(exception->type, want.type);
    base::Buffer out;
    append_application_exception(out, body.format, want.message, want.type);
    EXPECT_EQ(out.to_string(), body.bytes);
  }
}

TEST(ThriftApplicationException, WritesNegativeAndLargeTypesThatItReads) {
  for (const BodyFormat format : {BodyFormat::thrift_binary, BodyFormat::thrift_compact}) {
    for (const std::int32_t type : {-1, 0, 63, 64, 0x7FFFFFFF, -0x7FFFFFFF - 1}) {
      base::Buffer out;
      append_application_exception(out, format, std::string(300, 'm'), type);
      const auto exception = decode({format, out.to_string()});
      ASSERT_TRUE(exception);
      EXPECT_EQ(exception->type, type);
      EXPECT_EQ(exception->message.size(), 300u);
    }
  }
}

TEST(ThriftApplicationException, StepsOverFieldsItDoesNotKnow) {
  // {5: true, 1: "x", 6: {1: [1, 2], 2: {"a": 1.0}}, 7: set<bool>, 2: i32 4, 8: uuid}
  const Body binary{BodyFormat::thrift_binary, unhex("02000501"
                                                     "0b00010000000178"
                                                     "0c0006"
                                                     "0f000108000000020000000100000002"
                                                     "0d00020b040000000100000001613ff0000000000000"
                                                     "00"
                                                     "0e000702000000020100"
                                                     "08000200000004"
                                                     "10000800112233445566778899aabbccddeeff"
                                                     "00")};
  const auto from_binary = decode(binary);
  ASSERT_TRUE(from_binary) << from_binary.status().to_string();
  EXPECT_EQ(from_binary->message, "x");
  EXPECT_EQ(from_binary->type, 4);
  // {1: "x", 5: true, 6: {1: [1, 2], 2: {"a": 1.0}, 3: false}, 7: set<bool>{1,2}, 2: i32 4 (long form), 3:
  // {}}
  const Body compact{BodyFormat::thrift_compact, unhex("180178"
                                                       "41"
                                                       "1c"
                                                       "19250204"
                                                       "1b01870161000000000000f03f"
                                                       "12"
                                                       "00"
                                                       "1a210102"
                                                       "050408"
                                                       "1b00"
                                                       "00")};
  const auto from_compact = decode(compact);
  ASSERT_TRUE(from_compact) << from_compact.status().to_string();
  EXPECT_EQ(from_compact->message, "x");
  EXPECT_EQ(from_compact->type, 4);
}

TEST(ThriftApplicationException, AsksNoEmptyContainerWhatItWouldHold) {
  // {5: an empty list of type 1, 6: an empty map from type 128 to type 5, 2: i32 4}
  const Body binary{BodyFormat::thrift_binary, unhex("0f00050100000000"
                                                     "0d0006800500000000"
                                                     "08000200000004"
                                                     "00")};
  // {5: an empty list of type 14, 6: an empty set of type 15 with a size of its own, 2: i32 4}
  const Body compact{BodyFormat::thrift_compact, unhex("590e"
                                                       "1aff00"
                                                       "050408"
                                                       "00")};
  for (const Body& body : {binary, compact}) {
    const auto exception = decode(body);
    ASSERT_TRUE(exception) << exception.status().to_string();
    EXPECT_EQ(exception->type, 4);
  }
  EXPECT_FALSE(decode({BodyFormat::thrift_binary, unhex("0f0005010000000100"
                                                        "00")}));
  EXPECT_FALSE(decode({BodyFormat::thrift_compact, unhex("591e00"
                                                         "00")}));
}

TEST(ThriftApplicationException, TakesNumbersLongerThanTheyMustBe) {
  // {2: i32 4} in a field of id 2, both in more bytes than needed, behind {1: "x"} with a long length.
  const auto long_numbers = decode({BodyFormat::thrift_compact, unhex("18818080808000"
                                                                      "78"
                                                                      "0584808000"
                                                                      "88808000"
                                                                      "00")});
  ASSERT_TRUE(long_numbers) << long_numbers.status().to_string();
  EXPECT_EQ(long_numbers->message, "x");
  EXPECT_EQ(long_numbers->type, 4);
  // An id beyond 32767 begins at -32768 again: {32767: true, -32768: true, 2: i32 4}
  const auto wrapped = decode({BodyFormat::thrift_compact, unhex("01feff03"
                                                                 "11"
                                                                 "050408"
                                                                 "00")});
  ASSERT_TRUE(wrapped) << wrapped.status().to_string();
  EXPECT_EQ(wrapped->type, 4);
}

TEST(ThriftApplicationException, RefusesEveryTruncationAndSurvivesEveryMutation) {
  const Body bodies[] = {body_of(golden::unknown_method.binary), body_of(golden::unknown_method.compact)};
  for (const Body& body : bodies) {
    for (std::size_t cut = 0; cut < body.bytes.size(); ++cut) {
      EXPECT_FALSE(decode({body.format, body.bytes.substr(0, cut)})) << cut;
    }
    EXPECT_FALSE(decode({body.format, body.bytes + '\0'})) << "bytes behind the struct";
    int readable = 0;
    for (std::size_t at = 0; at < body.bytes.size(); ++at) {
      for (int value = 0; value < 256; ++value) {
        Body mutant = body;
        mutant.bytes[at] = static_cast<char>(value);
        const auto exception = decode(mutant);
        if (exception) {
          ++readable;
          EXPECT_LE(exception->message.size(), body.bytes.size());
        }
      }
    }
    EXPECT_GT(readable, 256) << "letters of the text may be any";
  }
}

TEST(ThriftApplicationException, StopsAtTheNestingLimit) {
  for (const std::size_t depth : {std::size_t{63}, std::size_t{64}}) {
    std::string binary;
    std::string compact;
    for (std::size_t i = 0; i < depth; ++i) {
      binary += unhex("0c0009");
      compact += unhex("9c");
    }
    binary += std::string(depth + 1, '\0');
    compact += std::string(depth + 1, '\0');
    EXPECT_EQ(decode({BodyFormat::thrift_binary, binary}, 64).has_value(), depth == 63) << depth;
    EXPECT_EQ(decode({BodyFormat::thrift_compact, compact}, 64).has_value(), depth == 63) << depth;
  }
  // A list that claims more elements than there are bytes, and one of nothing.
  EXPECT_FALSE(decode({BodyFormat::thrift_binary, unhex("0f00090c7fffffff0000")}));
  EXPECT_FALSE(decode({BodyFormat::thrift_compact, unhex("99fcffffffff0700")}));
  EXPECT_FALSE(decode({BodyFormat::thrift_binary, unhex("0f0009000000000100")}));
}

TEST(ThriftApplicationException, GivesCodesToTypes) {
  const auto code = [](std::int32_t type) { return outcome_from_exception({"text", type}).code; };
  EXPECT_EQ(code(0), Code::unknown);
  EXPECT_EQ(code(1), Code::unimplemented);
  EXPECT_EQ(code(4), Code::internal);
  EXPECT_EQ(code(5), Code::internal);
  EXPECT_EQ(code(6), Code::unknown);
  EXPECT_EQ(code(7), Code::invalid_argument);
  EXPECT_EQ(code(11), Code::unavailable);
  EXPECT_EQ(code(12), Code::deadline_exceeded);
  EXPECT_EQ(code(99), Code::unknown);
  const model::Outcome app = outcome_from_exception({"boom", 6});
  EXPECT_EQ(app.origin, model::Origin::application);
  EXPECT_EQ(app.phase, model::Phase::executed);
  EXPECT_EQ(app.native_protocol, "thrift");
  EXPECT_EQ(app.native_code, 6);
  EXPECT_EQ(outcome_from_exception({"x", 4}).origin, model::Origin::transport);
}

TEST(ThriftApplicationException, TakesTheCodeThatTheTextNames) {
  const model::Outcome named = outcome_from_exception({"[NOT_FOUND] no such shelf", 6});
  EXPECT_EQ(named.code, Code::not_found);
  EXPECT_EQ(named.message, "no such shelf");
  for (const std::string_view text :
       {"[OK] x", "[NOT_FOUND]x", "[not_found] x", "[NOSUCH] x", "[", "[] x", ""}) {
    const model::Outcome plain = outcome_from_exception({std::string(text), 6});
    EXPECT_EQ(plain.code, Code::unknown) << text;
    EXPECT_EQ(plain.message, text);
  }
}

TEST(ThriftApplicationException, GivesAThriftProvidersExceptionBackUnchanged) {
  for (const std::string_view text :
       {"boom", "[NOT_FOUND] x", "[UNKNOWN] [NOT_FOUND] x", "\xff\xfe raw", "[UNKNOWN] ", ""}) {
    for (const std::int32_t type : {0, 1, 6, 7, 42}) {
      const ApplicationException in{std::string(text), type};
      const ApplicationException out = exception_from_outcome(outcome_from_exception(in));
      EXPECT_EQ(out.message, in.message);
      EXPECT_EQ(out.type, in.type);
    }
  }
}

TEST(ThriftApplicationException, CarriesEveryCodeAndTextOfOtherProtocolsThereAndBack) {
  for (int number = 1; number <= model::code_max; ++number) {
    for (const std::string_view text : {"boom", "[NOT_FOUND] x", ""}) {
      model::Outcome in;
      in.code = static_cast<Code>(number);
      in.message = text;
      in.native_protocol = "grpc";
      in.native_code = number;
      const ApplicationException wire = exception_from_outcome(in);
      const model::Outcome out = outcome_from_exception(wire);
      EXPECT_EQ(out.code, in.code) << wire.message;
      EXPECT_EQ(out.message, in.message);
    }
  }
}

TEST(ThriftApplicationException, NamesTheReasonOfAGatewaysError) {
  const auto text = [](base::Reason reason, model::Phase phase) {
    return exception_from_outcome(model::outcome_from(base::Status(reason, "why", "order.id"), phase));
  };
  const ApplicationException mapping = text(base::Reason::map_range, model::Phase::not_sent);
  EXPECT_EQ(mapping.type, 7);
  EXPECT_EQ(mapping.message, "[INVALID_ARGUMENT] MAP_RANGE at order.id: why");
  EXPECT_EQ(text(base::Reason::map_range, model::Phase::executed).type, 6);
  EXPECT_EQ(text(base::Reason::call_unknown_method, model::Phase::not_sent).type, 1);
  EXPECT_EQ(text(base::Reason::call_deadline, model::Phase::maybe_executed).message,
            "[DEADLINE_EXCEEDED] CALL_DEADLINE at order.id: why");
  model::Outcome bare;
  bare.code = Code::unavailable;
  bare.origin = model::Origin::transport;
  bare.reason = base::Reason::upstream_reset;
  bare.message = "reset";
  EXPECT_EQ(exception_from_outcome(bare).message, "[UNAVAILABLE] UPSTREAM_RESET: reset");
}

TEST(ThriftApplicationException, GivesPeopleReadableText) {
  const model::Outcome outcome = outcome_from_exception({"a\xff\xc3\xa9\xed\xa0\x80", 6});
  EXPECT_EQ(outcome.message, "a\uFFFD\xc3\xa9\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(outcome.native_text, "a\xff\xc3\xa9\xed\xa0\x80");
}

TEST(ThriftApplicationException, IsUtf8WhateverOurOwnTextQuotes) {
  model::Outcome outcome;
  outcome.code = Code::unavailable;
  outcome.origin = model::Origin::transport;
  outcome.reason = base::Reason::upstream_protocol;
  outcome.message = "invalid header field, name: [\xFF]";
  EXPECT_EQ(exception_from_outcome(outcome).message,
            "[UNAVAILABLE] UPSTREAM_PROTOCOL: invalid header field, name: [\uFFFD]");
  // A gRPC provider's text is another protocol's: read clean already, but nothing depends on it.
  model::Outcome foreign;
  foreign.code = Code::not_found;
  foreign.native_protocol = "grpc";
  foreign.native_code = 5;
  foreign.message = "caf\xE9";
  foreign.native_text = "caf\xE9";
  EXPECT_EQ(exception_from_outcome(foreign).message, "[NOT_FOUND] caf\uFFFD");
}

}  // namespace
}  // namespace koine::codecs::calls::thrift
