// Texts and descriptor sets that were made to take all memory, all time or the stack. Nothing is measured
// here: what is counted are parts and messages, and the sizes are such that what is not bounded would not
// come to an end, or would overflow the stack.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include "idl/bounds.h"
#include "idl/proto/bounds.h"
#include "idl/proto/reader.h"

namespace koine::idl::proto {
namespace {

namespace pb = google::protobuf;
using ::testing::HasSubstr;

ReadResult read_files(std::map<std::string, std::string> files, const std::vector<std::string>& names,
                      const Bounds& bounds = {}) {
  auto sources = memory_sources(std::move(files));
  return read(*sources, names, {}, bounds);
}
ReadResult read_text(const std::string& text, const Bounds& bounds = {}) {
  return read_files({{"t.proto", text}}, {"t.proto"}, bounds);
}
ReadResult read_set(const pb::FileDescriptorSet& set) {
  return read_files({{"s.binpb", set.SerializeAsString()}}, {"s.binpb"});
}

const std::string head = "syntax = \"proto3\";\n";
std::string number(std::size_t i) { return std::to_string(i); }

TEST(ShapeOfText, CountsWhatIsOutsideOfCommentsAndQuotes) {
  const TextShape shape = shape_of("a { b: [1, 2] } // { {\n/* {{\n{ */ s: \"{ \\\" {\" t: '<' m < n; > } }");
  EXPECT_EQ(shape.depth, 2u);
  EXPECT_EQ(shape.parts, 5u);
  EXPECT_EQ(shape_of("").parts, 0u);
  EXPECT_EQ(shape_of("//").depth, 0u);
  EXPECT_EQ(shape_of("/*").depth, 0u);
  EXPECT_EQ(shape_of("'\\").depth, 0u);
  const TextShape deep = shape_of("\n\n" + std::string(brackets_max, '[') + "\n{\n}");
  EXPECT_EQ(deep.depth, brackets_max + 1);
  EXPECT_EQ(deep.deepest_line, 3);
}

TEST(HostileProto, ValuesOfOptionsAreNotNestedWithoutEnd) {
  // libprotobuf's parser of such values takes a level of the stack for each.
  std::string text = head +
                     "import \"google/protobuf/descriptor.proto\";\n"
                     "message V { V v = 1; }\n"
                     "extend google.protobuf.FileOptions { V v = 50000; }\n"
                     "option (v) = ";
  for (int i = 0; i < 300'000; ++i) text += "{ v ";
  text += "{}";
  for (int i = 0; i < 300'000; ++i) text += "}";
  const ReadResult result = read_text(text + ";\n");
  EXPECT_EQ(result.schema, nullptr);
  EXPECT_THAT(render(result.diagnostics[0]),
              HasSubstr("t.proto:5:1: error: more than 100 braces and brackets"));
}

TEST(HostileProto, NeitherAreThoseOfDescriptorSets) {
  pb::FileDescriptorSet set;
  pb::FileDescriptorProto& file = *set.add_file();
  file.set_name("a.proto");
  file.add_dependency("google/protobuf/descriptor.proto");
  pb::UninterpretedOption& option = *file.mutable_options()->add_uninterpreted_option();
  option.add_name()->set_name_part("features");
  option.mutable_name(0)->set_is_extension(false);
  option.set_aggregate_value(std::string(300'000, '{'));
  EXPECT_THAT(render(read_set(set).diagnostics), HasSubstr("an option's value has more than 100 braces"));
}

TEST(HostileProto, ImportsDoNotGoOnWithoutEnd) {
  constexpr std::size_t count = 3'000;
  std::map<std::string, std::string> files;
  pb::FileDescriptorSet set;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string next = "f" + number(i + 1) + ".proto";
    files["f" + number(i) + ".proto"] = head + "import \"" + next + "\";\n";
    pb::FileDescriptorProto& file = *set.add_file();
    file.set_name("f" + number(i) + ".proto");
    file.add_dependency(next);
  }
  files["f" + number(count) + ".proto"] = head;
  set.add_file()->set_name("f" + number(count) + ".proto");
  const ReadResult texts = read_files(std::move(files), {"f0.proto"});
  EXPECT_EQ(texts.schema, nullptr);
  EXPECT_THAT(render(texts.diagnostics),
              HasSubstr("f256.proto: error: more than 256 files import one another in a row"));
  const ReadResult bytes = read_set(set);
  EXPECT_EQ(bytes.schema, nullptr);
  EXPECT_THAT(render(bytes.diagnostics),
              HasSubstr("more than 256 files import one another in a row [IMPORT_DEPTH]"));
}

TEST(HostileProto, PartsFilesAndBytesAreBoundedInTexts) {
  std::string text = head + "message M {";
  for (std::size_t i = 1; i <= 1000; ++i) text += "int32 a" + number(i) + "=" + number(i) + ";";
  Bounds bounds;
  bounds.parts_max = 1000;
  const ReadResult result = read_text(text + "}", bounds);
  EXPECT_EQ(result.schema, nullptr);
  EXPECT_EQ(
      render(result.diagnostics),
      "t.proto: error: with this file there are more than 1000 fields, values and other parts in one read; "
      "name fewer files, or import fewer [TOO_LARGE]\n");
  bounds = Bounds();
  bounds.bytes_max = text.size() - 1;
  EXPECT_THAT(render(read_text(text + "}", bounds).diagnostics), HasSubstr("bytes of text in one read"));
  bounds = Bounds();
  bounds.files_max = 10;
  std::map<std::string, std::string> files;
  std::string& main = files["main.proto"] = head;
  for (std::size_t i = 0; i < 100; ++i) {
    main += "import \"f" + number(i) + ".proto\";\n";
    files["f" + number(i) + ".proto"] = head;
  }
  const ReadResult many = read_files(files, {"main.proto"}, bounds);
  EXPECT_EQ(many.schema, nullptr);
  EXPECT_THAT(render(many.diagnostics),
              HasSubstr("f9.proto: error: with this file there are more than 10 files"));
}

TEST(HostileProto, PartsAreBoundedInSetsBeforeTheyAreParsed) {
  pb::FileDescriptorSet set;
  pb::DescriptorProto& message = *set.add_file()->add_message_type();
  for (int i = 0; i < 1000; ++i) message.add_field()->set_number(i);
  message.add_enum_type()->add_value();
  message.add_nested_type()->add_field();
  set.mutable_file(0)->add_service()->add_method();
  for (int i = 0; i < 80; ++i) set.mutable_file(0)->mutable_source_code_info()->add_location();
  // The file, the message, its fields, an enum with a value, a nested one with a field, a service with a
  // method, the places' holder; and one for 8 places.
  EXPECT_EQ(count_parts(set.SerializeAsString()), 1u + 1u + 1000u + 2u + 2u + 2u + 1u + 10u);
  EXPECT_EQ(count_parts("garbage"), 0u);
  // Two bytes each: refused by the number, not by the parser.
  Bounds bounds;
  bounds.parts_max = 1000;
  std::string bytes = "\x0A\xD2\x0F";  // a file of 2002 bytes
  for (int i = 0; i < 1001; ++i) bytes += std::string("\x22\x00", 2);
  const ReadResult result = read_files({{"s.binpb", bytes}}, {"s.binpb"}, bounds);
  EXPECT_EQ(result.schema, nullptr);
  EXPECT_THAT(render(result.diagnostics),
              HasSubstr("s.binpb: error: with this file there are more than 1000 fields"));
}

// A message with so many fields, each on a line of its own or behind a tab.
std::string many_fields(std::size_t count, char between) {
  std::string text = head + "message M {";
  for (std::size_t i = 1; i <= count; ++i) {
    const std::size_t id = i < 19'000 ? i : i + 1000;  // protobuf keeps a thousand for itself
    text += "int32 a" + number(i) + "=" + number(id) + ";" + between;
  }
  return text + "}";
}

TEST(HostileProto, AHundredThousandFieldsAreRead) {
  const ReadResult result = read_text(many_fields(100'000, '\n'));
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_EQ(result.schema->find_struct("M")->fields.size(), 100'000u);
  EXPECT_EQ(result.schema->find_struct("M")->fields.back().location.line, 100'001);
  EXPECT_EQ(result.schema->find_struct("M")->fields.back().location.column, 1);
  const ReadResult one_line = read_text(many_fields(20'000, '\t'));
  ASSERT_NE(one_line.schema, nullptr) << render(one_line.diagnostics);
  EXPECT_EQ(one_line.schema->find_struct("M")->fields.back().location.line, 2);
}

TEST(HostileProto, LittleIsSaidOfManyMistakes) {
  std::string text = head;
  for (std::size_t i = 0; i < 5'000; ++i) {
    text += "message Named" + number(i) + " { Namde" + number(i) + " a = 1; }\n";
  }
  const ReadResult result = read_text(text);
  EXPECT_EQ(result.schema, nullptr);
  EXPECT_EQ(result.diagnostics.size(), told_errors_max + 1);
  EXPECT_THAT(result.diagnostics.back().message, HasSubstr("more errors are not shown"));
}

TEST(HostileProto, WrappersAreNotNestedWithoutEnd) {
  std::string text = head + "import \"koine/options.proto\";\n";
  for (std::size_t i = 0; i < 10'000; ++i) {
    text += "message W" + number(i) + " { option (koine.message).role = ROLE_WRAPPER; repeated W" +
            number(i + 1) + " v = 1; }\n";
  }
  const ReadResult result = read_text(text + "message W10000 {}\n");
  EXPECT_EQ(result.schema, nullptr);
  EXPECT_THAT(render(result.diagnostics), HasSubstr("are nested more than 64 deep (nesting_max)"));
}

}  // namespace
}  // namespace koine::idl::proto
