// What must hold for every schema: random ones, derived both ways.
#include <gtest/gtest.h>

#include "idl/derive/testing/random_schema.h"
#include "idl/derive/testing/shrink.h"
#include "idl/derive/testing/support.h"
#include "idl/dump.h"

namespace koine::idl::derive::testing {
namespace {

constexpr std::uint32_t schemas = 120;
constexpr std::uint32_t compiled_schemas = 25;  // each is a run of a compiler

// Every other schema has UUIDs, but those that go to Thrift's compiler, which is too old for them.
bool uuids_in(std::uint32_t seed) { return seed % 2 == 1; }

// What a failure says: the seed, and of the schema what is needed for it.
std::string told(std::uint32_t seed, const Files& files, Language language) {
  const Files small =
      shrunk(files, [&](const Files& some) { return !lost_on_the_way(some, language).empty(); });
  return "seed " + std::to_string(seed) + ": " + lost_on_the_way(small, language) + text_of(small);
}

TEST(DerivedProto, IsConsistentForEverySchema) {
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    const Files files = random_thrift(seed, uuids_in(seed));
    auto source = read_thrift(files);
    ASSERT_FALSE(source->files().empty()) << seed;
    auto proto = derived(*source, Language::proto);
    ASSERT_EQ(inconsistencies(*source, *proto), "") << seed << "\n" << text_of(files);
  }
}

TEST(DerivedProto, ReadsBackAsItWasDerived) {
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    auto source = read_thrift(random_thrift(seed, uuids_in(seed)));
    auto proto = derived(*source, Language::proto);
    auto read_back = read_proto(printed_proto(*proto));
    const DumpOptions bare{true, false, false};
    ASSERT_EQ(difference(dump(*proto, bare), dump(*read_back, bare)), "") << seed << "\n"
                                                                          << text_of(printed_proto(*proto));
  }
}

TEST(DerivedProto, GivesTheThriftItCameFrom) {
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    auto source = read_thrift(random_thrift(seed, uuids_in(seed)));
    auto proto = derived(*source, Language::proto);
    auto read_back = read_proto(printed_proto(*proto));
    auto thrift = derived(*read_back, Language::thrift);
    ASSERT_EQ(difference(shape_of(*source, true), shape_of(*thrift, true)), "")
        << seed << "\n"
        << text_of(random_thrift(seed, uuids_in(seed))) << text_of(printed_proto(*proto));
  }
}

TEST(DerivedProto, GivesTheThriftItCameFromWithAllThatItSays) {
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    const Files files = random_thrift(seed, {uuids_in(seed), seed % 4 != 0});
    std::string why;
    ASSERT_NE(try_read(files, Language::thrift, &why), nullptr) << seed << why << text_of(files);
    ASSERT_EQ(lost_on_the_way(files, Language::thrift), "") << told(seed, files, Language::thrift);
  }
}

TEST(DerivedThrift, GivesTheProtoItCameFromWithAllThatItSays) {
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    const Files files = random_proto(seed, {uuids_in(seed), seed % 4 != 0});
    std::string why;
    ASSERT_NE(try_read(files, Language::proto, &why), nullptr) << seed << why << text_of(files);
    ASSERT_EQ(lost_on_the_way(files, Language::proto), "") << told(seed, files, Language::proto);
  }
}

TEST(DerivedProto, IsTheSameEveryTime) {
  for (std::uint32_t seed = 0; seed < schemas; seed += 7) {
    auto once = read_thrift(random_thrift(seed, uuids_in(seed)));
    auto again = read_thrift(random_thrift(seed, uuids_in(seed)));
    EXPECT_EQ(text_of(printed_proto(*derived(*once, Language::proto))),
              text_of(printed_proto(*derived(*again, Language::proto))))
        << seed;
  }
}

TEST(DerivedProto, IsTakenByProtoc) {
  for (std::uint32_t seed = 0; seed < compiled_schemas; ++seed) {
    auto source = read_thrift(random_thrift(seed, uuids_in(seed)));
    auto proto = derived(*source, Language::proto);
    const bool koine_options = seed % 2 == 0;
    const Files files = printed_proto(*proto, koine_options);
    ASSERT_EQ(protoc_complaints(files, {"cpp", "java", "php", "python"}), "") << seed << "\n"
                                                                              << text_of(files);
  }
}

TEST(DerivedThrift, IsConsistentForEverySchema) {
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    const Files files = random_proto(seed, uuids_in(seed));
    auto source = read_proto(files);
    ASSERT_FALSE(source->files().empty()) << seed;
    auto thrift = derived(*source, Language::thrift);
    ASSERT_EQ(inconsistencies(*source, *thrift), "") << seed << "\n" << text_of(files);
  }
}

TEST(DerivedThrift, ReadsBackAsItWasDerived) {
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    auto source = read_proto(random_proto(seed, uuids_in(seed)));
    auto thrift = derived(*source, Language::thrift);
    auto read_back = read_thrift(printed_thrift(*thrift));
    ASSERT_EQ(difference(shape_of(*thrift), shape_of(*read_back)), "") << seed << "\n"
                                                                       << text_of(printed_thrift(*thrift));
  }
}

TEST(DerivedThrift, IsTheSameEveryTime) {
  for (std::uint32_t seed = 0; seed < schemas; seed += 7) {
    auto once = read_proto(random_proto(seed, uuids_in(seed)));
    auto again = read_proto(random_proto(seed, uuids_in(seed)));
    EXPECT_EQ(text_of(printed_thrift(*derived(*once, Language::thrift))),
              text_of(printed_thrift(*derived(*again, Language::thrift))))
        << seed;
  }
}

TEST(DerivedThrift, IsTakenByTheThriftCompiler) {
  for (std::uint32_t seed = 0; seed < compiled_schemas; ++seed) {
    auto source = read_proto(random_proto(seed));
    auto thrift = derived(*source, Language::thrift);
    const Files files = printed_thrift(*thrift);
    ASSERT_EQ(thrift_complaints(files, {seed % 2 == 0 ? "java" : "php", "go"}), "") << seed << "\n"
                                                                                    << text_of(files);
  }
}

TEST(DerivedThrift, DerivesIntoProtoAgain) {
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    auto source = read_proto(random_proto(seed, uuids_in(seed)));
    auto thrift = derived(*source, Language::thrift);
    auto proto = derived(*thrift, Language::proto);
    ASSERT_EQ(inconsistencies(*thrift, *proto), "") << seed << "\n" << text_of(printed_thrift(*thrift));
  }
}

TEST(WrittenProto, ReadsBackAsItWasRead) {
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    auto source = read_proto(random_proto(seed, uuids_in(seed)));
    auto read_back = read_proto(printed_proto(*source));
    const DumpOptions bare{true, false, false};
    ASSERT_EQ(difference(dump(*source, bare), dump(*read_back, bare)), "") << seed << "\n"
                                                                           << text_of(printed_proto(*source));
  }
}

}  // namespace
}  // namespace koine::idl::derive::testing
