// Wrappers, names of types, and names with a case.
#include "codecs/calls/triple/wrapper.h"

#include <string>

#include "codecs/calls/triple/name_cases.h"
#include "codecs/calls/triple/triple_test_support.h"
#include "codecs/calls/triple/type_names.h"

namespace koine::codecs::calls::triple {
namespace {

using base::Reason;

TEST(TripleTypeNames, BecomeDescriptors) {
  const std::pair<std::string_view, std::string_view> names[] = {
      {"int", "I"},         {"boolean", "Z"},  {"java.lang.String", "Ljava/lang/String;"},
      {"[B", "[B"},         {"[[J", "[[J"},    {"[Ljava.lang.String;", "[Ljava/lang/String;"},
      {"a.B$C", "La/B$C;"}, {"Bare", "LBare;"}};
  for (const auto& [name, descriptor] : names) {
    std::string out;
    EXPECT_TRUE(append_descriptor(out, name)) << name;
    EXPECT_EQ(out, descriptor);
  }
  for (const std::string& name :
       {std::string(), std::string("["), std::string("[int"), std::string("[V"), std::string("[Lx"),
        std::string("[L;"), std::string("a;I"), std::string("a/b"), std::string("a b"), std::string("x[]"),
        std::string(300, '[') + "I"}) {
    std::string out;
    EXPECT_FALSE(append_descriptor(out, name)) << name;
  }
}

TEST(TripleWrapper, FieldsComeInAnyOrderAndOthersArePassedOver) {
  const std::string message = field(3, "long") + "\x20\x05" + field(3, "[B") + field(2, "\xe7") +
                              field(9, "?") + field(2, "N") + field(1, "hessian2");
  RequestWrapper out;
  ASSERT_TRUE(read_request_wrapper(base::as_bytes(message), base::Limits(), out).ok());
  EXPECT_EQ(out.signature, "J[B");
  EXPECT_EQ(out.serialization, "hessian2");
}

TEST(TripleWrapper, EveryArgumentIsAStreamOfItsOwn) {
  // A definition in the first is none in the second.
  const std::string defined =
      "C\x01X\x91\x01"
      "a`\x90";
  const std::string message =
      field(1, "hessian4") + field(2, defined) + field(2, "`\x90") + field(3, "X") + field(3, "X");
  RequestWrapper out;
  EXPECT_EQ(read_request_wrapper(base::as_bytes(message), base::Limits(), out).reason(),
            Reason::wire_malformed);
  const std::string twice =
      field(1, "hessian4") + field(2, defined) + field(2, defined) + field(3, "X") + field(3, "X");
  out = {};
  EXPECT_TRUE(read_request_wrapper(base::as_bytes(twice), base::Limits(), out).ok());
}

TEST(TripleWrapper, LengthsThatTheBytesDoNotBearOutAreMalformed) {
  const std::string whole = field(1, "hessian4") + field(2, "\x97") + field(3, "int");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    RequestWrapper out;
    const bool none = size == 10;  // ends where the first field does: a call without arguments
    EXPECT_EQ(read_request_wrapper(base::as_bytes(whole).subspan(0, size), base::Limits(), out).ok(), none)
        << size;
  }
}

TEST(TripleWrapper, AnAnswerIsReadAsItIsWritten) {
  base::Buffer out;
  append_answer_wrapper(out, java_serialization, std::string(300, 'y') + "N", "java.util.List");
  const std::string bytes = out.to_string();
  AnswerWrapper read;
  base::Limits limits;
  limits.nesting_max = 301;
  ASSERT_TRUE(read_answer_wrapper(base::as_bytes(bytes), limits, read).ok());
  EXPECT_EQ(read.value.size(), 301u);
  limits.nesting_max = 20;
  EXPECT_EQ(read_answer_wrapper(base::as_bytes(bytes), limits, read).reason(), Reason::limit_depth);
}

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
