// The corner cases of JSON (after the collections that test parsers: RFC 8259's grammar, one rule each).
#include "codecs/bodies/json/tokenizer.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "codecs/bodies/json/text.h"

namespace koine::codecs::bodies::json {
namespace {

using namespace std::string_literals;

struct Read {
  std::string shape;  // one character a token, texts in between
  Fault fault;
  std::size_t offset;
};

Read read_all(std::string_view text, std::size_t nesting_max = 64) {
  Tokenizer tokens(base::as_bytes(text), nesting_max);
  Read out{{}, Fault::none, 0};
  for (std::size_t i = 0; i <= text.size() + 1; ++i) {
    const Token token = tokens.next();
    constexpr std::string_view letters = "{}[]nsdTFZ.!";
    out.shape += letters[static_cast<std::size_t>(token.kind)];
    if (token.kind == TokenKind::name || token.kind == TokenKind::string || token.kind == TokenKind::number) {
      out.shape += '(' + std::string(token.text) + ')';
    }
    if (token.kind == TokenKind::end || token.kind == TokenKind::error) break;
  }
  out.fault = tokens.fault();
  out.offset = tokens.fault_offset();
  return out;
}

TEST(JsonTokenizer, ReadsEveryKindOfValue) {
  EXPECT_EQ(read_all(R"({"a":[1,-0.5e+3,"x",true,false,null],"b":{}})").shape,
            "{n(a)[d(1)d(-0.5e+3)s(x)TFZ]n(b){}}.");
  EXPECT_EQ(read_all(" \t\r\n[ ] \n").shape, "[].");
  EXPECT_EQ(read_all(" { \"a\" : [ 1 , 2 ] , \"a\" : { } } ").shape, "{n(a)[d(1)d(2)]n(a){}}.");
  for (const std::string_view text :
       {"0", "-0", "0.0", "10", "1e5", "1E-5", "0e0", "123456789012345678901234567890"}) {
    EXPECT_EQ(read_all(text).shape, "d(" + std::string(text) + ").");
  }
  EXPECT_EQ(read_all("\"\"").shape, "s().");
  EXPECT_EQ(read_all("\"\x7f\xc2\x80\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\"").fault, Fault::none);
}

TEST(JsonTokenizer, RefusesWhatIsNotJsonAndSaysWhere) {
  struct Case {
    std::string text;
    Fault fault;
    std::size_t offset;
  };
  const Case cases[] = {
      {"", Fault::truncated, 0},
      {"  ", Fault::truncated, 2},
      {"[1,]", Fault::syntax, 3},
      {"[,1]", Fault::syntax, 1},
      {"[1 2]", Fault::syntax, 3},
      {"[1,,2]", Fault::syntax, 3},
      {"{\"a\":1,}", Fault::syntax, 7},
      {"{\"a\" 1}", Fault::syntax, 5},
      {"{\"a\":}", Fault::syntax, 5},
      {"{a:1}", Fault::syntax, 1},
      {"{1:1}", Fault::syntax, 1},
      {"{'a':1}", Fault::syntax, 1},
      {"{,}", Fault::syntax, 1},
      {"[1}", Fault::syntax, 2},
      {"{\"a\":1]", Fault::syntax, 6},
      {"]", Fault::syntax, 0},
      {"[1", Fault::truncated, 2},
      {"{\"a\"", Fault::truncated, 4},
      {"{\"a\":", Fault::truncated, 5},
      {"1 2", Fault::trailing, 2},
      {"{}x", Fault::trailing, 2},
      {"[]]", Fault::trailing, 2},
      {"{}\0"s, Fault::trailing, 2},
      {"// c\n1", Fault::syntax, 0},
      {"[1/* c */]", Fault::syntax, 2},
      {"\xef\xbb\xbf{}", Fault::syntax, 0},
      {"True", Fault::syntax, 0},
      {"nul", Fault::truncated, 3},
      {"nulL", Fault::syntax, 0},
      {"truee", Fault::trailing, 4},
      {"NaN", Fault::syntax, 0},
      {"Infinity", Fault::syntax, 0},
      {"-Infinity", Fault::syntax, 1},
      {"undefined", Fault::syntax, 0},
      {"01", Fault::syntax, 1},
      {"-01", Fault::syntax, 2},
      {"+1", Fault::syntax, 0},
      {".5", Fault::syntax, 0},
      {"1.", Fault::truncated, 2},
      {"[1.]", Fault::syntax, 3},
      {"[1.e5]", Fault::syntax, 3},
      {"[1e]", Fault::syntax, 3},
      {"[1e+]", Fault::syntax, 4},
      {"[-]", Fault::syntax, 2},
      {"-", Fault::truncated, 1},
      {"0x10", Fault::trailing, 1},
      {"1_000", Fault::trailing, 1},
      {"\"", Fault::truncated, 1},
      {"\"abc", Fault::truncated, 4},
      {"\"a\nb\"", Fault::control_character, 2},
      {"\"\x1f\"", Fault::control_character, 1},
      {"\"\0\""s, Fault::control_character, 1},
      {"\"\\x41\"", Fault::bad_escape, 1},
      {"\"\\'\"", Fault::bad_escape, 1},
      {"\"\\\0\""s, Fault::bad_escape, 1},
      {"\"\\u12G4\"", Fault::bad_escape, 1},
      {"\"\\u 123\"", Fault::bad_escape, 1},
      {"\"\\", Fault::truncated, 2},
      {"\"\\u12", Fault::truncated, 5},
      {"\"\\ud800\"", Fault::lone_surrogate, 1},
      {"\"\\ud800x\"", Fault::lone_surrogate, 1},
      {"\"\\udc00\"", Fault::lone_surrogate, 1},
      {"\"\\ud800\\u0041\"", Fault::lone_surrogate, 1},
      {"\"\\ud800\\ud800\"", Fault::lone_surrogate, 1},
      {"\"\\ude00\\ud83d\"", Fault::lone_surrogate, 1},
      {"\"\xff\"", Fault::bad_utf8, 1},
      {"\"\xc0\xaf\"", Fault::bad_utf8, 1},
      {"\"\xe0\x80\xaf\"", Fault::bad_utf8, 1},
      {"\"\xed\xa0\x80\"", Fault::bad_utf8, 1},
      {"\"\xf4\x90\x80\x80\"", Fault::bad_utf8, 1},
      {"\"\xe4\xb8\"", Fault::bad_utf8, 1},
      {"{\"\xff\":1}", Fault::bad_utf8, 2},
      {"\xe4\xb8\xad", Fault::syntax, 0},
  };
  for (const Case& bad : cases) {
    const Read read = read_all(bad.text);
    EXPECT_EQ(read.fault, bad.fault) << bad.text << " " << to_string(read.fault);
    EXPECT_EQ(read.offset, bad.offset) << bad.text;
    EXPECT_TRUE(read.shape.ends_with('!')) << bad.text;
  }
}

TEST(JsonTokenizer, NamesTheReason) {
  Tokenizer tokens(base::as_bytes("\"\\ud800\""), 64);
  EXPECT_TRUE(tokens.status().ok());
  EXPECT_EQ(tokens.next().kind, TokenKind::error);
  EXPECT_EQ(tokens.next().kind, TokenKind::error) << "for ever";
  EXPECT_EQ(tokens.status().to_string(), "MAP_UTF8: half of a surrogate pair stands alone, at byte 1");
  EXPECT_EQ(reason_of(Fault::too_deep), base::Reason::limit_depth);
  EXPECT_EQ(reason_of(Fault::truncated), base::Reason::wire_truncated);
  EXPECT_EQ(reason_of(Fault::trailing), base::Reason::wire_malformed);
}

TEST(JsonTokenizer, LimitsNesting) {
  const auto nested = [](std::size_t depth, char open, char close) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += open == '{' ? "{\"a\":" : "[";
    text += "1";
    return text + std::string(depth, close);
  };
  EXPECT_EQ(read_all(nested(64, '[', ']')).fault, Fault::none);
  EXPECT_EQ(read_all(nested(65, '[', ']')).fault, Fault::too_deep);
  EXPECT_EQ(read_all(nested(65, '[', ']')).offset, 64u);
  EXPECT_EQ(read_all(nested(64, '{', '}')).fault, Fault::none);
  EXPECT_EQ(read_all(nested(65, '{', '}')).fault, Fault::too_deep);
  EXPECT_EQ(read_all(nested(1024, '[', ']'), 1u << 30).fault, Fault::none);
  EXPECT_EQ(read_all(nested(1025, '[', ']'), 1u << 30).fault, Fault::too_deep);
  EXPECT_EQ(read_all("[]", 0).fault, Fault::too_deep);
  EXPECT_EQ(read_all("1", 0).fault, Fault::none);
}

TEST(JsonTokenizer, PeeksWithoutTaking) {
  Tokenizer tokens(base::as_bytes("[1]"), 8);
  EXPECT_EQ(tokens.peek().kind, TokenKind::array_begin);
  EXPECT_EQ(tokens.depth(), 0u);
  EXPECT_EQ(tokens.peek().kind, TokenKind::array_begin);
  EXPECT_EQ(tokens.next().kind, TokenKind::array_begin);
  EXPECT_EQ(tokens.depth(), 1u);
  EXPECT_EQ(tokens.peek().text, "1");
  EXPECT_EQ(tokens.next().text, "1");
  EXPECT_EQ(tokens.peek().kind, TokenKind::array_end);
  EXPECT_EQ(tokens.depth(), 1u);
  EXPECT_EQ(tokens.next().kind, TokenKind::array_end);
  EXPECT_EQ(tokens.depth(), 0u);
  EXPECT_EQ(tokens.next().kind, TokenKind::end);
  EXPECT_EQ(tokens.next().kind, TokenKind::end);
}

TEST(JsonTokenizer, SkipsWholeValues) {
  Tokenizer tokens(base::as_bytes(R"({"a":{"x":[1,{"y":[]}]},"b":1,"c":"s","d":[],"e":7})"), 8);
  EXPECT_EQ(tokens.next().kind, TokenKind::object_begin);
  for (const std::string_view name : {"a", "b", "c", "d"}) {
    EXPECT_EQ(tokens.next().text, name);
    EXPECT_EQ(tokens.peek().kind == TokenKind::string, name == "c");
    EXPECT_TRUE(tokens.skip_value());
  }
  EXPECT_EQ(tokens.next().text, "e");
  EXPECT_EQ(tokens.next().text, "7");
  EXPECT_EQ(tokens.next().kind, TokenKind::object_end);
  Tokenizer broken(base::as_bytes("[[1,2"), 8);
  EXPECT_FALSE(broken.skip_value());
}

TEST(JsonTokenizer, FailsOnEveryPrefixAndSurvivesEveryMutation) {
  const std::string text = R"({"a\u00e9":[1,-0.5e+3,"\ud83d\ude00é",true,false,null],"b":{"c":{}}})";
  ASSERT_EQ(read_all(text).fault, Fault::none);
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    const Read read = read_all(std::string_view(text).substr(0, cut));
    EXPECT_NE(read.fault, Fault::none) << cut;
    // Half of a character is no UTF-8 only when the string goes on: everything cut off just ends too early.
    EXPECT_EQ(read.fault, Fault::truncated) << cut;
  }
  std::size_t good = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string mutant = text;
      mutant[at] = static_cast<char>(value);
      if (read_all(mutant).fault == Fault::none) ++good;
    }
  }
  EXPECT_GT(good, text.size());
}

