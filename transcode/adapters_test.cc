// Values that have a struct of their own on one side, and unions whose members lie in the struct around them:
// every format, both directions, presence, refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "transcode/schema_test_support.h"

namespace koine::transcode::testing {
namespace {

using ::testing::HasSubstr;

// As two schemas written by hand correspond: by the names of fields, whatever the structs are called.
class ByName final : public Pairing {
 public:
  std::vector<Inlined> unions;

  bool structs(const idl::StructType&, const idl::StructType&) const override { return true; }
  const idl::Field* field(const idl::StructType&, const idl::Field& field,
                          const idl::StructType& target) const override {
    return target.find_field(field.name);
  }
  const idl::Field* wrapped(const idl::Type& wrapper, const idl::Type& bare) const override {
    if (wrapper.kind != Kind::structure || bare.kind == Kind::structure) return nullptr;
    return wrapper.structure->fields.size() == 1 ? &wrapper.structure->fields[0] : nullptr;
  }
  std::vector<Inlined> inlined(const idl::StructType& source, const idl::StructType& target) const override {
    std::vector<Inlined> out;
    for (const Inlined& one : unions) {
      if (&source != &target && (one.holder == &source || one.holder == &target)) out.push_back(one);
    }
    return out;
  }
  bool enums(const idl::EnumType&, const idl::EnumType&) const override { return true; }
  std::optional<std::int32_t> number(const idl::EnumType& source, std::int32_t number,
                                     const idl::EnumType& target) const override {
    const idl::EnumValue* value = source.find_value(number);
    const idl::EnumValue* there = value == nullptr ? nullptr : target.find_value(value->name);
    return there == nullptr ? std::nullopt : std::optional(there->number);
  }
  bool passes_unknown(const idl::EnumType&, const idl::EnumType&) const override { return false; }
};

struct Adapters {
  SchemaBuilder schema;
  ByName pairing;
  idl::StructType* thrift = &schema.structure("t.S");
  idl::StructType* proto = &schema.structure("p.S");

