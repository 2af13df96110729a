// The proof that nothing is lost: random schemas, random values, every ordered pair of formats, there and
// back (docs/testing.md). What fails is made small and printed as a text that transcode/proof/kept/ takes.
//
//   KOINE_PROOF_SEED      the number of the first random schema (2)
//   KOINE_PROOF_VALUES    how many values, all parts together (100,000; with sanitizers 6,000)
//   KOINE_PROOF_FAILURES  how many failures end it (5)
//   KOINE_PROOF_SHRINK    0: failures are printed as they are
//   KOINE_PROOF_TABLE     set: print what was covered
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "idl/derive/testing/shrink.h"
#include "transcode/proof/case.h"
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
// They come in parts, for as many processes; each begins with the fixed schemas and goes on with its own.
constexpr std::uint32_t parts = 4;
constexpr std::uint32_t schemas_apart = 10000;
// From so many values of a part on every cell of the table must be met.
constexpr std::uint64_t values_for_coverage = 25000;

// One in so many values comes in other bytes as well.
constexpr std::uint64_t disguised_each = 4;

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  std::uint64_t value = otherwise;
  if (text != nullptr) std::from_chars(text, text + std::strlen(text), value);
  return value;
}

// A value, or other bytes for it, and how to try it again.
struct Attempt {
  View view = View::thrift;
  bool disguised = false;
  Value other;
  std::uint32_t seed = 0;

  std::optional<Failure> run(Prover& prover, const Value& tree) const {
    return disguised ? prover.prove_disguised(view, tree, other, seed) : prover.prove(view, tree);
  }
};

// The same with a tree and a schema of which nothing more can be left out.
Case smallest(const SchemaPair& pair, const Subject& subject, const Attempt& attempt, const Value& tree,
              const Failure& failure) {
  Case found{pair.language(), pair.files(), pair.name(subject), failure.source, failure.tree, failure.bytes};
  if (setting("KOINE_PROOF_SHRINK", 1) == 0) return found;
  Value small = tree;
  const auto fails = [&](const Files& files, const Value& value) -> std::optional<Failure> {
    SchemaPair tried(pair.language(), files);
    const Subject* same = tried.valid() ? tried.find(found.subject) : nullptr;
    if (same == nullptr || !fits(same->in(attempt.view), value)) return std::nullopt;
    if (!fits(same->in(attempt.view), attempt.other)) return std::nullopt;
    Totals totals;
    Coverage coverage;
    Prover prover(tried, *same, totals, coverage);
    if (!prover.compile_error().empty()) return std::nullopt;
    return attempt.run(prover, value);
  };
  SchemaPair again(pair.language(), pair.files());
  Totals totals;
  Coverage coverage;
  Prover prover(again, *again.find(found.subject), totals, coverage);
  small = shrunk(small, [&](const Value& value) { return attempt.run(prover, value).has_value(); });
  found.files = idl::derive::testing::shrunk(
      pair.files(), [&](const Files& files) { return fails(files, small).has_value(); });
  if (const auto last = fails(found.files, small)) {
    found.from = last->source;
    found.tree = last->tree;
    found.bytes = last->bytes;
  } else {
    found.files = pair.files();
  }
  return found;
}

// All values of one subject; how many failed.
int prove_subject(SchemaPair& pair, const Subject& subject, std::uint32_t number, std::uint32_t part,
                  std::uint64_t values, Totals& totals, Coverage& coverage) {
  Prover prover(pair, subject, totals, coverage);
  if (!prover.compile_error().empty()) {
    ADD_FAILURE() << "schema " << number << ", " << pair.name(subject) << ": " << prover.compile_error();
    return 1;
  }
  RandomTrees random(number * parts + part);
  for (std::uint64_t i = 0; i < values; ++i) {
    Attempt attempt;
    attempt.view = i % 2 == 0 ? View::thrift : View::protobuf;
    const auto tree = random.tree(attempt.view, subject.in(attempt.view));
    const auto other = random.tree(attempt.view, subject.in(attempt.view));
    if (!tree || !other) return 0;
    auto failure = attempt.run(prover, *tree);
    if (!failure && i / 2 % disguised_each == 0) {
      attempt.disguised = true;
      attempt.other = *other;
      attempt.seed = static_cast<std::uint32_t>(totals.values);
      failure = attempt.run(prover, *tree);
    }
    if (!failure) continue;
    ADD_FAILURE() << "schema " << number << ", " << name(failure->from) << " to " << name(failure->to) << ": "
                  << failure->what << "\n"
                  << text_of(smallest(pair, subject, attempt, *tree, *failure));
    return 1;
  }
  return 0;
}

