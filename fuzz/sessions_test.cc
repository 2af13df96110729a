// The fuzz targets' own demands on sessions: bytes that are right hold them, however they are cut.
#include "fuzz/sessions.h"

#include <initializer_list>

#include <gtest/gtest.h>

#include "codecs/conformance/in_tree/vectors.h"

namespace koine::fuzz {
namespace {

using codecs::conformance::in_tree::Subject;

std::string back_to_frames(const std::string& compact) {
  Input input(base::as_bytes(compact));
  return http2_frames(input);
}

TEST(FuzzFrames, ComeBackFromTheirShortForm) {
  // SETTINGS with nothing in it, HEADERS of stream 1, three bytes of DATA that end it.
  const std::string stream("\0\0\0\4\0\0\0\0\0\0\0\2\1\4\0\0\0\1\x82\x86\0\0\3\0\1\0\0\0\1abc", 32);
  EXPECT_EQ(back_to_frames(from_http2_frames(stream)), stream);
  EXPECT_EQ(from_http2_frames(stream).size(), 3 * 4 + 2 + 3u);
}

TEST(FuzzFrames, KeepOnlyWhatIsWhole) {
  const std::string whole("\0\0\3\0\1\0\0\0\1abc", 12);
  EXPECT_EQ(from_http2_frames(whole + std::string("\0\0\5\0\1\0\0\0\1ab", 11)), from_http2_frames(whole));
  EXPECT_EQ(from_http2_frames(whole.substr(0, 8)), "");
}

TEST(FuzzFrames, AnUnknownTypeEndsThemAndTheRestGoesOutAsItIs) {
  EXPECT_EQ(back_to_frames(std::string("\0\1\1\1x", 5) + "\x7fraw"),
            std::string("\0\0\1\0\1\0\0\0\1x", 10) + "raw");
}

TEST(FuzzSessions, TakeWhatRealCallersSendHoweverItIsCut) {
  for (const Subject& subject :
       {codecs::conformance::in_tree::thrift(), codecs::conformance::in_tree::grpc()}) {
    ASSERT_FALSE(subject.test.callers.empty());
    for (const auto& vector : subject.test.callers) {
      for (const std::uint8_t cut : std::initializer_list<std::uint8_t>{1, 2, 3, 90, 91})
        serve(*subject.codec, subject.test.server, vector.bytes, cut);
    }
  }
}

TEST(FuzzSessionsDeathTest, EndTheProcessWhereADemandDoesNotHold) {
  EXPECT_DEATH(check(false, "a demand", [] { return std::string("and why"); }), "a demand(.|\n)*and why");
  check(true, "a demand", [] { return std::string("never made"); });
}

}  // namespace
}  // namespace koine::fuzz