  // A message (or struct) with one field.
  const idl::Type* in_a_struct(const idl::Type* type, Presence presence = Presence::implicit) {
    idl::StructType& made = schema.structure("Box");
    add(made, 1, "content", type, presence);
    return schema.of(made);
  }
  void field(int id, const char* name, const idl::Type* in_thrift, const idl::Type* in_proto,
             Presence thrift_presence = Presence::implicit, Presence proto_presence = Presence::implicit) {
    add(*thrift, id, name, in_thrift, thrift_presence);
    add(*proto, id, name, in_proto, in_proto->kind == Kind::structure ? Presence::optional : proto_presence);
  }
  const idl::StructType& root(model::BodyFormat format) const {
    return format == protobuf || format == json ? *proto : *thrift;
  }
  std::string run(model::BodyFormat from, const std::string& in, model::BodyFormat to) const {
    auto plan = Plan::compile({from, &root(from), {}}, {to, &root(to), {}}, pairing, {});
    if (!plan) return plan.error().to_string();
    Context context;
    const std::vector<std::uint8_t> exact(in.begin(), in.end());
    const base::Status status = (*plan)->run(exact, context, context.output);
    return status.ok() ? std::string(base::as_text(context.output.bytes())) : status.to_string();
  }
  // Through every Thrift format, both ways, by way of protobuf and JSON.
  void expect_same(const std::string& in_thrift, const std::string& in_json) const {
    for (const auto way : {binary, compact, thrift_json}) {
      const std::string there = run(thrift_json, in_thrift, way);
      for (const auto proto_way : {json, protobuf}) {
        const std::string message = run(way, there, proto_way);
        EXPECT_EQ(run(proto_way, message, json), in_json) << to_string(way) << " to " << to_string(proto_way);
        EXPECT_EQ(to_hex(run(proto_way, message, way)), to_hex(there))
            << to_string(proto_way) << " to " << to_string(way);
      }
    }
    EXPECT_EQ(run(json, in_json, thrift_json), in_thrift);
  }
};

TEST(Adapters, TakeEveryKindOutOfItsStructAndPutItBack) {
  struct Case {
    Kind kind;
    const char* in_thrift;
    const char* in_json;
  };
  const Case cases[] = {
      {Kind::boolean, "{\"tf\":1}", "true"},
      {Kind::boolean, "{\"tf\":0}", "false"},
      {Kind::i32, "{\"i32\":-7}", "-7"},
      {Kind::i32, "{\"i32\":0}", "0"},
      {Kind::i64, "{\"i64\":300}", "\"300\""},
      {Kind::f64, "{\"dbl\":1.5}", "1.5"},
      {Kind::string, "{\"str\":\"abc\"}", "\"abc\""},
      {Kind::string, "{\"str\":\"\"}", "\"\""},
      {Kind::bytes, "{\"str\":\"AAEC\"}", "\"AAEC\""},
  };
  for (const bool optional : {false, true}) {
    for (const Case& one : cases) {
      Adapters adapters;
      const idl::Type* type = adapters.schema.scalar(one.kind);
      // Others around it, so that headers are differences of something.
      adapters.field(3, "before", adapters.schema.scalar(Kind::i32), adapters.schema.scalar(Kind::i32));
      adapters.field(5, "it", type, adapters.in_a_struct(type),
                     optional ? Presence::optional : Presence::implicit);
      adapters.field(9, "behind", adapters.schema.scalar(Kind::boolean),
                     adapters.schema.scalar(Kind::boolean));
      // An empty box has its content's zero, which JSON leaves out of it.
      const std::string content = std::string(one.in_json);
      const bool zero = content == "false" || content == "0" || content == "\"\"";
      adapters.expect_same(
          std::string("{\"3\":{\"i32\":1},\"5\":") + one.in_thrift + ",\"9\":{\"tf\":1}}",
          "{\"before\":1,\"it\":" + (zero ? "{}" : "{\"content\":" + content + "}") + ",\"behind\":true}");
    }
  }
}

TEST(Adapters, TakeContainersOutOfTheirStructs) {
  Adapters adapters;
  SchemaBuilder& schema = adapters.schema;
  const idl::Type* numbers = schema.list(schema.scalar(Kind::i32));
  const idl::Type* names = schema.map(schema.scalar(Kind::i32), schema.scalar(Kind::string));
  adapters.field(1, "row", numbers, adapters.in_a_struct(numbers));
  adapters.field(2, "grid", schema.list(numbers), schema.list(adapters.in_a_struct(numbers)));
  adapters.field(3, "names", names, adapters.in_a_struct(names));
  adapters.field(4, "by", schema.map(schema.scalar(Kind::i32), numbers),
                 schema.map(schema.scalar(Kind::i32), adapters.in_a_struct(numbers)));
  adapters.expect_same(
      "{\"1\":{\"lst\":[\"i32\",2,1,2]},\"2\":{\"lst\":[\"lst\",2,[\"i32\",1,5],[\"i32\",0]]},"
      "\"3\":{\"map\":[\"i32\",\"str\",1,{\"7\":\"x\"}]},\"4\":{\"map\":[\"i32\",\"lst\",1,{\"8\":[\"i32\",1,"
      "9]}]}}",
      "{\"row\":{\"content\":[1,2]},\"grid\":[{\"content\":[5]},{}],\"names\":{\"content\":{\"7\":\"x\"}},"
      "\"by\":{\"8\":{\"content\":[9]}}}");
}

TEST(Adapters, WorkWhereTheStructIsThriftsToo) {
  Adapters adapters;
  SchemaBuilder& schema = adapters.schema;
  const idl::Type* numbers = schema.list(schema.scalar(Kind::i32));
  adapters.field(1, "row", adapters.in_a_struct(numbers), numbers, Presence::optional);
  adapters.field(2, "flag", adapters.in_a_struct(schema.scalar(Kind::boolean)), schema.scalar(Kind::boolean),
                 Presence::optional, Presence::optional);
  adapters.field(3, "text", adapters.in_a_struct(schema.scalar(Kind::string)), schema.scalar(Kind::string),
                 Presence::optional);
  adapters.field(4, "flags", schema.list(adapters.in_a_struct(schema.scalar(Kind::boolean))),
                 schema.list(schema.scalar(Kind::boolean)));
  adapters.expect_same(
      "{\"1\":{\"rec\":{\"1\":{\"lst\":[\"i32\",2,1,2]}}},\"2\":{\"rec\":{\"1\":{\"tf\":1}}},"
      "\"3\":{\"rec\":{\"1\":{\"str\":\"a\"}}},"
      "\"4\":{\"lst\":[\"rec\",2,{\"1\":{\"tf\":1}},{\"1\":{\"tf\":0}}]}}",
      "{\"row\":[1,2],\"flag\":true,\"text\":\"a\",\"flags\":[true,false]}");
  // Zero in a plain field of proto3 is what nobody writes.
  EXPECT_EQ(adapters.run(thrift_json, "{\"3\":{\"rec\":{\"1\":{\"str\":\"\"}}}}", protobuf), "");
}

TEST(Adapters, TakeElementsOutOfTheirStructs) {
  Adapters adapters;
  SchemaBuilder& schema = adapters.schema;
  const auto both = [&](int id, const char* name, Kind kind) {
    adapters.field(id, name, schema.list(schema.scalar(kind)),
                   schema.list(adapters.in_a_struct(schema.scalar(kind))));
  };
  both(1, "flags", Kind::boolean);
  both(2, "numbers", Kind::i32);
  both(3, "texts", Kind::string);
  adapters.expect_same(
      "{\"1\":{\"lst\":[\"tf\",2,1,0]},\"2\":{\"lst\":[\"i32\",2,3,0]},\"3\":{\"lst\":[\"str\",2,\"\",\"b\"]}"
      "}",
      "{\"flags\":[{\"content\":true},{}],\"numbers\":[{\"content\":3},{}],\"texts\":[{},{\"content\":\"b\"}]"
      "}");
}

TEST(Adapters, KeepTheDifferenceOfUnsetAndZero) {
  Adapters adapters;
  adapters.field(1, "it", adapters.schema.scalar(Kind::i32),
                 adapters.in_a_struct(adapters.schema.scalar(Kind::i32)), Presence::optional);
  EXPECT_EQ(to_hex(adapters.run(protobuf, "", compact)), "00");
  EXPECT_EQ(to_hex(adapters.run(protobuf, hex("0a 00"), compact)), "15 00 00");
  EXPECT_EQ(to_hex(adapters.run(compact, hex("00"), protobuf)), "");
  EXPECT_EQ(to_hex(adapters.run(compact, hex("15 00 00"), protobuf)), "0a 00");
  // A box that can be empty has no form where there is none.
  Adapters empty;
  empty.field(1, "it", empty.schema.scalar(Kind::boolean),
              empty.in_a_struct(empty.schema.scalar(Kind::boolean), Presence::optional), Presence::optional);
  EXPECT_THAT(empty.run(protobuf, hex("0a 00"), compact), HasSubstr("MAP_REQUIRED at it.content"));
  Adapters text;
  text.field(1, "it", text.schema.scalar(Kind::string),
             text.in_a_struct(text.schema.scalar(Kind::string), Presence::optional), Presence::optional);
  EXPECT_THAT(text.run(protobuf, hex("0a 00"), compact), HasSubstr("MAP_REQUIRED at it.content"));
}

TEST(Adapters, AreReadInPiecesAndMerged) {
  Adapters adapters;
  SchemaBuilder& schema = adapters.schema;
  adapters.field(1, "row", schema.list(schema.scalar(Kind::i32)),
                 adapters.in_a_struct(schema.list(schema.scalar(Kind::i32))));
  adapters.field(2, "flag", schema.scalar(Kind::boolean), adapters.in_a_struct(schema.scalar(Kind::boolean)));
  EXPECT_EQ(to_hex(adapters.run(protobuf, hex("0a 02 08 01 12 00 0a 02 08 02 12 02 08 01"), compact)),
            "19 25 02 04 11 00");
}

TEST(Adapters, WithAnotherContentAreRefusedWhenTheyAreCompiled) {
  Adapters adapters;
  adapters.field(1, "it", adapters.schema.scalar(Kind::i32),
                 adapters.in_a_struct(adapters.schema.scalar(Kind::string)));
  EXPECT_THAT(adapters.run(protobuf, "", compact), HasSubstr("it: string has no faithful form as i32"));
  EXPECT_THAT(adapters.run(compact, hex("00"), protobuf),
              HasSubstr("it: i32 has no faithful form as string"));
  Adapters flag;
  flag.field(1, "it", flag.schema.scalar(Kind::i32), flag.in_a_struct(flag.schema.scalar(Kind::boolean)));
  EXPECT_THAT(flag.run(protobuf, "", compact), HasSubstr("it: a bool has no faithful form as i32"));
}

TEST(Adapters, AnEnumWithoutThatValueIsRefusedInAStruct) {
  Adapters adapters;
  SchemaBuilder& schema = adapters.schema;
  adapters.field(1, "it", schema.of(schema.enumeration("t.E", {1, 2})),
                 adapters.in_a_struct(schema.of(schema.enumeration("p.E", {0, 1, 2}))), Presence::optional);
  adapters.expect_same("{\"1\":{\"i32\":2}}", "{\"it\":{\"content\":\"V2\"}}");
  EXPECT_THAT(adapters.run(protobuf, hex("0a 00"), compact), HasSubstr("MAP_ENUM_UNKNOWN at it"));
  EXPECT_THAT(adapters.run(protobuf, hex("0a 02 08 00"), binary), HasSubstr("MAP_ENUM_UNKNOWN at it"));
}

TEST(Enums, OfPlainFieldsKeepTheValueThatTheirAbsenceMeans) {
  SchemaBuilder schema;
  idl::EnumType& from = schema.enumeration("a.E", {0, 1});
  idl::EnumType& to = schema.enumeration("b.E", {0, 1});
  std::swap(to.values[0].name, to.values[1].name);  // V0 is 1 there, and V1 is 0
  idl::StructType& source = schema.structure("a.S");
  idl::StructType& target = schema.structure("b.S");
  add(source, 1, "e", schema.of(from));
  add(target, 1, "e", schema.of(to));
  const auto plan = Plan::compile({protobuf, &source, {}}, {protobuf, &target, {}}, ByName(), {});
  ASSERT_TRUE(plan) << plan.status().to_string();
  Context context;
  ASSERT_TRUE((*plan)->run({}, context, context.output).ok());
  EXPECT_EQ(to_hex(base::as_text(context.output.bytes())), "08 01");
  const std::vector<std::uint8_t> one = {8, 1};
  ASSERT_TRUE((*plan)->run(one, context, context.output).ok());
  EXPECT_EQ(to_hex(base::as_text(context.output.bytes())), "");
}

TEST(Enums, WithADefaultOfTheSameNumberAreWrittenAllTheSame) {
  SchemaBuilder schema;
  idl::EnumType& from = schema.enumeration("a.E", {1, 2});
  idl::EnumType& to = schema.enumeration("b.E", {1, 2});
  std::swap(to.values[0].name, to.values[1].name);  // V1 is 2 there
  idl::StructType& source = schema.structure("a.S");
  idl::StructType& target = schema.structure("b.S");
  add(source, 1, "e", schema.of(from)).default_value = idl::Value{idl::EnumReference{&from, 1}};
  add(target, 1, "e", schema.of(to)).default_value = idl::Value{idl::EnumReference{&to, 1}};
  const auto plan = Plan::compile({compact, &source, {}}, {compact, &target, {}}, ByName(), {});
  ASSERT_TRUE(plan) << plan.status().to_string();
  Context context;
  const std::vector<std::uint8_t> nothing = {0};
  ASSERT_TRUE((*plan)->run(nothing, context, context.output).ok());
  EXPECT_EQ(to_hex(base::as_text(context.output.bytes())), "15 04 00");  // 2
}

// union Choice in struct Pick, the members of a oneof in message Selection.
struct Unions : Adapters {
  idl::StructType* choice = &schema.structure("t.Choice");

