// See schemas.h.
#include "transcode/proof/schemas.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "idl/derive/testing/random_schema.h"

namespace koine::transcode::proof {
namespace {

namespace testing = idl::derive::testing;

struct Named {
  const char* name;
  const char* type;
  const char* standard;  // a default, or null
};

// Every kind as plain, optional, required, default, element, key and value, inside containers of containers.
std::string fixed_thrift() {
  static constexpr Named kinds[] = {{"Bool", "bool", "true"},
                                    {"I8", "i8", "-7"},
                                    {"I16", "i16", "300"},
                                    {"I32", "i32", "-70000"},
                                    {"I64", "i64", "5000000000"},
                                    {"U8", "i16 (koine.range = \"u8\")", "200"},
                                    {"U16", "i32 (koine.range = \"u16\")", "60000"},
                                    {"U32", "i64 (koine.range = \"u32\")", "4000000000"},
                                    {"U64", "i64 (koine.range = \"u64\")", "7"},
                                    {"F32", "double (koine.range = \"f32\")", "1.5"},
                                    {"F64", "double", "0.1"},
                                    {"Text", "string", "\"a \\\"b\\\"\""},
                                    {"Octets", "binary", "\"xyz\""},
                                    {"Uuid", "uuid", nullptr},
                                    {"FixedUuid", "uuid (koine.number = \"fixed\")", nullptr},
                                    {"Zigzag", "i64 (koine.number = \"zigzag\")", "-3"},
                                    {"Fixed", "i32 (koine.number = \"fixed\")", "-3"},
                                    {"Color", "Color", "Color.RED"},
                                    {"Zeroless", "Zeroless", "Zeroless.TWO"},
                                    {"Choice", "Choice", nullptr},
                                    {"Pair", "Pair", nullptr}};
  std::string text =
      "namespace * fixed\n"
      "enum Color { NONE = 0, RED = 1, DARK = -2147483648, LAST = 2147483647 }\n"
      "enum Zeroless { ONE = 1, TWO = 2 }\n"
      "struct Empty {}\n"
      "struct Pair { 1: i32 a, 2: optional string b }\n"
      "union Choice { 1: i32 number, 2: string text, 3: Pair pair, 4: list<i32> numbers, 5: Zeroless odd }\n"
      "struct Tree { 1: string label, 2: optional Tree left, 3: list<Tree> more, 4: optional Choice choice "
      "}\n"
      "struct Required { 1: required Choice choice, 2: required Pair pair, 3: required list<i8> numbers,\n"
      "  4: required Zeroless odd, 5: required uuid id, 6: required map<string, Pair> pairs,\n"
      "  7: required Empty nothing, 8: required Color color }\n"
      "struct Strict { 1: required Pair pair, 2: required Choice choice, 3: required list<i8> numbers }\n"
      "struct Holder { 1: map<string, Strict> named, 2: list<Strict> all, 3: optional Strict maybe,\n"
      "  4: map<i32, Empty> nothing, 5: Strict plain }\n"
      "struct Moved { 0: i32 zero, 19000: string middle, -5: optional i16 below, 32767: bool last }\n"
      "struct Oneof { 1: optional i32 a (koine.oneof = \"pick\"), 2: optional string b (koine.oneof = "
      "\"pick\"),\n"
      "  3: optional Pair c (koine.oneof = \"pick\"), 4: i64 rest }\n"
      "struct Keys { 1: map<Pair, i32> by_pair, 2: map<list<i32>, string> by_list, 3: map<set<string>, Pair> "
      "by_set,\n"
      "  4: map<Choice, bool> by_choice, 5: map<map<i32, i32>, i8> by_map, 6: set<Pair> pairs,\n"
      "  7: set<list<i16>> lists, 8: optional map<Pair, list<Pair>> maybe }\n";
  for (const Named& kind : kinds) {
    const std::string type = kind.type;
    const bool key = type != "Pair" && type != "Choice";
    text += std::string("struct Of") + kind.name + " {\n  1: " + type + " plain,\n  2: optional " + type +
            " maybe,\n  3: list<" + type + "> all,\n  4: set<" + type + "> once,\n  5: map<string, " + type +
            "> named,\n";
    if (key)
      text +=
          "  6: map<" + type + ", " + type + "> paired,\n  7: map<" + type + ", list<" + type + ">> lists,\n";
    if (kind.standard != nullptr) text += "  8: " + type + " standard = " + kind.standard + ",\n";
    text += "}\nstruct More" + std::string(kind.name) + " {\n  1: required " + type +
            " must,\n  2: optional list<" + type + "> maybe_all,\n  3: optional set<" + type +
            "> maybe_once,\n  4: optional map<i32, " + type + "> maybe_map,\n  5: list<list<" + type +
            ">> deep,\n  6: list<map<string, set<" + type + ">>> deeper,\n";
    if (kind.standard != nullptr) text += "  7: optional " + type + " standard = " + kind.standard + ",\n";
    text += "}\nunion OneOf" + std::string(kind.name) + " {\n  1: " + type + " value,\n  2: list<" + type +
            "> all,\n  3: map<i64, " + type + "> by_number,\n  4: bool nothing,\n}\n";
  }
  return text;
}

std::string fixed_proto3() {
  static constexpr Named kinds[] = {{"Bool", "bool", ""},
                                    {"Int32", "int32", ""},
                                    {"Sint32", "sint32", ""},
                                    {"Fixed32", "fixed32", ""},
                                    {"Sfixed32", "sfixed32", ""},
                                    {"Uint32", "uint32", ""},
                                    {"Int64", "int64", ""},
                                    {"Sint64", "sint64", ""},
                                    {"Fixed64", "fixed64", ""},
                                    {"Sfixed64", "sfixed64", ""},
                                    {"Uint64", "uint64", ""},
                                    {"Float", "float", ""},
                                    {"Double", "double", ""},
                                    {"Text", "string", ""},
                                    {"Octets", "bytes", ""},
                                    {"Color", "Color", ""},
                                    {"Pair", "Pair", ""},
                                    {"I8", "int32", "(koine.field).range = \"i8\""},
                                    {"I16", "int32", "(koine.field).range = \"i16\""},
                                    {"U8", "uint32", "(koine.field).range = \"u8\""},
                                    {"U16", "uint32", "(koine.field).range = \"u16\""},
                                    {"Uuid", "string", "(koine.field).as = \"uuid\""},
                                    {"FixedUuid", "bytes", "(koine.field).as = \"uuid\""}};
  std::string text =
      "syntax = \"proto3\";\npackage fixed;\n"
      "import \"koine/options.proto\";\n"
      "import \"google/protobuf/any.proto\";\nimport \"google/protobuf/duration.proto\";\n"
      "import \"google/protobuf/field_mask.proto\";\nimport \"google/protobuf/struct.proto\";\n"
      "import \"google/protobuf/timestamp.proto\";\nimport \"google/protobuf/wrappers.proto\";\n"
      "enum Color { NONE = 0; RED = 1; DARK = -2147483648; LAST = 2147483647; }\n"
      "message Pair { int32 a = 1; optional string b = 2; }\n"
      "message Tree { string label = 1; Tree left = 2; repeated Tree more = 3; map<string, Tree> named = 4; "
      "}\n"
      "message Known { google.protobuf.Timestamp instant = 1; google.protobuf.Duration span = 2;\n"
      "  google.protobuf.FieldMask mask = 3; google.protobuf.Value value = 4; google.protobuf.Struct dynamic "
      "= 5;\n"
      "  google.protobuf.ListValue values = 6; repeated google.protobuf.Timestamp instants = 7; }\n"
      "message Boxes { google.protobuf.Int64Value long = 1; google.protobuf.StringValue text = 2;\n"
      "  google.protobuf.BoolValue flag = 3; google.protobuf.DoubleValue real = 4; "
      "google.protobuf.UInt64Value ulong = 5;\n"
      "  google.protobuf.BytesValue octets = 6; map<string, google.protobuf.FloatValue> floats = 7;\n"
      "  google.protobuf.UInt32Value uint = 8; google.protobuf.Int32Value int = 9; }\n"
      "message Holder { google.protobuf.Any any = 1; repeated google.protobuf.Any more = 2; int32 other = 3; "
      "}\n"
      "message Nothing { google.protobuf.NullValue null = 1; repeated google.protobuf.NullValue nulls = 2; "
      "}\n"
      "message Choice { oneof pick { int32 number = 1; string text = 2; Pair pair = 3; Color color = 4; bool "
      "flag = 5; }\n"
      "  int64 rest = 6; }\n"
      "message Far { int32 a = 40000; string b = 536870911; repeated int64 c = 33000; }\n"
      "message Sets { repeated int32 numbers = 1 [(koine.field).set = true]; repeated string texts = 2 "
      "[(koine.field).set = true];\n"
      "  repeated Pair pairs = 3 [(koine.field).set = true]; repeated double reals = 4 [(koine.field).set = "
      "true]; }\n"
      "message Packed { repeated int32 loose = 1 [packed = false]; repeated sint64 tight = 2 [packed = "
      "true];\n"
      "  repeated bool flags = 3; repeated fixed32 fixed = 4; repeated double reals = 5; repeated Color "
      "colors = 6; }\n"
      "message Must { int32 a = 1 [(koine.field).requiredness = REQUIREDNESS_REQUIRED];\n"
      "  Pair b = 2 [(koine.field).requiredness = REQUIREDNESS_REQUIRED]; }\n"
      "message Musts { map<string, Must> named = 1; repeated Must all = 2; optional Must maybe = 3; }\n";
  for (const Named& kind : kinds) {
    const std::string type = kind.type;
    const std::string options =
        *kind.standard == '\0' ? std::string() : std::string(" [") + kind.standard + "]";
    const std::string name = kind.name;
    text += "message Of" + name + " {\n  " + type + " plain = 1" + options + ";\n  optional " + type +
            " maybe = 2" + options + ";\n  repeated " + type + " all = 3" + options + ";\n  map<string, " +
            type + "> named = 4" + options + ";\n  oneof pick { " + type + " one = 5" + options +
            "; bool none = 6; }\n}\n";
    const bool key = type.find("int") != std::string::npos || type.find("fixed") != std::string::npos ||
                     type == "bool" || type == "string";
    if (!key) continue;
    std::string key_options;
    if (name == "Uuid") key_options = " [(koine.field).as = \"uuid\", (koine.field).key_as = \"uuid\"]";
    text += "message By" + name + " {\n  map<" + type + ", " + type + "> all = 1" + key_options +
            ";\n  map<" + type + ", Pair> pairs = 2;\n}\n";
  }
  return text;
}

constexpr const char* fixed_proto2 = R"(syntax = "proto2";
package closed;
enum Color { RED = 1; GREEN = 2; DARK = -7; }
enum Zero { ZERO = 0; OTHER = 5; }
message Pair { required int32 a = 1; optional string b = 2 [default = "none"]; }
message All {
  required Color must = 1;
  optional Color maybe = 2 [default = GREEN];
  repeated Color all = 3;
  map<int32, Zero> named = 4;
  oneof pick { Color one = 5; Pair pair = 6; string text = 7; }
  optional group Inner = 8 { optional int32 x = 1; repeated group Deep = 2 { required string y = 1; } }
  repeated Color packed = 9 [packed = true];
}
message Scalars {
  required bool a = 1; required int64 b = 2; required double c = 3; required string d = 4; required bytes e = 5;
  required Pair f = 6; optional float g = 7 [default = 0.5]; optional uint64 h = 8; repeated int32 i = 9;
  repeated string j = 10; map<string, Pair> named = 11; repeated Pair pairs = 12;
}
message Empty {}
)";

}  // namespace

