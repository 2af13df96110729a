// Files of protobuf editions, from descriptor sets that a newer protoc made: what each feature becomes, set
// at the field, at the file, or by the edition.
#include "idl/proto/editions.h"

#include <gmock/gmock.h>
#include <google/protobuf/any.pb.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include "idl/dump.h"
#include "idl/proto/editions_test_support.h"
#include "idl/proto/reader.h"

namespace koine::idl::proto {
namespace {

namespace pb = google::protobuf;
using ::testing::HasSubstr;

ReadResult read_files(std::map<std::string, std::string> files, const std::vector<std::string>& names) {
  auto sources = memory_sources(std::move(files));
  return read(*sources, names);
}

std::unique_ptr<Schema> schema_of_set(std::string_view hex) {
  ReadResult result = read_files({{"s.binpb", bytes_of(hex)}}, {"s.binpb"});
  EXPECT_EQ(render(result.diagnostics), "");
  return std::move(result.schema);
}

std::string errors_of(const pb::FileDescriptorSet& set) {
  ReadResult result = read_files({{"s.binpb", set.SerializeAsString()}}, {"s.binpb"});
  EXPECT_EQ(result.schema, nullptr);
  return render(result.diagnostics);
}

class ReadEditions : public ::testing::Test {
 protected:
  void SetUp() override {
    schema_ = schema_of_set(four_files_hex);
    ASSERT_NE(schema_, nullptr);
  }
  const Field& field(const std::string& type, const std::string& name) const {
    static const Field none;
    const StructType* found = schema_->find_struct(type);
    const Field* field = found == nullptr ? nullptr : found->find_field(name);
    if (field == nullptr) ADD_FAILURE() << type << "." << name;
    return field == nullptr ? none : *field;
  }
  Presence presence(const std::string& type, const std::string& name) const {
    return field(type, name).presence;
  }

