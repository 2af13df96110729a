// zlib streams: what real libraries wrote, in any pieces; limits inside the loop.
#include "codecs/transports/zlib/stream.h"

#include <string>

#include <gtest/gtest.h>

namespace koine::codecs::transports::zlib {
namespace {

std::string unhex(std::string_view hex) {
  std::string out;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1])));
  }
  return out;
}

base::Buffer buffer_of(std::string_view text) {
  base::Buffer buffer;
  buffer.append(text);
  return buffer;
}

// TZlibTransport of libthrift 0.17 (C++) and of Go's library (0.17.0 and 0.25.0 alike), each flushed and not
// ended: a compact call; a binary call with sequence id 7 and one with 8.
const std::string cpp = unhex("789c6a5264e7484f2df12f4a492d120b9660ce38bc9201000000ffff");
const std::string cpp_plain = unhex("822107086765744f726465721653180368c3a900");
const std::string go = unhex(
    "789c6a606460646060e0484f2df12f4a492d62606060e76260fc0f01d7b8199818181898330eaf6400000000ffffc2a29203bb4a"
    "00000000ffff");
const std::string call7 =
    unhex("80010001000000086765744f72646572000000070a0001ffffffffffffffd60b00020000000368c3a900");
const std::string call8 =
    unhex("80010001000000086765744f72646572000000080a0001ffffffffffffffd60b00020000000368c3a900");

std::string inflate_in_pieces(const std::string& bytes, std::size_t piece) {
  Inflater inflater{base::Limits()};
  base::Buffer in;
  base::Buffer out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    in.append(std::string_view(bytes).substr(at, piece));
    EXPECT_TRUE(inflater.inflate(in, out, 1u << 20).ok());
    EXPECT_TRUE(in.empty());
  }
  EXPECT_FALSE(inflater.pending());
  EXPECT_FALSE(inflater.ended());
  return out.to_string();
}

TEST(ZlibStream, InflatesWhatRealLibrariesFlushedInAnyPieces) {
  for (const std::size_t piece : {1u, 2u, 3u, 7u, 1000u}) {
    EXPECT_EQ(inflate_in_pieces(cpp, piece), cpp_plain) << piece;
    EXPECT_EQ(inflate_in_pieces(go, piece), call7 + call8) << piece;
  }
  for (std::size_t cut = 1; cut < go.size(); ++cut) {
    Inflater inflater{base::Limits()};
    base::Buffer out;
    base::Buffer in = buffer_of(go.substr(0, cut));
    ASSERT_TRUE(inflater.inflate(in, out, 1u << 20).ok());
    in.append(go.substr(cut));
    ASSERT_TRUE(inflater.inflate(in, out, 1u << 20).ok());
    EXPECT_EQ(out.to_string(), call7 + call8) << cut;
  }
}

// What is read or answered in small pieces waits in a buffer that others fill on: it holds about its size.
TEST(ZlibStream, SmallPiecesShareTheirSlabs) {
  base::SlabPool pool;
  Deflater deflater;
  base::Buffer packed(&pool);
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(deflater.deflate(buffer_of("a" + std::to_string(i)), packed).ok());
  EXPECT_LE(packed.size(), 2000u);
  EXPECT_LE(pool.used_bytes(), 64u << 10);

  const std::string bytes = packed.to_string();
  packed = base::Buffer();
  ASSERT_EQ(pool.used_bytes(), 0u);
  Inflater inflater{base::Limits()};
  base::Buffer out(&pool);
  for (const char byte : bytes) {
    base::Buffer in = buffer_of({&byte, 1});
    ASSERT_TRUE(inflater.inflate(in, out, 1u << 20).ok());
  }
  EXPECT_EQ(out.to_string().substr(0, 8), "a0a1a2a3");
  EXPECT_EQ(out.size(), 290u);
  EXPECT_LE(pool.used_bytes(), 64u << 10);
}

TEST(ZlibStream, EveryFlushCanBeReadAtOnce) {
  Deflater deflater;
  Inflater inflater{base::Limits()};
  std::string text;
  for (int i = 0; i < 200; ++i) {
    text = "message " + std::to_string(i) + text.substr(0, static_cast<std::size_t>(i) * 40);
    base::Buffer packed;
    ASSERT_TRUE(deflater.deflate(buffer_of(text), packed).ok());
    base::Buffer out;
    ASSERT_TRUE(inflater.inflate(packed, out, 1u << 20).ok());
    EXPECT_EQ(out.to_string(), text);
  }
}

TEST(ZlibStream, WholeStreamsComeBackWhole) {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += std::to_string(i * 7919 % 10007);
  for (const std::string& one : {std::string(), std::string("x"), text}) {
    base::Buffer packed;
    ASSERT_TRUE(deflate_whole(buffer_of(one), packed).ok());
    base::Buffer out;
    ASSERT_TRUE(inflate_whole(packed, base::Limits(), out).ok());
    EXPECT_EQ(out.to_string(), one);
    if (one.empty()) continue;
    base::Buffer cut = packed;
    cut = cut.take_front(packed.size() - 1);
    base::Buffer none;
    EXPECT_EQ(inflate_whole(cut, base::Limits(), none).reason(), base::Reason::wire_compression);
    base::Buffer more = packed;
    more.append(std::string_view("x"));
    EXPECT_EQ(inflate_whole(more, base::Limits(), none).reason(), base::Reason::wire_compression);
  }
}