SchemaPair::SchemaPair(idl::Language language, Files files) : language_(language), files_(std::move(files)) {
  source_ = testing::try_read(files_, language);
  if (source_ == nullptr) return;
  const bool from_thrift = language == idl::Language::thrift;
  derived_ = testing::derived(*source_, from_thrift ? idl::Language::proto : idl::Language::thrift);
  Files texts = from_thrift ? testing::printed_proto(*derived_) : files_;
  std::ifstream options(KOINE_SOURCE_DIR "/idl/koine/options.proto");
  texts["koine/options.proto"] = std::string(std::istreambuf_iterator<char>(options), {});
  pool_ = std::make_unique<Pool>(texts);
  trees_ = std::make_unique<ProtobufTrees>(*pool_);
  for (const idl::StructType& made : derived_->structs()) {
    if (made.origin == nullptr || made.role != idl::StructRole::plain) continue;
    if (made.origin->role != idl::StructRole::plain) continue;
    subjects_.push_back(from_thrift ? Subject{made.origin, &made} : Subject{&made, made.origin});
  }
  valid_ = true;
}

const Subject* SchemaPair::find(std::string_view name) const {
  for (const Subject& subject : subjects_) {
    if (this->name(subject) == name) return &subject;
  }
  return nullptr;
}

std::string SchemaPair::name(const Subject& subject) const {
  return (language_ == idl::Language::thrift ? subject.thrift : subject.protobuf)->full_name;
}

std::unique_ptr<SchemaPair> schema_pair(std::uint32_t number) {
  if (number == 0)
    return std::make_unique<SchemaPair>(idl::Language::thrift, Files{{"fixed.thrift", fixed_thrift()}});
  if (number == 1) {
    return std::make_unique<SchemaPair>(
        idl::Language::proto, Files{{"fixed.proto", fixed_proto3()}, {"closed.proto", fixed_proto2}});
  }
  testing::RandomOptions options;
  options.uuids = number % 3 != 0;
  options.decorated = number % 4 < 2;
  if (number % 2 == 0)
    return std::make_unique<SchemaPair>(idl::Language::thrift, testing::random_thrift(number, options));
  return std::make_unique<SchemaPair>(idl::Language::proto, testing::random_proto(number, options));
}

}  // namespace koine::transcode::proof