  std::unique_ptr<Schema> schema_;
};

TEST_F(ReadEditions, HaveTheDefaultsOfTheEdition) {
  EXPECT_EQ(schema_->files()[0].syntax, "edition 2023");
  EXPECT_EQ(presence("demo.M", "told"), Presence::optional);
  EXPECT_EQ(presence("demo.M", "child"), Presence::optional);
  EXPECT_EQ(presence("demo.M", "text"), Presence::optional);
  EXPECT_EQ(presence("demo.M", "packed"), Presence::implicit);
  EXPECT_TRUE(field("demo.M", "packed").packed);
  EXPECT_FALSE(field("demo.M", "child").type->delimited);
  EXPECT_FALSE(schema_->find_enum("demo.Open")->closed);
  EXPECT_TRUE(schema_->find_struct("demo.Clean")->implicit_utf8);
  EXPECT_EQ(field("demo.M", "open").oneof_index, 0);
  EXPECT_EQ(value_text(*field("demo.M", "with_default").default_value), "\"x\"");
  EXPECT_NE(schema_->find_service("demo.S")->find_method("Do"), nullptr);
}

TEST_F(ReadEditions, TakeEachFeatureFromTheFieldAndTheEnum) {
  EXPECT_EQ(presence("demo.M", "untold"), Presence::implicit);
  EXPECT_EQ(presence("demo.M", "plain"), Presence::implicit);
  EXPECT_EQ(presence("demo.M", "needed"), Presence::required);
  EXPECT_FALSE(field("demo.M", "expanded").packed);
  EXPECT_TRUE(field("demo.M", "group").type->delimited);
  EXPECT_EQ(field("demo.M", "groups").type->kind, Kind::list);
  EXPECT_TRUE(field("demo.M", "groups").type->element->delimited);
  EXPECT_EQ(field("demo.M", "by_name").type->kind, Kind::map);
  EXPECT_TRUE(schema_->find_enum("demo.Closed")->closed);
  EXPECT_EQ(std::get<EnumReference>(field("demo.M", "closed").default_value->data).number, 1);
  // One text of it is not checked.
  EXPECT_FALSE(schema_->find_struct("demo.M")->implicit_utf8);
}

TEST_F(ReadEditions, InheritFeaturesOfTheFileUnlessTheyHaveTheirOwn) {
  EXPECT_EQ(presence("over.M", "a"), Presence::implicit);
  EXPECT_EQ(presence("over.M", "b"), Presence::optional);
  EXPECT_EQ(presence("over.M", "m"), Presence::optional);
  EXPECT_FALSE(field("over.M", "r").packed);
  EXPECT_TRUE(field("over.M", "p").packed);
  EXPECT_TRUE(field("over.M", "m").type->delimited);
  EXPECT_FALSE(field("over.M", "prefixed").type->delimited);
  // Entries of maps are not written as groups, whatever the file says, nor are their values.
  EXPECT_EQ(field("over.M", "by_id").type->kind, Kind::map);
  EXPECT_FALSE(field("over.M", "by_id").type->element->delimited);
  EXPECT_TRUE(schema_->find_enum("over.E")->closed);
  EXPECT_FALSE(schema_->find_enum("over.M.F")->closed);
  EXPECT_FALSE(schema_->find_struct("over.M")->implicit_utf8);
  EXPECT_TRUE(schema_->find_struct("over.Checked")->implicit_utf8);
  // json_format = LEGACY_BEST_EFFORT lets two fields have one name.
  EXPECT_EQ(field("over.M", "same_name").json_name, field("over.M", "sameName").json_name);
}

TEST_F(ReadEditions, LeaveProto3WhatItIsAndLetItUseTheirEnums) {
  EXPECT_EQ(schema_->files()[2].syntax, "proto3");
  EXPECT_EQ(presence("three.M", "open"), Presence::implicit);
  EXPECT_EQ(field("three.M", "open").type->enumeration, schema_->find_enum("demo.Open"));
  EXPECT_EQ(presence("three.M", "maybe"), Presence::optional);
  EXPECT_EQ(field("three.M", "maybe").oneof_index, -1);
  EXPECT_EQ(presence("three.M", "plain"), Presence::implicit);
  EXPECT_TRUE(field("three.M", "packed").packed);
  EXPECT_FALSE(field("three.M", "loose").packed);
  EXPECT_THAT(schema_->find_struct("three.M")->oneofs, ::testing::ElementsAre("choice"));
  EXPECT_EQ(field("three.M", "text").oneof_index, 0);
  EXPECT_EQ(presence("three.M", "other"), Presence::optional);
  EXPECT_TRUE(schema_->find_struct("three.M")->implicit_utf8);
}

TEST_F(ReadEditions, LeaveProto2WhatItIs) {
  EXPECT_EQ(schema_->files()[3].syntax, "proto2");
  EXPECT_EQ(presence("two.M", "id"), Presence::required);
  EXPECT_TRUE(field("two.M", "g").type->delimited);
  EXPECT_FALSE(field("two.M.G", "n").packed);
  EXPECT_FALSE(schema_->find_struct("two.M")->implicit_utf8);
}

TEST(Editions, OfThe2024OneLeaveVisibilityAside) {
  auto schema = schema_of_set(edition_2024_hex);
  ASSERT_NE(schema, nullptr);
  EXPECT_EQ(schema->files()[0].syntax, "edition 2024");
  const StructType* shown = schema->find_struct("next.Shown");
  ASSERT_NE(shown, nullptr);
  EXPECT_EQ(shown->find_field("h")->type->structure, schema->find_struct("next.Hidden"));
  EXPECT_TRUE(shown->find_field("es")->packed);
}

TEST(Editions, LetAProtoFileImportThem) {
  const std::map<std::string, std::string> files = {
      {"s.binpb", bytes_of(four_files_hex)},
      {"t.proto",
       "syntax = \"proto3\";\npackage t;\nimport \"a.proto\";\n"
       "message M { demo.Open open = 1; optional demo.Open maybe = 2; demo.M m = 3; repeated int32 n = 4; "
       "}\n"},
      {"bad.proto", "syntax = \"proto3\";\nimport \"a.proto\";\nmessage B { required int32 a = 1; }\n"},
      {"closed.proto", "syntax = \"proto3\";\nimport \"a.proto\";\nmessage C { demo.Closed c = 1; }\n"}};
  ReadResult result = read_files(files, {"s.binpb", "t.proto"});
  EXPECT_EQ(render(result.diagnostics), "");
  ASSERT_NE(result.schema, nullptr);
  const StructType* m = result.schema->find_struct("t.M");
  EXPECT_EQ(m->find_field("open")->presence, Presence::implicit);
  EXPECT_EQ(m->find_field("maybe")->presence, Presence::optional);
  EXPECT_TRUE(m->find_field("n")->packed);
  EXPECT_TRUE(m->oneofs.empty());
  EXPECT_EQ(result.schema->files().back().syntax, "proto3");
  EXPECT_THAT(render(read_files(files, {"s.binpb", "bad.proto"}).diagnostics),
              HasSubstr("error: Required fields are not allowed in proto3"));
  EXPECT_THAT(render(read_files(files, {"s.binpb", "closed.proto"}).diagnostics),
              HasSubstr("closed.proto:3:13: error: a field without presence cannot be of a closed enum"));
}

TEST(Editions, OfABareFileAreToldHowToMakeASet) {
  ReadResult result =
      read_files({{"a/b/shop/t.proto", "// new\nedition = \"2023\";\nmessage M {}\n"}}, {"a/b/shop/t.proto"});
  EXPECT_EQ(result.schema, nullptr);
  EXPECT_THAT(
      render(result.diagnostics),
      HasSubstr(
          "a/b/shop/t.proto:2:1: error: a file of a protobuf edition is read from a descriptor set, not "
          "from its text; make one with protoc 27 or later (32 for edition 2024): protoc -I a/b/shop "
          "--include_imports --include_source_info --descriptor_set_out=t.binpb t.proto, and name "
          "t.binpb here [EDITION]"));
  EXPECT_THAT(
      edition_advice("idl/shop/order.proto", "shop/order.proto"),
      HasSubstr("protoc -I idl --include_imports --include_source_info --descriptor_set_out=order.binpb "
                "shop/order.proto,"));
  EXPECT_THAT(edition_advice("order.proto", "order.proto"), HasSubstr("protoc -I . "));
  EXPECT_THAT(edition_advice("/order.proto", "order.proto"), HasSubstr("protoc -I / "));
}

// A file of edition 2023 with a message and an enum in it.
pb::FileDescriptorProto edition_file(std::uint64_t edition = 1000) {
  pb::FileDescriptorProto file;
  file.set_name("t.proto");
  file.set_package("t");
  file.set_syntax("editions");
  file.GetReflection()->MutableUnknownFields(&file)->AddVarint(14, edition);
  pb::DescriptorProto& message = *file.add_message_type();
  message.set_name("M");
  pb::FieldDescriptorProto& field = *message.add_field();
  field.set_name("a");
  field.set_number(1);
  field.set_type(pb::FieldDescriptorProto::TYPE_INT32);
  field.set_label(pb::FieldDescriptorProto::LABEL_OPTIONAL);
  pb::EnumDescriptorProto& type = *file.add_enum_type();
  type.set_name("E");
  type.add_value()->set_name("ONE");
  type.mutable_value(0)->set_number(0);
  return file;
}

void set_feature(pb::Message& options, int options_number, int feature, std::uint64_t value) {
  pb::UnknownFieldSet features;
  features.AddVarint(feature, value);
  std::string bytes;
  ASSERT_TRUE(features.SerializeToString(&bytes));
  options.GetReflection()->MutableUnknownFields(&options)->AddLengthDelimited(options_number, bytes);
}

std::string errors_of(const pb::FileDescriptorProto& file) {
  pb::FileDescriptorSet set;
  *set.add_file() = file;
  return errors_of(set);
}

TEST(Editions, RefuseWhatProtocRefuses) {
  pb::FileDescriptorProto unknown = edition_file(9999);
  EXPECT_THAT(errors_of(unknown),
              HasSubstr("s.binpb: error: t.proto: its edition has the number 9999, which is not "
                        "known here; the newest is 2026 [EDITION]"));
  pb::FileDescriptorProto none = edition_file();
  none.GetReflection()->MutableUnknownFields(&none)->Clear();
  EXPECT_THAT(errors_of(none), HasSubstr("its edition has the number 0"));

  pb::FileDescriptorProto value = edition_file();
  set_feature(*value.mutable_options(), 50, 5, 3);
  EXPECT_THAT(errors_of(value),
              HasSubstr("the feature message_encoding has the value 3, which is not known here"));

  pb::FileDescriptorProto required = edition_file();
  set_feature(*required.mutable_options(), 50, 1, 3);
  EXPECT_THAT(errors_of(required), HasSubstr("field_presence = LEGACY_REQUIRED is for single fields"));

  pb::FileDescriptorProto first = edition_file();
  first.mutable_enum_type(0)->mutable_value(0)->set_number(1);
  EXPECT_THAT(errors_of(first), HasSubstr("the enum 't.E' is open, so its first value must be 0"));

  pb::FileDescriptorProto fallback = edition_file();
  fallback.mutable_message_type(0)->mutable_field(0)->set_default_value("1");
  set_feature(*fallback.mutable_message_type(0)->mutable_field(0)->mutable_options(), 21, 1, 2);
  EXPECT_THAT(errors_of(fallback), HasSubstr("'t.M.a' has no presence, so it cannot have a default"));

  pb::FileDescriptorProto names = edition_file();
  *names.mutable_message_type(0)->add_field() = names.message_type(0).field(0);
  names.mutable_message_type(0)->mutable_field(1)->set_name("A");
  names.mutable_message_type(0)->mutable_field(1)->set_json_name("a");
  names.mutable_message_type(0)->mutable_field(1)->set_number(2);
  EXPECT_THAT(errors_of(names), HasSubstr("'a' and 'A' of 't.M' have one name in JSON, 'a'"));

  pb::FileDescriptorProto closed = edition_file();
  set_feature(*closed.mutable_enum_type(0)->mutable_options(), 7, 2, 2);
  set_feature(*closed.mutable_message_type(0)->mutable_field(0)->mutable_options(), 21, 1, 2);
  closed.mutable_message_type(0)->mutable_field(0)->set_type(pb::FieldDescriptorProto::TYPE_ENUM);
  closed.mutable_message_type(0)->mutable_field(0)->set_type_name(".t.E");
  EXPECT_THAT(errors_of(closed), HasSubstr("a field without presence cannot be of a closed enum"));
}

TEST(Editions, TakeTheFeaturesOfMessagesAndOneofsInBetween) {
  // No feature of these has a message or a oneof for its target but json_format; what is set there is
  // inherited.
  pb::FileDescriptorProto file = edition_file();
  pb::DescriptorProto& message = *file.mutable_message_type(0);
  set_feature(*message.mutable_options(), 12, 4, 3);  // utf8_validation = NONE
  pb::FieldDescriptorProto& field = *message.mutable_field(0);
  field.set_type(pb::FieldDescriptorProto::TYPE_STRING);
  pb::FileDescriptorSet set;
  *set.add_file() = file;
  ReadResult none = read_files({{"s.binpb", set.SerializeAsString()}}, {"s.binpb"});
  ASSERT_NE(none.schema, nullptr) << render(none.diagnostics);
  EXPECT_FALSE(none.schema->find_struct("t.M")->implicit_utf8);
  pb::DescriptorProto& again = *set.mutable_file(0)->mutable_message_type(0);
  again.add_oneof_decl()->set_name("o");
  set_feature(*again.mutable_oneof_decl(0)->mutable_options(), 1, 4, 2);  // VERIFY
  again.mutable_field(0)->set_oneof_index(0);
  ReadResult verified = read_files({{"s.binpb", set.SerializeAsString()}}, {"s.binpb"});
  ASSERT_NE(verified.schema, nullptr) << render(verified.diagnostics);
  EXPECT_TRUE(verified.schema->find_struct("t.M")->implicit_utf8);
}

// Sets that files with language features are in bring a descriptor.proto along that knows FeatureSet.
TEST(Editions, LinkAgainstANewerDescriptorFile) {
  pb::FileDescriptorSet set;
  pb::FileDescriptorProto& newer = *set.add_file();
  pb::DescriptorProto::descriptor()->file()->CopyTo(&newer);
  pb::DescriptorProto& features = *newer.add_message_type();
  features.set_name("FeatureSet");
  features.add_extension_range()->set_start(1000);
  features.mutable_extension_range(0)->set_end(2000);
  pb::FileDescriptorProto& own = *set.add_file();
  own.set_name("google/protobuf/cpp_features.proto");
  own.set_package("pb");
  own.add_dependency("google/protobuf/descriptor.proto");
  own.add_message_type()->set_name("CppFeatures");
  pb::FieldDescriptorProto& extension = *own.add_extension();
  extension.set_name("cpp");
  extension.set_number(1000);
  extension.set_label(pb::FieldDescriptorProto::LABEL_OPTIONAL);
  extension.set_type(pb::FieldDescriptorProto::TYPE_MESSAGE);
  extension.set_type_name(".pb.CppFeatures");
  extension.set_extendee(".google.protobuf.FeatureSet");
  pb::FileDescriptorProto& file = *set.add_file() = edition_file();
  file.add_dependency("google/protobuf/cpp_features.proto");
  ReadResult result = read_files({{"s.binpb", set.SerializeAsString()}}, {"s.binpb"});
  EXPECT_EQ(render(result.diagnostics), "");
  ASSERT_NE(result.schema, nullptr);
  EXPECT_NE(result.schema->find_struct("t.M"), nullptr);
  EXPECT_EQ(result.schema->find_struct("google.protobuf.FileDescriptorProto"), nullptr);
}

}  // namespace
}  // namespace koine::idl::proto
