// Random schemas, random values, libthrift and libprotobuf as referees: what libthrift wrote, it reads again
// from what we made of it, directly and by way of protobuf; and what we call protobuf, libprotobuf takes.
#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include "idl/derive/testing/random_schema.h"
#include "idl/derive/testing/support.h"
#include "transcode/referees/protobuf_values.h"
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
constexpr int values_each = 6;

// Reads with libthrift; the test fails when it does not like the bytes.
Value thrift_value(model::BodyFormat format, const idl::StructType& type, const std::string& bytes) {
  try {
    return from_bytes(format, type, bytes);
  } catch (const std::exception& e) {
    ADD_FAILURE() << e.what() << " in " << to_hex(bytes);
    return {};
  }
}

std::string run(Runner& runner, const std::string& in) {
  std::string out;
  const base::Status status = runner.run(in, out);
  EXPECT_TRUE(status.ok()) << status.to_string() << " for " << to_hex(in);
  return out;
}

TEST(LibthriftAsReferee, ReadsFromOneProtocolWhatItWroteInTheOther) {
  int checked = 0;
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    const auto schema = idl::derive::testing::read_thrift(idl::derive::testing::random_thrift(seed));
    RandomValues random(seed);
    for (const idl::StructType& type : schema->structs()) {
      Runner there(binary, type, compact, type);
      Runner back(compact, type, binary, type);
      ASSERT_TRUE(there.compile_error().ok()) << there.compile_error().to_string();
      for (int i = 0; i < values_each; ++i) {
        const auto made = random.try_of(type);
        if (!made) break;
        const Value& value = *made;
        ++checked;
        ASSERT_EQ(print(thrift_value(compact, type, run(there, to_bytes(binary, type, value)))),
                  print(value));
        ASSERT_EQ(print(thrift_value(binary, type, run(back, to_bytes(compact, type, value)))), print(value));
      }
    }
  }
  EXPECT_GT(checked, 1000);
}

TEST(LibthriftAsReferee, ReadsWhatWentThroughProtobuf) {
  int checked = 0;
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    const auto schema = idl::derive::testing::read_thrift(idl::derive::testing::random_thrift(seed));
    const auto derived = idl::derive::testing::derived(*schema, idl::Language::proto);
    Pool pool(idl::derive::testing::printed_proto(*derived));
    RandomValues random(seed + 1000);
    for (const idl::StructType& proto : derived->structs()) {
      if (proto.origin == nullptr || proto.role != idl::StructRole::plain) continue;
      const idl::StructType& thrift = *proto.origin;
      for (const model::BodyFormat format : {binary, compact}) {
        Runner there(format, thrift, protobuf, proto);
        Runner back(protobuf, proto, format, thrift);
        ASSERT_TRUE(there.compile_error().ok()) << seed << " " << there.compile_error().to_string();
        ASSERT_TRUE(back.compile_error().ok()) << seed << " " << back.compile_error().to_string();
        for (int i = 0; i < values_each; ++i) {
          const auto made = random.try_of(thrift);
          if (!made) break;
          const Value& value = *made;
          ++checked;
          const std::string message = run(there, to_bytes(format, thrift, value));
          ASSERT_EQ(print(thrift_value(format, thrift, run(back, message))), print(value)) << seed;
          // libprotobuf takes it, knows every field, and says the same in its own words.
          const auto parsed = pool.parse(proto.full_name, message);
          ASSERT_NE(parsed, nullptr) << seed << " " << proto.full_name << " " << to_hex(message);
          ASSERT_FALSE(has_unknown_fields(*parsed)) << seed << " " << parsed->DebugString();
          Value again = thrift_value(format, thrift, run(back, parsed->SerializeAsString()));
          Value expected = value;
          sort_maps(thrift, again);
          sort_maps(thrift, expected);
          ASSERT_EQ(print(again), print(expected)) << seed;
        }
        EXPECT_EQ(there.context().counters.indexed_runs, 0u);
        EXPECT_EQ(back.context().counters.indexed_runs, 0u);
      }
    }
  }
  EXPECT_GT(checked, 1000);
}

}  // namespace
}  // namespace koine::transcode::referees
