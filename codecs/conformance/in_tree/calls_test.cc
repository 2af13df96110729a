// The call codecs of this tree pass the conformance kit.
#include <gtest/gtest.h>

#include "codecs/conformance/in_tree/vectors.h"

namespace koine::codecs::conformance::in_tree {
namespace {

void passes(const Subject& subject) {
  const Report report = check_codec(subject.test, {.flips_max = 1500, .lengths_max = 800});
  EXPECT_TRUE(report.ok()) << report.to_string();
  for (const char* check : {"vectors", "split", "prefix", "truncated", "flip", "length", "polite",
                            "round_trip", "order", "drain", "limit", "cancel"}) {
    EXPECT_GT(report.cases(check), 0u) << check;
  }
}

TEST(Conformance, Thrift) { passes(thrift()); }
TEST(Conformance, Grpc) { passes(grpc()); }
TEST(Conformance, Http1) { passes(http1()); }
TEST(Conformance, Dubbo) { passes(dubbo()); }
TEST(Conformance, Triple) { passes(triple()); }

TEST(Conformance, NobodyClaimsAnothersConnections) {
  const Subject over_tcp = thrift();
  const Subject over_http2 = grpc();
  const Subject over_http1 = http1();
  const Subject over_frames = dubbo();
  const CodecUnderTest* const all[] = {&over_tcp.test, &over_http2.test, &over_http1.test, &over_frames.test};
  Report report;
  check_detection(all, report);
  EXPECT_TRUE(report.ok()) << report.to_string();
}

}  // namespace
}  // namespace koine::codecs::conformance::in_tree
