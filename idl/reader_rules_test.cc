// The table of the readers' rules is complete: it has every rule that their sources name, and no other.
#include "idl/reader_rules.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace koine::idl {
namespace {

// Words in capitals that are none: gRPC's codes and what else is written so; and rules of pairing, which
// derivation shares.
const std::set<std::string> others = {"OK",
                                      "CANCELLED",
                                      "UNKNOWN",
                                      "INVALID_ARGUMENT",
                                      "DEADLINE_EXCEEDED",
                                      "NOT_FOUND",
                                      "ALREADY_EXISTS",
                                      "PERMISSION_DENIED",
                                      "RESOURCE_EXHAUSTED",
                                      "FAILED_PRECONDITION",
                                      "ABORTED",
                                      "OUT_OF_RANGE",
                                      "UNIMPLEMENTED",
                                      "INTERNAL",
                                      "UNAVAILABLE",
                                      "DATA_LOSS",
                                      "UNAUTHENTICATED",
                                      "UNSPECIFIED",
                                      "BEGIN",
                                      "END",
                                      "STREAM_TO_UNARY",
                                      "ONEWAY_ACK",
                                      "HTTP_CODE",
                                      "ORDER_STATUS",
                                      "UUID"};

// "NAME" in quotes, of capitals and underscores alone.
void collect(const std::string& text, std::set<std::string>& names) {
  std::size_t quote = text.find('"');
  while (quote != std::string::npos) {
    const std::size_t end = text.find('"', quote + 1);
    if (end == std::string::npos) return;
    const std::string word = text.substr(quote + 1, end - quote - 1);
    const bool capitals = word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string::npos;
    if (capitals && word.size() > 3 && word.back() != '_' && word[0] != '_' && !others.contains(word))
      names.insert(word);
    quote = capitals ? text.find('"', end + 1) : end;
  }
}

// The readers' sources, one after the other.
std::vector<std::string> sources() {
  std::vector<std::string> texts;
  const std::filesystem::path root = std::filesystem::path(KOINE_SOURCE_DIR) / "idl";
  for (const char* folder : {"", "thrift", "proto", "java", "derive"}) {
    for (const auto& entry : std::filesystem::directory_iterator(root / folder)) {
      const std::string name = entry.path().filename().string();
      if (!name.ends_with(".cc") && !name.ends_with(".h")) continue;
      if (name.ends_with("_test.cc") || name.starts_with("reader_rules")) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      texts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
  }
  return texts;
}

TEST(ReaderRules, AreThoseThatTheSourcesName) {
  std::set<std::string> named;
  for (const std::string& text : sources()) collect(text, named);
  std::set<std::string> known;
  for (const ReaderRule& rule : reader_rules()) known.emplace(rule.name);
  std::set<std::string> missing;
  std::set_difference(named.begin(), named.end(), known.begin(), known.end(),
                      std::inserter(missing, missing.end()));
  EXPECT_EQ(missing, std::set<std::string>()) << "in the sources, and not in the table";
  std::set<std::string> unused;
  std::set_difference(known.begin(), known.end(), named.begin(), named.end(),
                      std::inserter(unused, unused.end()));
  EXPECT_EQ(unused, std::set<std::string>()) << "in the table, and not in the sources";
}

// error(…, "NAME", …), report_.warning(…, "NAME", …), {Severity::warning, "NAME", …}: the last of the two
// words in the statement before the name. Where a statement has neither, somebody else says it.
TEST(ReaderRules, AreAsSevereAsTheSourcesSay) {
  std::map<std::string_view, std::set<std::string>> said;
  for (const std::string& text : sources()) {
    for (const ReaderRule& rule : reader_rules()) {
      const std::string quoted = '"' + std::string(rule.name) + '"';
      for (std::size_t at = text.find(quoted); at != std::string::npos; at = text.find(quoted, at + 1)) {
        const std::size_t begin = text.find_last_of(";{}", at) + 1;
        const std::string call = text.substr(begin, at - begin);
        const std::size_t error = call.rfind("error");
        const std::size_t warning = call.rfind("warning");
        if (error == warning) continue;
        const bool is_error = warning == std::string::npos || (error != std::string::npos && error > warning);
        said[rule.name].insert(is_error ? "error" : "warning");
      }
    }
  }
  EXPECT_GT(said.size(), 40u);
  for (const auto& [name, severities] : said) {
    const std::string both = severities.size() == 2 ? "error or warning" : *severities.begin();
    EXPECT_EQ(to_string(find_reader_rule(name)->severity), both) << name;
  }
}

TEST(ReaderRules, AreFoundByTheirName) {
  for (const ReaderRule& rule : reader_rules()) {
    EXPECT_EQ(find_reader_rule(rule.name), &rule);
    EXPECT_GE(rule.explanation.size(), 20u) << rule.name;
  }
  EXPECT_EQ(find_reader_rule("DUPLICATE"), nullptr);
}

}  // namespace
}  // namespace koine::idl
