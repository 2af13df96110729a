// The .proto writer. Owner: see write.h.
#include "idl/proto/write.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "idl/dump.h"
#include "idl/proto/name_lookup.h"
#include "idl/proto/options.h"

namespace koine::idl::proto {
namespace {

// Where a field's options get lines of their own.
constexpr std::size_t line_bytes_max = 100;
constexpr std::int32_t number_max = (1 << 29) - 1;
constexpr std::string_view own_options_file = "koine/options.proto";

std::string indent(int depth) { return std::string(static_cast<std::size_t>(depth) * 2, ' '); }

std::string last_part(const std::string& name) { return name.substr(name.rfind('.') + 1); }

bool is_packable(const Type& element) {
  return element.kind != Kind::string && element.kind != Kind::bytes && element.kind != Kind::uuid &&
         element.kind != Kind::structure;
}

bool is_group(const Type& type) {
  return type.delimited || (type.element != nullptr && type.kind != Kind::map && type.element->delimited);
}

const char* narrow_range(const Type& type) {
  switch (type.kind) {
    case Kind::i8: return "i8";
    case Kind::i16: return "i16";
    case Kind::u8: return "u8";
    case Kind::u16: return "u16";
    default: return nullptr;
  }
}

std::string number_type(const char* plain, const char* zigzag, const char* fixed, NumberForm form) {
  switch (form) {
    case NumberForm::plain: return plain;
    case NumberForm::zigzag: return zigzag;
    case NumberForm::fixed: return fixed;
  }
  return plain;
}

class Writer {
 public:
  Writer(const Schema& schema, const File& file, const WriteOptions& options)
      : file_(file), options_(options), names_(schema), proto2_(file.syntax == "proto2") {
    for (const StructType* type : file.structs) {
      for (const Field& field : type->fields) {
        if (!is_group(*field.type)) continue;
        groups_.insert(field.type->delimited ? field.type->structure : field.type->element->structure);
      }
    }
  }

  std::string write() {
    const std::string file_options = print_file_options();
    add_definitions("", 0);
    std::string body = std::move(out_);
    out_.clear();
    comment(0, file_.doc);
    out_ += "syntax = \"" + std::string(proto2_ ? "proto2" : "proto3") + "\";\n";
    if (!file_.package.empty()) out_ += "\npackage " + file_.package + ";\n";
    add_imports();
    if (!file_options.empty()) out_ += "\n" + file_options;
    return out_ + body;
  }

 private:
  // ---- the head

  void add_imports() {
    std::set<std::string> imports(file_.imports.begin(), file_.imports.end());
    imports.erase(std::string(own_options_file));
    if (koine_used_) imports.insert(std::string(own_options_file));
    if (!imports.empty()) out_ += '\n';
    const std::set<std::string> passed_on(file_.public_imports.begin(), file_.public_imports.end());
    for (const std::string& import : imports) {
      out_ +=
          std::string("import ") + (passed_on.contains(import) ? "public " : "") + in_quotes(import) + ";\n";
    }
  }

  std::string print_file_options() {
    std::string text;
    for (const auto& [name, value] : file_.namespaces) {
      const bool flag = value == "true" || value == "false";
      text += "option " + name + " = " + (flag ? value : in_quotes(value)) + ";\n";
    }
    for (const PrintedOption& option : printed(Element::file, file_.annotations)) {
      text += "option " + option.name + " = " + option.value + ";\n";
    }
    return text;
  }

  std::vector<PrintedOption> printed(Element element, const Annotations& annotations) {
    std::vector<PrintedOption> all = print_options(element, annotations);
    std::vector<PrintedOption> kept;
    for (PrintedOption& option : all) {
      if (option.koine && !options_.koine_options) continue;
      koine_used_ = koine_used_ || option.koine;
      kept.push_back(std::move(option));
    }
    return kept;
  }

  void comment(int depth, const std::string& text) {
    if (text.empty()) return;
    std::size_t start = 0;
    while (start <= text.size()) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      const std::string line = text.substr(start, end - start);
      out_ += indent(depth) + (line.empty() ? "//" : "// " + line) + "\n";
      start = end + 1;
    }
  }

