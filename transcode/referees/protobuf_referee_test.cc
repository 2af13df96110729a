// Protobuf messages in every legal disguise, libprotobuf as referee: what we make of the disguised bytes is
// what we make of the plain bytes that libprotobuf writes after reading them.
#include <gtest/gtest.h>

#include "idl/derive/testing/random_schema.h"
#include "idl/derive/testing/support.h"
#include "transcode/referees/protobuf_values.h"
#include "transcode/referees/protobuf_wire.h"
#include "transcode/referees/thrift_values.h"
#include "transcode/schema_test_support.h"

namespace koine::transcode::referees {
namespace {

using transcode::testing::binary;
using transcode::testing::compact;
using transcode::testing::protobuf;
using transcode::testing::Runner;
using transcode::testing::to_hex;

constexpr std::uint32_t schemas = 60;

// A message type, the Thrift struct derived from it, and the plans between them.
struct Pair {
  const idl::StructType& proto;
  const idl::StructType& thrift;
  model::BodyFormat format;
  Runner to_thrift{protobuf, proto, format, thrift};
  Runner to_proto{format, thrift, protobuf, proto};
};

struct Answer {
  base::Reason reason = base::Reason::none;
  std::string value;  // printed, maps sorted
};
Answer answer_of(Pair& pair, const std::string& bytes) {
  std::string out;
  const base::Status status = pair.to_thrift.run(bytes, out);
  if (!status.ok()) return {status.reason(), ""};
  try {
    Value value = from_bytes(pair.format, pair.thrift, out);
    sort_maps(pair.thrift, value);
    return {base::Reason::none, print(value)};
  } catch (const std::exception& e) {
    ADD_FAILURE() << e.what() << " in " << to_hex(out);
    return {};
  }
}

// Calls `check` with every pair of every random proto schema.
template <class Check>
void for_each_pair(model::BodyFormat format, Check check) {
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    const auto files = idl::derive::testing::random_proto(seed);
    const auto schema = idl::derive::testing::read_proto(files);
    const auto derived = idl::derive::testing::derived(*schema, idl::Language::thrift);
    Pool pool(files);
    for (const idl::StructType& thrift : derived->structs()) {
      if (thrift.origin == nullptr || thrift.origin->role != idl::StructRole::plain) continue;
      Pair pair{*thrift.origin, thrift, format};
      ASSERT_TRUE(pair.to_thrift.compile_error().ok())
          << seed << " " << pair.to_thrift.compile_error().to_string();
      ASSERT_TRUE(pair.to_proto.compile_error().ok())
          << seed << " " << pair.to_proto.compile_error().to_string();
      const pb::Descriptor* type = pool.find(pair.proto.full_name);
      ASSERT_NE(type, nullptr);
      check(seed, pair, *type, pool);
    }
  }
}

TEST(LibprotobufAsReferee, MessagesComeBackFromThriftAsTheyWere) {
  int checked = 0;
  int refused = 0;
  for (const model::BodyFormat format : {binary, compact}) {
    for_each_pair(format, [&](std::uint32_t seed, Pair& pair, const pb::Descriptor& type, Pool& pool) {
      RandomMessages random(seed);
      for (int i = 0; i < 4; ++i) {
        const auto message = random.try_make(pool, type.full_name());
        if (message == nullptr) break;
        std::string middle;
        std::string out;
        const base::Status status = pair.to_thrift.run(message->SerializeAsString(), middle);
        if (!status.ok()) {  // what Thrift has no form for: a union without member
          ASSERT_EQ(status.reason(), base::Reason::map_union) << seed << " " << status.to_string();
          ++refused;
          continue;
        }
        const base::Status back = pair.to_proto.run(middle, out);
        ASSERT_TRUE(back.ok()) << seed << " " << back.to_string();
        const auto again = pool.parse(type.full_name(), out);
        ASSERT_NE(again, nullptr);
        ASSERT_FALSE(has_unknown_fields(*again));
        ASSERT_EQ(again->DebugString(), message->DebugString()) << seed;
        ++checked;
      }
    });
  }
  EXPECT_GT(checked, 500);
  EXPECT_LT(refused, checked / 4);
}

TEST(LibprotobufAsReferee, DisguisedMessagesMeanTheSame) {
  int checked = 0;
  std::uint64_t straight = 0;
  std::uint64_t indexed = 0;
  for_each_pair(compact, [&](std::uint32_t seed, Pair& pair, const pb::Descriptor& type, Pool& pool) {
    RandomMessages random(seed + 1);
    Rewriter rewriter(seed + 2);
    for (int i = 0; i < 10; ++i) {
      const auto message = random.try_make(pool, type.full_name());
      if (message == nullptr) break;
      std::string bytes = message->SerializeAsString();
      if (rewriter.below(3) == 0) {  // two messages in a row are one
        const auto second = random.try_make(pool, type.full_name());
        if (second != nullptr) bytes += second->SerializeAsString();
      }
      bytes = rewriter.rewrite(type, bytes);
      const auto parsed = pool.parse(type.full_name(), bytes);
      ASSERT_NE(parsed, nullptr) << seed << " " << to_hex(bytes);
      const Answer expected = answer_of(pair, parsed->SerializePartialAsString());
      const Answer actual = answer_of(pair, bytes);
      ASSERT_EQ(base::to_string(actual.reason), base::to_string(expected.reason))
          << seed << " " << pair.proto.full_name << " " << to_hex(bytes);
      ASSERT_EQ(actual.value, expected.value)
          << seed << " " << pair.proto.full_name << " " << to_hex(bytes) << "\n"
          << parsed->DebugString();
      ++checked;
    }
    straight += pair.to_thrift.context().counters.straight_runs;
    indexed += pair.to_thrift.context().counters.indexed_runs;
  });
  EXPECT_GT(checked, 1000);
  EXPECT_GT(straight, 1000u);
  EXPECT_GT(indexed, 500u);
}

}  // namespace
}  // namespace koine::transcode::referees
