// gzip and deflate messages: round trips, corrupt data, and limits that hold inside the loop.
#include "codecs/calls/grpc/compression.h"

#include <string>

#include <gtest/gtest.h>

namespace koine::codecs::calls::grpc {
namespace {

using model::Compression;

std::string pattern(std::size_t bytes) {
  std::string text(bytes, '\0');
  std::uint32_t state = 3;
  for (char& c : text) {
    state = state * 1664525u + 1013904223u;
    c = static_cast<char>(state >> 27);  // 32 values: shrinks, but not much
  }
  return text;
}

base::Buffer packed(Compression compression, const std::string& text, std::size_t pieces = 0) {
  base::Buffer in;
  in.append(text);
  base::Buffer out;
  EXPECT_TRUE(compress(compression, in, out).ok());
  if (pieces == 0) return out;
  base::Buffer cut;
  while (!out.empty()) {
    base::Buffer piece;
    piece.append(out.take_front(pieces).to_string());
    cut.append(piece.linearize());  // a buffer moved into it would bring room that later pieces are copied to
  }
  return cut;
}

TEST(GrpcCompression, RoundTripsAtEverySizeAndCut) {
  for (const Compression compression : {Compression::gzip, Compression::deflate, Compression::identity}) {
    for (const std::size_t size : {0u, 1u, 100u, 16383u, 16384u, 16385u, 60000u}) {
      for (const std::size_t pieces : {0u, 7u, 1000u}) {
        const std::string text = pattern(size);
        base::Buffer out;
        const base::Status status =
            decompress(compression, packed(compression, text, pieces), {}, nullptr, out);
        ASSERT_TRUE(status.ok()) << status.to_string();
        EXPECT_EQ(out.to_string(), text);
      }
    }
  }
}

// Two callers' frames that take turns leave slices of a few bytes: what they hold must not take a slab each.
TEST(GrpcCompression, MessagesInSmallSlicesHoldAboutTheirSize) {
  base::SlabPool pool;
  base::Buffer out(&pool);
  const std::string text = pattern(4000);
  const base::Buffer in = packed(Compression::gzip, text, 3);
  ASSERT_GT(in.slices().size(), 500u);
  ASSERT_TRUE(decompress(Compression::gzip, in, {}, nullptr, out).ok());
  EXPECT_EQ(out.to_string(), text);
  EXPECT_LE(pool.used_bytes(), 64u << 10);
}

TEST(GrpcCompression, SmallMessagesBehindOneAnotherShareTheirSlabs) {
  base::SlabPool pool;
  base::Buffer out(&pool);
  base::Buffer in;
  in.append("hello hello hello");
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(compress(Compression::gzip, in, out).ok());
  EXPECT_LE(pool.used_bytes(), 64u << 10);
}

TEST(GrpcCompression, ReadsWhatGzipWrote) {
  // gzip 1.12: printf 'hello hello hello' | gzip -n
  const std::string_view bytes(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x57"
      "\xc8\x40\x90\x00\x80\x88\xf9\xe5\x11\x00\x00\x00",
      28);
  base::Buffer in;
  in.append(bytes);
  base::Buffer out;
  const base::Status status = decompress(Compression::gzip, in, {}, nullptr, out);
  EXPECT_TRUE(status.ok()) << status.to_string();
  EXPECT_EQ(out.to_string(), "hello hello hello");
}

TEST(GrpcCompression, EveryTruncationAndTrailingByteIsRefused) {
  for (const Compression compression : {Compression::gzip, Compression::deflate}) {
    const std::string whole = packed(compression, pattern(500)).to_string();
    for (std::size_t size = 0; size < whole.size(); ++size) {
      base::Buffer in;
      in.append(whole.substr(0, size));
      base::Buffer out;
      EXPECT_EQ(decompress(compression, in, {}, nullptr, out).reason(), base::Reason::wire_compression)
          << size;
    }
    base::Buffer in;
    in.append(whole + "x");
    base::Buffer out;
    EXPECT_EQ(decompress(compression, in, {}, nullptr, out).reason(), base::Reason::wire_compression);
  }
}

TEST(GrpcCompression, FlippedBytesNeverBreakIt) {
  const std::string whole = packed(Compression::gzip, pattern(2000)).to_string();
  int wrong = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string mutated = whole;
    mutated[at] = static_cast<char>(mutated[at] ^ 0x55);
    base::Buffer in;
    in.append(mutated);
    base::Buffer out;
    // Some header bytes (time, system) mean nothing; everything else is found by the checksum.
    if (decompress(Compression::gzip, in, {}, nullptr, out).ok() && out.to_string() != pattern(2000)) ++wrong;
  }
  EXPECT_EQ(wrong, 0);
}

TEST(GrpcCompression, LimitsStopTheLoopCloseToTheCap) {
  constexpr std::size_t slack = 64u << 10;
  base::Limits limits;
  limits.message_bytes_max = 1u << 20;
  limits.inflate_ratio_max = 1000000;
  base::Buffer out;
  const base::Buffer bomb = packed(Compression::gzip, std::string(64u << 20, '\0'));
  EXPECT_EQ(decompress(Compression::gzip, bomb, limits, nullptr, out).reason(), base::Reason::limit_message);
  EXPECT_LE(out.size(), limits.message_bytes_max + slack);

  base::Limits ratio;
  ratio.message_bytes_max = 256u << 20;
  base::Buffer stopped;
  EXPECT_EQ(decompress(Compression::gzip, bomb, ratio, nullptr, stopped).reason(),
            base::Reason::wire_compression);
  EXPECT_LE(stopped.size(), bomb.size() * ratio.inflate_ratio_max + slack);
}

TEST(GrpcCompression, SmallMessagesMayShrinkAlot) {
  base::Buffer out;
  EXPECT_TRUE(
      decompress(Compression::gzip, packed(Compression::gzip, std::string(60000, '\0')), {}, nullptr, out)
          .ok());
  EXPECT_EQ(out.size(), 60000u);
}

TEST(GrpcCompression, OnlyKnownNamesAreAccepted) {
  Compression out = Compression::identity;
  EXPECT_TRUE(parse_encoding("gzip", out));
  EXPECT_EQ(out, Compression::gzip);
  EXPECT_TRUE(parse_encoding("", out));
  EXPECT_EQ(out, Compression::identity);
  for (const std::string_view name : {"GZIP", "br", "snappy", "gzip,deflate", "x-gzip"}) {
    EXPECT_FALSE(parse_encoding(name, out)) << name;
  }
}

}  // namespace
}  // namespace koine::codecs::calls::grpc
