// The walk finds a message's end, wherever the bytes are cut, and its limits hold.
#include "codecs/transports/unframed/walker.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace koine::codecs::transports::unframed {
namespace {

std::string unhex(std::string_view hex) {
  std::string out;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1])));
  }
  return out;
}

struct Sample {
  const char* name;
  Encoding encoding;
  std::string bytes;
};

// Written by libthrift 0.17 (C++) over TBufferedTransport: the smallest message there is, CALL "a", no
// fields; and one with every type, containers in containers, long field heads; the lax form is the strict one
// without its version word.
std::vector<Sample> samples() {
  return {{"binary smallest", Encoding::binary, unhex("8001000100000001610000000000")},
          {"binary rich", Encoding::binary,
           unhex("80010001000000086765744f726465720000000702000101030002fb060003fed4080004000111700400053ff8"
                 "0000000000000b00060000000600ff225c5d7d0b00070000000671225c5d7d0a0f0008080000000300000001ff"
                 "ffffff000f42400e0009020000000201000d000a0b0c00000002000000016b0a0001ffffffffffffffd60b0002"
                 "0000000368c3a90000000000000d000b0604000000020007400200000000000000087ff00000000000000d000c"
                 "0808000000000f00280f000000020b000000000b00000010000000017300000001730000000173000000017300"
                 "000001730000000173000000017300000001730000000173000000017300000001730000000173000000017300"
                 "00000173000000017300000001730c012c0c000200000affff800000000000000000")},
          {"compact smallest", Encoding::compact, unhex("822100016100")},
          {"compact stop with a difference", Encoding::compact, unhex("822100016110")},
          {"compact rich", Encoding::compact,
           unhex("822107086765744f726465721113fb14d70415e0c50817000000000000f83f180600ff225c5d7d180671225c5d"
                 "7d0a1935020180897a1a2101021b028c016b1653180368c3a90000001b02470e00000000000002401000000000"
                 "0000f07f1b0009502908f81001730173017301730173017301730173017301730173017301730173017301730c"
                 "d8042c00000601ffffffffffffffffff0100")},
          {"json smallest", Encoding::json, unhex("5b312c2261222c312c302c7b7d5d")},
          {"json rich", Encoding::json,
           unhex("5b312c226765744f72646572222c312c372c7b2231223a7b227466223a317d2c2232223a7b226938223a2d357d"
                 "2c2233223a7b22693136223a2d3330307d2c2234223a7b22693332223a37303030307d2c2235223a7b2264626c"
                 "223a312e357d2c2236223a7b22737472223a224150386958463139227d2c2237223a7b22737472223a22715c22"
                 "5c5c5d7d5c6e227d2c2238223a7b226c7374223a5b22693332222c332c312c2d312c313030303030305d7d2c22"
                 "39223a7b22736574223a5b227466222c322c312c305d7d2c223130223a7b226d6170223a5b22737472222c2272"
                 "6563222c322c7b226b223a7b2231223a7b22693634223a2d34327d2c2232223a7b22737472223a2268c3a9227d"
                 "7d2c22223a7b7d7d5d7d2c223131223a7b226d6170223a5b22693136222c2264626c222c322c7b2237223a322e"
                 "32352c2238223a22496e66696e697479227d5d7d2c223132223a7b226d6170223a5b22693332222c2269333222"
                 "2c302c7b7d5d7d2c223430223a7b226c7374223a5b226c7374222c322c5b22737472222c305d2c5b2273747222"
                 "2c31362c2273222c2273222c2273222c2273222c2273222c2273222c2273222c2273222c2273222c2273222c22"
                 "73222c2273222c2273222c2273222c2273222c2273225d5d7d2c22333030223a7b22726563223a7b2232223a7b"
                 "22726563223a7b7d7d7d7d2c222d31223a7b22693634223a2d393232333337323033363835343737353830387d"
                 "7d5d")},
          {"lax smallest", Encoding::binary_lax, unhex("0000000161010000000000")},
          {"lax rich", Encoding::binary_lax,
           unhex("000000086765744f72646572010000000702000101030002fb060003fed4080004000111700400053ff8000000"
                 "0000000b00060000000600ff225c5d7d0b00070000000671225c5d7d0a0f0008080000000300000001ffffffff"
                 "000f42400e0009020000000201000d000a0b0c00000002000000016b0a0001ffffffffffffffd60b0002000000"
                 "0368c3a90000000000000d000b0604000000020007400200000000000000087ff00000000000000d000c080800"
                 "0000000f00280f000000020b000000000b00000010000000017300000001730000000173000000017300000001"
                 "730000000173000000017300000001730000000173000000017300000001730000000173000000017300000001"
                 "73000000017300000001730c012c0c000200000affff800000000000000000")}};
}

