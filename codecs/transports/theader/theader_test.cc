// THeader's header: what real libraries write, what is refused, what is written.
#include "codecs/transports/theader/theader.h"

#include <string>

#include <gtest/gtest.h>

namespace koine::codecs::transports::theader {
namespace {

std::string unhex(std::string_view hex) {
  std::string out;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1])));
  }
  return out;
}

Header parse_hex(std::string_view hex, const InfoLimits& limits = {}) {
  static std::string kept;  // the result points into it
  kept = unhex(hex);
  return parse(base::as_bytes(kept), limits);
}

// THeaderTransport of libthrift 0.17 (C++): compact, zlib, seqid 7, two headers; the frame's length cut off.
constexpr std::string_view cpp =
    "0fff000000000007000a02010101020854726163652d4944036162630e636c69656e745f74696d656f757403323530000000";
// Apache Thrift's Go library, 0.17.0 and 0.25.0 alike: binary, one header.
constexpr std::string_view go =
    "0fff0000000000070005000001010854726163652d49440361626300"
    "0000";

TEST(THeader, ReadsWhatRealLibrariesWrite) {
  const Header header = parse_hex(cpp);
  EXPECT_EQ(header.fault, "");
  EXPECT_EQ(header.seqid, 7u);
  EXPECT_EQ(header.flags, 0u);
  EXPECT_EQ(header.protocol_id, protocol_compact);
  EXPECT_EQ(header.transforms, std::vector<std::uint32_t>{transform_zlib});
  ASSERT_EQ(header.infos.size(), 2u);
  EXPECT_EQ(header.infos[0].key, "Trace-ID");
  EXPECT_EQ(header.infos[0].value, "abc");
  EXPECT_EQ(header.infos[1].key, "client_timeout");
  EXPECT_EQ(header.infos[1].value, "250");
  EXPECT_EQ(header_bytes(base::as_bytes(unhex(cpp))), cpp.size() / 2);

  const Header other = parse_hex(go);
  EXPECT_EQ(other.fault, "");
  EXPECT_EQ(other.protocol_id, protocol_binary);
  EXPECT_TRUE(other.transforms.empty());
  ASSERT_EQ(other.infos.size(), 1u);
  EXPECT_EQ(other.infos[0].key, "Trace-ID");
}

TEST(THeader, ReadsPersistentInfosAndPassesOverUnknownBlocks) {
  // Block 2 with a pair, block 1 with a pair, then block 9 of unknown form that looks like a pair.
  const Header header = parse_hex(
      "0fff0001000000ff0005"
      "0000"
      "02010161"
      "0162"
      "01010163"
      "0164"
      "09010165"
      "0166"
      "000000");
  EXPECT_EQ(header.fault, "");
  EXPECT_EQ(header.flags & flag_out_of_order, flag_out_of_order);
  EXPECT_EQ(header.seqid, 255u);
  ASSERT_EQ(header.persistent.size(), 1u);
  EXPECT_EQ(header.persistent[0].key, "a");
  EXPECT_EQ(header.persistent[0].value, "b");
  ASSERT_EQ(header.infos.size(), 1u);
  EXPECT_EQ(header.infos[0].key, "c");
  EXPECT_EQ(header.infos[0].value, "d");
}

TEST(THeader, RefusesWhatExceedsTheHeader) {
  EXPECT_NE(parse_hex("0fff0000000000070001").fault, "");  // no protocol id
  EXPECT_NE(parse_hex("0fff0000000000070001"
                      "00")
                .fault,
            "");  // no transform count
  EXPECT_NE(parse_hex("0fff0000000000070001"
                      "0003"
                      "0101")
                .fault,
            "");  // more transforms than bytes
  EXPECT_NE(parse_hex("0fff0000000000070002"
                      "0005"
                      "0101010101"
                      "00")
                .fault,
            "");  // more transforms than there are
  EXPECT_NE(parse_hex("0fff0000000000070001"
                      "0000"
                      "01ff")
                .fault,
            "");  // a count that does not end
  EXPECT_NE(parse_hex("0fff0000000000070001"
                      "0000"
                      "017f")
                .fault,
            "");  // a count beyond the header
  EXPECT_NE(parse_hex("0fff0000000000070002"
                      "0000"
                      "01010561"
                      "0000")
                .fault,
            "");  // a key beyond it
  EXPECT_NE(parse_hex("0fff0000000000070002"
                      "0000"
                      "01010161"
                      "0562")
                .fault,
            "");  // a value beyond it
  EXPECT_NE(parse_hex("0fff0000000000070002"
                      "ffffffffff7f"
                      "0000")
                .fault,
            "");  // 2^32 and more
  EXPECT_EQ(parse_hex("0fff0000000000070002"
                      "0000"
                      "01010561"
                      "0000")
                .seqid,
            7u)
      << "still known";
}

