// Values by the bytes of the Hessian 2.0 specification, and what hostile ones cost.
#include "cli/hessian_json.h"

#include <string>

#include <gtest/gtest.h>

#include "cli/command_line_test_support.h"

namespace koine::cli {
namespace {

// All values of a stream with commas between, or the reason.
std::string shown(const std::string& bytes, std::size_t nesting_max = 64) {
  HessianJson values(base::as_bytes(bytes), nesting_max);
  std::string out;
  while (!values.at_end()) {
    if (!out.empty()) out += ",";
    const base::Status status = values.append_next(out);
    if (!status.ok()) return std::string(to_string(status.reason()));
  }
  return out;
}
std::string shown_hex(std::string_view hex) { return shown(unhex(hex)); }

TEST(HessianJson, ShowsScalars) {
  EXPECT_EQ(shown_hex("4e"
                      "54"
                      "46"
                      "91"
                      "e0"
                      "4c7fffffffffffffff"),
            "null,true,false,1,0,9223372036854775807");
  EXPECT_EQ(shown_hex("5b"
                      "5f000005dc"
                      "447ff0000000000000"
                      "447ff8000000000000"),
            "0,1.5,\"Infinity\",\"NaN\"");
  EXPECT_EQ(shown_hex("0161"
                      "02eda0bdedb880"
                      "0122"
                      "0101"),
            "\"a\",\"\xf0\x9f\x98\x80\",\"\\\"\",\"\\u0001\"");
  EXPECT_EQ(shown_hex("23010203"
                      "20"),
            "\"AQID\",\"\"");
  EXPECT_EQ(shown_hex("4a000000d04b9284b8"
                      "4b00e383"
                      "8f"
                      "4a7fffffffffffffff"),
            "\"1998-05-08T09:51:31Z\",\"1998-05-08T09:51:00Z\",9223372036854775807");
}

TEST(HessianJson, ShowsWhatHoldsOthers) {
  EXPECT_EQ(shown_hex("7a9192"
                      "78"
                      "579192"
                      "5a"
                      "72055b6c6f6e67"
                      "e1e2"),
            "[1,2],[],[1,2],[1,2]");
  EXPECT_EQ(shown_hex("48"
                      "0161"
                      "91"
                      "92"
                      "54"
                      "5a"),
            "{\"a\":1,\"2\":true}");
  EXPECT_EQ(shown_hex("4d"
                      "0154"
                      "0161"
                      "91"
                      "5a"),
            "{\"class\":\"T\",\"a\":1}");
  EXPECT_EQ(shown_hex("48"
                      "7991"
                      "92"
                      "5a"),
            "{\"[1]\":2}");
  EXPECT_EQ(shown_hex("43"
                      "0153"
                      "92"
                      "0161"
                      "0162"
                      "60"
                      "91"
                      "4e"
                      "60"
                      "92"
                      "54"),
            "{\"class\":\"S\",\"a\":1,\"b\":null},{\"class\":\"S\",\"a\":2,\"b\":true}");
}

TEST(HessianJson, ShowsWhatIsReferredToOnceMoreAndCyclesByTheirLevel) {
  EXPECT_EQ(shown_hex("7a"
                      "7991"
                      "5191"),
            "[[1],[1]]");
  EXPECT_EQ(shown_hex("79"
                      "5190"),
            "[{\"cycle\":1}]");
  EXPECT_EQ(shown_hex("79"
                      "79"
                      "5190"),
            "[[{\"cycle\":2}]]");
  // A definition inside of what is read again counts once.
  EXPECT_EQ(shown_hex("7b"
                      "79"
                      "43"
                      "0153"
                      "91"
                      "0161"
                      "60"
                      "91"
                      "5191"
                      "60"
                      "92"),
            "[[{\"class\":\"S\",\"a\":1}],[{\"class\":\"S\",\"a\":1}],{\"class\":\"S\",\"a\":2}]");
}

TEST(HessianJson, EndsWhereTheBytesAreNoValues) {
  for (const char* hex : {"5190", "60", "79",
                          "48"
                          "0161",
                          "4c00", "0561", "2561",
                          "57"
                          "91",
                          "43"
                          "0153"
                          "91"}) {
    const std::string reason = shown_hex(hex);
    EXPECT_TRUE(reason == "WIRE_TRUNCATED" || reason == "WIRE_MALFORMED") << hex << ": " << reason;
  }
  EXPECT_EQ(shown(std::string(100, '\x79') + "\x91"), "LIMIT_DEPTH");
  EXPECT_EQ(shown(std::string(100, '\x57')), "LIMIT_DEPTH");
}

TEST(HessianJson, BoundsWhatReferencesMakeOfAFewBytes) {
  // Lists that hold the one before twice, forty levels: a trillion values.
  std::string doubled = "\x58" + unhex("c828");
  doubled += unhex("7991");
  for (char i = 1; i < 40; ++i)
    doubled += "\x7a\x51" + std::string(1, static_cast<char>(0x90 + i)) + "\x51" +
               std::string(1, static_cast<char>(0x90 + i));
  EXPECT_EQ(shown(doubled), "LIMIT_MESSAGE");
  // Keys that are maps with keys that are maps: each level's quotes are quoted once more.
  std::string keys;
  for (int i = 0; i < 60; ++i) keys += "H";
  keys += "\x01\x22\x91Z";
  for (int i = 1; i < 60; ++i) keys += "\x91Z";
  EXPECT_EQ(shown(keys), "LIMIT_MESSAGE");
}

}  // namespace
}  // namespace koine::cli
