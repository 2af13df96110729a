// Message headers: what real libraries wrote is read and written back bit for bit; nothing else is trusted.
#include "codecs/calls/thrift/message_begin.h"

#include <array>

#include <gtest/gtest.h>

#include "codecs/calls/thrift/thrift_test_support.h"

namespace koine::codecs::calls::thrift {
namespace {

constexpr std::size_t name_max = 513;

MessageBegin parse(std::string_view message, bool lax = true) {
  return parse_message_begin(base::as_bytes(message), message.size(), lax, name_max);
}

struct Expected {
  Golden golden;
  MessageType type;
  std::int32_t seqid;
  std::string_view name;
};
constexpr std::array expected = {
    Expected{golden::call, MessageType::call, 7, "getOrder"},
    Expected{golden::call_negative, MessageType::call, -2, "getOrder"},
    Expected{golden::call_concurrent, MessageType::call, 0x7ffffff6, "getOrder"},
    Expected{golden::oneway, MessageType::oneway, 300, "post"},
    Expected{golden::multiplexed, MessageType::call, 7, "Shop:getOrder"},
    Expected{golden::reply, MessageType::reply, 7, "getOrder"},
    Expected{golden::exception, MessageType::exception, 7, "getOrder"},
};

TEST(ThriftMessageBegin, ReadsAndWritesWhatLibrariesWrite) {
  for (const Expected& want : expected) {
    const std::array<std::pair<Dialect, std::string_view>, 3> forms = {
        {{Dialect::binary, want.golden.binary},
         {Dialect::binary_lax, want.golden.lax},
         {Dialect::compact, want.golden.compact}}};
    for (const auto& [dialect, hex] : forms) {
      const std::string message = unhex(hex).substr(4);
      const MessageBegin begin = parse(message);
      ASSERT_EQ(begin.fault, "") << hex;
      EXPECT_EQ(begin.dialect, dialect);
      EXPECT_EQ(begin.type, static_cast<std::uint8_t>(want.type));
      EXPECT_EQ(begin.seqid, want.seqid);
      EXPECT_TRUE(begin.has_seqid);
      EXPECT_EQ(begin.name, want.name);
      base::Buffer out;
      append_message_begin(out, dialect, want.type, want.name, want.seqid);
      EXPECT_EQ(out.to_string(), message.substr(0, begin.length));
      EXPECT_EQ(message_begin_bytes(dialect, MessageType::call, want.name, want.seqid), begin.length);
    }
  }
}

TEST(ThriftMessageBegin, RefusesTheOldBinaryFormUnlessAskedFor) {
  const std::string message = unhex(golden::call.lax).substr(4);
  const MessageBegin begin = parse(message, false);
  EXPECT_NE(begin.fault, "");
  EXPECT_FALSE(begin.has_seqid);
}

TEST(ThriftMessageBegin, SaysIncompleteAtEveryCutAndOnlyThere) {
  for (const Expected& want : expected) {
    for (const std::string_view hex : {want.golden.binary, want.golden.lax, want.golden.compact}) {
      const std::string message = unhex(hex).substr(4);
      const std::size_t length = parse(message).length;
      for (std::size_t cut = 0; cut < length; ++cut) {
        const std::string part = message.substr(0, cut);
        // Cut off by whoever looks early: more may come.
        const MessageBegin early = parse_message_begin(base::as_bytes(part), message.size(), true, name_max);
        EXPECT_TRUE(early.incomplete) << hex << " " << cut << " " << early.fault;
        EXPECT_NE(early.fault, "");
        // Cut off by the frame's end: nothing can mend it.
        const MessageBegin final = parse(part);
        EXPECT_FALSE(final.incomplete);
        EXPECT_NE(final.fault, "");
      }
      const std::string exact = message.substr(0, length);
      EXPECT_EQ(parse(exact).fault, "");
    }
  }
}

TEST(ThriftMessageBegin, ChecksNamesAgainstTheMessageAndTheLimit) {
  for (const Dialect dialect : {Dialect::binary, Dialect::binary_lax, Dialect::compact}) {
    for (const std::size_t size : {name_max, name_max + 1}) {
      base::Buffer out;
      append_message_begin(out, dialect, MessageType::call, std::string(size, 'n'), 9);
      const std::string message = out.to_string() + '\0';
      const MessageBegin begin = parse(message);
      EXPECT_EQ(begin.fault.empty(), size == name_max);
      EXPECT_FALSE(begin.incomplete);
      // The sequence id of the refusal is there where the dialect lets it be found.
      EXPECT_EQ(begin.has_seqid, size == name_max || dialect != Dialect::binary_lax);
      EXPECT_EQ(begin.seqid, begin.has_seqid ? 9 : 0);
    }
  }
  // Lengths beyond the message, and negative ones.
  EXPECT_NE(parse(unhex("8001000100000009") + "getOrder").fault, "");
  EXPECT_NE(parse(unhex("80010001ffffffff") + std::string(20, 'x')).fault, "");
  EXPECT_NE(parse(unhex("822107ffffffff0f") + std::string(20, 'x')).fault, "");
}

TEST(ThriftMessageBegin, RefusesVersionsAndVarintsThatAreNone) {
  EXPECT_NE(parse(unhex("800200010000000161000000070000")).fault, "");
  EXPECT_NE(parse(unhex("8222070161ff00")).fault, "");
  EXPECT_NE(parse(unhex("8221ffffffff1f016100")).fault, "") << "33 bits";
  EXPECT_NE(parse(unhex("8221ffffffffff01016100")).fault, "") << "six bytes";
  EXPECT_EQ(parse(unhex("8221ffffffff0f016100")).seqid, -1);
  EXPECT_NE(parse(unhex("ff21070161")).fault, "");
  EXPECT_NE(parse("").fault, "");
}

}  // namespace
}  // namespace koine::codecs::calls::thrift
