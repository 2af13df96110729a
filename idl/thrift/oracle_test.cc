// The distribution's Thrift compiler as oracle: what `thrift -gen xml` says of the corpus must be what the
// reader understood. Names, ids, requiredness, types, constants, defaults, docs, annotations, inheritance,
// throws.
//
// The compiler resolves typedefs in some places and keeps them in others, prints enum constants as integers,
// sorts annotations and map entries, and refuses generator keywords as names; both sides are brought to one
// form.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "idl/dump.h"
#include "idl/thrift/corpus_test_support.h"
#include "idl/thrift/write.h"
#include "idl/thrift/xml_test_support.h"

namespace koine::idl::thrift {
namespace {

// ---- the compiler's XML
// -------------------------------------------------------------------------------------

// ---- both sides as lines of text
// ----------------------------------------------------------------------------

std::string number_text(double number) {
  char buffer[40];
  return std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
}

std::string sorted_map(std::vector<std::string> entries) {
  std::sort(entries.begin(), entries.end());
  std::string text;
  for (const std::string& entry : entries) text += (text.empty() ? "" : ", ") + entry;
  return "{" + text + "}";
}

// Line breaks kept, indentation and trailing space dropped: the two clean them differently.
std::string doc_text(const std::string& doc) {
  std::string out;
  bool at_start = true;
  for (char c : doc) {
    if (c == '\n') {
      while (!out.empty() && out.back() == ' ') out.pop_back();
      at_start = true;
      out += '\n';
    } else if (!at_start || c != ' ') {
      at_start = false;
      out += c;
    }
  }
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  return out.empty() ? out : " doc " + idl::quoted(out);
}

std::string annotation_lines(std::vector<std::string> annotations) {
  return annotations.empty() ? std::string() : " annotations " + sorted_map(std::move(annotations));
}

class XmlSide {
 public:
  // Typedefs of `document` become known by "<document>.<name>".
  void add_typedefs(const Element& document) {
    for (const Element& element : document.children) {
      if (element.tag == "typedef") {
        typedefs_[document.attribute("name") + "." + element.attribute("name")] = type(element, "");
      }
    }
  }

  std::vector<std::string> lines(const Element& document) {
    std::vector<std::string> out = {"file" + doc_text(document.attribute("doc"))};
    for (const Element& element : document.children) {
      const std::string name = element.attribute("name");
      const std::string doc = doc_text(element.attribute("doc")) + annotations(element);
      if (element.tag == "include") out.push_back("include " + name);
      if (element.tag == "namespace") out.push_back("namespace " + name + " " + element.attribute("value"));
      if (element.tag == "const") {
        out.push_back("const " + name + " " + type(element, "") + " = " + value(element.children.back()) +
                      doc);
      }
      if (element.tag == "typedef") out.push_back("typedef " + name + " = " + type(element, "") + doc);
      if (element.tag == "enum") add_enum(element, doc, out);
      if (element.tag == "struct" || element.tag == "union" || element.tag == "exception") {
        out.push_back(element.tag + " " + name + doc);
        for (const Element& child : element.children) {
          if (child.tag == "field") out.push_back("  " + field(child));
        }
      }
      if (element.tag == "service") add_service(element, doc, out);
    }
    return out;
  }

 private:
  // The type in an element's type attributes and child elements.
  std::string type(const Element& element, const std::string& fallback) const {
    const std::string kind = element.attribute("type");
    if (kind == "id") {
      const std::string name = element.attribute("type-module") + "." + element.attribute("type-id");
      auto alias = typedefs_.find(name);
      return alias == typedefs_.end() ? name : alias->second;
    }
    if (kind == "list" || kind == "set") return kind + "<" + type(*element.child("elemType"), "") + ">";
    if (kind == "map") {
      return "map<" + type(*element.child("keyType"), "") + ", " + type(*element.child("valueType"), "") +
             ">";
    }
    return kind.empty() ? fallback : kind;
  }

  static std::string annotations(const Element& element) {
    std::vector<std::string> list;
    for (const Element& child : element.children) {
      if (child.tag != "annotation") continue;
      const std::string name = child.attribute("key");
      // These are in the schema's nodes, not among their annotations.
      if (name.starts_with("koine.") && name != "koine.code" && name != "koine.name") continue;
      list.push_back(name + "=" + child.attribute("value"));
    }
    return annotation_lines(std::move(list));
  }

  static std::string value(const Element& element) {
    if (element.tag == "int") return element.text;
    if (element.tag == "double") {
      double number = 0;
      std::from_chars(element.text.data(), element.text.data() + element.text.size(), number);
      return number_text(number);
    }
    if (element.tag == "string") return idl::quoted(element.text);
    if (element.tag == "list") {
      std::string text;
      for (const Element& entry : element.children)
        text += (text.empty() ? "" : ", ") + value(entry.children[0]);
      return "[" + text + "]";
    }
    if (element.tag == "map") {
      std::vector<std::string> entries;
      for (const Element& entry : element.children) {
        entries.push_back(value(entry.child("key")->children[0]) + ": " +
                          value(entry.child("value")->children[0]));
      }
      return sorted_map(std::move(entries));
    }
    return "unknown " + element.tag;
  }