class ProofOfAll : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  static void TearDownTestSuite() {
    if (std::getenv("KOINE_PROOF_TABLE") != nullptr) std::printf("%s", coverage.table().c_str());
    std::printf("proof: %llu values, %d schemas, %zu pairs, %llu crossings, %llu refusals, %d failures\n",
                static_cast<unsigned long long>(totals.values), schemas, pair_count,
                static_cast<unsigned long long>(totals.crossings),
                static_cast<unsigned long long>(totals.refusals), failures);
  }

  // Of all parts that this process runs.
  static inline Totals totals;
  static inline Coverage coverage;
  static inline int schemas = 0;
  static inline int failures = 0;
};

TEST_P(ProofOfAll, NothingIsLostBetweenAnyTwoFormats) {
  pb::SetLogHandler(nullptr);  // it says of each text that is none that it is none
  const std::uint64_t values = setting("KOINE_PROOF_VALUES", values_each_time) / parts;
  const auto failures_max = static_cast<int>(setting("KOINE_PROOF_FAILURES", 5));
  const auto first_random = static_cast<std::uint32_t>(setting("KOINE_PROOF_SEED", fixed_schemas));
  Coverage covered;
  const std::uint64_t before = totals.values;
  for (std::uint32_t i = 0; totals.values - before < values && failures < failures_max; ++i) {
    const bool fixed = i < fixed_schemas;
    const std::uint32_t number = fixed ? i : first_random + GetParam() * schemas_apart + i - fixed_schemas;
    const auto pair = schema_pair(number);
    if (!pair->valid()) continue;
    ++schemas;
    const std::uint64_t share = fixed ? values / 4 : values / 100 + 40;
    const std::uint64_t each = share / (pair->subjects().size() + 1) + 1;
    for (const Subject& subject : pair->subjects()) {
      failures += prove_subject(*pair, subject, number, GetParam(), each, totals, covered);
      if (failures >= failures_max) break;
    }
  }
  coverage.add(covered);
  if (values < values_for_coverage || failures != 0) return;
  for (const std::string& text : covered.empty()) ADD_FAILURE() << "never met: " << text;
}

INSTANTIATE_TEST_SUITE_P(Part, ProofOfAll, ::testing::Range(0u, parts));

TEST(Proof, WhatOnceFailedPasses) {
  pb::SetLogHandler(nullptr);
  int kept = 0;
  for (const auto& entry : std::filesystem::directory_iterator(KOINE_SOURCE_DIR "/transcode/proof/kept")) {
    std::ifstream in(entry.path());
    const auto one = parse_case(std::string(std::istreambuf_iterator<char>(in), {}));
    ASSERT_TRUE(one) << entry.path();
    SchemaPair pair(one->language, one->files);
    const Subject* subject = pair.valid() ? pair.find(one->subject) : nullptr;
    ASSERT_NE(subject, nullptr) << entry.path();
    ASSERT_TRUE(fits(subject->in(view_of(one->from)), one->tree)) << entry.path();
    Totals totals;
    Coverage coverage;
    Prover prover(pair, *subject, totals, coverage);
    EXPECT_EQ(prover.compile_error(), "") << entry.path();
    const auto failure = prover.prove_bytes(one->from, one->bytes, one->tree);
    EXPECT_FALSE(failure) << entry.path() << ": " << name(failure->from) << " to " << name(failure->to)
                          << ": " << failure->what;
    ++kept;
  }
  EXPECT_GT(kept, 0);
}

TEST(Proof, AFailureShrinksToWhatItNeeds) {
  const auto tree =
      parse_value("{1: n-70000, 2: [t6162, n7, t63, {4: t646566, 5: r4611686018427387904}], 9: t78}");
  ASSERT_TRUE(tree);
  // It takes a text with an "e", however deep, and a negative number.
  const auto fails = [](const Value& value) {
    const std::string text = text_of(value);
    return text.find("65") != std::string::npos && text.find('-') != std::string::npos;
  };
  EXPECT_EQ(text_of(shrunk(*tree, fails)), "{1: n-1, 2: [{4: t65}]}");
}

TEST(Proof, ACaseReadsBackAsItIsWritten) {
  const Case one{idl::Language::proto, {{"a.proto", "syntax = \"proto3\";\nmessage A {}\n"}}, "A",
                 Format::json,         *parse_value("{1: ., 3: [n5, t00ff], 12: {2: r1}}"),   "{}"};
  const auto again = parse_case("# why\n" + text_of(one));
  ASSERT_TRUE(again);
  EXPECT_EQ(text_of(*again), text_of(one));
  EXPECT_EQ(again->files, one.files);
}

}  // namespace
}  // namespace koine::transcode::proof