  void option_lines(int depth, Element element, const Annotations& annotations) {
    for (const PrintedOption& option : printed(element, annotations)) {
      out_ += indent(depth) + "option " + option.name + " = " + option.value + ";\n";
    }
  }

  // ---- definitions

  // What is defined directly inside `parent` ("" is the file), in the order of the source's lines; what has
  // no line comes last.
  void add_definitions(const std::string& parent, int depth) {
    struct Definition {
      int line;
      const EnumType* enumeration = nullptr;
      const StructType* structure = nullptr;
      const Service* service = nullptr;
    };
    std::vector<Definition> all;
    auto line_of = [](const Location& where) {
      return where.line == 0 ? std::numeric_limits<int>::max() : where.line;
    };
    auto inside = [&](const std::string& name) {
      const std::size_t dot = name.rfind('.');
      return (dot == std::string::npos ? std::string() : name.substr(0, dot)) == parent;
    };
    for (const EnumType* type : file_.enums) {
      if (inside(type->name)) all.push_back({line_of(type->location), type, nullptr, nullptr});
    }
    for (const StructType* type : file_.structs) {
      if (inside(type->name) && !groups_.contains(type)) {
        all.push_back({line_of(type->location), nullptr, type, nullptr});
      }
    }
    if (parent.empty()) {
      for (const Service* service : file_.services) {
        all.push_back({line_of(service->location), nullptr, nullptr, service});
      }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Definition& a, const Definition& b) { return a.line < b.line; });
    for (const Definition& one : all) {
      if (depth == 0 || !out_.ends_with("{\n")) out_ += '\n';
      if (one.enumeration != nullptr) add(*one.enumeration, depth);
      if (one.structure != nullptr) add(*one.structure, depth);
      if (one.service != nullptr) add(*one.service);
    }
  }

  void add(const EnumType& type, int depth) {
    comment(depth, type.doc);
    out_ += indent(depth) + "enum " + last_part(type.name) + " {\n";
    std::set<std::int32_t> numbers;
    for (const EnumValue& value : type.values) numbers.insert(value.number);
    if (numbers.size() != type.values.size()) out_ += indent(depth + 1) + "option allow_alias = true;\n";
    option_lines(depth + 1, Element::enum_type, type.annotations);
    for (const EnumValue& value : type.values) {
      comment(depth + 1, value.doc);
      const std::string head = indent(depth + 1) + value.name + " = " + std::to_string(value.number);
      inline_options(depth + 1, head, printed(Element::enum_value, value.annotations));
    }
    out_ += indent(depth) + "}\n";
  }

  void add(const StructType& type, int depth) {
    comment(depth, type.doc);
    out_ += indent(depth) + "message " + last_part(type.name) + " {\n";
    add_body(type, depth + 1);
    out_ += indent(depth) + "}\n";
  }

  void add_body(const StructType& type, int depth) {
    Annotations annotations;
    if (type.form == StructForm::union_) annotations.push_back({"koine.form", "union"});
    if (type.form == StructForm::exception) annotations.push_back({"koine.form", "exception"});
    switch (type.role) {
      case StructRole::plain: break;
      case StructRole::wrapper: annotations.push_back({"koine.role", "wrapper"}); break;
      case StructRole::map_entry: annotations.push_back({"koine.role", "map_entry"}); break;
      case StructRole::arguments: annotations.push_back({"koine.role", "arguments"}); break;
      case StructRole::result: annotations.push_back({"koine.role", "result"}); break;
    }
    annotations.insert(annotations.end(), type.annotations.begin(), type.annotations.end());
    const std::size_t start = out_.size();
    option_lines(depth, Element::message, annotations);
    add_reserved(type, depth);
    add_definitions(type.name, depth);
    if (out_.size() != start && !type.fields.empty()) out_ += '\n';
    std::set<std::int32_t> printed_oneofs;
    for (const Field& field : type.fields) {
      if (field.oneof_index < 0) {
        add(type, field, depth);
      } else if (printed_oneofs.insert(field.oneof_index).second) {
        out_ += indent(depth) + "oneof " + type.oneofs[static_cast<std::size_t>(field.oneof_index)] + " {\n";
        for (const Field& member : type.fields) {
          if (member.oneof_index == field.oneof_index) add(type, member, depth + 1);
        }
        out_ += indent(depth) + "}\n";
      }
    }
  }