Walker walker_of(Encoding encoding, std::size_t bytes_max = 1u << 20, std::size_t nesting_max = 64) {
  Walker walker(bytes_max, nesting_max);
  walker.start(encoding);
  return walker;
}

std::size_t feed(Walker& walker, std::string_view bytes) { return walker.feed(base::as_bytes(bytes)); }

TEST(UnframedWalker, FindsTheEndOfAWholeMessageAndNotAByteMore) {
  for (const Sample& sample : samples()) {
    Walker walker = walker_of(sample.encoding);
    EXPECT_EQ(feed(walker, sample.bytes + sample.bytes), sample.bytes.size()) << sample.name;
    EXPECT_EQ(walker.state(), State::complete) << sample.name;
    EXPECT_EQ(walker.length(), sample.bytes.size()) << sample.name;
  }
}

TEST(UnframedWalker, FindsItByteByByteAndAtEverySplit) {
  for (const Sample& sample : samples()) {
    Walker single = walker_of(sample.encoding);
    for (std::size_t i = 0; i < sample.bytes.size(); ++i) {
      ASSERT_EQ(single.state(), State::need_more) << sample.name << " at " << i;
      ASSERT_EQ(feed(single, std::string_view(sample.bytes).substr(i, 1)), 1u);
    }
    EXPECT_EQ(single.state(), State::complete) << sample.name;
    for (std::size_t cut = 0; cut <= sample.bytes.size(); ++cut) {
      Walker walker = walker_of(sample.encoding);
      std::size_t taken = feed(walker, std::string_view(sample.bytes).substr(0, cut));
      taken += feed(walker, std::string_view(sample.bytes).substr(taken));
      ASSERT_EQ(walker.state(), State::complete) << sample.name << " cut at " << cut;
      ASSERT_EQ(taken, sample.bytes.size()) << sample.name << " cut at " << cut;
    }
  }
}

TEST(UnframedWalker, GoesOnInABufferWhereItStopped) {
  for (const Sample& sample : samples()) {
    Walker walker = walker_of(sample.encoding);
    base::Buffer in;
    for (const char byte : sample.bytes) {
      ASSERT_EQ(walker.walk(in), State::need_more);
      in.append(std::string_view(&byte, 1));
    }
    in.append(std::string_view("more"));
    EXPECT_EQ(walker.walk(in), State::complete);
    EXPECT_EQ(walker.length(), sample.bytes.size());
  }
}

TEST(UnframedWalker, BeginsAnewAfterAMessage) {
  for (const Sample& sample : samples()) {
    Walker walker = walker_of(sample.encoding);
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(feed(walker, sample.bytes), sample.bytes.size());
      EXPECT_EQ(walker.state(), State::complete);
      walker.start(sample.encoding);
    }
  }
}

TEST(UnframedWalker, HoldsTheMessageLimitOneBelowAtAndOneAbove) {
  for (const Sample& sample : samples()) {
    for (const std::size_t limit : {sample.bytes.size() + 1, sample.bytes.size()}) {
      Walker walker = walker_of(sample.encoding, limit);
      feed(walker, sample.bytes);
      EXPECT_EQ(walker.state(), State::complete) << sample.name << " " << limit;
    }
    Walker walker = walker_of(sample.encoding, sample.bytes.size() - 1);
    feed(walker, sample.bytes);
    EXPECT_EQ(walker.state(), State::too_large) << sample.name;
    EXPECT_FALSE(walker.fault().empty());
  }
}

const std::string binary_call = unhex(
    "800100010000000161"
    "00000000");
const std::string compact_call = unhex("8221000161");

// A call whose one field nests `depth` structs below the arguments.
std::string nested(Encoding encoding, std::size_t depth) {
  std::string out = encoding == Encoding::compact ? compact_call
                    : encoding == Encoding::json  ? "[1,\"a\",1,0,"
                                                  : binary_call;
  const std::string open = encoding == Encoding::compact ? unhex("1c")
                           : encoding == Encoding::json  ? "{\"1\":{\"rec\":"
                                                         : unhex("0c0001");
  const std::string stop = encoding == Encoding::json ? "}}" : std::string("\0", 1);
  for (std::size_t i = 0; i < depth; ++i) out += open;
  out += encoding == Encoding::json ? "{}" : std::string("\0", 1);
  for (std::size_t i = 0; i < depth; ++i) out += stop;
  if (encoding == Encoding::json) out += "]";
  return out;
}

