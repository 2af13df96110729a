// The .thrift writer. Owner: see write.h.
#include "idl/thrift/write.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "idl/annotations.h"
#include "idl/dump.h"
#include "idl/source.h"
#include "idl/thrift/holding_order.h"
#include "idl/thrift/type_writer.h"

namespace koine::idl::thrift {
namespace {

// Where a method's head is broken into a line for each argument.
constexpr std::size_t line_bytes_max = 110;

// "a.b.c". What else a namespace is called was in quotes.
bool is_name(std::string_view text) {
  bool start = true;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    const bool later = (c >= '0' && c <= '9') || c == '.';
    if (!letter && (start || !later)) return false;
    start = false;
  }
  return !text.empty() && !text.ends_with('.');
}

class Writer {
 public:
  Writer(const Schema& schema, const File& file)
      : file_(file),
        types_(schema, file),
        order_(holding_order(file)),
        own_enums_(file.enums.begin(), file.enums.end()) {}

  std::string write() {
    header();
    // A typedef may be of anything, so with typedefs all enums stand before them.
    if (!file_.typedefs.empty()) add_enums(std::numeric_limits<int>::max());
    add_typedefs();
    for (const StructType* type : order_.structs) {
      // Those of methods are printed with their methods.
      if (type->role == StructRole::arguments || type->role == StructRole::result) continue;
      add_enums(line_of(type->location));
      for (const Field& field : type->fields) add_enums_of(*field.type);
      add(*type);
    }
    add_enums(std::numeric_limits<int>::max());
    add_constants();
    for (const Service* service : file_.services) add(*service);
    return std::move(out_);
  }

 private:
  // Where the definition stood in the source of this file; what came from elsewhere is last.
  int line_of(const Location& where) const {
    const File& source = file_.origin != nullptr ? *file_.origin : file_;
    return where.line == 0 || where.file != source.path ? std::numeric_limits<int>::max() : where.line;
  }

  // Those that stood above `line` and are not here yet.
  void add_enums(int line) {
    while (next_enum_ < file_.enums.size()) {
      const EnumType& type = *file_.enums[next_enum_];
      if (line != std::numeric_limits<int>::max() && line_of(type.location) >= line) return;
      ++next_enum_;
      if (printed_enums_.insert(&type).second) add(type);
    }
  }

  // A struct that had to move takes what it needs along.
  void add_enums_of(const Type& type) {
    if (type.key != nullptr) add_enums_of(*type.key);
    if (type.element != nullptr) add_enums_of(*type.element);
    if (type.enumeration == nullptr || !own_enums_.contains(type.enumeration)) return;
    if (printed_enums_.insert(type.enumeration).second) add(*type.enumeration);
  }

  void header() {
    if (!file_.doc.empty()) {
      doc(0, file_.doc);
      // Without a header the comment would be the first definition's, unless that has one too.
      if (file_.namespaces.empty() && file_.imports.empty() && file_.annotations.empty()) out_ += "/** */\n";
    }
    for (const std::string& import : file_.imports) out_ += "include " + quoted(import) + "\n";
    if (!file_.imports.empty() && !file_.namespaces.empty()) out_ += '\n';
    std::map<std::string, std::string> namespaces = file_.namespaces;
    auto decides = namespaces.find("*");
    if (decides == namespaces.end()) decides = namespaces.find("java");
    const std::string read_back = decides == namespaces.end() ? stem_of(file_.path) : decides->second;
    if (read_back != file_.package && !file_.package.empty()) namespaces["*"] = file_.package;
    // The compiler takes annotations behind the namespace of a language, not of `*`.
    std::string annotations = annotation_text(file_.annotations);
    for (const auto& [language, name] : namespaces) {
      out_ += "namespace " + language + " " + (is_name(name) ? name : quoted(name));
      if (language != "*") out_ += std::exchange(annotations, "");
      out_ += '\n';
    }
    if (!annotations.empty()) out_ += "namespace koine " + stem_of(file_.path) + annotations + "\n";
  }

