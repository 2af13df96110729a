// The proof that nothing is lost: random schemas, random values, every ordered pair of formats, there and
// back. Every failure says how to run it again.
//
//   KOINE_PROOF_SEED      the number of the first schema (0; 0 and 1 are the fixed ones)
//   KOINE_PROOF_VALUES    how many values (100,000; with sanitizers 6,000)
//   KOINE_PROOF_FAILURES  how many failures end it (5)
//   KOINE_PROOF_TABLE     set: print what was covered
#include <cstdio>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "transcode/proof/coverage.h"
#include "transcode/proof/prover.h"
#include "transcode/proof/random_trees.h"
#include "transcode/proof/schemas.h"

namespace koine::transcode::proof {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t values_each_time = 6000;
#else
constexpr std::uint64_t values_each_time = 100000;
#endif
// From so many values on every cell of the table must be met.
constexpr std::uint64_t values_for_coverage = 100000;

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string readable(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    char one[8];
    std::snprintf(one, sizeof one, c > 31 && c < 127 ? "%c" : "\\x%02x", static_cast<unsigned char>(c));
    text += one;
  }
  return text;
}

TEST(Proof, NothingIsLostBetweenAnyTwoFormats) {
  const std::uint64_t values = setting("KOINE_PROOF_VALUES", values_each_time);
  const std::uint64_t failures_max = setting("KOINE_PROOF_FAILURES", 5);
  auto next_schema = static_cast<std::uint32_t>(setting("KOINE_PROOF_SEED", 0));
  pb::SetLogHandler(nullptr);  // it says of each text that is none that it is none
  Totals totals;
  Coverage coverage;
  std::uint64_t failures = 0;
  std::uint64_t schemas = 0;
  while (totals.values < values && failures < failures_max) {
    const std::uint32_t number = next_schema++;
    const auto pair = schema_pair(number);
    if (!pair->valid()) continue;
    ++schemas;
    const std::uint64_t share = number < fixed_schemas ? values / 4 : values / 400 + 40;
    const std::uint64_t each = share / (pair->subjects().size() + 1) + 1;
    for (const Subject& subject : pair->subjects()) {
      Prover prover(*pair, subject, totals, coverage);
      if (!prover.compile_error().empty()) {
        ADD_FAILURE() << "schema " << number << ", " << pair->name(subject) << ": " << prover.compile_error();
        ++failures;
        continue;
      }
      RandomTrees random(number);
      for (std::uint64_t i = 0; i < each; ++i) {
        const View view = i % 2 == 0 ? View::thrift : View::protobuf;
        const auto tree = random.tree(view, subject.in(view));
        if (!tree) break;
        const auto failure = prover.prove(view, *tree);
        if (!failure) continue;
        ADD_FAILURE() << "schema " << number << ", " << pair->name(subject) << ", " << name(failure->from)
                      << " to " << name(failure->to) << ":\n"
                      << failure->what << "\ntree  " << print(*tree) << "\nbytes "
                      << readable(failure->bytes);
        ++failures;
        break;
      }
    }
  }
  EXPECT_EQ(failures, 0u);
  if (values >= values_for_coverage && failures == 0) {
    for (const std::string& text : coverage.empty()) ADD_FAILURE() << "never met: " << text;
  }
  if (std::getenv("KOINE_PROOF_TABLE") != nullptr) std::printf("%s", coverage.table().c_str());
  std::printf("proof: %llu values, %llu schemas, %zu pairs, %llu crossings, %llu refusals, %llu failures\n",
              static_cast<unsigned long long>(totals.values), static_cast<unsigned long long>(schemas),
              pair_count, static_cast<unsigned long long>(totals.crossings),
              static_cast<unsigned long long>(totals.refusals), static_cast<unsigned long long>(failures));
}

}  // namespace
}  // namespace koine::transcode::proof
