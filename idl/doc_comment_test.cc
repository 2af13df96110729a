// What of a documentation comment is its text.
#include "idl/doc_comment.h"

#include <gtest/gtest.h>

namespace koine::idl {
namespace {

TEST(DocComment, IsCleanedOfStarsAndSharedIndentation) {
  EXPECT_EQ(clean_doc(" one line "), "one line");
  EXPECT_EQ(clean_doc("\n * first\n *   second\n *\n * third\n "), "first\n  second\n\nthird");
  EXPECT_EQ(clean_doc(" first\r\n   second\r\n   third "), "first\nsecond\nthird");
  EXPECT_EQ(clean_doc("\n\n *\n"), "");
  EXPECT_EQ(clean_doc(std::string_view("a\0b\0", 4)), "ab");
}

}  // namespace
}  // namespace koine::idl
