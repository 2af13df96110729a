// JSON at either end of a plan, judged by libprotobuf's own JSON of the same messages: what it writes is what
// we write, what it reads is what we read.
#include <limits>
#include <memory>
#include <random>
#include <string>

#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"
#include "transcode/plan.h"
#include "transcode/testing/random_message_test_support.h"

namespace koine::transcode {
namespace {

namespace pb = google::protobuf;
using model::BodyFormat;

constexpr const char* proto_text = R"(
syntax = "proto3";
package t;
import "google/protobuf/timestamp.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/wrappers.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/empty.proto";
enum Color { COLOR_UNSPECIFIED = 0; RED = 1; GREEN = 2; NEGATIVE = -1; }
message All {
  bool a_bool = 1; int32 an_int = 2; int64 a_long = 3; uint32 a_uint = 4; uint64 a_ulong = 5;
  sint32 a_sint = 6; sint64 a_slong = 7; fixed32 a_fixed = 8; fixed64 a_long_fixed = 9;
  sfixed32 a_sfixed = 10; sfixed64 a_long_sfixed = 11; float a_float = 12; double a_double = 13;
  string a_text = 14; bytes some_bytes = 15; Color a_color = 16; All nested = 17;
  optional int32 maybe_int = 18; optional string maybe_text = 19;
  repeated int32 ints = 20; repeated string texts = 21; repeated All alls = 22; repeated Color colors = 23;
  repeated double doubles = 24; repeated bytes blobs = 25; repeated int64 longs = 26 [packed = false];
  map<string, int32> by_name = 30; map<int64, string> by_long = 31; map<bool, All> by_bool = 32;
  map<uint32, Color> by_uint = 33; map<sfixed32, bytes> by_fixed = 34;
  oneof choice { int32 one_int = 40; string one_text = 41; All one_all = 42; Color one_color = 43; }
  google.protobuf.Timestamp instant = 50; google.protobuf.Duration span = 51;
  google.protobuf.Int64Value boxed_long = 52; google.protobuf.StringValue boxed_text = 53;
  google.protobuf.BoolValue boxed_bool = 54; google.protobuf.DoubleValue boxed_double = 55;
  google.protobuf.BytesValue boxed_bytes = 56; google.protobuf.FloatValue boxed_float = 57;
  google.protobuf.UInt64Value boxed_ulong = 58; google.protobuf.Int32Value boxed_int = 59;
  google.protobuf.Struct dynamic = 60; google.protobuf.Value any_value = 61; google.protobuf.ListValue any_list = 62;
  google.protobuf.FieldMask mask = 63; google.protobuf.Empty empty = 64; google.protobuf.NullValue nothing = 65;
  repeated google.protobuf.Timestamp instants = 66; map<string, google.protobuf.Duration> spans = 67;
  int32 withJson = 70 [json_name = "own\"name"];
}
)";

// The same file read by libprotobuf.
class Oracle {
 public:
  Oracle() {
    sources_.MapPath("", "/usr/include");
    pb::compiler::SourceTreeDescriptorDatabase database(&sources_);
    pb::io::ArrayInputStream text(proto_text, static_cast<int>(std::string_view(proto_text).size()));
    pb::compiler::Parser parser;
    struct Errors : pb::io::ErrorCollector {
      void AddError(int line, int column, const std::string& message) override {
        ADD_FAILURE() << line << ":" << column << " " << message;
      }
    } errors;
    parser.RecordErrorsTo(&errors);
    pb::io::Tokenizer tokenizer(&text, &errors);
    pb::FileDescriptorProto file;
    EXPECT_TRUE(parser.Parse(&tokenizer, &file));
    file.set_name("t.proto");
    for (const std::string& import : file.dependency()) {
      const pb::FileDescriptor* known = pb::DescriptorPool::generated_pool()->FindFileByName(import);
      EXPECT_NE(known, nullptr) << import;
      pb::FileDescriptorProto copy;
      known->CopyTo(&copy);
      EXPECT_NE(pool_.BuildFile(copy), nullptr);
    }
    EXPECT_NE(pool_.BuildFile(file), nullptr);
    type_ = pool_.FindMessageTypeByName("t.All");
  }
  std::unique_ptr<pb::Message> make() {
    return std::unique_ptr<pb::Message>(factory_.GetPrototype(type_)->New());
  }
  const pb::Descriptor* type() const { return type_; }

