// Wrappers, and names of types.
#include "codecs/bodies/triple_wrapper/wrapper.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "codecs/bodies/triple_wrapper/type_names.h"

namespace koine::codecs::bodies::triple_wrapper {
namespace {

using base::Reason;

// A field whose content is shorter than 128 bytes.
std::string field(int number, std::string_view content) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(content.size())}.append(content);
}

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
  EXPECT_EQ(type_names("IJ[BLa/B$C;[[Ljava/lang/String;V"),
            (std::vector<std::string>{"int", "long", "[B", "a.B$C", "[[Ljava.lang.String;", "void"}));
  EXPECT_EQ(type_names("ILa/b"), (std::vector<std::string>{"int"}));
  EXPECT_EQ(type_names("["), (std::vector<std::string>{}));
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

TEST(TripleWrapper, AnAnswerWithoutBytesIsNull) {
  // dubbo-go's, from 3.4 on.
  AnswerWrapper read;
  EXPECT_TRUE(read_answer_wrapper(base::as_bytes(field(1, "hessian2")), base::Limits(), read).ok());
  EXPECT_TRUE(read.value.empty());
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

}  // namespace
}  // namespace koine::codecs::bodies::triple_wrapper