  void doc(int depth, const std::string& text) {
    if (text.empty()) return;
    std::string safe = text;
    for (std::size_t at = safe.find("*/"); at != std::string::npos; at = safe.find("*/", at)) {
      safe.replace(at, 2, "* /");
    }
    if (safe.find('\n') == std::string::npos && !safe.starts_with(' ')) {
      out_ += indent(depth) + "/** " + safe + " */\n";
      return;
    }
    out_ += indent(depth) + "/**\n";
    std::size_t start = 0;
    while (start <= safe.size()) {
      const std::size_t end = std::min(safe.find('\n', start), safe.size());
      const std::string line = safe.substr(start, end - start);
      out_ += indent(depth) + (line.empty() ? " *" : " * " + line) + "\n";
      start = end + 1;
    }
    out_ += indent(depth) + " */\n";
  }

  static std::string indent(int depth) { return std::string(static_cast<std::size_t>(depth) * 2, ' '); }

  // " (a = "1", b = "2")" or nothing.
  static std::string annotation_text(const Annotations& annotations) {
    std::string text;
    for (const Annotation& a : annotations) {
      text += (text.empty() ? " (" : ", ") + a.name + " = " + quoted(a.value);
    }
    return text.empty() ? text : text + ")";
  }

  void add(const EnumType& type) {
    out_ += '\n';
    doc(0, type.doc);
    out_ += "enum " + type.name + " {\n";
    for (const EnumValue& value : type.values) {
      doc(1, value.doc);
      out_ += "  " + value.name + " = " + std::to_string(value.number) + annotation_text(value.annotations) +
              ",\n";
    }
    out_ += "}" + annotation_text(type.annotations) + "\n";
  }

  void add_typedefs() {
    bool documented = true;
    for (const Typedef* alias : file_.typedefs) {
      // A block of plain ones stands together.
      if (documented || !alias->doc.empty()) out_ += '\n';
      documented = !alias->doc.empty();
      doc(0, alias->doc);
      Annotations annotations = alias->annotations;
      out_ += "typedef " + types_.declared(*alias->type, annotations) + " " + alias->name +
              annotation_text(annotations) + "\n";
    }
  }

  void add_constants() {
    bool documented = true;
    for (const Constant* constant : file_.constants) {
      if (documented || !constant->doc.empty()) out_ += '\n';
      documented = !constant->doc.empty();
      doc(0, constant->doc);
      out_ += "const " + types_.inner(*constant->type) + " " + constant->name + " = " +
              value(constant->value) + "\n";
    }
  }

  std::string value(const Value& value) const {
    return value_text(value, [this](const EnumReference& reference) { return types_.enum_value(reference); });
  }

  void add(const StructType& type) {
    out_ += '\n';
    doc(0, type.doc);
    switch (type.form) {
      case StructForm::structure: out_ += "struct "; break;
      case StructForm::union_: out_ += "union "; break;
      case StructForm::exception: out_ += "exception "; break;
    }
    out_ += type.name + " {\n";
    for (const Field& field : type.fields) {
      doc(1, field.doc);
      out_ += "  " + this->field(type, field) + ",\n";
    }
    out_ += "}" + annotation_text(type.annotations) + "\n";
  }

