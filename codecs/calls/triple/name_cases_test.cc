// Names that have a case.
#include "codecs/calls/triple/name_cases.h"

#include <string>

#include <gtest/gtest.h>

namespace koine::codecs::calls::triple {
namespace {

TEST(TripleNames, SayOnlyWhatTheyAreNamesOf) {
  model::Metadata metadata;
  metadata.add("somename", "1");
  metadata.add("other", "2");
  metadata.add("raw-bin", "3");
  const auto names = [&] {
    std::string all;
    for (std::size_t i = 0; i < metadata.size(); ++i) all.append(metadata.wire_name(i)).append(" ");
    return all;
  };
  for (const char* json : {"", "{", "[]", "{\"somename\"", "{\"somename\":1}", "{\"somename\":\"otherName\"}",
                           "{\"somename\":\"some\\u004eame\"}", "%"}) {
    restore_cases(json, metadata);
    EXPECT_EQ(names(), "somename other raw-bin ") << json;
    EXPECT_EQ(cases_of(metadata), "");
  }
  restore_cases("{ \"somename\" : \"someName\", \"raw\":\"RAW\",\"gone\":\"Gone\"}", metadata);
  EXPECT_EQ(names(), "someName other RAW-bin ");
  EXPECT_EQ(metadata.get("raw-bin"), "3");
  EXPECT_EQ(cases_of(metadata), "%7B%22somename%22%3A%22someName%22%2C%22raw%22%3A%22RAW%22%7D");
}

}  // namespace
}  // namespace koine::codecs::calls::triple
