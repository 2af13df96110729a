// UUIDs in every format, place and form: golden bytes, presence, refusals.
//
// The bytes are RFC 9562's example (f81d4fae-7dec-11d0-a765-00a0c91e6bf6) by the specifications named in
// codecs/bodies/*/primitives.h and, for JSON, types.h.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "transcode/schema_test_support.h"

namespace koine::transcode::testing {
namespace {

using idl::NumberForm;
using ::testing::HasSubstr;

const std::string octets = "f81d4fae7dec11d0a76500a0c91e6bf6";
const std::string zeros = "00000000000000000000000000000000";
const std::string in_text =
    "66383164346661652d376465632d313164302d613736352d303061306339316536626636";  // f81d4fae-7dec-…
const std::string canonical = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const std::string nil_text = "00000000-0000-0000-0000-000000000000";

std::string hex_of_text(std::string_view text) { return to_hex(text); }

struct Uuids {
  SchemaBuilder schema;
  idl::StructType* thrift = &schema.structure("t.S");
  idl::StructType* proto = &schema.structure("p.S");

  explicit Uuids(NumberForm form = NumberForm::plain, Presence in_thrift = Presence::optional,
                 Presence in_proto = Presence::optional) {
    proto->origin = thrift;
    const idl::Type* type =
        form == NumberForm::plain ? schema.scalar(Kind::uuid) : schema.number(Kind::uuid, form);
    add(*thrift, 1, "id", type, in_thrift);
    add(*proto, 1, "id", type, in_proto);
  }
  const idl::StructType& root(model::BodyFormat format) const {
    return format == protobuf || format == json ? *proto : *thrift;
  }
  std::string run(model::BodyFormat from, const std::string& in, model::BodyFormat to) const {
    Runner runner(from, root(from), to, root(to));
    EXPECT_TRUE(runner.compile_error().ok()) << runner.compile_error().to_string();
    std::string out;
    const base::Status status = runner.run(in, out);
    return status.ok() ? out : status.to_string();
  }
};

TEST(Uuid, IsTheSameInEveryFormat) {
  const Uuids uuids;
  const std::pair<model::BodyFormat, std::string> all[] = {
      {binary, hex("10 0001" + octets + "00")}, {compact, hex("1d" + octets + "00")},
      {protobuf, hex("0a 24" + in_text)},       {thrift_json, "{\"1\":{\"uid\":\"" + canonical + "\"}}"},
      {json, "{\"id\":\"" + canonical + "\"}"},
  };
  for (const auto& [from, in] : all) {
    for (const auto& [to, out] : all) {
      EXPECT_EQ(to_hex(uuids.run(from, in, to)), to_hex(out)) << to_string(from) << " to " << to_string(to);
    }
  }
}

TEST(Uuid, MayBe16BytesInProtobuf) {
  const Uuids uuids(NumberForm::fixed);
  const std::pair<model::BodyFormat, std::string> all[] = {
      {binary, hex("10 0001" + octets + "00")},
      {protobuf, hex("0a 10" + octets)},
      {json, "{\"id\":\"+B1Prn3sEdCnZQCgyR5r9g==\"}"},  // bytes, as protobuf's own libraries write them
  };
  for (const auto& [from, in] : all) {
    for (const auto& [to, out] : all) {
      EXPECT_EQ(to_hex(uuids.run(from, in, to)), to_hex(out)) << to_string(from) << " to " << to_string(to);
    }
  }
  EXPECT_THAT(uuids.run(protobuf, hex("0a 0f" + octets.substr(2)), binary),
              HasSubstr("MAP_TYPE at id: this is no UUID"));
  EXPECT_THAT(uuids.run(protobuf, hex("0a 24" + in_text), binary), HasSubstr("MAP_TYPE at id"));
}

TEST(Uuid, IsReadInAnyCaseAndWrittenInLowerCase) {
  const Uuids uuids;
  const std::string upper = "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6";
  EXPECT_EQ(uuids.run(json, "{\"id\":\"" + upper + "\"}", thrift_json),
            "{\"1\":{\"uid\":\"" + canonical + "\"}}");
  EXPECT_EQ(to_hex(uuids.run(protobuf, hex("0a 24" + hex_of_text(upper)), protobuf)),
            to_hex(hex("0a 24" + in_text)));
}

TEST(Uuid, OfAnotherLengthOrFormIsRefusedWithItsPath) {
  const Uuids uuids;
  for (const std::string& wrong : {std::string("f81d4fae"), canonical + "0", "{" + canonical + "}",
                                   std::string(36, 'f'), std::string(36, '-'), std::string(" ")}) {
    for (const auto to : {binary, compact, protobuf, thrift_json, json}) {
      EXPECT_THAT(uuids.run(json, "{\"id\":\"" + wrong + "\"}", to),
                  HasSubstr("MAP_TYPE at id: this is no UUID"));
    }
  }
  // An optional field that is there with no text is there, and holds no UUID.
  EXPECT_THAT(uuids.run(protobuf, hex("0a 00"), binary), HasSubstr("MAP_TYPE at id"));
}

TEST(Uuid, EndsInAnErrorWhereverItIsCut) {
  const Uuids uuids;
  for (const auto& [from, in] : {std::pair(binary, hex("10 0001" + octets + "00")),
                                 {compact, hex("1d" + octets + "00")},
                                 {protobuf, hex("0a 24" + in_text)}}) {
    for (std::size_t size = 1; size < in.size(); ++size) {
      for (const auto to : {binary, compact, protobuf}) {
        EXPECT_THAT(uuids.run(from, in.substr(0, size), to), HasSubstr("WIRE_TRUNCATED")) << size;
      }
    }
  }
}

TEST(Uuid, OfZerosIsAValueAndNoTextIsNone) {
  // Thrift's default requiredness, a plain field of proto3.
  const Uuids uuids(NumberForm::plain, Presence::implicit, Presence::implicit);
  EXPECT_EQ(uuids.run(binary, hex("10 0001" + zeros + "00"), json), "{\"id\":\"" + nil_text + "\"}");
  EXPECT_EQ(to_hex(uuids.run(json, "{\"id\":\"" + nil_text + "\"}", compact)),
            to_hex(hex("1d" + zeros + "00")));
  for (const auto to : {binary, compact}) {
    EXPECT_EQ(to_hex(uuids.run(protobuf, "", to)), "00");
    EXPECT_EQ(to_hex(uuids.run(protobuf, hex("0a 00"), to)), "00");
  }
  EXPECT_EQ(to_hex(uuids.run(binary, hex("00"), protobuf)), "");
}

TEST(Uuid, ThatIsRequiredMustBeThere) {
  const Uuids uuids(NumberForm::plain, Presence::required, Presence::implicit);
  EXPECT_THAT(uuids.run(protobuf, "", binary), HasSubstr("MAP_REQUIRED at id"));
  EXPECT_THAT(uuids.run(protobuf, hex("0a 00"), binary), HasSubstr("MAP_REQUIRED at id"));
  EXPECT_THAT(uuids.run(json, "{}", compact), HasSubstr("MAP_REQUIRED at id"));
  EXPECT_THAT(uuids.run(json, "{\"id\":\"\"}", compact), HasSubstr("MAP_REQUIRED at id"));
  // What a later one replaces does not count.
  EXPECT_EQ(to_hex(uuids.run(protobuf, hex("0a 00 0a 24" + in_text), compact)),
            to_hex(hex("1d" + octets + "00")));
  EXPECT_THAT(uuids.run(binary, hex("00"), protobuf), HasSubstr("MAP_REQUIRED at id"));
}

TEST(Uuid, HasItsDefaultWhereTheOtherSideHasNone) {
  Uuids uuids(NumberForm::plain, Presence::implicit, Presence::implicit);
  uuids.thrift->fields[0].default_value = idl::Value{canonical};
  EXPECT_EQ(to_hex(uuids.run(binary, hex("00"), protobuf)), to_hex(hex("0a 24" + in_text)));
  EXPECT_EQ(to_hex(uuids.run(compact, hex("00"), protobuf)), to_hex(hex("0a 24" + in_text)));
}

// Lists, sets, keys and values; a map whose keys protobuf has not.
struct Containers {
  SchemaBuilder schema;
  idl::StructType* thrift = &schema.structure("t.C");
  idl::StructType* proto = &schema.structure("p.C");

