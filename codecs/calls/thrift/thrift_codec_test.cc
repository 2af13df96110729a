// Detection by first bytes.
#include "codecs/calls/thrift/thrift_codec.h"

#include <gtest/gtest.h>

#include "codecs/calls/thrift/golden_dialects.h"
#include "codecs/calls/thrift/thrift_test_support.h"

namespace koine::codecs::calls::thrift {
namespace {

using namespace std::string_view_literals;

// How many bytes of `message` decide, and how.
std::pair<Detected, std::size_t> decide(const ThriftCodec& codec, std::string_view message) {
  const base::Limits limits;
  for (std::size_t count = 0; count <= message.size(); ++count) {
    const Detected said = codec.detect(base::as_bytes(message.substr(0, count)), limits);
    if (said != Detected::need_more) {
      // More bytes never change the mind.
      for (std::size_t more = count; more <= message.size(); ++more) {
        EXPECT_EQ(codec.detect(base::as_bytes(message.substr(0, more)), limits), said);
      }
      return {said, count};
    }
  }
  return {Detected::need_more, message.size()};
}

TEST(ThriftDetection, SaysYesToFramedBinaryAndCompactAfterSixBytes) {
  const ThriftCodec codec;
  for (const Golden& golden : {golden::call, golden::oneway, golden::multiplexed, golden::call_concurrent}) {
    EXPECT_EQ(decide(codec, unhex(golden.binary)), std::pair(Detected::yes, std::size_t{6}));
    EXPECT_EQ(decide(codec, unhex(golden.compact)), std::pair(Detected::yes, std::size_t{6}));
    EXPECT_EQ(decide(codec, unhex(golden.lax)), std::pair(Detected::no, std::size_t{5}));
  }
  for (const std::string_view hex : {golden::php_binary, golden::php_compact, golden::go_oneway_binary}) {
    EXPECT_EQ(decide(codec, unhex(hex)).first, Detected::yes);
  }
}

TEST(ThriftDetection, SaysYesToTheOldBinaryFormWhenAskedFor) {
  const ThriftCodec codec(ThriftOptions{.lax_binary = true});
  EXPECT_EQ(decide(codec, unhex(golden::call.lax)), std::pair(Detected::yes, std::size_t{9}));
  EXPECT_EQ(decide(codec, unhex(golden::call.binary)), std::pair(Detected::yes, std::size_t{6}));
  EXPECT_EQ(decide(codec, unhex("0000000c00000004706f737401000000")).first, Detected::no)
      << "name beyond frame";
  EXPECT_EQ(decide(codec, unhex("000000200000000401020304")).first, Detected::no) << "no name";
}

TEST(ThriftDetection, NeedsTwoBytesOfUnframedAndZlibAndSixOfFramedMessages) {
  const ThriftCodec codec;
  const std::pair<std::string_view, std::size_t> cases[] = {
      {golden::binary_smallest, 2},
      {golden::binary_rich, 2},
      {golden::compact_smallest, 2},
      {golden::compact_rich, 2},
      {golden::json_smallest, 2},
      {golden::json_rich, 2},
      {golden::zlib_binary_call, 2},
      {golden::framedzlib_json_call, 2},
      {golden::go_zlib_binary_two_calls, 2},
      {golden::header_binary_call, 6},
      {golden::header_compact_call, 6},
      {golden::header_compact_zlib_rich, 6},
      {golden::go_header_binary_call, 6},
      {golden::header_binary_info_oneway, 6},
  };
  for (const auto& [hex, bytes] : cases) {
    EXPECT_EQ(decide(codec, unhex(hex)), std::pair(Detected::yes, bytes)) << hex;
  }
  EXPECT_EQ(decide(codec, unhex("0000000e") + "[1,\"a\",1,0,{}]"), std::pair(Detected::yes, std::size_t{6}));
  EXPECT_EQ(decide(codec, "[ \t\r\n1"), std::pair(Detected::yes, std::size_t{6}));
  EXPECT_EQ(decide(codec, "[" + std::string(100, ' ')).first, Detected::no) << "white space without end";
}

TEST(ThriftDetection, TakesUnframedMessagesWithoutAVersionOnlyWhereTheListenerDoes) {
  const ThriftCodec codec;
  const base::Limits limits;
  const std::string message = unhex(
      "0000000161"
      "0100000000"
      "00");  // "a", CALL, 0, no fields
  for (std::size_t count = 0; count <= message.size(); ++count) {
    const base::Bytes first = base::as_bytes(std::string_view(message).substr(0, count));
    EXPECT_EQ(codec.detect(first, limits), count < 5 ? Detected::need_more : Detected::no) << count;
    EXPECT_EQ(codec.detect_lax(first, limits), count < 5 ? Detected::need_more : Detected::yes) << count;
  }
  EXPECT_EQ(codec.detect_lax(base::as_bytes(unhex("00010000616263")), limits), Detected::no)
      << "no such name";
}

TEST(ThriftDetection, LeavesOtherProtocolsAlone) {
  for (const bool lax : {false, true}) {
    const ThriftCodec codec(ThriftOptions{.lax_binary = lax});
    const std::string others[] = {
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST /x HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\n",
        "HEAD / HTTP/1.1\r\n",
        "OPTIONS * HTTP/1.1\r\n",
        unhex("160301020001000001fc0303"),            // TLS
        unhex("dabbc20000000000000000010000001a"),    // Dubbo
        unhex("000000501000000000000001000a0000"),    // Kitex TTHeader
        unhex("00000050900100010000000870726f746f"),  // Kitex protobuf
        unhex("00000050dabc00000050001401"),          // dubbo-thrift
        unhex("000000148222070867"),                  // fbthrift's compact, version 2
        unhex("0000002080020001"),                    // a binary version that does not exist
        unhex("0000000000000000"),
        unhex("80020001"),    // unframed, a binary version that does not exist
        unhex("8222070867"),  // fbthrift's compact, unframed
        unhex("789d"),        // no zlib: the checksum is wrong
        unhex("78bb"),        // zlib with a dictionary
        "[2,",                // JSON, of another version
        "[{",
        unhex("000000200ffe"),
    };
    for (const std::string& other : others) { EXPECT_EQ(decide(codec, other).first, Detected::no) << other; }
  }
}

TEST(ThriftDetection, ClaimsFramesOverTheLimitSoThatTheyAreRefusedInWords) {
  const ThriftCodec codec;
  EXPECT_EQ(decide(codec, unhex("00ffffff8001000100")).first, Detected::yes);
  EXPECT_EQ(decide(codec, unhex("10000000822107")).first, Detected::yes);
  EXPECT_EQ(decide(codec, unhex("11000000822107")), std::pair(Detected::no, std::size_t{1}));
}

TEST(ThriftCodec, SaysWhatItIs) {
  const ThriftCodec codec;
  EXPECT_EQ(codec.traits().name, "thrift");
  EXPECT_TRUE(codec.traits().ordered_answers);
  EXPECT_FALSE(codec.traits().multiplexed);
  EXPECT_FALSE(codec.traits().streaming);
  EXPECT_TRUE(codec.traits().carries_metadata);
}

}  // namespace
}  // namespace koine::codecs::calls::thrift
