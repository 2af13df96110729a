// `koine decode -p thrift`: captured bytes of every dialect, told apart by themselves.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cli/command_line_test_support.h"

namespace koine::cli {
namespace {

class Decode : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    file("orders.thrift",
         "namespace * orders\n"
         "exception Gone {}\n"
         "service Orders { string getOrder(1: i64 id, 2: string text) throws (2: Gone gone),\n"
         "                 oneway void post(1: i64 id, 2: string text) }\n");
  }

  Said decode(const std::string& bytes) {
    return run_reading(bytes, {"decode", "-p", "thrift", "-s", path("orders.thrift")});
  }
};

struct Captured {
  std::string transport;
  std::string encoding;
  std::string more;
  std::string bytes;
};

// CALL "getOrder", sequence id 7, {1: i64 -42, 2: string "hé"}, as libthrift 0.17 (C++) writes it.
std::vector<Captured> captured() {
  return {
      {"framed", "binary", "",
       unhex("0000002a80010001000000086765744f72646572000000070a0001ffffffffffffffd60b00020000"
             "000368c3a900")},
      {"framed", "compact", "", unhex("00000014822107086765744f726465721653180368c3a900")},
      {"framed", "json", "",
       unhex("000000365b312c226765744f72646572222c312c372c7b2231223a7b22693634223a2d34327d2c22"
             "32223a7b22737472223a2268c3a9227d7d5d")},
      {"unframed", "binary", "",
       unhex("80010001000000086765744f72646572000000070a0001ffffffffffffffd60b00020000000368c3"
             "a900")},
      {"unframed", "compact", "", unhex("822107086765744f726465721653180368c3a900")},
      {"unframed", "json", "",
       unhex("5b312c226765744f72646572222c312c372c7b2231223a7b22693634223a2d34327d2c2232223a7b"
             "22737472223a2268c3a9227d7d5d")},
      {"unframed", "binary", ",\"lax\":true",
       unhex("000000086765744f7264657201000000070a0001ffffffffffffffd60b00020000000368c3a900")},
      {"unframed", "binary", ",\"zlib\":true",
       unhex("789c6a606460646060e0484f2df12f4a492d02b2d9b91818ff43c0356e0626a00873c6e1950c0000"
             "0000ffff")},
      {"unframed", "compact", ",\"zlib\":true",
       unhex("789c6a5264e7484f2df12f4a492d120b9660ce38bc9201000000ffff")},
      {"unframed", "json", ",\"zlib\":true",
       unhex("789c8a36d4514a4f2df12f4a492d52d231d431d7a9563254b2aa56ca343351b2d23531aad5513202"
             "f18b4b8a94ac94320eaf54aaad8d05000000ffff")},
      {"framed", "binary", ",\"zlib\":true",
       unhex("789c626060d06a606460646060e0484f2df12f4a492d02b2d9b91818ff43c0356e0626a00873c6e1"
             "950c00000000ffff")},
      {"header", "binary", "",
       unhex("000000380fff00000000000700010000000080010001000000086765744f72646572000000070a00"
             "01ffffffffffffffd60b00020000000368c3a900")},
      {"header", "compact", "",
       unhex("000000220fff000000000007000102000000822107086765744f726465721653180368c3a900")},
      {"header", "binary", ",\"zlib\":true",
       unhex("000000390fff000000000007000100010100789c6b606460646060e0484f2df12f4a492d02b2d9b9"
             "1818ff43c0356e0626a00873c6e1950c00fa160d8c")},
      {"header", "compact", ",\"zlib\":true",
       unhex("0000002a0fff000000000007000102010100789c6b5264e7484f2df12f4a492d120b9660ce38bc92"
             "01003ed20647")},
  };
}

TEST_F(Decode, TellsEveryDialectByItsBytes) {
  for (const Captured& one : captured()) {
    const Said said = decode(one.bytes);
    EXPECT_EQ(said.code, exit_ok) << said.err;
    EXPECT_EQ(said.out, "{\"protocol\":\"thrift\",\"transport\":\"" + one.transport + "\",\"encoding\":\"" +
                            one.encoding + "\"" + one.more +
                            ",\"type\":\"call\",\"method\":\"getOrder\",\"seqid\":7,"
                            "\"body\":{\"id\":\"-42\",\"text\":\"h\xc3\xa9\"}}\n");
  }
}

TEST_F(Decode, TakesSeveralMessagesOfOneConnection) {
  for (const Captured& one : captured()) {
    if (one.more.find("zlib") != std::string::npos && one.transport != "header")
      continue;  // one stream, not two
    const Said said = decode(one.bytes + one.bytes + one.bytes);
    EXPECT_EQ(said.code, exit_ok) << said.err;
    EXPECT_EQ(std::count(said.out.begin(), said.out.end(), '\n'), 3) << said.out;
  }
}

// THeaderTransport of libthrift 0.17 (C++): replies, a declared exception, an EXCEPTION; headers in the
// first.
TEST_F(Decode, ShowsHeadersRepliesAndExceptions) {
  const Said reply =
      decode(unhex("000000500fff000000000007000a000001020854726163652d4944036162630e636c69656e745f74"
                   "696d656f7574033235300000000080010002000000086765744f72646572000000070b0000000000"
                   "026f6b00"));
  EXPECT_EQ(
      reply.out,
      "{\"protocol\":\"thrift\",\"transport\":\"header\",\"encoding\":\"binary\",\"type\":\"reply\","
      "\"method\":\"getOrder\",\"seqid\":7,\"headers\":[[\"Trace-ID\",\"abc\"],[\"client_timeout\",\"250\"]],"
      "\"body\":{\"value\":\"ok\"}}\n");
  const Said declared =
      decode(unhex("000000270fff00000000000700010000000080010002000000086765744f72646572000000070c00"
                   "020000"));
  EXPECT_NE(declared.out.find("\"type\":\"reply\""), std::string::npos) << declared.err;
  EXPECT_NE(declared.out.find("\"error\":"), std::string::npos) << declared.out;
  const Said json = decode(unhex("5b312c226765744f72646572222c322c372c7b2232223a7b22726563223a7b7d7d7d5d"));
  EXPECT_NE(json.out.find("\"error\":"), std::string::npos) << json.out << json.err;
  const Said exception =
      decode(unhex("5b312c226765744f72646572222c332c372c7b2231223a7b22737472223a22626f6f6d227d2c2232"
                   "223a7b22693332223a367d7d5d"));
  EXPECT_NE(exception.out.find("\"exception\":{\"type\":6,\"message\":\"boom\"}"), std::string::npos)
      << exception.out;
}

TEST_F(Decode, SaysWhereBytesEndOrAreNotThrift) {
  for (const Captured& one : captured()) {
    const Said said = decode(one.bytes.substr(0, one.bytes.size() - 8));
    EXPECT_EQ(said.code, exit_failed) << one.transport << one.encoding << said.out;
    EXPECT_NE(said.err.find("inside message 1"), std::string::npos) << said.err;
  }
  EXPECT_EQ(decode("GET / HTTP/1.1\r\n").code, exit_failed);
  EXPECT_EQ(decode("").code, exit_ok);
}

}  // namespace
}  // namespace koine::cli
