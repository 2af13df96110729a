// Times as numbers of units and as google.protobuf's messages: every format, both directions, every refusal.
//
// The bytes are by the specifications named in codecs/bodies/*/primitives.h and json/time_text.h.
#include "transcode/times.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "transcode/allowance.h"
#include "transcode/schema_test_support.h"

namespace koine::transcode::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t i64_min = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t i64_max = std::numeric_limits<std::int64_t>::max();

struct Times {
  SchemaBuilder schema;
  idl::StructType* thrift = &schema.structure("t.S");
  idl::StructType* proto = &schema.structure("p.S");
  idl::StructType* message;

  explicit Times(TimeKind kind, const char* unit, Kind number = Kind::i64,
                 Presence in_thrift = Presence::implicit, const char* as = nullptr)
      : message(&schema.structure(kind == TimeKind::instant ? "google.protobuf.Timestamp"
                                                            : "google.protobuf.Duration")) {
    proto->origin = thrift;
    add(*message, 1, "seconds", schema.scalar(Kind::i64));
    add(*message, 2, "nanos", schema.scalar(Kind::i32));
    idl::Field& field = add(*thrift, 1, "at", schema.scalar(number), in_thrift);
    if (unit != nullptr) field.annotations.push_back({"koine.unit", unit});
    if (as != nullptr) field.annotations.push_back({"koine.as", as});
    add(*proto, 1, "at", schema.of(*message), Presence::optional);
  }
  const idl::StructType& root(model::BodyFormat format) const {
    return format == protobuf || format == json ? *proto : *thrift;
  }
  std::string run(model::BodyFormat from, const std::string& in, model::BodyFormat to) const {
    Runner runner(from, root(from), to, root(to));
    if (!runner.compile_error().ok()) return runner.compile_error().to_string();
    std::string out;
    const base::Status status = runner.run(in, out);
    return status.ok() ? out : status.to_string();
  }
  std::string to_json(std::int64_t number) const {
    return run(thrift_json, "{\"1\":{\"i64\":" + std::to_string(number) + "}}", json);
  }
  std::string from_json(const std::string& text) const {
    return run(json, "{\"at\":\"" + text + "\"}", thrift_json);
  }
};
std::string in_json(const std::string& text) { return "{\"at\":\"" + text + "\"}"; }
std::string in_thrift_json(std::int64_t number) { return "{\"1\":{\"i64\":" + std::to_string(number) + "}}"; }

TEST(Times, AreTheSameInEveryFormat) {
  const Times times(TimeKind::instant, "ms");
  const std::pair<model::BodyFormat, std::string> all[] = {
      {binary, hex("0a 0001 0000018df4bc57f4 00")},  // 1709208000500
      {compact, hex("16 e8dfe2cbbe63 00")},
      {protobuf, hex("0a 0c 08c0e381af06 1080cab5ee01")},  // 1709208000 s, 500000000 ns
      {thrift_json, in_thrift_json(1709208000500)},
      {json, in_json("2024-02-29T12:00:00.500Z")},
  };
  for (const auto& [from, in] : all) {
    for (const auto& [to, out] : all) {
      EXPECT_EQ(to_hex(times.run(from, in, to)), to_hex(out)) << to_string(from) << " to " << to_string(to);
    }
  }
}

TEST(Times, MayBeOfAnyUnit) {
  const std::tuple<const char*, std::int64_t, const char*> instants[] = {
      {"s", 1709208000, "2024-02-29T12:00:00Z"},
      {"ms", 1709208000001, "2024-02-29T12:00:00.001Z"},
      {"us", 1709208000000001, "2024-02-29T12:00:00.000001Z"},
      {"ns", 1709208000000000001, "2024-02-29T12:00:00.000000001Z"},
      {"d", 19782, "2024-02-29T00:00:00Z"},
      {"ms", -1, "1969-12-31T23:59:59.999Z"},
      {"d", -1, "1969-12-31T00:00:00Z"},
      {"ns", i64_min, "1677-09-21T00:12:43.145224192Z"},
      {"ns", i64_max, "2262-04-11T23:47:16.854775807Z"},
      {"s", -62135596800, "0001-01-01T00:00:00Z"},
      {"ms", 253402300799999, "9999-12-31T23:59:59.999Z"},
  };
  for (const auto& [unit, number, text] : instants) {
    const Times times(TimeKind::instant, unit, Kind::i64, Presence::implicit, "instant");
    EXPECT_EQ(times.to_json(number), in_json(text)) << unit;
    EXPECT_EQ(times.from_json(text), in_thrift_json(number)) << unit;
  }
  const std::tuple<const char*, std::int64_t, const char*> durations[] = {
      {"s", -1, "-1s"},
      {"ms", 1500, "1.500s"},
      {"ms", -1, "-0.001s"},
      {"us", -1500000, "-1.500s"},
      {"ns", i64_min, "-9223372036.854775808s"},
      {"d", -2, "-172800s"},
      {"s", 315576000000, "315576000000s"},
  };
  for (const auto& [unit, number, text] : durations) {
    const Times times(TimeKind::duration, unit, Kind::i64, Presence::implicit, "duration");
    EXPECT_EQ(times.to_json(number), in_json(text)) << unit;
    EXPECT_EQ(times.from_json(text), in_thrift_json(number)) << unit;
  }
}

