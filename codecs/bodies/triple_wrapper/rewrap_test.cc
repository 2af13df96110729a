// From one stream to several and back.
#include "codecs/bodies/triple_wrapper/rewrap.h"

#include <string>

#include <gtest/gtest.h>

namespace koine::codecs::bodies::triple_wrapper {
namespace {

using base::Reason;

std::string field(int number, std::string_view content) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(content.size())}.append(content);
}

class Rewrap : public ::testing::Test {
 protected:
  static base::Slice slice(std::string_view bytes) {
    base::Buffer buffer;
    buffer.append(bytes);
    return buffer.linearize();
  }
  std::string wrapped(std::string_view stream, std::string_view signature) {
    base::Buffer out;
    status_ = rewrapper_.wrap_arguments(slice(stream), signature, limits_, out);
    return out.to_string();
  }
  std::string unwrapped(std::string_view message) {
    base::Buffer out;
    status_ = rewrapper_.unwrap_arguments(slice(message), limits_, out);
    return out.to_string();
  }

  Rewrapper rewrapper_;
  base::Limits limits_;
  base::Status status_;
};

const std::string hessian4 = field(1, "hessian4");

TEST_F(Rewrap, EachArgumentHasAStreamAndAType) {
  EXPECT_EQ(wrapped("\x91\x01x", "ILjava/lang/String;"),
            hessian4 + field(2, "\x91") + field(2, "\x01x") + field(3, "int") + field(3, "java.lang.String"));
  EXPECT_EQ(wrapped("", ""), hessian4);
  EXPECT_EQ(wrapped("\x91", "I"), hessian4 + field(2, "\x91") + field(3, "int"));
  EXPECT_TRUE(status_.ok());
}

TEST_F(Rewrap, BackInOneStreamTheyAreWhatTheyWere) {
  const std::string defined =
      "C\x01X\x91\x01"
      "a`\x90";
  const std::string stream = defined + "`\x91";
  const std::string message = wrapped(stream, "LX;LX;");
  EXPECT_EQ(message, hessian4 + field(2, defined) +
                         field(2,
                               "C\x01X\x91\x01"
                               "a`\x91") +
                         field(3, "X") + field(3, "X"));
  EXPECT_EQ(unwrapped(message), defined +
                                    "C\x01X\x91\x01"
                                    "aa\x91");
  EXPECT_EQ(unwrapped(hessian4), "");
  EXPECT_EQ(unwrapped(field(2, defined) + field(3, "X") + hessian4), defined);
}

TEST_F(Rewrap, AValueStaysWhatItIs) {
  base::Buffer value;
  value.append(std::string_view("\x05hello"));
  base::Buffer out;
  Rewrapper::wrap_value(std::move(value), "java.lang.String", out);
  const std::string message = hessian4 + field(2, "\x05hello") + field(3, "java.lang.String");
  EXPECT_EQ(out.to_string(), message);
  base::Buffer back;
  EXPECT_TRUE(Rewrapper::unwrap_value(slice(message), back).ok());
  EXPECT_EQ(back.to_string(), "\x05hello");
  // As newer versions of dubbo-go say null.
  for (const std::string& null : {field(1, "hessian2"), field(2, "")}) {
    base::Buffer nothing;
    EXPECT_TRUE(Rewrapper::unwrap_value(slice(null), nothing).ok());
    EXPECT_EQ(nothing.to_string(), "N");
  }
}

TEST_F(Rewrap, RefusesWhatIsNone) {
  (void)wrapped("\x91@", "II");
  EXPECT_EQ(status_.reason(), Reason::wire_malformed);
  (void)wrapped("\x91\x05x", "II");
  EXPECT_EQ(status_.reason(), Reason::wire_malformed);
  (void)wrapped(std::string(limits_.nesting_max + 1, 'y') + "\x91", "[I");
  EXPECT_EQ(status_.reason(), Reason::limit_depth);
  (void)unwrapped(field(2, "\x91\x91"));
  EXPECT_EQ(status_.reason(), Reason::wire_malformed);
  (void)unwrapped(field(2, "\x91") + "\x12\x05x");
  EXPECT_EQ(status_.reason(), Reason::wire_malformed);
  limits_.message_bytes_max = 100;
  (void)wrapped("x\x05hellox" + std::string("Q\x90Q\x90"), "[I[I[I");
  (void)wrapped("|\x91\x92\x93\x94" + std::string(300, 'N'), "");
  EXPECT_EQ(status_.reason(), Reason::limit_message);
}

}  // namespace
}  // namespace koine::codecs::bodies::triple_wrapper