  Containers() {
    proto->origin = thrift;
    const idl::Type* uuid = schema.scalar(Kind::uuid);
    const idl::Type* fixed = schema.number(Kind::uuid, NumberForm::fixed);
    idl::StructType& entry = schema.structure("p.FixedUuidToStringEntry");
    entry.role = idl::StructRole::map_entry;
    add(entry, 1, "key", fixed, Presence::implicit);
    add(entry, 2, "value", schema.scalar(Kind::string), Presence::implicit);
    for (idl::StructType* type : {thrift, proto}) {
      add(*type, 1, "list", schema.list(uuid));
      add(*type, 2, "set", schema.set(uuid));
      add(*type, 3, "map", schema.map(uuid, uuid));
    }
    add(*thrift, 4, "odd", schema.map(fixed, schema.scalar(Kind::string)));
    add(*proto, 4, "odd", schema.list(schema.of(entry)));
  }
  std::string run(model::BodyFormat from, const std::string& in, model::BodyFormat to) const {
    const auto root = [&](model::BodyFormat format) -> const idl::StructType& {
      return format == protobuf || format == json ? *proto : *thrift;
    };
    Runner runner(from, root(from), to, root(to));
    EXPECT_TRUE(runner.compile_error().ok()) << runner.compile_error().to_string();
    std::string out;
    const base::Status status = runner.run(in, out);
    return status.ok() ? out : status.to_string();
  }
};

TEST(Uuid, MayBeElementKeyAndValue) {
  const Containers all;
  const std::string in_json = "{\"list\":[\"" + canonical + "\",\"" + nil_text + "\"],\"set\":[\"" +
                              canonical + "\"],\"map\":{\"" + canonical + "\":\"" + nil_text +
                              "\"},\"odd\":[{\"key\":\"+B1Prn3sEdCnZQCgyR5r9g==\",\"value\":\"x\"}]}";
  const std::string in_binary =
      hex("0f 0001 10 00000002" + octets + zeros + "0e 0002 10 00000001" + octets + "0d 0003 10 10 00000001" +
          octets + zeros + "0d 0004 10 0b 00000001" + octets + "00000001 78 00");
  const std::string in_compact = hex("19 2d" + octets + zeros + "1a 1d" + octets + "1b 01 dd" + octets +
                                     zeros + "1b 01 d8" + octets + "01 78 00");
  const std::string in_thrift_json =
      "{\"1\":{\"lst\":[\"uid\",2,\"" + canonical + "\",\"" + nil_text + "\"]},\"2\":{\"set\":[\"uid\",1,\"" +
      canonical + "\"]},\"3\":{\"map\":[\"uid\",\"uid\",1,{\"" + canonical + "\":\"" + nil_text +
      "\"}]},\"4\":{\"map\":[\"uid\",\"str\",1,{\"" + canonical + "\":\"x\"}]}}";
  const std::pair<model::BodyFormat, std::string> forms[] = {
      {json, in_json}, {binary, in_binary}, {compact, in_compact}, {thrift_json, in_thrift_json}};
  for (const auto& [from, in] : forms) {
    for (const auto& [to, out] : forms) {
      EXPECT_EQ(to_hex(all.run(from, in, to)), to_hex(out)) << to_string(from) << " to " << to_string(to);
    }
  }
}

TEST(Uuid, InAContainerIsRefusedWithItsPath) {
  const Containers all;
  EXPECT_THAT(all.run(json, "{\"list\":[\"" + canonical + "\",\"x\"]}", binary),
              HasSubstr("MAP_TYPE at list[1]"));
  EXPECT_THAT(all.run(json, "{\"map\":{\"\":\"" + canonical + "\"}}", compact),
              HasSubstr("MAP_TYPE at map[0]"));
  // Entries of a protobuf map without key or value.
  EXPECT_THAT(all.run(protobuf, hex("1a 26 0a 24" + in_text), binary), HasSubstr("MAP_TYPE at map[0]"));
  EXPECT_THAT(all.run(protobuf, hex("1a 26 12 24" + in_text), binary), HasSubstr("MAP_TYPE at map[0]"));
}

TEST(Uuid, TwiceGoesIntoASetOnce) {
  const Containers all;
  const std::string both_cases = "0a 24" + in_text;
  EXPECT_EQ(to_hex(all.run(json,
                           "{\"set\":[\"" + canonical + "\",\"F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6\",\"" +
                               nil_text + "\"]}",
                           compact)),
            to_hex(hex("2a 2d" + octets + zeros + "09 02 0d 2b 00 1b 00 00")));
}

}  // namespace
}  // namespace koine::transcode::testing