 private:
  pb::compiler::DiskSourceTree sources_;
  pb::DescriptorPool pool_;
  pb::DynamicMessageFactory factory_{&pool_};
  const pb::Descriptor* type_ = nullptr;
};

class JsonOracle : public ::testing::Test {
 protected:
  JsonOracle() {
    const idl::StructType* all = schema_->find_struct("t.All");
    const OriginPairing pairing;
    const auto plan = [&](BodyFormat from, BodyFormat to) {
      auto made = Plan::compile({from, all, {}}, {to, all, {}}, pairing, PlanOptions());
      EXPECT_TRUE(made) << made.status().to_string();
      return std::move(*made);
    };
    to_json_ = plan(BodyFormat::protobuf, BodyFormat::json);
    from_json_ = plan(BodyFormat::json, BodyFormat::protobuf);
    json_to_json_ = plan(BodyFormat::json, BodyFormat::json);
  }

  base::Result<std::string> run(const Plan& plan, std::string_view in) {
    base::Status status = plan.run(base::as_bytes(in), context_, context_.output);
    if (!status.ok()) return status;
    return std::string(base::as_text(context_.output.bytes()));
  }
  std::unique_ptr<pb::Message> parsed(const std::string& bytes) {
    auto message = oracle_.make();
    EXPECT_TRUE(message->ParseFromString(bytes));
    return message;
  }
  // Both read the text: the same message, or both refuse.
  void same_reading(const std::string& text) {
    auto theirs = oracle_.make();
    const auto status = pb::util::JsonStringToMessage(text, theirs.get());
    const base::Result<std::string> ours = run(*from_json_, text);
    ASSERT_EQ(ours.has_value(), status.ok())
        << text << "\nours: " << ours.status().to_string() << "\ntheirs: " << status.ToString();
    if (ours) { EXPECT_TRUE(pb::util::MessageDifferencer::Equals(*parsed(*ours), *theirs)) << text; }
  }
  // Refused, with this reason at this path.
  void refuses(const std::string& text, base::Reason reason, std::string_view path) {
    const base::Result<std::string> ours = run(*from_json_, text);
    ASSERT_FALSE(ours) << text;
    EXPECT_EQ(ours.error().reason(), reason) << text << " " << ours.error().to_string();
    EXPECT_EQ(ours.error().path(), path) << text;
    EXPECT_TRUE(context_.output.bytes().empty());
  }

  std::unique_ptr<idl::Schema> schema_ = idl::derive::testing::read_proto({{"t.proto", proto_text}});
  Oracle oracle_;
  Context context_;
  std::unique_ptr<const Plan> to_json_;
  std::unique_ptr<const Plan> from_json_;
  std::unique_ptr<const Plan> json_to_json_;
};

TEST_F(JsonOracle, ReadsWhatLibprotobufReads) {
  const char* const texts[] = {
      "{}",
      R"({"aBool":true,"anInt":-2147483648,"aLong":"-9223372036854775808","aUint":4294967295})",
      R"({"aUlong":"18446744073709551615"})",
      R"({"a_bool":false,"an_int":1,"a_long":9007199254740993,"a_ulong":18446744073709551615})",
      R"({"aSint":-5,"aSlong":"-5","aFixed":7,"aLongFixed":"7","aSfixed":-7,"aLongSfixed":"-7"})",
      R"({"aFloat":1.5,"aDouble":-0.1e-5})",
      R"({"aFloat":"Infinity","aDouble":"-Infinity"})",
      R"({"aDouble":"1.5","aFloat":"2","anInt":"12"})",
      R"({"anInt":1.0,"aLong":1e3,"aUint":"5"})",
      R"({"aText":"é中😀\u0000\ud83d\ude00\"\\\/","someBytes":"AAEC/w=="})",
      R"({"someBytes":"-_-_","blobs":["","Zg==","Zm8="]})",
      R"({"aColor":"RED","colors":["GREEN",1,0,-1,77]})",
      R"({"nested":{"nested":{"anInt":3}},"alls":[{},{"anInt":1}]})",
      R"({"maybeInt":0,"maybeText":""})",
      R"({"maybeInt":null,"ints":null,"nested":null,"byName":null,"aText":null,"instant":null,"boxedLong":null})",
      R"({"ints":[1,2,3],"texts":["a",""],"doubles":[0.1,"Infinity"],"longs":["1",2]})",
      R"({"byName":{"a":1,"":2},"byLong":{"-5":"x","9223372036854775807":"y"}})",
      R"({"byBool":{"true":{},"false":{"anInt":1}}})",
      R"({"byUint":{"4294967295":"RED"},"byFixed":{"-1":"Zg=="}})",
      R"({"oneInt":0})",
      R"({"oneText":""})",
      R"({"oneAll":{}})",
      R"({"oneInt":null,"oneText":"x"})",
      R"({"instant":"1972-01-01T10:00:20.021Z","span":"-1.5s"})",
      R"({"instants":["0001-01-01T00:00:00Z","9999-12-31T23:59:59.999999999Z"]})",
      R"({"instant":"2000-02-29T12:00:00+01:30","spans":{"a":"0s","b":"315576000000s"}})",
      R"({"boxedLong":"5","boxedText":"","boxedBool":false,"boxedDouble":1.5})",
      R"({"boxedBytes":"Zg==","boxedFloat":2,"boxedUlong":"7","boxedInt":-1})",
      R"({"dynamic":{"a":null,"b":1.5,"c":"x","d":true,"e":{"f":[]},"g":[1,[2],{}]}})",
      R"({"anyValue":null,"anyList":[null,"x"]})",
      R"({"anyValue":{"a":1}})",
      R"({"mask":"user.displayName,photo"})",
      R"({"mask":"","empty":{}})",
      R"({"nothing":null})",
      R"({"own\"name":5})",
      R"( { "ints" : [ 1 , 2 ] } )",
  };
  for (const char* text : texts) same_reading(text);
}

