// Random schemas, random values, libthrift and libprotobuf as referees: what libthrift wrote, it reads again
// from what we made of it, directly and by way of protobuf; and what we call protobuf, libprotobuf takes.
#include <algorithm>
#include <cmath>
#include <limits>

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
#include "transcode/walk.h"

namespace koine::transcode::referees {
namespace {

using transcode::testing::binary;
using transcode::testing::compact;
using transcode::testing::protobuf;
using transcode::testing::Runner;
using transcode::testing::thrift_json;
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

// Thrift's JSON has no keys that are structs or containers; libthrift writes text for them that nobody reads.
bool has_json(const Runner& runner) {
  const base::Status& error = runner.compile_error();
  EXPECT_TRUE(error.ok() || error.message().find("Thrift's JSON has no form for") != std::string_view::npos)
      << error.to_string();
  return error.ok();
}

// JSON has one NaN, and libthrift reads it with a sign.
Value with_one_nan(Value value) {
  if (std::isnan(value.real)) value.real = std::numeric_limits<double>::quiet_NaN();
  for (Value& item : value.items) item = with_one_nan(std::move(item));
  for (auto& [id, field] : value.fields) field = with_one_nan(std::move(field));
  return value;
}

// libthrift reads no negative ids in JSON, not those that it wrote either.
bool has_negative_ids(const Value& value) {
  for (const auto& [id, field] : value.fields) {
    if (id < 0 || has_negative_ids(field)) return true;
  }
  return std::any_of(value.items.begin(), value.items.end(), has_negative_ids);
}

TEST(LibthriftAsReferee, ReadsJsonOfEveryProtocolAndEveryProtocolOfJson) {
  int checked = 0;
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    const auto schema = idl::derive::testing::read_thrift(idl::derive::testing::random_thrift(seed));
    RandomValues random(seed + 2000);
    for (const idl::StructType& type : schema->structs()) {
      Runner from_json(thrift_json, type, compact, type);
      Runner into_json(binary, type, thrift_json, type);
      if (!has_json(from_json) || !has_json(into_json)) continue;
      for (int i = 0; i < values_each; ++i) {
        const auto made = random.try_of(type);
        if (!made) break;
        const Value& value = *made;
        ++checked;
        const std::string text = to_bytes(thrift_json, type, value);
        ASSERT_TRUE(walk_body(thrift_json, base::as_bytes(text), 64).ok()) << text;
        ASSERT_EQ(print(thrift_value(compact, type, run(from_json, text))), print(value)) << text;
        if (has_negative_ids(value)) continue;
        const std::string ours = run(into_json, to_bytes(binary, type, value));
        ASSERT_EQ(print(with_one_nan(thrift_value(thrift_json, type, ours))), print(value)) << ours;
      }
    }
  }
  EXPECT_GT(checked, 1000);
}

TEST(LibthriftAsReferee, ReadsJsonThatWentThroughProtobuf) {
  int checked = 0;
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    const auto schema = idl::derive::testing::read_thrift(idl::derive::testing::random_thrift(seed));
    const auto derived = idl::derive::testing::derived(*schema, idl::Language::proto);
    RandomValues random(seed + 3000);
    for (const idl::StructType& proto : derived->structs()) {
      if (proto.origin == nullptr || proto.role != idl::StructRole::plain) continue;
      const idl::StructType& thrift = *proto.origin;
      Runner there(thrift_json, thrift, protobuf, proto);
      Runner back(protobuf, proto, thrift_json, thrift);
      if (!has_json(there) || !has_json(back)) continue;
      for (int i = 0; i < values_each; ++i) {
        const auto made = random.try_of(thrift);
        if (!made) break;
        if (has_negative_ids(*made)) continue;
        ++checked;
        const std::string text = run(back, run(there, to_bytes(thrift_json, thrift, *made)));
        ASSERT_EQ(print(with_one_nan(thrift_value(thrift_json, thrift, text))), print(*made))
            << seed << " " << text;
      }
    }
  }
  EXPECT_GT(checked, 1000);
}

TEST(LibthriftAsReferee, ReadsUuidsThatWentThroughEveryFormat) {
  int checked = 0;
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    const auto schema = idl::derive::testing::read_thrift(idl::derive::testing::random_thrift(seed, true));
    const auto derived = idl::derive::testing::derived(*schema, idl::Language::proto);
    Pool pool(idl::derive::testing::printed_proto(*derived));
    RandomValues random(seed + 4000);
    for (const idl::StructType& proto : derived->structs()) {
      if (proto.origin == nullptr || proto.role != idl::StructRole::plain) continue;
      const idl::StructType& thrift = *proto.origin;
      for (const model::BodyFormat format : {compact, thrift_json, protobuf}) {
        const idl::StructType& other = format == protobuf ? proto : thrift;
        Runner there(binary, thrift, format, other);
        Runner back(format, other, binary, thrift);
        if (!has_json(there) || !has_json(back)) continue;
        for (int i = 0; i < values_each / 2; ++i) {
          const auto made = random.try_of(thrift);
          if (!made) break;
          ++checked;
          const std::string message = run(there, to_bytes(binary, thrift, *made));
          ASSERT_EQ(print(with_one_nan(thrift_value(binary, thrift, run(back, message)))), print(*made))
              << seed;
          if (format != protobuf) continue;
          const auto parsed = pool.parse(proto.full_name, message);
          ASSERT_NE(parsed, nullptr) << seed << " " << proto.full_name << " " << to_hex(message);
          ASSERT_FALSE(has_unknown_fields(*parsed)) << seed << " " << parsed->DebugString();
        }
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