TEST(JsonText, UnescapesEveryForm) {
  base::Arena arena;
  const auto plain = [&](std::string_view text) {
    Tokenizer tokens(base::as_bytes(text), 8);
    const Token token = tokens.next();
    EXPECT_EQ(token.kind, TokenKind::string) << text;
    return std::string(unescape(token.text, token.escaped, arena));
  };
  EXPECT_EQ(plain(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(plain(R"("a\u0000b")"), "a\0b"s);
  EXPECT_EQ(plain(R"("\u0041\u00e9\u4E2D\uffff")"), "A\xc3\xa9\xe4\xb8\xad\xef\xbf\xbf");
  EXPECT_EQ(plain(R"("\ud83d\ude00 \uD800\uDC00 \udbff\udfff")"),
            "\xf0\x9f\x98\x80 \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf");
  EXPECT_EQ(plain(R"("é中")"), "é中");
  Tokenizer untouched(base::as_bytes("\"abc\""), 8);
  const Token token = untouched.next();
  EXPECT_FALSE(token.escaped);
  EXPECT_EQ(unescape(token.text, token.escaped, arena).data(), token.text.data());
}

TEST(JsonText, WritesWhatItReads) {
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  const std::vector<std::string> texts = {"", "plain", all, "é中\xf0\x9f\x98\x80", std::string(1000, '\x01')};
  base::Arena arena;
  for (const std::string& text : texts) {
    std::string out(string_bytes_max(text.size()), '#');
    auto* begin = reinterpret_cast<std::uint8_t*>(out.data());
    const auto size = static_cast<std::size_t>(write_string(begin, text) - begin);
    EXPECT_EQ(size, string_bytes(text));
    EXPECT_LE(size, out.size());
    Tokenizer tokens({begin, size}, 8);
    const Token token = tokens.next();
    ASSERT_EQ(token.kind, TokenKind::string);
    EXPECT_EQ(unescape(token.text, token.escaped, arena), text);
    EXPECT_EQ(tokens.next().kind, TokenKind::end);
  }
  std::string out(64, '#');
  auto* begin = reinterpret_cast<std::uint8_t*>(out.data());
  out.resize(static_cast<std::size_t>(write_string(begin, "\"\\/\n\x1f\x7fé") - begin));
  EXPECT_EQ(out, "\"\\\"\\\\/\\n\\u001f\x7fé\"");
}

TEST(JsonTokenizer, TakesANameThatStandsThereJustSo) {
  const std::string_view text = R"({"a":1,"b":[{"a":"x"}], "c":2,"d" :3,"e":4})";
  Tokenizer tokens(base::as_bytes(text), 8);
  EXPECT_FALSE(tokens.take_name(R"("a":)"));  // a value is due
  EXPECT_EQ(tokens.next().kind, TokenKind::object_begin);
  EXPECT_FALSE(tokens.take_name(R"("b":)"));
  EXPECT_TRUE(tokens.take_name(R"("a":)"));
  EXPECT_FALSE(tokens.take_name(R"("a":)"));
  EXPECT_EQ(tokens.next().text, "1");
  EXPECT_FALSE(tokens.take_name(R"("a":)"));
  EXPECT_TRUE(tokens.take_name(R"("b":)"));
  EXPECT_EQ(tokens.next().kind, TokenKind::array_begin);
  EXPECT_FALSE(tokens.take_name(R"("a":)"));
  EXPECT_EQ(tokens.next().kind, TokenKind::object_begin);
  EXPECT_TRUE(tokens.take_name(R"("a":)"));
  EXPECT_EQ(tokens.next().text, "x");
  EXPECT_EQ(tokens.next().kind, TokenKind::object_end);
  EXPECT_FALSE(tokens.take_name(R"("c":)"));  // an array's next element is due
  EXPECT_EQ(tokens.next().kind, TokenKind::array_end);
  EXPECT_FALSE(tokens.take_name(R"("c":)"));  // a space in front
  EXPECT_EQ(tokens.next().text, "c");
  EXPECT_EQ(tokens.next().text, "2");
  EXPECT_FALSE(tokens.take_name(R"("d":)"));  // a space behind
  EXPECT_EQ(tokens.peek().text, "d");
  EXPECT_EQ(tokens.next().text, "d");
  EXPECT_EQ(tokens.next().text, "3");
  EXPECT_TRUE(tokens.take_name(R"("e":)"));
  EXPECT_EQ(tokens.next().text, "4");
  EXPECT_FALSE(tokens.take_name(R"("f":)"));
  EXPECT_EQ(tokens.next().kind, TokenKind::object_end);
  EXPECT_FALSE(tokens.take_name(R"("f":)"));
  EXPECT_EQ(tokens.next().kind, TokenKind::end);
}

TEST(JsonTokenizer, SaysWhatComesBehindANameAndNowhereElse) {
  const std::string_view text = R"({"a": null,"b":[null]})";
  Tokenizer tokens(base::as_bytes(text), 8);
  tokens.next();
  EXPECT_FALSE(tokens.comes('"'));
  tokens.next();
  EXPECT_TRUE(tokens.comes('n'));
  EXPECT_FALSE(tokens.comes('1'));
  EXPECT_EQ(tokens.next().kind, TokenKind::null_value);
  EXPECT_FALSE(tokens.comes('n'));
  tokens.next();
  EXPECT_TRUE(tokens.comes('['));
  tokens.next();
  EXPECT_FALSE(tokens.comes('n'));
  EXPECT_EQ(tokens.next().kind, TokenKind::null_value);
}

}  // namespace
}  // namespace koine::codecs::bodies::json
