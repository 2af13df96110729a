// Files that were made to take all memory or all time. Nothing is measured here: what is counted are reads,
// parts and messages, and the sizes are such that anything quadratic would not come to an end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/bounds.h"
#include "idl/report.h"
#include "idl/thrift/corpus_test_support.h"

namespace koine::idl::thrift {
namespace {

using ::testing::HasSubstr;

// Counts how often a file is read that is there.
class CountingSources final : public SourceProvider {
 public:
  explicit CountingSources(std::map<std::string, std::string> files)
      : files_(memory_sources(std::move(files))) {}
  base::Result<std::optional<std::string>> read(const std::string& path) const override {
    auto text = files_->read(path);
    if (text && text->has_value()) ++reads;
    return text;
  }
  std::string identity(const std::string& path) const override { return files_->identity(path); }

  mutable std::size_t reads = 0;

 private:
  std::unique_ptr<SourceProvider> files_;
};

ReadResult read_all(const SourceProvider& sources, const std::string& path, const Bounds& bounds = {}) {
  ReadOptions options;
  options.sources = &sources;
  options.bounds = bounds;
  return read({path}, options);
}

// Reads the first of them.
ReadResult read_within(const Bounds& bounds, std::map<std::string, std::string> files) {
  const std::string path = files.begin()->first;
  const auto sources = memory_sources(std::move(files));
  return read_all(*sources, path, bounds);
}

std::string number(std::size_t i) { return std::to_string(i); }

TEST(HostileThrift, ReadsAFileOnceHoweverManyIncludeIt) {
  constexpr std::size_t count = 60;
  std::map<std::string, std::string> files;
  for (std::size_t i = 0; i < count; ++i) {
    std::string& text = files["f" + number(i) + ".thrift"];
    for (std::size_t j = i + 1; j < count; ++j) text += "include 'f" + number(j) + ".thrift'\n";
  }
  CountingSources sources(std::move(files));
  ReadResult result = read_all(sources, "f0.thrift");
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_EQ(result.schema->files().size(), count);
  EXPECT_EQ(sources.reads, count);
}

TEST(HostileThrift, StopsAtTooManyFilesAndAtTooManyBytes) {
  Bounds bounds;
  bounds.files_max = 100;
  std::map<std::string, std::string> files;
  std::string& main = files["main.thrift"];
  for (std::size_t i = 0; i < 1000; ++i) {
    main += "include 'f" + number(i) + ".thrift'\n";
    files["f" + number(i) + ".thrift"] = "# " + std::string(100, 'x');
  }
  CountingSources sources(std::move(files));
  ReadResult result = read_all(sources, "main.thrift", bounds);
  EXPECT_EQ(result.schema, nullptr);
  EXPECT_EQ(sources.reads, bounds.files_max + 1);
  ASSERT_EQ(result.diagnostics.size(), 1u);
  EXPECT_THAT(render(result.diagnostics),
              HasSubstr("f99.thrift: error: with this file there are more than 100 files"));
  bounds = Bounds();
  bounds.bytes_max = 100'000;
  sources.reads = 0;
  result = read_all(sources, "main.thrift", bounds);
  EXPECT_LT(sources.reads, 900u);
  ASSERT_EQ(result.diagnostics.size(), 1u);
  EXPECT_THAT(render(result.diagnostics), HasSubstr("more than 100000 bytes of text in one read"));
}

TEST(HostileThrift, StopsAtTooManyPartsOfAllFilesTogether) {
  Bounds bounds;
  bounds.parts_max = 1000;
  const auto repeated = [](const std::string& part, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += part;
    return text;
  };
  const auto rule_of = [&](const std::string& text, const std::string& included = "") {
    ReadResult result = read_within(bounds, {{"a.thrift", text}, {"o.thrift", included}});
    EXPECT_EQ(result.schema, nullptr);
    return result.diagnostics.size() == 1 ? result.diagnostics[0].rule : render(result.diagnostics);
  };
  EXPECT_EQ(rule_of("struct S {" + repeated("a b ", 501) + "}"), "TOO_LARGE");  // a field and its type
  EXPECT_EQ(rule_of("include 'o.thrift' struct S {" + repeated("a b ", 300) + "}",
                    "struct S {" + repeated("a b ", 300) + "}"),
            "TOO_LARGE");
  EXPECT_EQ(rule_of("const list<i32> L = [" + repeated("1 ", 1000) + "]"), "TOO_LARGE");
  EXPECT_EQ(rule_of("struct S {} (" + repeated("a ", 1001) + ")"), "TOO_LARGE");
  EXPECT_EQ(rule_of("enum E {" + repeated("a ", 1001) + "}"), "TOO_LARGE");
  EXPECT_EQ(rule_of("service S {" + repeated("void f() ", 1001) + "}"), "TOO_LARGE");
  EXPECT_EQ(rule_of(repeated("include 'o.thrift' ", 1001)), "TOO_LARGE");
  EXPECT_EQ(rule_of(repeated("typedef i32 T ", 1001)), "TOO_LARGE");
  EXPECT_THAT(
      render(read_within(bounds, {{"a.thrift", "enum E {" + repeated("a\n", 1001) + "}"}}).diagnostics),
      HasSubstr("a.thrift:1001:1: error: there are more than 1000 fields, types, values, methods"));
}

TEST(HostileThrift, ReadsAHundredThousandFieldsAndSaysLittleOfThem) {
  constexpr std::size_t count = 100'000;
  std::string text = "struct S {";
  for (std::size_t i = 1; i <= count; ++i) {
    text += number(i) + ": optional i32 f" + number(i) + " (koine.oneof = 'o" + number(i) + "')\n";
  }
  ReadResult result = read_text(text + "}");
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_EQ(result.schema->find_struct("test.S")->fields.size(), count);
  EXPECT_EQ(result.schema->find_struct("test.S")->oneofs.size(), count);
  EXPECT_EQ(result.diagnostics.size(), Report::warnings_max + 1);
}

TEST(HostileThrift, LooksForWhatWasMeantOnlyAsLongAsSomebodyReadsIt) {
  std::string text;
  for (std::size_t i = 0; i < 10'000; ++i)
    text += "struct Named" + number(i) + " { 1: Namend" + number(i) + " a }\n";
  EXPECT_EQ(read_text(text).diagnostics.size(), Report::errors_max + 1);
  std::string values = "enum E {";
  for (std::size_t i = 0; i < 10'000; ++i) values += "Value" + number(i) + " ";
  values += "}\nstruct S {";
  for (std::size_t i = 1; i < 10'000; ++i)
    values += number(i) + ": E a" + number(i) + " = E.Valeu" + number(i) + "\n";
  EXPECT_EQ(read_text(values + "}").diagnostics.size(), Report::errors_max + 1);
}

TEST(HostileThrift, FindsFieldsAndValuesByNameAmongMany) {
  constexpr std::size_t count = 20'000;
  std::string text = "enum E {";
  for (std::size_t i = 0; i < count; ++i) text += "V" + number(i) + " ";
  text += "}\nstruct S {";
  for (std::size_t i = 1; i <= count; ++i) text += number(i) + ": E f" + number(i) + "\n";
  text += "}\nconst S ALL = {";
  for (std::size_t i = 1; i <= count; ++i) text += "'f" + number(i) + "': E.V" + number(count - i) + " ";
  text += "}\nconst S NUMBERS = {";
  for (std::size_t i = 1; i <= count; ++i) text += "'f" + number(i) + "': " + number(count - i) + " ";
  auto schema = schema_of(text + "}");
  ASSERT_EQ(schema->files().size(), 1u);
  for (const Constant* constant : schema->files().front().constants) {
    const auto& map = std::get<ValueMap>(constant->value.data);
    ASSERT_EQ(map.size(), count);
    EXPECT_EQ(std::get<EnumReference>(map[0].second.data).number, static_cast<std::int32_t>(count - 1));
  }
}

TEST(HostileThrift, BoundsTheTextsThatConstantsCopy) {
  Bounds bounds;
  bounds.copied_bytes_max = 10'000;
  std::string text =
      "const string T = '" + std::string(1000, 'x') + "'\nconst list<string> L = [T T T T T T T T";
  EXPECT_NE(read_within(bounds, {{"a.thrift", text + "]"}}).schema, nullptr);
  EXPECT_THAT(
      render(read_within(bounds, {{"a.thrift", text + " T T]"}}).diagnostics),
      HasSubstr("more than 10000 bytes of text in all; keep data of that size out of the IDL [VALUE_SIZE]"));
}

TEST(HostileThrift, BoundsTheMethodsThatServicesInherit) {
  Bounds bounds;
  bounds.inherited_methods_max = 100;
  std::string text = "service S0 { /** " + std::string(1000, 'x') + " */ ";
  for (std::size_t i = 0; i < 20; ++i) text += "void m" + number(i) + "() ";
  text += "}\n";
  for (std::size_t i = 1; i <= 5; ++i) text += "service S" + number(i) + " extends S0 {}\n";
  ReadResult result = read_within(bounds, {{"a.thrift", text}});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_EQ(result.schema->find_service("a.S5")->methods.size(), 20u);
  EXPECT_THAT(render(read_within(bounds, {{"a.thrift", text + "service S6 extends S5 {}"}}).diagnostics),
              HasSubstr("7:20: error: the services have more than 100 methods by 'extends'"));
  bounds.copied_bytes_max = 4000;
  EXPECT_THAT(render(read_within(bounds, {{"a.thrift", text}}).diagnostics),
              HasSubstr("or 4000 bytes of comments and annotations in them [TOO_LARGE]"));
}

TEST(HostileThrift, BoundsTheNamesThatOthersAreMadeOf) {
  const std::string name(name_bytes_max + 1, 'n');
  EXPECT_THAT(messages_of("struct " + name + " {}"),
              HasSubstr("the name of the struct is longer than 1024 bytes"));
  EXPECT_THAT(messages_of("service S { void " + name + "() }"),
              HasSubstr("the name of the method is longer"));
  EXPECT_THAT(messages_of("namespace java " + name), HasSubstr("the namespace is longer than 1024 bytes"));
  EXPECT_THAT(messages_of("py_module " + name), HasSubstr("the namespace is longer than 1024 bytes"));
  EXPECT_NE(read_text("struct " + name.substr(1) + " {}").schema, nullptr);
}

}  // namespace
}  // namespace koine::idl::thrift