  std::string field(const Element& element) const {
    std::string text = element.tag + " " + element.attribute("field-id") + " " + element.attribute("name") +
                       " " + type(element, "") + " " + element.attribute("required");
    if (const Element* standard = element.child("default")) text += " = " + value(standard->children[0]);
    return text + doc_text(element.attribute("doc")) + annotations(element);
  }

  static void add_enum(const Element& element, const std::string& doc, std::vector<std::string>& out) {
    out.push_back("enum " + element.attribute("name") + doc);
    for (const Element& member : element.children) {
      if (member.tag != "member") continue;
      out.push_back("  " + member.attribute("name") + " = " + member.attribute("value") +
                    doc_text(member.attribute("doc")) + annotations(member));
    }
  }

  void add_service(const Element& element, const std::string& doc, std::vector<std::string>& out) const {
    std::string base;
    if (!element.attribute("parent-id").empty()) {
      base = " extends " + element.attribute("parent-module") + "." + element.attribute("parent-id");
    }
    out.push_back("service " + element.attribute("name") + base + doc);
    for (const Element& method : element.children) {
      if (method.tag != "method") continue;
      out.push_back("  " + type(*method.child("returns"), "void") + " " + method.attribute("name") +
                    (method.attribute("oneway") == "true" ? " oneway" : "") +
                    doc_text(method.attribute("doc")) + annotations(method));
      for (const Element& child : method.children) {
        if (child.tag == "arg" || child.tag == "throws") out.push_back("    " + field(child));
      }
    }
  }

  std::map<std::string, std::string> typedefs_;
};

class SchemaSide {
 public:
  explicit SchemaSide(const Schema& schema) {
    for (const File& file : schema.files()) {
      const std::string prefix = stem_of(file.path) + ".";
      for (const StructType* type : file.structs) names_[type] = prefix + type->name;
      for (const EnumType* type : file.enums) names_[type] = prefix + type->name;
      for (const Service* service : file.services) services_[service->full_name] = prefix + service->name;
    }
  }

  std::vector<std::string> lines(const File& file) const {
    std::vector<std::string> out = {"file" + doc_text(file.doc)};
    for (const std::string& import : file.imports) out.push_back("include " + stem_of(import));
    for (const auto& [language, name] : file.namespaces) out.push_back("namespace " + language + " " + name);
    for (const Constant* constant : file.constants) {
      out.push_back("const " + constant->name + " " + type(*constant->type) + " = " + value(constant->value) +
                    doc_text(constant->doc));
    }
    for (const Typedef* alias : file.typedefs) {
      out.push_back("typedef " + alias->name + " = " + type(*alias->type) + doc_text(alias->doc) +
                    annotations(alias->annotations));
    }
    for (const EnumType* node : file.enums) {
      out.push_back("enum " + node->name + doc_text(node->doc) + annotations(node->annotations));
      for (const EnumValue& member : node->values) {
        out.push_back("  " + member.name + " = " + std::to_string(member.number) + doc_text(member.doc) +
                      annotations(member.annotations));
      }
    }
    for (const StructType* node : file.structs) {
      const std::string form = node->form == StructForm::union_      ? "union "
                               : node->form == StructForm::exception ? "exception "
                                                                     : "struct ";
      out.push_back(form + node->name + doc_text(node->doc) + annotations(node->annotations));
      for (const Field& member : node->fields) out.push_back("  " + field("field", member));
    }
    for (const Service* service : file.services) add_service(*service, out);
    return out;
  }

 private:
  std::string type(const Type& node) const {
    switch (node.kind) {
      case Kind::structure: return names_.at(node.structure);
      case Kind::enumeration: return names_.at(node.enumeration);
      case Kind::list: return "list<" + type(*node.element) + ">";
      case Kind::set: return "set<" + type(*node.element) + ">";
      case Kind::map: return "map<" + type(*node.key) + ", " + type(*node.element) + ">";
      case Kind::u8: return "i16";
      case Kind::u16: return "i32";
      case Kind::u32:
      case Kind::u64: return "i64";
      case Kind::f32:
      case Kind::f64: return "double";
      case Kind::bytes: return "binary";
      default: return std::string(to_string(node.kind));
    }
  }

  static std::string annotations(const Annotations& annotations) {
    std::vector<std::string> list;
    for (const Annotation& a : annotations) list.push_back(a.name + "=" + a.value);
    return annotation_lines(std::move(list));
  }

  static std::string value(const Value& node) {
    if (const bool* flag = std::get_if<bool>(&node.data)) return *flag ? "1" : "0";
    if (const double* number = std::get_if<double>(&node.data)) return number_text(*number);
    if (const auto* reference = std::get_if<EnumReference>(&node.data))
      return std::to_string(reference->number);
    if (const auto* list = std::get_if<ValueList>(&node.data)) {
      std::string text;
      for (const Value& item : *list) text += (text.empty() ? "" : ", ") + value(item);
      return "[" + text + "]";
    }
    if (const auto* map = std::get_if<ValueMap>(&node.data)) {
      std::vector<std::string> entries;
      for (const auto& [key, item] : *map) entries.push_back(value(key) + ": " + value(item));
      return sorted_map(std::move(entries));
    }
    return value_text(node);
  }