  std::string field(const StructType& owner, const Field& field) const {
    std::string text = std::to_string(field.id) + ": ";
    if (owner.form != StructForm::union_ && owner.role != StructRole::result) {
      if (field.presence == Presence::required) text += "required ";
      if (field.presence == Presence::optional && owner.role != StructRole::arguments) text += "optional ";
    }
    Annotations annotations = field.annotations;
    text += types_.declared(*field.type, annotations) + (order_.by_reference.contains(&field) ? " & " : " ") +
            field.name;
    if (field.default_value) {
      const Value& value = *field.default_value;
      const double* real = std::get_if<double>(&value.data);
      const std::uint64_t* number = std::get_if<std::uint64_t>(&value.data);
      // Neither has a Thrift constant.
      if ((real != nullptr && !std::isfinite(*real)) || (number != nullptr && *number >> 63 != 0)) {
        annotations.push_back({"koine.default", value_text(value)});
      } else {
        text += " = " + this->value(value);
      }
    }
    const std::string* name = find_annotation(field.annotations, "koine.name");
    std::string read_back = annotated_json_name(field.annotations);
    if (read_back.empty()) read_back = to_json_name(name != nullptr ? *name : field.name);
    if (!field.json_name.empty() && field.json_name != read_back) {
      annotations.push_back({"koine.json_name", field.json_name});
    }
    if (field.oneof_index >= 0 && static_cast<std::size_t>(field.oneof_index) < owner.oneofs.size()) {
      annotations.push_back({"koine.oneof", owner.oneofs[static_cast<std::size_t>(field.oneof_index)]});
    }
    return text + annotation_text(annotations);
  }

  void add(const Service& service) {
    out_ += '\n';
    doc(0, service.doc);
    out_ += "service " + service.name;
    if (!service.base.empty()) out_ += " extends " + types_.service(service.base);
    out_ += " {\n";
    for (std::size_t i = 0; i < service.own_methods && i < service.methods.size(); ++i) {
      if (i > 0 && !service.methods[i].doc.empty()) out_ += '\n';
      add(service.methods[i]);
    }
    out_ += "}" + annotation_text(service.annotations) + "\n";
  }

  void add(const Method& method) {
    doc(1, method.doc);
    Annotations annotations = method.annotations;
    const Field* success = method.response->find_field(0);
    std::string head = method.oneway ? "oneway " : "";
    head += success == nullptr ? "void" : types_.declared(*success->type, annotations);
    if (method.idempotent) annotations.push_back({"koine.idempotent", "true"});
    std::vector<const Field*> arguments;
    for (const Field& field : method.request->fields) arguments.push_back(&field);
    std::vector<const Field*> exceptions;
    for (const Field& field : method.response->fields) {
      if (field.id != 0) exceptions.push_back(&field);
    }
    std::string line = "  " + head + " " + method.name + "(" + list(*method.request, arguments) + ")";
    std::string tail;
    if (!exceptions.empty()) tail = " throws (" + list(*method.response, exceptions) + ")";
    tail += annotation_text(annotations) + ",\n";
    auto documented = [](const Field* field) { return !field->doc.empty(); };
    const bool any_doc = std::any_of(arguments.begin(), arguments.end(), documented) ||
                         std::any_of(exceptions.begin(), exceptions.end(), documented);
    if (!any_doc && line.size() + tail.size() <= line_bytes_max) {
      out_ += line + tail;
      return;
    }
    out_ += "  " + head + " " + method.name + "(";
    block(*method.request, arguments);
    if (!exceptions.empty()) {
      out_ += " throws (";
      block(*method.response, exceptions);
    }
    out_ += annotation_text(annotations) + ",\n";
  }

  std::string list(const StructType& owner, const std::vector<const Field*>& fields) const {
    std::string text;
    for (const Field* item : fields) text += (text.empty() ? "" : ", ") + field(owner, *item);
    return text;
  }

  // One line for each field, and the closing bracket.
  void block(const StructType& owner, const std::vector<const Field*>& fields) {
    if (!fields.empty()) out_ += '\n';
    for (const Field* item : fields) {
      doc(2, item->doc);
      out_ += "    " + field(owner, *item) + ",\n";
    }
    out_ += fields.empty() ? ")" : "  )";
  }

  const File& file_;
  TypeWriter types_;
  HoldingOrder order_;
  std::size_t next_enum_ = 0;
  std::set<const EnumType*> own_enums_, printed_enums_;
  std::string out_;
};

}  // namespace

std::string write(const Schema& schema, const File& file) { return Writer(schema, file).write(); }

}  // namespace koine::idl::thrift
