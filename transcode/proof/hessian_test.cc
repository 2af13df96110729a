// Random values of random schemas as Hessian2 and back: the same value, or a refusal that the value explains.
// libthrift writes and reads the binary ends.
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "idl/derive/testing/random_parts.h"
#include "idl/derive/testing/support.h"
#include "idl/folded.h"
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

// Calls `change(type, value)` for every value in it, from the inside.
template <class Change>
void for_values(const idl::Type& type, Value& value, const Change& change);
template <class Change>
void for_fields(const idl::StructType& type, Value& value, const Change& change) {
  for (auto& [id, content] : value.fields) for_values(*type.find_field(id)->type, content, change);
}
template <class Change>
void for_values(const idl::Type& type, Value& value, const Change& change) {
  if (type.kind == Kind::structure) for_fields(*type.structure, value, change);
  for (std::size_t i = 0; type.element != nullptr && i < value.items.size(); ++i) {
    for_values(type.kind == Kind::map && i % 2 == 0 ? *type.key : *type.element, value.items[i], change);
  }
  change(type, value);
}

// Thrift's defaults are written where nothing is: zero is a value of its own.
void fill_defaults(const idl::StructType& type, Value& value) {
  for (const idl::Field& field : type.fields) {
    const bool there = std::any_of(value.fields.begin(), value.fields.end(),
                                   [&](const auto& one) { return one.first == field.id; });
    const bool has_default = field.default_value && field.presence != idl::Presence::optional;
    if (!there && has_default) value.fields.push_back({field.id, {}});
  }
}

// Does the field hold the 0 that only protobuf has? It means that nobody set it.
bool is_unset(const idl::Field& field, const Value& value) {
  if (field.type->kind != Kind::enumeration || value.number != 0) return false;
  const idl::EnumValue* zero = field.type->enumeration->find_value(0);
  return zero != nullptr && idl::find_annotation(zero->annotations, "koine.added") != nullptr;
}

// Is it a duration of two signs? It becomes one of one, of the same length.
void give_one_sign(Value& duration) {
  const auto find = [&](std::int32_t id) -> std::int64_t* {
    for (auto& [field, value] : duration.fields) {
      if (field == id) return &value.number;
    }
    return nullptr;
  };
  std::int64_t* const seconds = find(1);
  std::int64_t* const nanos = find(2);
  if (seconds == nullptr || nanos == nullptr || *seconds >= 0 || *nanos <= 0) return;
  *seconds += 1;
  *nanos -= 1'000'000'000;
}

// A message as it is elsewhere: of elements of a set that are the same the first stays, UUIDs are written in
// lower case.
void normalize(const idl::StructType& type, Value& message) {
  const auto drop_unset = [](const idl::StructType& owner, Value& value) {
    std::erase_if(value.fields,
                  [&](const auto& one) { return is_unset(*owner.find_field(one.first), one.second); });
  };
  for_fields(type, message, [&](const idl::Type& inner, Value& value) {
    std::set<std::string> seen;
    if (inner.kind == Kind::set) {
      std::erase_if(value.items, [&](const Value& one) { return !seen.insert(referees::print(one)).second; });
    }
    if (inner.kind == Kind::uuid && inner.number_form == idl::NumberForm::plain) {
      for (char& c : value.text) c = idl::lower_letter(c);
    }
    if (inner.kind != Kind::structure) return;
    if (well_known(*inner.structure) == "Duration") give_one_sign(value);
    drop_unset(*inner.structure, value);
  });
  drop_unset(type, message);
}