TEST(Times, FinerThanTheUnitAreRefused) {
  EXPECT_THAT(Times(TimeKind::instant, "ms").from_json("2024-02-29T12:00:00.0005Z"),
              HasSubstr("MAP_PRECISION at at: the time is finer than the unit on the other side"));
  EXPECT_THAT(Times(TimeKind::instant, "s").from_json("1969-12-31T23:59:59.5Z"),
              HasSubstr("MAP_PRECISION at at"));
  EXPECT_THAT(Times(TimeKind::instant, "us").from_json("1970-01-01T00:00:00.000000001Z"),
              HasSubstr("MAP_PRECISION"));
  EXPECT_THAT(Times(TimeKind::instant, "d").from_json("1970-01-01T00:00:01Z"), HasSubstr("MAP_PRECISION"));
  EXPECT_THAT(Times(TimeKind::instant, "d").from_json("1970-01-01T00:00:00.5Z"), HasSubstr("MAP_PRECISION"));
  EXPECT_THAT(Times(TimeKind::duration, "s").from_json("-0.5s"), HasSubstr("MAP_PRECISION"));
}

TEST(Times, BeyondTheMessageOrTheNumberAreRefused) {
  const Times seconds(TimeKind::instant, "s");
  EXPECT_THAT(seconds.to_json(-62135596801),
              HasSubstr("MAP_RANGE at at: the instant is not in the years 0001 to 9999"));
  EXPECT_THAT(seconds.to_json(253402300800), HasSubstr("MAP_RANGE at at"));
  // JSON would refuse it by itself, protobuf's bytes would not.
  EXPECT_THAT(seconds.run(thrift_json, in_thrift_json(253402300800), protobuf), HasSubstr("MAP_RANGE at at"));
  EXPECT_THAT(seconds.to_json(i64_min), HasSubstr("MAP_RANGE at at"));
  EXPECT_THAT(Times(TimeKind::instant, "d").to_json(i64_max), HasSubstr("MAP_RANGE at at"));
  EXPECT_THAT(Times(TimeKind::duration, "s").to_json(315576000001),
              HasSubstr("MAP_RANGE at at: the duration is longer"));
  const Times nanos(TimeKind::instant, "ns");
  EXPECT_THAT(nanos.from_json("2262-04-11T23:47:16.854775808Z"),
              HasSubstr("MAP_RANGE at at: the time does not fit the number on the other side"));
  EXPECT_THAT(nanos.from_json("1677-09-21T00:12:43.145224191Z"), HasSubstr("MAP_RANGE"));
  EXPECT_THAT(nanos.from_json("9999-12-31T23:59:59Z"), HasSubstr("MAP_RANGE"));
  const Times small(TimeKind::duration, "ms", Kind::i32);
  EXPECT_EQ(small.from_json("-2147483.648s"), "{\"1\":{\"i32\":-2147483648}}");
  EXPECT_THAT(small.from_json("2147483.648s"), HasSubstr("MAP_RANGE at at"));
}