TEST(ZlibStream, StopsAsMuchAsItIsAskedTo) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += std::to_string(i);
  Deflater deflater;
  base::Buffer packed;
  ASSERT_TRUE(deflater.deflate(buffer_of(text), packed).ok());
  Inflater inflater{base::Limits()};
  base::Buffer out;
  std::size_t before = 0;
  while (!packed.empty() || inflater.pending()) {
    ASSERT_TRUE(inflater.inflate(packed, out, 20000).ok());
    EXPECT_LE(out.size() - before, 20000u + 16384u);
    before = out.size();
  }
  EXPECT_EQ(out.to_string(), text);
}

TEST(ZlibStream, HoldsTheMessageLimitOneBelowAtAndOneAbove) {
  base::Limits limits;
  std::string text;
  for (int i = 0; i < 20000; ++i) text += std::to_string(i * 7919 % 10007);
  base::Buffer packed;
  ASSERT_TRUE(deflate_whole(buffer_of(text), packed).ok());
  for (const std::size_t more : {1u, 0u}) {
    limits.message_bytes_max = text.size() + more;
    base::Buffer out;
    EXPECT_TRUE(inflate_whole(packed, limits, out).ok());
  }
  limits.message_bytes_max = text.size() - 1;
  base::Buffer out;
  EXPECT_EQ(inflate_whole(packed, limits, out).reason(), base::Reason::limit_message);
}

TEST(ZlibStream, StopsABombWhileItGrows) {
  // 16 MiB of zeros are some 70 KiB compressed.
  base::Buffer packed;
  ASSERT_TRUE(deflate_whole(buffer_of(std::string(16u << 20, '\0')), packed).ok());
  ASSERT_LT(packed.size(), 100u << 10);
  base::Limits limits;
  limits.message_bytes_max = 256u << 20;
  base::Buffer out;
  EXPECT_EQ(inflate_whole(packed, limits, out).reason(), base::Reason::wire_compression);
  EXPECT_LE(out.size(), packed.size() * limits.inflate_ratio_max + (64u << 10));
  limits.inflate_ratio_max = 1000;
  limits.message_bytes_max = 4u << 20;
  base::Buffer capped;
  EXPECT_EQ(inflate_whole(packed, limits, capped).reason(), base::Reason::limit_message);
  EXPECT_LE(capped.size(), limits.message_bytes_max + (64u << 10));

  // The same as the stream around a connection: a good hour before does not pay for it.
  limits.inflate_ratio_max = 10;
  Deflater deflater;
  Inflater inflater(limits);
  std::uint32_t noise = 1;
  for (int i = 0; i < 30; ++i) {
    std::string text(100000, ' ');
    for (char& c : text) {
      noise = noise * 1664525 + 1013904223;
      c = static_cast<char>(noise >> 24);
    }
    base::Buffer piece;
    ASSERT_TRUE(deflater.deflate(buffer_of(text), piece).ok());
    base::Buffer plain;
    ASSERT_TRUE(inflater.inflate(piece, plain, 1u << 20).ok());
  }
  base::Buffer bomb;
  ASSERT_TRUE(deflater.deflate(buffer_of(std::string(48u << 20, '\0')), bomb).ok());
  std::size_t grown = 0;
  base::Status status;
  while (status.ok() && (!bomb.empty() || inflater.pending())) {
    base::Buffer plain;
    status = inflater.inflate(bomb, plain, 64u << 10);
    grown += plain.size();
  }
  EXPECT_EQ(status.reason(), base::Reason::wire_compression);
  EXPECT_LE(grown, 21u << 20);
}

TEST(ZlibStream, RefusesWhatIsNoZlib) {
  for (const std::string& bytes : {std::string("not zlib at all"), unhex("789cffffffffff"),
                                   unhex("78bb000000000000"), cpp.substr(0, 6) + "garbage garbage"}) {
    Inflater inflater{base::Limits()};
    base::Buffer in = buffer_of(bytes);
    base::Buffer out;
    base::Status status;
    while (status.ok() && !in.empty()) status = inflater.inflate(in, out, 1u << 20);
    EXPECT_EQ(status.reason(), base::Reason::wire_compression) << bytes;
  }
  EXPECT_TRUE(begins_stream(0x78, 0x9c));
  EXPECT_TRUE(begins_stream(0x78, 0x01));
  EXPECT_FALSE(begins_stream(0x78, 0x9d));
  EXPECT_FALSE(begins_stream(0x78, 0xbb));
}

}  // namespace
}  // namespace koine::codecs::transports::zlib