TEST(THeader, EveryCutOfAHeaderIsRefusedOrKeepsWithinIt) {
  const std::string whole = unhex(cpp);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);  // of its own, so that a sanitizer sees a step beyond
    const Header header = parse(base::as_bytes(cut), {});
    EXPECT_LE(header.infos.size(), 2u);
    if (size < prologue_bytes + 2) { EXPECT_NE(header.fault, "") << size; }
  }
}

TEST(THeader, HoldsTheLimitsOfInfosOneBelowAtAndOneAbove) {
  // Two pairs: (8 + 3 + 32) + (14 + 3 + 32) = 92 bytes.
  EXPECT_FALSE(parse_hex(cpp, {3, 93}).infos_too_large);
  EXPECT_FALSE(parse_hex(cpp, {2, 92}).infos_too_large);
  EXPECT_TRUE(parse_hex(cpp, {2, 91}).infos_too_large);
  EXPECT_TRUE(parse_hex(cpp, {1, 92}).infos_too_large);
  EXPECT_EQ(parse_hex(cpp, {1, 92}).fault, "") << "the frame is whole all the same";
}

TEST(THeader, RefusesMoreWordsThanLibrariesTake) {
  std::string good = unhex(
      "0fff00000000000700"
      "00");
  good.resize(header_bytes_max, '\0');
  EXPECT_EQ(parse(base::as_bytes(good), {}).fault, "");
  good.append(4, '\0');
  EXPECT_NE(parse(base::as_bytes(good), {}).fault, "");
}

TEST(THeader, WritesWhatItReads) {
  const Info infos[] = {{"Trace-ID", "abc"}, {"bytes-bin", std::string_view("\0\xff", 2)}, {"empty", ""}};
  for (const bool zlib : {false, true}) {
    for (std::size_t count = 0; count <= 3; ++count) {
      const Outgoing what = {flag_out_of_order, 0xfffffffe, protocol_compact, zlib,
                             std::span(infos).first(count)};
      base::Buffer payload;
      payload.append(std::string_view("payload"));
      base::Buffer out;
      append_frame(out, what, std::move(payload));
      const std::string bytes = out.to_string();
      EXPECT_EQ(bytes.size(), head_bytes(what) + 7);
      EXPECT_EQ(static_cast<unsigned char>(bytes[3]), bytes.size() - 4);
      const std::size_t header = header_bytes(base::as_bytes(bytes).subspan(4));
      EXPECT_EQ(header + 4, head_bytes(what));
      EXPECT_EQ(bytes.substr(4 + header), "payload");
      const std::string kept = bytes.substr(4, header);
      const Header read = parse(base::as_bytes(kept), {});
      EXPECT_EQ(read.fault, "");
      EXPECT_EQ(read.flags, flag_out_of_order);
      EXPECT_EQ(read.seqid, 0xfffffffeu);
      EXPECT_EQ(read.protocol_id, protocol_compact);
      EXPECT_EQ(read.transforms.size(), zlib ? 1u : 0u);
      ASSERT_EQ(read.infos.size(), count);
      for (std::size_t i = 0; i < count; ++i) {
        EXPECT_EQ(read.infos[i].key, infos[i].key);
        EXPECT_EQ(read.infos[i].value, infos[i].value);
      }
    }
  }
}

TEST(THeader, SaysWhenInfosHaveNoRoom) {
  const std::string large(header_words_max * 4 - 11, 'v');
  const Info fits[] = {{"key", large}};
  EXPECT_EQ(head_bytes({0, 1, 0, false, fits}), 4 + header_bytes_max);
  const std::string larger = large + "v";
  const Info infos[] = {{"key", larger}};
  EXPECT_EQ(head_bytes({0, 1, 0, false, infos}), 0u);
}

}  // namespace
}  // namespace koine::codecs::transports::theader