TEST_F(JsonOracle, RefusesWhatLibprotobufRefuses) {
  const char* const texts[] = {
      "",
      "[]",
      "1",
      "null",
      "{",
      R"({"anInt":1.5})",
      R"({"anInt":2147483648})",
      R"({"aUint":-1})",
      R"({"aUlong":"18446744073709551616"})",
      R"({"aLong":"x"})",
      R"({"aBool":1})",
      R"({"aText":5})",
      R"({"aFloat":1e39})",
      R"({"aDouble":1e400})",
      R"({"aDouble":"inf"})",
      R"({"aColor":"PURPLE"})",
      R"({"aColor":1.5})",
      R"({"nested":[]})",
      R"({"byName":[]})",
      R"({"byLong":{"x":"y"}})",
      R"({"noSuch":1})",
      R"({"nested":{"noSuch":1}})",
      R"({"oneInt":1,"oneText":"x"})",
      R"({"instant":"yesterday"})",
      R"({"instant":"10000-01-01T00:00:00Z"})",
      R"({"span":"1.5"})",
      R"({"span":"315576000001s"})",
      R"({"someBytes":"*"})",
      R"({"dynamic":[]})",
      R"({"mask":5})",
  };
  for (const char* text : texts) same_reading(text);
}

TEST_F(JsonOracle, SaysWhatAndWhere) {
  using base::Reason;
  refuses(R"({"nested":{"alls":[{},{"anInt":1.5}]}})", Reason::map_type, "nested.alls[1].an_int");
  refuses(R"({"an_int":2147483648})", Reason::map_range, "an_int");
  refuses(R"({"ints":[1,2147483648]})", Reason::map_range, "ints[1]");
  refuses(R"({"byName":{"a":1,"b":"x"}})", Reason::map_type, "by_name[1]");
  refuses(R"({"byName":{"a":1,"b":2,"a":3}})", Reason::map_dupkey, "by_name");
  refuses(R"({"byLong":{"1":"x","1.0":"y"}})", Reason::map_dupkey, "by_long");
  std::string many;
  for (int i = 0; i < 20; ++i) many += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ',';
  for (const char* again : {"k0", "k11", "k19"}) {
    refuses("{\"byName\":{" + many + '"' + again + "\":1}}", Reason::map_dupkey, "by_name");
  }
  refuses(R"({"dynamic":{"a":1,"a":2}})", Reason::map_dupkey, "dynamic");
  refuses(R"({"anInt":1,"anInt":1})", Reason::map_dupkey, "an_int");
  refuses(R"({"anInt":1,"an_int":1})", Reason::map_dupkey, "an_int");
  refuses(R"({"anInt":null,"anInt":1})", Reason::map_dupkey, "an_int");
  refuses(R"({"nested":{"noSuch":1}})", Reason::map_unknown_field, "nested.noSuch");
  // Libprotobuf takes these as something else; nothing is guessed here.
  refuses(R"({"aBool":"true"})", Reason::map_type, "a_bool");
  refuses(R"({"ints":5})", Reason::map_type, "ints");
  refuses(R"({"byBool":{"1":{}}})", Reason::map_type, "by_bool[0]");
  refuses(R"({"anyList":{}})", Reason::map_type, "any_list");
  refuses(R"({"ints":[null]})", Reason::map_null, "ints[0]");
  refuses(R"({"byName":{"a":null}})", Reason::map_null, "by_name[0]");
  refuses(R"({"oneInt":1,"oneText":"x"})", Reason::map_union, "one_text");
  refuses(R"({"aColor":"PURPLE"})", Reason::map_enum_unknown, "a_color");
  refuses("{\"aText\":\"\xff\"}", Reason::map_utf8, "a_text");
  refuses(R"({"aText":"\ud800"})", Reason::map_utf8, "a_text");
  refuses(R"({"anInt":1} x)", Reason::wire_malformed, "");
  refuses(R"({"anInt":1,})", Reason::wire_malformed, "");
  refuses(R"({"texts":["a)", Reason::wire_truncated, "texts[0]");
  refuses(R"({"dynamic":{"a":{"b":[1,{"c":1e999}]}}})", Reason::map_range, "dynamic.a.b[1].c");
  std::string deep;
  for (int i = 0; i < 70; ++i) deep += R"({"nested":)";
  const base::Result<std::string> too_deep = run(*from_json_, deep + "{}" + std::string(70, '}'));
  ASSERT_FALSE(too_deep);
  EXPECT_EQ(too_deep.error().reason(), base::Reason::limit_depth);
}