TEST(Times, WhosePartsAreNoTimeAreRefused) {
  const auto refused = [](TimeKind kind, const char* bytes) {
    const Times times(kind, "ns");
    for (const auto to : {binary, compact})
      EXPECT_THAT(times.run(protobuf, hex(bytes), to), HasSubstr("MAP_RANGE at at"));
  };
  refused(TimeKind::instant, "0a 0b 10 ffffffffffffffffff01");  // nanos -1
  refused(TimeKind::instant, "0a 06 10 8094ebdc03");            // nanos 1,000,000,000
  refused(TimeKind::duration, "0a 06 10 8094ebdc03");
  refused(TimeKind::duration, "0a 0d 08 01 10 ffffffffffffffffff01");  // 1 s and -1 ns
  refused(TimeKind::instant, "0a 0a 08ffffffffffffffff7f");            // 2^63-1 s
}

TEST(Times, KeepTheDifferenceOfUnsetAndZero) {
  const Times times(TimeKind::instant, "ms", Kind::i64, Presence::optional);
  EXPECT_EQ(to_hex(times.run(compact, hex("00"), protobuf)), "");
  EXPECT_EQ(to_hex(times.run(compact, hex("16 00 00"), protobuf)), "0a 00");
  EXPECT_EQ(to_hex(times.run(protobuf, "", compact)), "00");
  EXPECT_EQ(to_hex(times.run(protobuf, hex("0a 00"), compact)), "16 00 00");
  const Times required(TimeKind::instant, "ms", Kind::i64, Presence::required);
  EXPECT_THAT(required.run(protobuf, "", compact), HasSubstr("MAP_REQUIRED at at"));
}

TEST(Times, AreReadInAnyOrderAndInPieces) {
  const Times times(TimeKind::instant, "ms");
  const std::string wanted = "16 d00f 00";  // 1000
  EXPECT_EQ(to_hex(times.run(protobuf, hex("0a 0a 10 80cab5ee01 08 00 08 01"), compact)),
            "16 b8 17 00");  // 1500
  EXPECT_EQ(to_hex(times.run(protobuf, hex("0a 02 08 01 0a 00"), compact)), to_hex(hex(wanted)));
  EXPECT_EQ(to_hex(times.run(protobuf, hex("0a 06 10 80cab5ee01 0a 02 08 01"), compact)), "16 b8 17 00");
  EXPECT_EQ(to_hex(times.run(protobuf, hex("0a 04 18 05 08 01"), compact)),
            to_hex(hex(wanted)));  // a newer field
}

TEST(Times, MayBeElementsAndValues) {
  Times times(TimeKind::duration, "s");
  add(*times.thrift, 2, "all", times.schema.list(times.schema.scalar(Kind::i64)))
      .annotations.push_back({"koine.unit", "s"});
  add(*times.proto, 2, "all", times.schema.list(times.schema.of(*times.message)));
  add(*times.thrift, 3, "by",
      times.schema.map(times.schema.scalar(Kind::i32), times.schema.scalar(Kind::i64)))
      .annotations.push_back({"koine.unit", "s"});
  add(*times.proto, 3, "by",
      times.schema.map(times.schema.scalar(Kind::i32), times.schema.of(*times.message)));
  const std::string thrift =
      "{\"2\":{\"lst\":[\"i64\",2,5,0]},\"3\":{\"map\":[\"i32\",\"i64\",1,{\"7\":-3}]}}";
  const std::string text = "{\"all\":[\"5s\",\"0s\"],\"by\":{\"7\":\"-3s\"}}";
  EXPECT_EQ(times.run(thrift_json, thrift, json), text);
  EXPECT_EQ(times.run(json, text, thrift_json), thrift);
  // An entry without a value has an empty message.
  EXPECT_EQ(times.run(protobuf, hex("1a 02 08 07"), thrift_json),
            "{\"3\":{\"map\":[\"i32\",\"i64\",1,{\"7\":0}]},\"2\":{\"lst\":[\"i64\",0]}}");
}

TEST(Times, GoByTheirDefaultsToo) {
  Times times(TimeKind::instant, "s");
  times.thrift->fields[0].default_value = idl::Value{std::int64_t{60}};
  EXPECT_EQ(times.run(binary, hex("00"), json), in_json("1970-01-01T00:01:00Z"));
}

