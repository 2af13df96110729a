// What is left of a schema that was made small.
#include "idl/derive/testing/shrink.h"

#include <gtest/gtest.h>

#include "idl/derive/testing/random_schema.h"

namespace koine::idl::derive::testing {
namespace {

// A schema in which some field is a list, as a failure that has to do with lists.
bool has_list(const Files& files) {
  const auto schema = try_read(files, Language::thrift);
  if (schema == nullptr) return false;
  for (const StructType& type : schema->structs()) {
    for (const Field& field : type.fields) {
      if (type.role == StructRole::plain && field.type->kind == Kind::list) return true;
    }
  }
  return false;
}

TEST(Shrink, LeavesWhatIsNeededForTheFailure) {
  int shrunken = 0;
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const Files files = random_thrift(seed, {false, true});
    if (!has_list(files)) continue;
    ++shrunken;
    const Files small = shrunk(files, has_list);
    ASSERT_TRUE(has_list(small)) << seed;
    const auto schema = try_read(small, Language::thrift);
    std::size_t fields = 0;
    for (const StructType& type : schema->structs()) fields += type.fields.size();
    EXPECT_EQ(fields, 1u) << text_of(small);
    EXPECT_EQ(schema->services().size(), 0u) << text_of(small);
    EXPECT_EQ(text_of(small).find("/**"), std::string::npos) << text_of(small);
  }
  EXPECT_GT(shrunken, 10);
}

}  // namespace
}  // namespace koine::idl::derive::testing
