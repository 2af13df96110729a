// The writer of Java sources. Owner: see write.h.
#include "idl/java/write.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "idl/java/spelling.h"

namespace koine::idl::java {
namespace {

// Where a signature is broken into a line for each parameter.
constexpr std::size_t line_bytes_max = 100;

std::string package_of(const std::string& full_name) {
  const std::size_t dot = full_name.rfind('.');
  return dot == std::string::npos ? "" : full_name.substr(0, dot);
}

std::string upper_first(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

// Throwable has it already.
bool is_text(const Field& field) {
  return find_annotation(field.annotations, java_field_annotation) != nullptr;
}

// The source of one class.
class Writer {
 public:
  explicit Writer(std::string full_name)
      : full_name_(std::move(full_name)),
        package_(package_of(full_name_)),
        name_(package_.empty() ? full_name_ : full_name_.substr(package_.size() + 1)) {
    claimed_[name_] = full_name_;
  }

  SourceText write(const Service& service) {
    doc("", service.doc);
    line("public interface " + name_ + (service.base.empty() ? "" : " extends " + called(service.base)) +
         " {");
    for (std::size_t i = 0; i < service.own_methods; ++i) {
      if (i > 0) line("");
      add(service.methods[i]);
    }
    line("}");
    return finish();
  }

  SourceText write(const EnumType& type) {
    doc("", type.doc);
    line("public enum " + name_ + " {");
    for (std::size_t i = 0; i < type.values.size(); ++i) {
      doc("  ", type.values[i].doc);
      line("  " + type.values[i].name + (i + 1 < type.values.size() ? "," : ""));
    }
    line("}");
    return finish();
  }

  SourceText write(const StructType& type) {
    const bool is_exception = type.form == StructForm::exception;
    doc("", type.doc);
    line("public class " + name_ +
         (is_exception ? " extends " + called("java.lang.Exception")
                       : " implements " + called("java.io.Serializable")) +
         " {");
    line("  private static final long serialVersionUID = 1L;");
    line("");
    for (const Field& field : type.fields) {
      if (is_exception && is_text(field)) continue;
      doc("  ", field.doc);
      line("  private " + spelled(*field.type, namer()) + " " + field.name + initial(field) + ";");
    }
    if (is_exception) { add_constructors(type); }
    for (const Field& field : type.fields) {
      if (!is_exception || !is_text(field)) add_accessors(field);
    }
    // Exceptions are one another's only where they are the same.
    if (!is_exception) {
      add_equals(type);
      add_hash(type);
      add_text(type);
    }
    line("}");
    return finish();
  }

 private:
  void line(const std::string& text) { body_ += text + "\n"; }

  // Comments end at */, and \u begins a letter in them too.
  void doc(const std::string& indent, const std::string& text) {
    if (text.empty()) return;
    std::string safe;
    for (const char c : text) {
      if (c == '/' && safe.ends_with('*')) safe += ' ';
      if (c == 'u' && safe.ends_with('\\')) safe.replace(safe.size() - 1, 1, "&#92;");
      if (c != '\r') safe += c;
    }
    if (safe.find('\n') == std::string::npos) return line(indent + "/** " + safe + " */");
    line(indent + "/**");
    for (std::size_t start = 0; start <= safe.size();) {
      const std::size_t end = std::min(safe.find('\n', start), safe.size());
      const std::string part = safe.substr(start, end - start);
      line(indent + (part.empty() ? " *" : " * " + part));
      start = end + 1;
    }
    line(indent + " */");
  }

  // A class by its simple name, which is imported unless another one has that name here.
  std::string called(const std::string& full_name) {
    const std::string package = package_of(full_name);
    std::string simple = package.empty() ? full_name : full_name.substr(package.size() + 1);
    const auto [claimed, fresh] = claimed_.try_emplace(simple, full_name);
    return claimed->second == full_name ? simple : full_name;
  }

  ClassNamer namer() {
    return [this](const std::string& full_name) { return called(full_name); };
  }

  // One that is never null: hessian-lite 4.0.4 (Dubbo 3.3.6) reads 8 bytes into the 4 of a field of type
  // float, and spoils the next one; into a Float it reads what was sent. Callers see a float.
  static bool is_float(const Field& field) {
    return field.type->kind == Kind::f32 && field.presence != Presence::optional;
  }

  static std::string initial(const Field& field) {
    const std::string* value = find_annotation(field.annotations, "koine.default");
    if (value == nullptr && is_float(field)) return " = 0F";
    if (value == nullptr || (!field.type->native.empty() && !is_float(field)) ||
        field.presence == Presence::optional)
      return "";
    switch (field.type->kind) {
      case Kind::boolean:
      case Kind::i8:
      case Kind::i16:
      case Kind::i32:
      case Kind::u8:
      case Kind::u16: return " = " + *value;
      case Kind::i64:
      case Kind::u32: return " = " + *value + "L";
      case Kind::f32:
      case Kind::f64: {
        const bool is_number = value->find_first_not_of("0123456789.e+-") == std::string::npos;
        if (field.type->kind == Kind::f32) return " = " + (is_number ? *value : "0") + "F";
        return is_number ? " = " + *value + "D" : "";
      }
      default: return "";
    }
  }

  void add(const Method& method) {
    doc("  ", method.doc);
    const Field* success = method.response->find_field(0);
    std::string head =
        "  " + (success == nullptr ? "void" : spelled(*success->type, namer())) + " " + method.name + "(";
    std::vector<std::string> parameters;
    for (const Field& field : method.request->fields) {
      parameters.push_back(spelled(*field.type, namer()) + " " + field.name);
    }
    std::string tail = ")";
    for (const Field& field : method.response->fields) {
      if (field.id == 0) continue;
      tail += (tail == ")" ? " throws " : ", ") + called(class_of(*field.type));
    }
    std::string all = head;
    for (std::size_t i = 0; i < parameters.size(); ++i) all += (i == 0 ? "" : ", ") + parameters[i];
    if (all.size() + tail.size() < line_bytes_max || parameters.empty()) return line(all + tail + ";");
    line(head);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      line("      " + parameters[i] + (i + 1 < parameters.size() ? "," : tail + ";"));
    }
  }

  void add_constructors(const StructType& type) {
    line("");
    line("  public " + name_ + "() {}");
    if (std::none_of(type.fields.begin(), type.fields.end(), is_text)) return;
    line("");
    line("  public " + name_ + "(" + called("java.lang.String") + " message) {");
    line("    super(message);");
    line("  }");
  }

  void add_accessors(const Field& field) {
    const std::string type = is_float(field) ? "float" : spelled(*field.type, namer());
    const std::string name = upper_first(field.name);
    line("");
    line("  public " + type + (type == "boolean" ? " is" : " get") + name + "() {");
    line("    return " + field.name + ";");
    line("  }");
    line("");
    line("  public void set" + name + "(" + type + " " + field.name + ") {");
    line("    this." + field.name + " = " + field.name + ";");
    line("  }");
  }

  void add_equals(const StructType& type) {
    line("");
    line("  @Override");
    line("  public boolean equals(Object other) {");
    if (type.fields.empty()) {
      line("    return other instanceof " + name_ + ";");
      return line("  }");
    }
    line("    if (!(other instanceof " + name_ + ")) return false;");
    line("    " + name_ + " that = (" + name_ + ") other;");
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
      line((i == 0 ? "    return " : "        && ") + same(type.fields[i]) +
           (i + 1 == type.fields.size() ? ";" : ""));
    }
    line("  }");
  }

