// Random values of random schemas as Hessian2 and back: the same value, or a refusal that the value explains.
// libthrift writes and reads the binary ends.
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "idl/derive/testing/random_parts.h"
#include "transcode/context.h"
#include "transcode/plan.h"
#include "transcode/proof/random_trees.h"
#include "transcode/proof/schemas.h"
#include "transcode/proof/trees.h"
#include "transcode/referees/thrift_values.h"

namespace koine::transcode::proof {
namespace {

using idl::Kind;
using model::BodyFormat;

void fill(const idl::Type& type, Value& value);

// An object has all of its class's fields: what is not there and cannot be null is zero, or empty.
void fill(const idl::StructType& type, Value& value) {
  for (auto& [id, content] : value.fields) fill(*type.find_field(id)->type, content);
  for (const idl::Field& field : type.fields) {
    const bool there = std::any_of(value.fields.begin(), value.fields.end(),
                                   [&](const auto& one) { return one.first == field.id; });
    const bool zero = field.type->kind <= Kind::f64 || field.type->element != nullptr;
    if (!there && zero && field.presence != idl::Presence::optional) value.fields.push_back({field.id, {}});
  }
}

void fill(const idl::Type& type, Value& value) {
  if (type.kind == Kind::structure) fill(*type.structure, value);
  if (type.element == nullptr) return;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    fill(type.kind == Kind::map && i % 2 == 0 ? *type.key : *type.element, value.items[i]);
  }
}

struct Ways {
  explicit Ways(const idl::StructType& type) {
    const auto compile = [&](BodyFormat from, BodyFormat to) {
      auto plan = Plan::compile({from, &type, {}}, {to, &type, {}}, OriginPairing(), {});
      EXPECT_TRUE(plan) << type.full_name << ": " << plan.status().to_string();
      return plan ? std::move(*plan) : nullptr;
    };
    there = compile(BodyFormat::thrift_binary, BodyFormat::hessian2);
    back = compile(BodyFormat::hessian2, BodyFormat::thrift_binary);
  }
  std::unique_ptr<const Plan> there;
  std::unique_ptr<const Plan> back;
};

// Bytes that were changed are read as something or refused, and never make more than the limits allow.
void break_and_read(const Plan& plan, const std::string& whole, std::uint32_t seed, Context& context) {
  idl::derive::testing::Random random(seed);
  for (int i = 0; i < 4; ++i) {
    std::string bytes = whole.substr(0, i == 0 ? random.below(whole.size() + 1) : whole.size());
    for (std::size_t change = 0; i != 0 && change < 1 + random.below(3); ++change) {
      static constexpr std::string_view leads = "CHIMNOQRSTUVWXZ\x51\x60\x70\x78\x90\xd4";
      const bool lead = random.below(2) == 0;
      bytes[random.below(bytes.size())] =
          lead ? leads[random.below(leads.size())] : static_cast<char>(random.below(256));
    }
    // A copy of exactly this size, so that a sanitizer sees every byte read too far.
    const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
    const base::Status read = plan.run(exact, context, context.output);
    EXPECT_TRUE(read.ok() || !read.message().empty());
  }
}

TEST(HessianProof, EveryValueComesBackOrSaysWhyNot) {
  std::map<std::string, int> refused;
  int same = 0;
  for (std::uint32_t number = 0; number < 60; ++number) {
    const std::unique_ptr<SchemaPair> schemas = schema_pair(number);
    if (!schemas->valid()) continue;
    for (const Subject& subject : schemas->subjects()) {
      const idl::StructType& type = *subject.thrift;
      const Ways ways(type);
      ASSERT_TRUE(ways.there != nullptr && ways.back != nullptr);
      Context context;
      Output middle(nullptr);
      for (std::uint32_t seed = 0; seed < 25; ++seed) {
        std::optional<Value> tree = RandomTrees(number * 1000 + seed).tree(View::thrift, type);
        if (!tree) continue;
        const std::string bytes = referees::to_bytes(BodyFormat::thrift_binary, type, *tree);
        const base::Status written = ways.there->run(base::as_bytes(bytes), context, middle);
        if (!written.ok()) {
          ++refused[std::string(base::to_string(written.reason()))];
          continue;
        }
        const base::Status read = ways.back->run(middle.bytes(), context, context.output);
        ASSERT_TRUE(read.ok()) << type.full_name << ": " << read.to_string();
        fill(type, *tree);
        const Value got = referees::from_bytes(BodyFormat::thrift_binary, type,
                                               std::string(base::as_text(context.output.bytes())));
        ASSERT_EQ(referees::print(canonical(View::thrift, type, got)),
                  referees::print(canonical(View::thrift, type, *tree)))
            << "schema " << number << ", " << type.full_name << ", seed " << seed;
        ++same;
        break_and_read(*ways.back, std::string(base::as_text(middle.bytes())), number * 1000 + seed, context);
      }
    }
  }
  int refusals = 0;
  for (const auto& [reason, count] : refused) {
    refusals += count;
    EXPECT_TRUE(reason.starts_with("MAP_")) << reason << ": " << count;
    EXPECT_NE(reason, "MAP_TYPE") << count;
  }
  EXPECT_GT(same, refusals) << same << " values, " << refusals << " refusals";
  EXPECT_GT(same, 1000);
}

}  // namespace
}  // namespace koine::transcode::proof