  void add_reserved(const StructType& type, int depth) {
    std::string text;
    for (const auto& [first, last] : type.reserved) {
      text += (text.empty() ? "" : ", ") + std::to_string(first);
      if (last != first) text += " to " + (last == number_max ? std::string("max") : std::to_string(last));
    }
    if (!text.empty()) out_ += indent(depth) + "reserved " + text + ";\n";
  }

  // ---- fields

  void add(const StructType& owner, const Field& field, int depth) {
    comment(depth, field.doc);
    const bool repeated = field.type->kind == Kind::list || field.type->kind == Kind::set;
    std::string head = indent(depth) + label(field, repeated);
    const Type& value = repeated ? *field.type->element : *field.type;
    if (value.delimited) {
      head += "group " + last_part(value.structure->name) + " = " + std::to_string(field.id);
    } else {
      head += type_name(value, owner.full_name) + " " + field.name + " = " + std::to_string(field.id);
    }
    const std::vector<PrintedOption> options = field_options(field, repeated);
    if (!value.delimited) return inline_options(depth, head, options);
    std::string text;
    for (const PrintedOption& option : options) {
      text += (text.empty() ? " [" : ", ") + option.name + " = " + option.value;
    }
    out_ += head + (text.empty() ? "" : text + "]") + " {\n";
    add_body(*value.structure, depth + 1);
    out_ += indent(depth) + "}\n";
  }

  std::string label(const Field& field, bool repeated) const {
    if (repeated) return "repeated ";
    if (field.oneof_index >= 0 || field.type->kind == Kind::map) return {};
    if (proto2_) return field.presence == Presence::required ? "required " : "optional ";
    const bool explicit_scalar = field.presence == Presence::optional && field.type->kind != Kind::structure;
    return explicit_scalar ? "optional " : "";
  }

  std::vector<PrintedOption> field_options(const Field& field, bool repeated) {
    std::vector<PrintedOption> all;
    if (field.default_value && proto2_) {
      all.push_back({"default", default_text(*field.default_value), false});
    }
    if (repeated && is_packable(*field.type->element) && field.packed == proto2_) {
      all.push_back({"packed", field.packed ? "true" : "false", false});
    }
    if (!field.json_name.empty() && field.json_name != to_json_name(field.name)) {
      all.push_back({"json_name", in_quotes(field.json_name), false});
    }
    Annotations annotations;
    const Type& value = field.type->element != nullptr ? *field.type->element : *field.type;
    if (const char* range = narrow_range(value)) annotations.push_back({"koine.range", range});
    if (const Type* key = field.type->key) {
      if (const char* range = narrow_range(*key)) annotations.push_back({"koine.key_range", range});
      if (key->kind == Kind::enumeration) {
        annotations.push_back({"koine.key_enum", key->enumeration->full_name});
      }
    }
    if (field.type->kind == Kind::set) annotations.push_back({"koine.set", "true"});
    if (value.kind == Kind::uuid) annotations.push_back({"koine.as", "uuid"});
    if (field.type->key != nullptr && field.type->key->kind == Kind::uuid) {
      annotations.push_back({"koine.key_as", "uuid"});
    }
    annotations.insert(annotations.end(), field.annotations.begin(), field.annotations.end());
    for (PrintedOption& option : printed(Element::field, annotations)) all.push_back(std::move(option));
    return all;
  }