TEST_F(JsonOracle, WritesRandomMessagesThatLibprotobufReadsBack) {
  int with_content = 0;
  for (unsigned seed = 0; seed < 1500; ++seed) {
    auto message = oracle_.make();
    testing::RandomMessage(seed).fill(*message, 3);
    const std::string bytes = parsed(message->SerializeAsString())->SerializeAsString();
    const base::Result<std::string> ours = run(*to_json_, bytes);
    ASSERT_TRUE(ours) << ours.status().to_string() << "\n" << message->DebugString();
    auto back = oracle_.make();
    const auto status = pb::util::JsonStringToMessage(*ours, back.get());
    ASSERT_TRUE(status.ok()) << status.ToString() << "\n" << *ours;
    EXPECT_TRUE(pb::util::MessageDifferencer::Equals(*back, *parsed(bytes))) << *ours;
    // And by us: from their JSON and from ours.
    std::string theirs;
    ASSERT_TRUE(pb::util::MessageToJsonString(*parsed(bytes), &theirs).ok());
    for (const std::string& text : {*ours, theirs}) {
      const base::Result<std::string> read = run(*from_json_, text);
      ASSERT_TRUE(read) << read.status().to_string() << "\n" << text;
      EXPECT_TRUE(pb::util::MessageDifferencer::Equals(*parsed(*read), *parsed(bytes))) << text;
    }
    const base::Result<std::string> again = run(*json_to_json_, *ours);
    ASSERT_TRUE(again) << again.status().to_string();
    EXPECT_EQ(*again, *ours);
    with_content += bytes.size() > 100 ? 1 : 0;
  }
  EXPECT_GT(with_content, 500);
}

TEST_F(JsonOracle, WritesCanonicalText) {
  const std::pair<const char*, const char*> texts[] = {
      {R"({"an_int":5,"a_long":5,"aUlong":5})", R"({"anInt":5,"aLong":"5","aUlong":"5"})"},
      {R"({"aFloat":0.10,"aDouble":"NaN"})", R"({"aFloat":0.1,"aDouble":"NaN"})"},
      {R"({"aColor":1,"colors":[77]})", R"({"aColor":"RED","colors":[77]})"},
      {R"({"someBytes":"-_-_"})", R"({"someBytes":"+/+/"})"},
      {R"({"anInt":0,"maybeInt":0,"ints":[],"byName":{}})", R"({"maybeInt":0})"},
      {R"({"byName":{"a":0},"byLong":{"5":""},"byBool":{"false":{}}})",
       R"({"byName":{"a":0},"byLong":{"5":""},"byBool":{"false":{}}})"},
      {R"({"instant":"2000-02-29T12:00:00.50+01:30","span":"1.500000s"})",
       R"({"instant":"2000-02-29T10:30:00.500Z","span":"1.500s"})"},
      {R"({"boxedLong":0,"boxedText":"","mask":"user.displayName"})",
       R"({"boxedLong":"0","boxedText":"","mask":"user.displayName"})"},
      {R"({"dynamic":{"b":[1,null,"x"]},"anyValue":null})",
       R"({"dynamic":{"b":[1,null,"x"]},"anyValue":null})"},
      {R"({"own\"name":5})", R"({"own\"name":5})"},
  };
  for (const auto& [in, want] : texts) {
    const base::Result<std::string> out = run(*json_to_json_, in);
    ASSERT_TRUE(out) << out.status().to_string() << in;
    EXPECT_EQ(*out, want);
  }
}