TEST(Times, WithoutAUnitOrWithAnotherMeaningAreRefusedWhenTheyAreCompiled) {
  EXPECT_THAT(Times(TimeKind::instant, nullptr).to_json(0), HasSubstr("at: UNIT_MISSING: is a number here"));
  EXPECT_THAT(Times(TimeKind::instant, nullptr).from_json(""), HasSubstr("at: UNIT_MISSING"));
  EXPECT_THAT(Times(TimeKind::instant, "h").to_json(0),
              HasSubstr("koine.unit \"h\" is none of s, ms, us, ns, d"));
  EXPECT_THAT(Times(TimeKind::duration, "s", Kind::i64, Presence::implicit, "instant").to_json(0),
              HasSubstr("says koine.as = \"instant\", and a google.protobuf.Duration is another thing"));
  Both numbers;
  numbers.scalar(1, "n", Kind::i64, Presence::implicit, Presence::implicit);
  numbers.thrift->fields[0].annotations.push_back({"koine.unit", "ms"});
  EXPECT_TRUE(numbers.to_proto().compile_error().ok());
  numbers.proto->fields[0].annotations.push_back({"koine.unit", "s"});
  EXPECT_THAT(numbers.to_proto().compile_error().to_string(),
              HasSubstr("n: is a number of ms here and of s there"));
}

TEST(Times, EndInAnErrorWhereverTheyAreCut) {
  const Times times(TimeKind::instant, "ms");
  const std::string whole = hex("0a 0c 08c0e381af06 1080cab5ee01");
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_THAT(times.run(protobuf, whole.substr(0, size), compact), HasSubstr("WIRE_TRUNCATED")) << size;
  }
  PlanOptions shallow;
  shallow.limits.nesting_max = 1;
  Runner runner(protobuf, *times.proto, compact, *times.thrift, shallow);
  EXPECT_THAT(runner.hex_of(whole), HasSubstr("LIMIT_DEPTH"));
}

// What is finer than the unit, where its loss is allowed.
TEST(Times, AreCutToWholeUnitsWhereThatIsAllowed) {
  const struct {
    TimeKind kind;
    const char* unit;
    const char* text;
    std::int64_t number;
    bool cut;
  } all[] = {
      {TimeKind::instant, "ms", "1970-01-01T00:00:01.000999Z", 1000, true},
      {TimeKind::instant, "ms", "1970-01-01T00:00:01.001Z", 1001, false},
      {TimeKind::instant, "ms", "1969-12-31T23:59:59.999999Z", -1, true},
      {TimeKind::instant, "s", "1969-12-31T23:59:59.999Z", -1, true},
      {TimeKind::instant, "d", "1970-01-02T00:00:00.001Z", 1, true},
      {TimeKind::instant, "d", "1969-12-31T23:00:00Z", -1, true},
      {TimeKind::instant, "d", "1969-12-31T00:00:00Z", -1, false},
      {TimeKind::instant, "ns", "1970-01-01T00:00:00.000000001Z", 1, false},
      {TimeKind::duration, "ms", "-0.0019s", -1, true},
      {TimeKind::duration, "ms", "1.9999s", 1999, true},
      {TimeKind::duration, "d", "-90000s", -1, true},
      {TimeKind::duration, "d", "86400s", 1, false},
  };
  for (const auto& one : all) {
    const Times times(one.kind, one.unit);
    for (const idl::StructType* side : {times.thrift, times.proto}) {
      Allowances allowances;
      allowances.add(Allowance::time_precision, side->fields[0]);
      PlanOptions options;
      options.allowances = &allowances;
      Runner runner(json, *times.proto, thrift_json, *times.thrift, options);
      std::string out;
      const base::Status status = runner.run(in_json(one.text), out);
      EXPECT_EQ(out, in_thrift_json(one.number)) << one.text << " in " << one.unit << status.to_string();
      EXPECT_EQ(runner.context().counters.lost_values, (model::LostValues{0, one.cut ? 1u : 0u, 0}))
          << one.text;
    }
    const std::string checked = times.from_json(one.text);
    EXPECT_EQ(checked.find("MAP_PRECISION at at") != std::string::npos, one.cut) << checked;
  }
  // No time at all stays one.
  const Times times(TimeKind::instant, "ms");
  Allowances allowances;
  allowances.add(Allowance::time_precision, times.thrift->fields[0]);
  PlanOptions options;
  options.allowances = &allowances;
  Runner runner(protobuf, *times.proto, binary, *times.thrift, options);
  EXPECT_THAT(runner.hex_of(hex("0a 0b 10 ffffffffffffffffff01")), HasSubstr("MAP_RANGE at at"));
}

}  // namespace
}  // namespace koine::transcode::testing
