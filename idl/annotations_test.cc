// The table of annotations: what is said of names that are not in it, and that the documentation has it.
#include "idl/annotations.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace koine::idl {
namespace {

TEST(KnownAnnotations, AreTheOnesThatTheDocumentationLists) {
  std::ifstream in(std::string(KOINE_SOURCE_DIR) + "/docs/mapping.md");
  std::stringstream text;
  text << in.rdbuf();
  for (const KnownAnnotation& one : known_annotations()) {
    const std::string row = "| `koine." + std::string(one.name) + "` | " + std::string(one.on) + " | " +
                            std::string(one.means) + " |\n";
    EXPECT_NE(text.str().find(row), std::string::npos) << row;
  }
}

TEST(KnownAnnotations, NameTheNearestOfAnUnknownOne) {
  EXPECT_EQ(unknown_annotation("koine.rnage"),
            "unknown annotation 'koine.rnage'; did you mean 'koine.range'?");
  EXPECT_EQ(unknown_annotation("koine.Unit"), "unknown annotation 'koine.Unit'; did you mean 'koine.unit'?");
  EXPECT_EQ(unknown_annotation("koine.frobnicate"),
            "unknown annotation 'koine.frobnicate'; docs/mapping.md lists those there are");
  for (const char* fine : {"koine.range", "koine.derived_from", "go.tag", "koin.range", "deprecated"}) {
    EXPECT_EQ(unknown_annotation(fine), "");
  }
}

TEST(KnownAnnotations, AreLookedForOnEveryNode) {
  Schema schema;
  auto mark = [](Annotations& annotations, const char* where) {
    annotations.push_back({std::string("koine.") + where, "1"});
  };
  StructType& type = schema.add_struct();
  mark(type.annotations, "on_struct");
  mark(type.fields.emplace_back().annotations, "on_field");
  EnumType& numbers = schema.add_enum();
  mark(numbers.annotations, "on_enum");
  mark(numbers.values.emplace_back().annotations, "on_value");
  Service& service = schema.add_service();
  mark(service.annotations, "on_service");
  for (int i = 0; i < 2; ++i)
    mark(service.methods.emplace_back().annotations, i == 0 ? "on_method" : "on_inherited");
  service.own_methods = 1;
  mark(schema.add_file().annotations, "on_file");
  std::vector<Diagnostic> diagnostics;
  warn_of_unknown_annotations(schema, diagnostics);
  const std::string said = render(diagnostics);
  for (const char* where : {"struct", "field", "enum", "value", "service", "method", "file"}) {
    EXPECT_NE(said.find("'koine.on_" + std::string(where) + "'"), std::string::npos) << where;
  }
  EXPECT_EQ(said.find("on_inherited"), std::string::npos);  // its own service says it
  EXPECT_FALSE(has_errors(diagnostics));
}

TEST(KnownAnnotations, GiveAFieldTheJsonNameThatOtherToolsWrite) {
  EXPECT_EQ(annotated_json_name({{"koine.json_name", "a"}, {"json_name", "b"}}), "a");
  EXPECT_EQ(annotated_json_name({{"go.tag", "json:\"c\""}, {"json_name", "b"}}), "b");
  EXPECT_EQ(annotated_json_name({{"go.tag", "json:\"order_id,omitempty\" db:\"x\""}}), "order_id");
  EXPECT_EQ(annotated_json_name({{"go.tag", "db:\"x\" json:\"order_id\""}}), "order_id");
  EXPECT_EQ(annotated_json_name({{"go.tag", "json:\\\"order_id\\\""}}), "order_id");
  for (const char* none : {"", "json", "json:\"-\"", "json:\",omitempty\"", "bson:\"x\" xjson:\"y\""}) {
    EXPECT_EQ(annotated_json_name({{"go.tag", none}}), "") << none;
  }
}

}  // namespace
}  // namespace koine::idl