  static std::string default_text(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value.data)) return in_quotes(*text);
    return value_text(value, [](const EnumReference& reference) {
      const EnumValue* found = reference.type->find_value(reference.number);
      return found == nullptr ? std::to_string(reference.number) : found->name;
    });
  }

  // "head [a = 1, b = 2];", on several lines when that is too long for one.
  void inline_options(int depth, const std::string& head, const std::vector<PrintedOption>& options) {
    if (options.empty()) {
      out_ += head + ";\n";
      return;
    }
    std::string line = head + " [";
    for (const PrintedOption& option : options) {
      line += (&option == &options.front() ? "" : ", ") + option.name + " = " + option.value;
    }
    line += "];";
    if (line.size() <= line_bytes_max) {
      out_ += line + "\n";
      return;
    }
    out_ += head + " [\n";
    for (const PrintedOption& option : options) {
      out_ += indent(depth + 1) + option.name + " = " + option.value +
              (&option == &options.back() ? "\n" : ",\n");
    }
    out_ += indent(depth) + "];\n";
  }

  std::string type_name(const Type& type, const std::string& scope) const {
    switch (type.kind) {
      case Kind::boolean: return "bool";
      case Kind::i8:
      case Kind::i16:
      case Kind::i32: return number_type("int32", "sint32", "sfixed32", type.number_form);
      case Kind::i64: return number_type("int64", "sint64", "sfixed64", type.number_form);
      case Kind::u8:
      case Kind::u16:
      case Kind::u32: return number_type("uint32", "uint32", "fixed32", type.number_form);
      case Kind::u64: return number_type("uint64", "uint64", "fixed64", type.number_form);
      case Kind::f32: return "float";
      case Kind::f64: return "double";
      case Kind::string: return "string";
      case Kind::bytes: return "bytes";
      case Kind::uuid: return number_type("string", "string", "bytes", type.number_form);
      case Kind::enumeration: return names_.name_in(type.enumeration->full_name, file_.package, scope);
      case Kind::structure: return names_.name_in(type.structure->full_name, file_.package, scope);
      case Kind::map: {
        const std::string key = type.key->kind == Kind::enumeration ? "int32" : type_name(*type.key, scope);
        return "map<" + key + ", " + type_name(*type.element, scope) + ">";
      }
      case Kind::list:
      case Kind::set: break;
    }
    return {};
  }

  // ---- services

  void add(const Service& service) {
    comment(0, service.doc);
    out_ += "service " + service.name + " {\n";
    option_lines(1, Element::service, service.annotations);
    for (const Method& method : service.methods) add(service, method);
    out_ += "}\n";
  }

  void add(const Service& service, const Method& method) {
    if (!method.doc.empty() && !out_.ends_with("{\n")) out_ += '\n';
    comment(1, method.doc);
    auto side = [&](const StructType& type, bool stream) {
      return std::string(stream ? "(stream " : "(") +
             names_.name_in(type.full_name, file_.package, service.full_name + "." + method.name) + ")";
    };
    out_ += "  rpc " + method.name + side(*method.request, method.client_streaming) + " returns " +
            side(*method.response, method.server_streaming);
    Annotations annotations;
    if (method.oneway) annotations.push_back({"koine.oneway", "true"});
    annotations.insert(annotations.end(), method.annotations.begin(), method.annotations.end());
    const std::vector<PrintedOption> options = printed(Element::method, annotations);
    if (options.empty() && !method.idempotent) {
      out_ += ";\n";
      return;
    }
    out_ += " {\n";
    if (method.idempotent) out_ += "    option idempotency_level = IDEMPOTENT;\n";
    for (const PrintedOption& option : options) {
      out_ += "    option " + option.name + " = " + option.value + ";\n";
    }
    out_ += "  }\n";
  }

  const File& file_;
  const WriteOptions& options_;
  NameLookup names_;
  bool proto2_;
  bool koine_used_ = false;
  std::set<const StructType*> groups_;
  std::string out_;
};

}  // namespace

std::string write(const Schema& schema, const File& file, const WriteOptions& options) {
  return Writer(schema, file, options).write();
}

}  // namespace koine::idl::proto
