// What is taken quickly is what next() would have given; what is not, is left as it was.
#include "codecs/bodies/json/quick.h"

#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "codecs/bodies/json/numbers.h"
#include "codecs/bodies/json/tokenizer.h"

namespace koine::codecs::bodies::json {
namespace {

class Random {
 public:
  std::size_t below(std::size_t bound) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return (state_ >> 33) % bound;
  }
  std::string_view one_of(std::initializer_list<std::string_view> all) {
    return all.begin()[below(all.size())];
  }

 private:
  std::uint64_t state_ = 11;
};

// The tokens of a document, each taken quickly if that can be, or all by next(). Fails where both differ.
std::string tokens_of(std::string_view text, bool quickly) {
  // In memory of its own, so that a sanitizer sees what is read behind its end.
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  Tokenizer tokens(base::Bytes(bytes.data(), bytes.size()), 4);
  std::string seen;
  const auto add = [&seen](std::string_view kind, std::string_view token) {
    seen += std::string(kind) + ':' + std::string(token) + '\n';
  };
  while (true) {
    std::string_view taken;
    std::int64_t number = 0;
    bool truth = false;
    if (quickly) {
      tokens.take_to_element();
      if (tokens.take_integer_name(false, number)) {
        add("name", std::to_string(number));
        continue;
      }
      if (tokens.take_any_name(taken)) {
        add("name", taken);
        continue;
      }
      if (tokens.take_integer(false, false, number)) {
        add("number", std::to_string(number));
        continue;
      }
      if (tokens.take_string(taken)) {
        add("string", taken);
        continue;
      }
      if (tokens.take_boolean(truth)) {
        add("boolean", truth ? "true" : "false");
        continue;
      }
      if (tokens.take_object_begin()) {
        add("begin", "");
        continue;
      }
      if (tokens.take_object_end()) {
        add("end", "");
        continue;
      }
    }
    const Token token = tokens.next();
    std::int64_t integer = 0;
    switch (token.kind) {
      case TokenKind::name: add("name", token.text); break;
      case TokenKind::string: add("string", token.text); break;
      case TokenKind::number: {
        const bool is_integer = parse_i64(token.text, integer) == Parsed::ok;
        add("number", is_integer ? std::to_string(integer) : std::string(token.text));
        break;
      }
      case TokenKind::true_value: add("boolean", "true"); break;
      case TokenKind::false_value: add("boolean", "false"); break;
      case TokenKind::object_begin: add("begin", ""); break;
      case TokenKind::object_end: add("end", ""); break;
      case TokenKind::array_begin: add("[", ""); break;
      case TokenKind::array_end: add("]", ""); break;
      case TokenKind::null_value: add("null", ""); break;
      case TokenKind::end: return seen + "end of text";
      case TokenKind::error:
        return seen + std::string(to_string(tokens.fault())) + std::to_string(tokens.fault_offset());
    }
  }
}

std::string random_string(Random& random) {
  std::string text = "\"";
  const std::size_t pieces = random.below(12);
  const bool plain = random.below(3) != 0;
  for (std::size_t i = 0; i < pieces; ++i) {
    text += plain ? random.one_of({"a", "bcd", "éß", "0123456789", "\x7f", " "})
                  : random.one_of({"a", "\\n", "\\u00e9", "\\\"", "\x01", "\xff", "\xed\xa0\x80", "😀", "/"});
  }
  return text + '"';
}

std::string random_value(Random& random, int levels) {
  switch (random.below(levels > 0 ? 8 : 6)) {
    case 0: return std::string(random.one_of({"true", "false", "null", "truf", "fals", "nul"}));
    case 1:
    case 2: {
      std::string number(random.one_of({"", "", "-", "0", "-0"}));
      for (std::size_t digits = random.below(19); digits > 0; --digits) {
        number += static_cast<char>('0' + random.below(10));
      }
      return number + std::string(random.one_of({"", "", "", ".5", "e2", " "}));
    }
    case 3:
    case 4:
    case 5: return random_string(random);
    case 6: {
      std::string text = "[";
      for (std::size_t i = random.below(4); i > 0; --i) {
        text += random_value(random, levels - 1) + (i > 1 ? random.below(9) == 0 ? " , " : "," : "");
      }
      return text + ']';
    }
    default: {
      std::string text = "{";
      for (std::size_t i = random.below(5); i > 0; --i) {
        text +=
            random.below(2) == 0 ? random_string(random) : '"' + std::to_string(random.below(100000)) + '"';
        text += random.below(9) == 0 ? ": " : ":";
        text += random_value(random, levels - 1) + (i > 1 ? "," : "");
      }
      return text + '}';
    }
  }
}

TEST(JsonQuick, TakesWhatNextWouldHaveGiven) {
  Random random;
  std::size_t good = 0;
  for (int i = 0; i < 60000; ++i) {
    std::string text = random_value(random, 5);
    if (random.below(4) == 0 && !text.empty()) text.resize(random.below(text.size()));
    if (random.below(8) == 0 && !text.empty())
      text[random.below(text.size())] = static_cast<char>(random.below(256));
    const std::string expected = tokens_of(text, false);
    // (A name that is "007" stays as it is; quick ones are compared as numbers.)
    ASSERT_EQ(tokens_of(text, true), expected) << text;
    if (expected.ends_with("end of text")) ++good;
  }
  EXPECT_GT(good, 10000u);
}

TEST(JsonQuick, ReadsIntegersOfEveryLengthWithAnythingBehind) {
  Random random;
  for (int i = 0; i < 200000; ++i) {
    std::string text(random.one_of({"", "-"}));
    const std::size_t digits = random.below(20);
    for (std::size_t d = 0; d < digits; ++d) text += static_cast<char>('0' + random.below(10));
    const std::string number = text;
    text += static_cast<char>(random.below(256));
    text += "/:09./:09./:09./:09.";
    std::int64_t value = 0;
    const auto* begin = reinterpret_cast<const std::uint8_t*>(text.data());
    const std::uint8_t* const end = quick_integer(begin, value);
    if (end == nullptr) continue;
    const std::string_view taken(text.data(), static_cast<std::size_t>(end - begin));
    std::int64_t expected = 0;
    ASSERT_EQ(parse_i64(taken, expected), Parsed::ok) << text;
    ASSERT_EQ(value, expected) << text;
    ASSERT_GE(taken.size(), number.size()) << text;
    ASSERT_FALSE(*end >= '0' && *end <= '9') << text;
  }
  for (const char* number :
       {"0", "-1", "7", "10", "99999999", "100000000", "999999999999999", "-123456789012345"}) {
    const std::string text = std::string(number) + "}                  ";
    std::int64_t value = 0;
    const auto* begin = reinterpret_cast<const std::uint8_t*>(text.data());
    EXPECT_EQ(quick_integer(begin, value), begin + std::strlen(number));
    EXPECT_EQ(std::to_string(value), number);
  }
}

}  // namespace
}  // namespace koine::codecs::bodies::json