TEST(UnframedWalker, HoldsTheDepthLimitWithoutRecursion) {
  for (const Encoding encoding : {Encoding::binary, Encoding::compact}) {
    Walker good = walker_of(encoding, 8u << 20, 64);
    feed(good, nested(encoding, 63));
    EXPECT_EQ(good.state(), State::complete);
    Walker bad = walker_of(encoding, 8u << 20, 64);
    feed(bad, nested(encoding, 64));
    EXPECT_EQ(bad.state(), State::too_deep);
    Walker huge = walker_of(encoding, 8u << 20, 1u << 20);
    feed(huge, nested(encoding, 50000));
    EXPECT_EQ(huge.state(), State::complete);
  }
  Walker good = walker_of(Encoding::json, 8u << 20, 64);
  feed(good, nested(Encoding::json, 63));
  EXPECT_EQ(good.state(), State::complete);
  Walker bad = walker_of(Encoding::json, 8u << 20, 64);
  feed(bad, nested(Encoding::json, 65));
  EXPECT_EQ(bad.state(), State::too_deep);
}

TEST(UnframedWalker, RefusesSizesBeforeItWaitsForTheirBytes) {
  struct Case {
    Encoding encoding;
    std::string bytes;
    State state;
  };
  const std::vector<Case> cases = {
      // A string, a list, a set and a map of 2^31 - 1; the same with the top bit set.
      {Encoding::binary, binary_call + unhex("0b00017fffffff"), State::too_large},
      {Encoding::binary, binary_call + unhex("0f00010c7fffffff"), State::too_large},
      {Encoding::binary, binary_call + unhex("0e0001027fffffff"), State::too_large},
      {Encoding::binary, binary_call + unhex("0d00010b0c7fffffff"), State::too_large},
      {Encoding::binary, binary_call + unhex("0b0001ffffffff"), State::malformed},
      {Encoding::binary, binary_call + unhex("0f00010cffffffff"), State::malformed},
      {Encoding::binary, binary_call + unhex("0d00010b0c80000000"), State::malformed},
      {Encoding::binary, unhex("800100017fffffff"), State::too_large},
      {Encoding::binary, unhex("80010001ffffffff"), State::malformed},
      {Encoding::binary_lax, unhex("7fffffff"), State::too_large},
      {Encoding::compact, compact_call + unhex("18ffffffff07"), State::too_large},
      {Encoding::compact, compact_call + unhex("19fcffffffff07"), State::too_large},
      {Encoding::compact, compact_call + unhex("1bffffffff078c"), State::too_large},
      {Encoding::compact, compact_call + unhex("18ffffffff0f"), State::malformed},
      {Encoding::compact, unhex("822100ffffffff07"), State::too_large},
      {Encoding::compact, unhex("822100ffffffff7f"), State::malformed},
  };
  for (const Case& one : cases) {
    Walker walker = walker_of(one.encoding);
    for (const char byte : one.bytes) feed(walker, std::string_view(&byte, 1));
    EXPECT_EQ(walker.state(), one.state) << &one - cases.data();
  }
}

TEST(UnframedWalker, RefusesWhatIsNoThrift) {
  struct Case {
    Encoding encoding;
    std::string bytes;
  };
  const std::vector<Case> cases = {
      {Encoding::binary, unhex("80020001")},                        // version 2
      {Encoding::binary, binary_call + unhex("01")},                // void
      {Encoding::binary, binary_call + unhex("11")},                // 17
      {Encoding::binary, binary_call + unhex("0f00010000000001")},  // a list of stops
      {Encoding::binary, binary_call + unhex("0d0001000b00000001")},
      {Encoding::compact, unhex("8222")},            // Facebook's version
      {Encoding::compact, unhex("8221ffffffffff")},  // a sequence id of more than five bytes
      {Encoding::compact, unhex("8221ffffffff7f")},  // … of more than 32 bits
      {Encoding::compact, compact_call + unhex("1e")},
      {Encoding::compact, compact_call + unhex("05ffffffffffffffffffff")},  // a field id that does not end
      {Encoding::compact, compact_call + unhex("05808004")},                // … of more than 16 bits
      {Encoding::compact, compact_call + unhex("16ffffffffffffffffffff")},
      {Encoding::compact, compact_call + unhex("1910")},
      {Encoding::compact, compact_call + unhex("1b010c")},
      {Encoding::json, "{"},
      {Encoding::json, "\""},
      {Encoding::json, "1"},
      {Encoding::json, "[1}"},
      {Encoding::json, "[{]"},
      {Encoding::json, "[1,\x01"},
      {Encoding::json, "[A"},
  };
  for (const Case& one : cases) {
    Walker walker = walker_of(one.encoding);
    feed(walker, one.bytes);
    EXPECT_EQ(walker.state(), State::malformed) << &one - cases.data();
    EXPECT_FALSE(walker.fault().empty());
  }
}

