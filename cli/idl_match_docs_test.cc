// docs/pairing.md says what the code does: its example ends as it says, and its table of rules is the code's.
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "cli/command_line_test_support.h"
#include "idl/match/rules.h"

namespace koine::cli {
namespace {

std::string page() {
  std::ifstream in(std::string(KOINE_SOURCE_DIR) + "/docs/pairing.md");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// What stands between the first ```language and its ```.
std::string block(const std::string& text, const std::string& language) {
  const std::string open = "```" + language + "\n";
  const std::size_t start = text.find(open);
  if (start == std::string::npos) return "no block of " + language;
  const std::size_t from = start + open.size();
  return text.substr(from, text.find("```", from) - from);
}

std::string without(std::string text, const std::string& part) {
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos;) text.erase(at, part.size());
  return text;
}

TEST_F(CommandLine, ThePageOnPairingShowsWhatTheCommandPrints) {
  const std::string text = page();
  const std::string exposed = file("stock.proto", block(text, "proto"));
  const std::string provider = file("warehouse.thrift", block(text, "thrift"));
  const std::string folder = exposed.substr(0, exposed.rfind('/') + 1);
  const Said report = run_with({"idl", "match", exposed, provider});
  EXPECT_EQ(report.code, exit_failed);
  EXPECT_EQ(without(report.out, folder), block(text, "text"));
  const Said proposed = run_with({"idl", "match", exposed, provider, "--propose"});
  EXPECT_EQ(proposed.out, block(text, "yaml"));
  const std::string overrides = file("overrides.yaml", proposed.out);
  EXPECT_EQ(run_with({"idl", "match", exposed, provider, "--overrides", overrides}).code, exit_ok);
}

TEST_F(CommandLine, ThePageOnPairingListsTheRulesOfTheCode) {
  std::string rows;
  for (const idl::match::Rule& rule : idl::match::rules()) {
    const bool error = rule.severity == idl::Severity::error;
    rows += "| " + std::string(rule.name) + " | " +
            (error       ? "error"
             : rule.loss ? "loss"
                         : "warning") +
            " | " + std::string(rule.summary) + " |\n";
  }
  EXPECT_NE(page().find("| rule | | says |\n|---|---|---|\n" + rows + "\n"), std::string::npos)
      << "the table should be:\n"
      << rows;
}

}  // namespace
}  // namespace koine::cli