  std::string field(const std::string& what, const Field& node) const {
    std::string text = what + " " + std::to_string(node.id) + " " + node.name + " " + type(*node.type) + " ";
    if (node.presence == Presence::required) text += "required";
    if (node.presence == Presence::optional && what != "throws") text += "optional";
    const double* real = node.default_value ? std::get_if<double>(&node.default_value->data) : nullptr;
    const auto* big = node.default_value ? std::get_if<std::uint64_t>(&node.default_value->data) : nullptr;
    const bool constant = node.default_value && (real == nullptr || std::isfinite(*real)) &&
                          (big == nullptr || *big >> 63 == 0);
    if (constant) text += " = " + value(*node.default_value);
    return text + doc_text(node.doc) + annotations(node.annotations);
  }

  void add_service(const Service& service, std::vector<std::string>& out) const {
    const std::string base = service.base.empty() ? "" : " extends " + services_.at(service.base);
    out.push_back("service " + service.name + base + doc_text(service.doc) +
                  annotations(service.annotations));
    for (std::size_t i = 0; i < service.own_methods; ++i) {
      const Method& method = service.methods[i];
      const Field* success = method.response->find_field(0);
      const bool sent = success != nullptr;
      out.push_back("  " + (sent ? type(*success->type) : "void") + " " + method.name +
                    (method.oneway ? " oneway" : "") + doc_text(method.doc) +
                    annotations(method.annotations));
      for (const Field& argument : method.request->fields) out.push_back("    " + field("arg", argument));
      for (const Field& thrown : method.response->fields) {
        if (thrown.id != 0) out.push_back("    " + field("throws", thrown));
      }
    }
  }

  std::map<const void*, std::string> names_;
  std::map<std::string, std::string> services_;
};

// ---- running the compiler
// -----------------------------------------------------------------------------------

class Oracle : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "koine_thrift_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  // Runs `thrift -r -gen xml`; the documents by name.
  std::map<std::string, Element> compile(const std::string& path) {
    std::vector<std::string> words = {"thrift", "-r", "-nowarn", "-gen", "xml", "-o", directory_, path};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t child = 0;
    const int error = ::posix_spawnp(&child, "thrift", nullptr, nullptr, arguments.data(), environ);
    EXPECT_EQ(error, 0) << "the Thrift compiler is missing; install the package thrift-compiler";
    std::map<std::string, Element> documents;
    if (error != 0) return documents;
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0) << "the Thrift compiler refuses " << path;
    if (status != 0) return documents;
    auto disk = disk_sources();
    for (const auto& entry : std::filesystem::directory_iterator(directory_ + "/gen-xml")) {
      if (entry.path().extension() != ".xml") continue;
      auto text = disk->read(entry.path().string());
      Element root = XmlReader(**text).document();
      const Element* document = root.child("idl") ? root.child("idl")->child("document") : nullptr;
      if (document != nullptr) documents[document->attribute("name")] = *document;
    }
    return documents;
  }

  // Compares every file of the schema with what the compiler says of the file at `path` and its includes.
  void expect_same(const Schema& schema, const std::string& path) {
    std::map<std::string, Element> documents = compile(path);
    ASSERT_EQ(documents.size(), schema.files().size());
    XmlSide xml;
    for (const File& file : schema.files()) xml.add_typedefs(documents[stem_of(file.path)]);
    SchemaSide ours(schema);
    for (const File& file : schema.files()) {
      std::vector<std::string> expected = xml.lines(documents[stem_of(file.path)]);
      std::vector<std::string> actual = ours.lines(file);
      EXPECT_GT(expected.size(), 3u);
      ASSERT_EQ(joined(actual), joined(expected)) << file.path;
    }
  }

  static std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
  }

  std::string directory_;
};

TEST_P(Oracle, SaysTheSameAsTheReader) {
  const std::string path = corpus_directory() + GetParam();
  ReadResult result = read({path}, {});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  expect_same(*result.schema, path);
}

TEST_P(Oracle, UnderstandsWhatTheWriterPrints) {
  ReadResult result = read({corpus_directory() + GetParam()}, {});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  std::string path;
  for (const File& file : result.schema->files()) {
    path = directory_ + "/" + stem_of(file.path) + ".thrift";
    std::ofstream(path) << write(*result.schema, file);
  }
  // Not the original: the writer may put structs into another order. That it says the same is tested with the
  // writer.
  ReadResult again = read({path}, {});
  ASSERT_NE(again.schema, nullptr) << render(again.diagnostics);
  expect_same(*again.schema, path);
}

INSTANTIATE_TEST_SUITE_P(Files, Oracle,
                         ::testing::Values("kitchen_sink.thrift", "shared.thrift", "forward.thrift",
                                           "bom_crlf.thrift", "koine.thrift", "old_forms.thrift"),
                         [](const auto& file) {
                           std::string name = file.param;
                           return name.substr(0, name.find('.'));
                         });

}  // namespace
}  // namespace koine::idl::thrift