TEST(UnframedWalker, AsksNoEmptyContainerWhatItWouldHold) {
  struct Case {
    Encoding encoding;
    std::string bytes;
  };
  // A list, a set, a map with a key, a map with a value of types that are none, or a stop.
  std::vector<Case> cases;
  for (const std::string type : {"00", "01", "11", "80"}) {
    for (const std::string& head :
         {"0f0001" + type, "0e0001" + type, "0d0001" + type + "08", "0d000108" + type}) {
      cases.push_back({Encoding::binary, binary_call + unhex(head + "00000000" + "00")});
    }
  }
  // Compact: types 0, 14 and 15; the last with a size of its own. Its empty map has no types.
  for (const std::string list : {"1900", "190e", "1a0f", "19ff00"}) {
    cases.push_back({Encoding::compact, compact_call + unhex(list + "00")});
  }
  for (const Case& one : cases) {
    Walker walker = walker_of(one.encoding);
    EXPECT_EQ(feed(walker, one.bytes + "x"), one.bytes.size()) << &one - cases.data();
    EXPECT_EQ(walker.state(), State::complete) << &one - cases.data() << ": " << walker.fault();
  }
  for (const std::string list : {"191e", "19ff01", "1a2f"}) {
    Walker walker = walker_of(Encoding::compact);
    feed(walker, compact_call + unhex(list));
    EXPECT_EQ(walker.state(), State::malformed) << list;
  }
}

TEST(UnframedWalker, TakesNumbersLongerThanTheyMustBe) {
  // 5: i32 1, its id in four bytes; strings, a list, a map and their ends in up to ten.
  for (const std::string body : {"058a80800002",
                                 "188180808080"
                                 "0061",
                                 "18818080808080808080"
                                 "0061",
                                 "19f5808080808000",
                                 "19f581808080808080808000"
                                 "02",
                                 "1b8080808080808080"
                                 "8000",
                                 "1b818080808000"
                                 "55"
                                 "0202"}) {
    const std::string bytes = compact_call + unhex(body + "00");
    Walker walker = walker_of(Encoding::compact);
    EXPECT_EQ(feed(walker, bytes + "x"), bytes.size()) << body;
    EXPECT_EQ(walker.state(), State::complete) << body << ": " << walker.fault();
  }
}

TEST(UnframedWalker, LetsUuidPassByItsSixteenBytes) {
  const std::string uuid = "0123456789abcdef";
  // Type 16 in binary, 13 in compact: a field, and a list of two.
  const std::string binary =
      binary_call + unhex("100001") + uuid + unhex("0f00021000000002") + uuid + uuid + unhex("00");
  const std::string compact = compact_call + unhex("1d") + uuid + unhex("192d") + uuid + uuid + unhex("00");
  for (const auto& [encoding, bytes] :
       {std::pair(Encoding::binary, binary), std::pair(Encoding::compact, compact)}) {
    Walker walker = walker_of(encoding);
    EXPECT_EQ(feed(walker, bytes + "x"), bytes.size());
    EXPECT_EQ(walker.state(), State::complete);
  }
}

TEST(UnframedWalker, SeesBracketsAndQuotesInsideStringsAsText) {
  const std::string message = "[1,\"a\",1,0,{\"1\":{\"str\":\"]}\\\"]\\\\\"}} ]";
  Walker walker = walker_of(Encoding::json);
  EXPECT_EQ(feed(walker, message + "["), message.size());
  EXPECT_EQ(walker.state(), State::complete);
}

}  // namespace
}  // namespace koine::codecs::transports::unframed