  std::string same(const Field& field) {
    const std::string type = class_of(*field.type);
    const std::string both = "(this." + field.name + ", that." + field.name + ")";
    if (type == "byte[]") return called("java.util.Arrays") + ".equals" + both;
    if (type == "double") return "Double.compare" + both + " == 0";
    if (type.find('.') == std::string::npos) return "this." + field.name + " == that." + field.name;
    return called("java.util.Objects") + ".equals" + both;
  }

  void add_hash(const StructType& type) {
    std::string values;
    for (const Field& field : type.fields) {
      const bool octets = class_of(*field.type) == "byte[]";
      values += (values.empty() ? "" : ", ") +
                (octets ? called("java.util.Arrays") + ".hashCode(" + field.name + ")" : field.name);
    }
    line("");
    line("  @Override");
    line("  public int hashCode() {");
    line("    return " + (values.empty() ? "0" : called("java.util.Objects") + ".hash(" + values + ")") +
         ";");
    line("  }");
  }

  void add_text(const StructType& type) {
    line("");
    line("  @Override");
    line("  public String toString() {");
    line("    return \"" + name_ + "{\"");
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
      const Field& field = type.fields[i];
      const bool octets = class_of(*field.type) == "byte[]";
      line(std::string("        + \"") + (i == 0 ? "" : ", ") + field.name + "=\" + " +
           (octets ? called("java.util.Arrays") + ".toString(" + field.name + ")" : field.name));
    }
    line("        + \"}\";");
    line("  }");
  }

  SourceText finish() {
    std::string head;
    if (!package_.empty()) head += "package " + package_ + ";\n\n";
    std::vector<std::string> imports;
    for (const auto& [simple, full_name] : claimed_) {
      const std::string package = package_of(full_name);
      if (package != package_ && package != "java.lang" && !package.empty()) imports.push_back(full_name);
    }
    std::sort(imports.begin(), imports.end());
    for (const std::string& one : imports) head += "import " + one + ";\n";
    if (!imports.empty()) head += '\n';
    std::string path = full_name_ + ".java";
    std::replace(path.begin(), path.end() - 5, '.', '/');
    return {std::move(path), head + body_};
  }

  std::string full_name_;
  std::string package_;
  std::string name_;
  std::string body_;
  std::map<std::string, std::string> claimed_;  // simple names, and whose they are here
};

}  // namespace

std::vector<SourceText> write(const File& file) {
  std::vector<SourceText> sources;
  for (const EnumType* type : file.enums) sources.push_back(Writer(type->full_name).write(*type));
  for (const StructType* type : file.structs) sources.push_back(Writer(type->full_name).write(*type));
  for (const Service* service : file.services) {
    sources.push_back(Writer(service->full_name).write(*service));
  }
  return sources;
}

}  // namespace koine::idl::java
