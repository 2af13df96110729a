// The YAML reader against the configuration's own messages.
#include "control/yaml_reader.h"

#include <gtest/gtest.h>

#include "koine/config/v1/config.pb.h"

namespace koine::control {
namespace {

struct Read {
  config::v1::Config config;
  SourceMap map;
  std::vector<idl::Diagnostic> problems;
};

Read read(std::string_view text) {
  Read out;
  const Environment environment = [](std::string_view name) -> std::optional<std::string> {
    if (name == "PORT") return "9090";
    return std::nullopt;
  };
  read_yaml({text, "k.yaml", environment}, out.config, out.map, out.problems);
  return out;
}

std::string first_problem(std::string_view text) {
  const Read out = read(text);
  return out.problems.empty() ? "" : idl::render(out.problems.front());
}

constexpr std::string_view smallest =
    "schemas: { files: [shop.thrift] }\n"
    "listeners:\n"
    "  - bind: 127.0.0.1:7000\n"
    "services:\n"
    "  - name: orders\n"
    "    interface: shop.OrderService\n"
    "    protocol: thrift\n"
    "    endpoints: [\"127.0.0.1:${PORT}\", { address: \"[::1]:9091\" }]\n";

TEST(YamlReader, ReadsTheSmallestUsefulFile) {
  const Read out = read(smallest);
  ASSERT_TRUE(out.problems.empty()) << idl::render(out.problems.front());
  EXPECT_EQ(out.config.schemas().files(0), "shop.thrift");
  EXPECT_EQ(out.config.listeners(0).bind(), "127.0.0.1:7000");
  EXPECT_EQ(out.config.services(0).protocol(), config::v1::PROTOCOL_THRIFT);
  EXPECT_EQ(out.config.services(0).endpoints(0).address(), "127.0.0.1:9090");
  EXPECT_EQ(out.config.services(0).endpoints(1).address(), "[::1]:9091");
}

TEST(YamlReader, ReadsDurationsAndSizesWithTheirUnits) {
  const Read out =
      read(std::string(smallest) +
           "policies: { timeout: 1.5s }\nlimits: { message_bytes_max: 8MiB }\ndrain_timeout: 250ms\n");
  ASSERT_TRUE(out.problems.empty()) << idl::render(out.problems.front());
  EXPECT_EQ(out.config.policies().timeout().seconds(), 1);
  EXPECT_EQ(out.config.policies().timeout().nanos(), 500'000'000);
  EXPECT_EQ(out.config.limits().message_bytes_max(), 8u << 20);
  EXPECT_EQ(out.config.drain_timeout().nanos(), 250'000'000);
}

TEST(YamlReader, NamesPlacePathAndNearestNameOfAnUnknownKey) {
  const std::string text = std::string(smallest) + "listener: 3\n";
  EXPECT_NE(first_problem(text).find("k.yaml:9:1: error: listener: unknown key; did you mean 'listeners'?"),
            std::string::npos)
      << first_problem(text);
}

TEST(YamlReader, RefusesANumberWithoutItsUnit) {
  const std::string text = std::string(smallest) + "drain_timeout: 30\n";
  EXPECT_NE(first_problem(text).find("drain_timeout: expected a duration with its unit"), std::string::npos);
}

TEST(YamlReader, RefusesADuplicateKey) {
  EXPECT_NE(first_problem(std::string(smallest) + "workers: 1\nworkers: 2\n").find("written twice"),
            std::string::npos);
}

TEST(YamlReader, RefusesAnUnknownEnumValueAndListsTheKnownOnes) {
  std::string text(smallest);
  text.replace(text.find("protocol: thrift"), 16, "protocol: thirft");
  EXPECT_NE(first_problem(text).find("'thirft' is none of: thrift, grpc"), std::string::npos)
      << first_problem(text);
}

TEST(YamlReader, SaysWhatIsMissing) {
  EXPECT_NE(first_problem("schemas: { files: [a.thrift] }\n").find("required, but not written"),
            std::string::npos);
  EXPECT_NE(first_problem("").find("the file is empty"), std::string::npos);
}

TEST(YamlReader, NamesAnUnsetVariable) {
  EXPECT_NE(first_problem(std::string(smallest) + "admin: ${NOPE}\n").find("'NOPE' is not set"),
            std::string::npos);
}

TEST(YamlReader, PutsSyntaxErrorsAtTheirLine) {
  EXPECT_NE(first_problem("schemas: [\nlisteners: {").find("k.yaml:"), std::string::npos);
}

TEST(YamlReader, RefusesASecondDocument) {
  EXPECT_NE(first_problem("workers: 1\n---\nworkers: 2\n").find("k.yaml:2:1"), std::string::npos);
  EXPECT_NE(first_problem("workers: 1\n---\nworkers: 2\n").find("one document a file"), std::string::npos);
}

// yaml-cpp's list of all documents never ends here.
TEST(YamlReader, EndsAtACommaThatStandsAlone) {
  EXPECT_NE(first_problem(",listeners: 5\n").find("k.yaml:1:1"), std::string::npos);
  EXPECT_FALSE(first_problem("workers: 1\n,\n").empty());
}

TEST(YamlReader, IsNotBlownUpByAliases) {
  std::string text = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  EXPECT_FALSE(first_problem(text).empty());
  std::string bomb = "schemas:\n  files: &f0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string previous = "*f" + std::to_string(i - 1);
    bomb += "k" + std::to_string(i) + ": &f" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += (j == 0 ? "" : ",") + previous;
    bomb += "]\n";
  }
  EXPECT_FALSE(first_problem(bomb).empty());
}

TEST(YamlReader, ReadsAnAliasAsWhatItNames) {
  std::string text(smallest);
  text.replace(text.find("bind: "), 6, "bind: &here ");
  const Read out = read(text + "admin: *here\n");
  ASSERT_TRUE(out.problems.empty()) << idl::render(out.problems.front());
  EXPECT_EQ(out.config.admin().bind(), "127.0.0.1:7000");
  // Itself inside of itself, and a name that nothing has.
  EXPECT_NE(first_problem("schemas: &a { files: [*a] }\n").find("schemas.files[0]"), std::string::npos);
  EXPECT_NE(first_problem("schemas: &a [*a]\n").find("expected keys"), std::string::npos);
  EXPECT_NE(first_problem("admin: *nothing\n").find("k.yaml:1:8"), std::string::npos);
}

TEST(YamlReader, TellsKeysThatAreNoWordsAndValuesThatAreNotThere) {
  EXPECT_NE(first_problem("[a, b]: 1\n").find("k.yaml:1:1: error: a key must be a word"), std::string::npos);
  EXPECT_NE(first_problem("workers:\n").find("workers: no value"), std::string::npos);
  EXPECT_NE(first_problem("workers: ~\n").find("workers: no value"), std::string::npos);
  EXPECT_NE(first_problem("workers: [1]\n").find("expected one value, not a list or keys"),
            std::string::npos);
  EXPECT_NE(first_problem("# nothing\n").find("the file is empty"), std::string::npos);
}

TEST(YamlReader, RefusesNestingBeyondAnyNeed) {
  EXPECT_FALSE(first_problem(std::string(5000, '[') + std::string(5000, ']')).empty());
}

TEST(ParseDuration, TakesAWholeNumberOrDecimalsThatTheUnitCanHold) {
  EXPECT_EQ(parse_duration("250ms"), 250'000'000);
  EXPECT_EQ(parse_duration("1.5s"), 1'500'000'000);
  EXPECT_EQ(parse_duration("5m"), 300'000'000'000);
  EXPECT_EQ(parse_duration("0.5ns"), std::nullopt);
  EXPECT_EQ(parse_duration("5"), std::nullopt);
  EXPECT_EQ(parse_duration("5 s"), std::nullopt);
  EXPECT_EQ(parse_duration("-5s"), std::nullopt);
  EXPECT_EQ(parse_duration("1.2.3s"), std::nullopt);
  EXPECT_EQ(parse_duration("99999999999h"), std::nullopt);
}

TEST(ParseSize, TakesBinaryUnitsOnly) {
  EXPECT_EQ(parse_size("64KiB"), 65536u);
  EXPECT_EQ(parse_size("512B"), 512u);
  EXPECT_EQ(parse_size("4MB"), std::nullopt);
  EXPECT_EQ(parse_size("4096"), std::nullopt);
}

}  // namespace
}  // namespace koine::control