  explicit Unions(Presence presence = Presence::implicit) {
    choice->form = idl::StructForm::union_;
    proto->oneofs = {"choice"};
    field(1, "case", schema.scalar(Kind::string), schema.scalar(Kind::string));
    const idl::Field& held = add(*thrift, 2, "choice", schema.of(*choice), presence);
    Pairing::Inlined one{thrift, &held, {}};
    choice->fields.reserve(8);
    proto->fields.reserve(8);
    const auto member = [&](int id, const char* name, const idl::Type* in_union, const idl::Type* in_oneof) {
      const idl::Field& of_union = add(*choice, id, name, in_union, Presence::optional);
      idl::Field& of_oneof = add(*proto, id + 10, name, in_oneof, Presence::optional);
      of_oneof.oneof_index = 0;
      one.members.emplace_back(&of_union, &of_oneof);
    };
    const idl::Type* words = schema.list(schema.scalar(Kind::string));
    member(1, "number", schema.scalar(Kind::i32), schema.scalar(Kind::i32));
    member(2, "flag", schema.scalar(Kind::boolean), schema.scalar(Kind::boolean));
    member(3, "words", words, in_a_struct(words));
    member(4, "colour", schema.of(schema.enumeration("t.E", {1, 2})),
           schema.of(schema.enumeration("p.E", {0, 1, 2})));
    pairing.unions.push_back(one);
  }
};

TEST(InlinedUnions, HaveTheirMembersInTheStructAroundThem) {
  const Unions unions;
  const std::pair<const char*, const char*> cases[] = {
      {"{\"1\":{\"i32\":7}}", "\"number\":7"},
      {"{\"1\":{\"i32\":0}}", "\"number\":0"},
      {"{\"2\":{\"tf\":1}}", "\"flag\":true"},
      {"{\"2\":{\"tf\":0}}", "\"flag\":false"},
      {"{\"3\":{\"lst\":[\"str\",1,\"a\"]}}", "\"words\":{\"content\":[\"a\"]}"},
      {"{\"3\":{\"lst\":[\"str\",0]}}", "\"words\":{}"},
      {"{\"4\":{\"i32\":2}}", "\"colour\":\"V2\""},
  };
  for (const auto& [member, text] : cases) {
    unions.expect_same(std::string("{\"1\":{\"str\":\"c\"},\"2\":{\"rec\":") + member + "}}",
                       std::string("{\"case\":\"c\",") + text + "}");
  }
}

TEST(InlinedUnions, WithoutAMemberAreUnset) {
  const Unions unions;
  EXPECT_EQ(unions.run(protobuf, hex("0a 01 63"), thrift_json), "{\"1\":{\"str\":\"c\"}}");
  EXPECT_EQ(unions.run(thrift_json, "{\"1\":{\"str\":\"c\"}}", json), "{\"case\":\"c\"}");
  const Unions required(Presence::required);
  EXPECT_THAT(required.run(protobuf, hex("0a 01 63"), compact), HasSubstr("MAP_UNION"));
  EXPECT_THAT(required.run(thrift_json, "{\"1\":{\"str\":\"c\"}}", json),
              HasSubstr("MAP_REQUIRED at choice"));
  EXPECT_EQ(required.run(protobuf, hex("58 07"), thrift_json),
            "{\"2\":{\"rec\":{\"1\":{\"i32\":7}}},\"1\":{\"str\":\"\"}}");
}

TEST(InlinedUnions, WithTwoMembersAreRefusedOrTheLastOneWins) {
  const Unions unions;
  EXPECT_THAT(unions.run(thrift_json, "{\"2\":{\"rec\":{\"1\":{\"i32\":7},\"2\":{\"tf\":1}}}}", protobuf),
              HasSubstr("MAP_UNION at choice"));
  // number = 7, flag = true: protobuf's readers keep the flag.
  EXPECT_EQ(unions.run(protobuf, hex("58 07 60 01"), thrift_json),
            "{\"2\":{\"rec\":{\"2\":{\"tf\":1}}},\"1\":{\"str\":\"\"}}");
}

TEST(InlinedUnions, SayOfAMemberThatHasNoFormWhichItIs) {
  Unions unions;
  EXPECT_THAT(unions.run(protobuf, hex("70 00"), compact), HasSubstr("MAP_ENUM_UNKNOWN at colour"));
  unions.pairing.unions[0].members.erase(unions.pairing.unions[0].members.begin());
  EXPECT_THAT(unions.run(thrift_json, "{\"2\":{\"rec\":{\"1\":{\"i32\":7}}}}", protobuf),
              HasSubstr("MAP_UNKNOWN_FIELD at choice.number"));
}

}  // namespace
}  // namespace koine::transcode::testing
