// Frames: what is taken, what is refused and when. The golden frame is a message written through libthrift
// 0.17's TFramedTransport (compact "ping", seqid 1, empty arguments).
#include "codecs/transports/framed/framed.h"

#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace koine::codecs::transports::framed {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view golden = "\x00\x00\x00\x09\x82\x21\x01\x04ping\x00"sv;

base::Buffer buffer_of(std::string_view text) {
  base::Buffer buffer;
  buffer.append(text);
  return buffer;
}

TEST(ThriftFramed, TakesOneFrameAndLeavesTheNext) {
  base::Buffer in = buffer_of(std::string(golden) + std::string(golden));
  in.append("\x00"sv);
  for (int i = 0; i < 2; ++i) {
    const FrameHead head = peek(in, 9);
    ASSERT_EQ(head.state, FrameState::complete);
    ASSERT_EQ(head.length, 9u);
    EXPECT_EQ(take(in, head).to_string(), golden.substr(4));
  }
  EXPECT_EQ(in.size(), 1u);
  EXPECT_EQ(peek(in, 9).state, FrameState::need_more);
}

TEST(ThriftFramed, WaitsForEveryByteInWhateverPiecesItComes) {
  base::Buffer in;
  for (std::size_t i = 0; i + 1 < golden.size(); ++i) {
    base::SlabRef slab = base::make_slab(1);
    slab->data()[0] = static_cast<std::uint8_t>(golden[i]);
    slab->used = 1;
    const std::uint8_t* data = slab->data();
    in.append(base::Slice(std::move(slab), data, 1));
    const FrameHead head = peek(in, 9);
    ASSERT_EQ(head.state, FrameState::need_more) << i;
    EXPECT_EQ(head.length, i < 3 ? 0u : 9u) << i;
  }
  in.append(golden.substr(golden.size() - 1));
  const FrameHead head = peek(in, 9);
  ASSERT_EQ(head.state, FrameState::complete);
  EXPECT_EQ(take(in, head).to_string(), golden.substr(4));
  EXPECT_TRUE(in.empty());
}

TEST(ThriftFramed, RejectsLengthLargerThanLimitFromTheHeaderAlone) {
  EXPECT_EQ(peek(buffer_of("\x00\x00\x00\x0A"sv), 9).state, FrameState::too_large);
  EXPECT_EQ(peek(buffer_of("\x00\x00\x00\x0A"sv), 9).length, 10u);
  EXPECT_EQ(peek(buffer_of("\x00\x00\x00\x09"sv), 9).state, FrameState::need_more);
  EXPECT_EQ(peek(buffer_of("\x7F\xFF\xFF\xFF"sv), 256u << 20).state, FrameState::too_large);
}

TEST(ThriftFramed, RejectsLengthsThatAreNoLengths) {
  EXPECT_EQ(peek(buffer_of("\x00\x00\x00\x00"sv), 9).state, FrameState::malformed);
  EXPECT_EQ(peek(buffer_of("\x80\x00\x00\x00"sv), ~std::size_t{0}).state, FrameState::malformed);
  EXPECT_EQ(peek(buffer_of("\xFF\xFF\xFF\xFF"sv), ~std::size_t{0}).state, FrameState::malformed);
}

TEST(ThriftFramed, WritesWhatItReads) {
  std::array<std::uint8_t, header_bytes> header{};
  EXPECT_EQ(write_header(header.data(), 9), header.data() + header.size());
  EXPECT_EQ(std::string(base::as_text(header)) + std::string(golden.substr(4)), golden);
  write_header(header.data(), 0x01020304);
  EXPECT_EQ(base::as_text(header), "\x01\x02\x03\x04"sv);
}

}  // namespace
}  // namespace koine::codecs::transports::framed