TEST_F(JsonOracle, KeepsTheLastOfAMapKeyThatComesTwice) {
  using namespace std::string_view_literals;
  // by_name {"a": 1}, {"b": 2}, {"a": 3}, as other writers of protobuf may send it.
  const std::string_view bytes =
      "\xf2\x01\x05\x0a\x01\x61\x10\x01\xf2\x01\x05\x0a\x01\x62\x10\x02\xf2\x01\x05\x0a\x01\x61\x10\x03"sv;
  const base::Result<std::string> out = run(*to_json_, bytes);
  ASSERT_TRUE(out);
  EXPECT_EQ(*out, R"({"byName":{"b":2,"a":3}})");
  EXPECT_EQ(context_.counters.deduplicated_keys, 1u);
  PlanOptions strict;
  strict.reject_duplicates = true;
  const idl::StructType* all = schema_->find_struct("t.All");
  const auto plan =
      Plan::compile({BodyFormat::protobuf, all, {}}, {BodyFormat::json, all, {}}, OriginPairing(), strict);
  ASSERT_TRUE(plan);
  const base::Result<std::string> refused = run(**plan, bytes);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason(), base::Reason::map_dupkey);
}

TEST_F(JsonOracle, RefusesMessagesWithoutAJsonForm) {
  const auto refuses_bytes = [&](std::string_view bytes, base::Reason reason, std::string_view path) {
    const base::Result<std::string> out = run(*to_json_, bytes);
    ASSERT_FALSE(out);
    EXPECT_EQ(out.error().reason(), reason) << out.error().to_string();
    EXPECT_EQ(out.error().path(), path);
  };
  using namespace std::string_view_literals;
  refuses_bytes("\x92\x03\x02\x10\xff"sv, base::Reason::wire_truncated, "instant.nanos");
  refuses_bytes("\x92\x03\x0b\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv, base::Reason::map_range,
                "instant");
  refuses_bytes("\xea\x03\x00"sv, base::Reason::map_type, "any_value");
  // A null_value of 1, alone and in a Struct.
  refuses_bytes("\xea\x03\x02\x08\x01"sv, base::Reason::map_enum_unknown, "any_value");
  refuses_bytes("\xe2\x03\x09\x0a\x07\x0a\x01\x61\x12\x02\x08\x01"sv, base::Reason::map_enum_unknown,
                "dynamic.a");
  refuses_bytes("\xea\x03\x09\x11\x00\x00\x00\x00\x00\x00\xf0\x7f"sv, base::Reason::map_nonfinite,
                "any_value");
  refuses_bytes("\xfa\x03\x06\x0a\x04uS_r"sv, base::Reason::map_type, "mask");
  refuses_bytes("\xfa\x03\x06\x0a\x04us_1"sv, base::Reason::map_type, "mask");
  // Paths "" and "a", "": a text would say no path, and one that cannot be read.
  refuses_bytes("\xfa\x03\x02\x0a\x00"sv, base::Reason::map_type, "mask");
  refuses_bytes("\xfa\x03\x05\x0a\x01\x61\x0a\x00"sv, base::Reason::map_type, "mask");
}

TEST_F(JsonOracle, SurvivesMutationsOfItsInput) {
  auto message = oracle_.make();
  testing::RandomMessage(7).fill(*message, 3);
  std::string text;
  ASSERT_TRUE(pb::util::MessageToJsonString(*message, &text).ok());
  const std::string bytes = message->SerializeAsString();
  std::mt19937 random(3);
  int good = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string mutant = i % 2 == 0 ? text : bytes;
    for (int k = 0; k < 2; ++k) mutant[random() % mutant.size()] = static_cast<char>(random());
    good += run(i % 2 == 0 ? *from_json_ : *to_json_, mutant).has_value() ? 1 : 0;
  }
  EXPECT_GT(good, 100);
}

}  // namespace
}  // namespace koine::transcode