// From a format's bytes of one type to Hessian2 of another, and back.
struct Ways {
  Ways(BodyFormat format, const idl::StructType& type, const idl::StructType& java) {
    const auto compile = [&](const Side& from, const Side& to) {
      auto plan = Plan::compile(from, to, OriginPairing(), {});
      EXPECT_TRUE(plan) << type.full_name << ": " << plan.status().to_string();
      return plan ? std::move(*plan) : nullptr;
    };
    there = compile({format, &type, {}}, {BodyFormat::hessian2, &java, {}});
    back = compile({BodyFormat::hessian2, &java, {}}, {format, &type, {}});
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

void expect_few(const std::map<std::string, int>& refused, int same) {
  int refusals = 0;
  for (const auto& [reason, count] : refused) {
    refusals += count;
    EXPECT_TRUE(reason.starts_with("MAP_")) << reason << ": " << count;
  }
  EXPECT_GT(same, refusals) << same << " values, " << refusals << " refusals";
  EXPECT_GT(same, 1000);
}

const idl::StructType* java_of(const idl::Schema& java, const Subject& subject) {
  for (const idl::StructType& type : java.structs()) {
    const bool is_it = type.origin == subject.thrift || type.origin == subject.protobuf;
    if (is_it && !type.full_name.starts_with("google.")) return &type;
  }
  return nullptr;
}

void check_ways(SchemaPair& schemas, View view, const idl::StructType& type, const idl::StructType& java,
                std::uint32_t number, int& same, std::map<std::string, int>& refused) {
  const BodyFormat format = view == View::thrift ? BodyFormat::thrift_binary : BodyFormat::protobuf;
  const Ways ways(format, type, java);
  ASSERT_TRUE(ways.there != nullptr && ways.back != nullptr);
  Context context;
  Output middle(nullptr);
  for (std::uint32_t seed = 0; seed < 12; ++seed) {
    std::optional<Value> tree = RandomTrees(number * 1000 + seed).tree(view, type);
    if (!tree) continue;
    if (view == View::thrift) {
      for_fields(type, *tree, [](const idl::Type& inner, Value& value) {
        if (inner.kind != Kind::structure) return;
        fill_defaults(*inner.structure, value);
        if (well_known(*inner.structure) == "Duration") give_one_sign(value);
      });
      fill_defaults(type, *tree);
      fill(type, *tree);
    } else {
      normalize(type, *tree);
    }
    const bool thrift = view == View::thrift;
    const std::string bytes =
        thrift ? referees::to_bytes(format, type, *tree) : schemas.protobuf().to_bytes(type, *tree);
    const base::Status written = ways.there->run(base::as_bytes(bytes), context, middle);
    if (!written.ok()) {
      ++refused[std::string(base::to_string(written.reason()))];
      continue;
    }
    const base::Status read = ways.back->run(middle.bytes(), context, context.output);
    ASSERT_TRUE(read.ok()) << type.full_name << ": " << read.to_string();
    const std::string again(base::as_text(context.output.bytes()));
    const std::optional<Value> got =
        thrift ? referees::from_bytes(format, type, again) : schemas.protobuf().from_bytes(type, again);
    ASSERT_TRUE(got) << type.full_name;
    ASSERT_EQ(referees::print(canonical(view, type, *got)), referees::print(canonical(view, type, *tree)))
        << "schema " << number << ", " << type.full_name << ", seed " << seed;
    ++same;
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
      const Ways ways(BodyFormat::thrift_binary, type, type);
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
  expect_few(refused, same);
  EXPECT_FALSE(refused.contains("MAP_TYPE"));
}

// A schema and the Java that is derived from it, or from what it was itself derived from.
TEST(HessianProof, JavaThatIsDerivedHoldsEveryValueOrSaysWhyNot) {
  std::map<std::string, int> refused;
  int same = 0;
  for (std::uint32_t number = 0; number < 40; ++number) {
    const std::unique_ptr<SchemaPair> schemas = schema_pair(number);
    if (!schemas->valid()) continue;
    // Plans pair what is derived from one schema, Thrift's with what is derived from it.
    const std::unique_ptr<idl::Schema> of_thrift =
        idl::derive::testing::derived(schemas->schema(View::thrift), idl::Language::java);
    const std::unique_ptr<idl::Schema> of_source = idl::derive::testing::derived(
        schemas->schema(schemas->language() == idl::Language::thrift ? View::thrift : View::protobuf),
        idl::Language::java);
    for (const View view : {View::thrift, View::protobuf}) {
      const idl::Schema& java = view == View::thrift ? *of_thrift : *of_source;
      for (const Subject& subject : schemas->subjects()) {
        const idl::StructType* const made = java_of(java, subject);
        if (made == nullptr) continue;  // a class of java.time
        check_ways(*schemas, view, subject.in(view), *made, number, same, refused);
      }
    }
  }
  expect_few(refused, same);
}

}  // namespace
}  // namespace koine::transcode::proof
