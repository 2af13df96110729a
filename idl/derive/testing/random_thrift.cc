// Random Thrift: see random_schema.h.
#include <map>

#include "idl/derive/testing/random_parts.h"
#include "idl/derive/testing/random_schema.h"

namespace koine::idl::derive::testing {
namespace {

class ThriftMaker {
 public:
  ThriftMaker(std::uint32_t seed, const RandomOptions& options)
      : random_(seed), decorator_(seed, options.decorated), uuids_(options.uuids) {}

  Files make() {
    const std::size_t count = 1 + random_.below(3);
    for (std::size_t i = 0; i < count; ++i) files_["dir/f" + std::to_string(i) + ".thrift"] = make_file(i);
    return files_;
  }

 private:
  struct Service {
    std::string name;
    std::set<std::string> methods;
  };

  std::string make_file(std::size_t index) {
    out_.clear();
    const std::string prefix = "f" + std::to_string(index) + ".";
    for (std::size_t i = 0; i < index; ++i) out_ += "include \"f" + std::to_string(i) + ".thrift\"\n";
    package_ = random_.of(std::vector<std::string>{"shop", "shop.order", "shop", "other"});
    if (const std::string text = doc(""); !text.empty()) out_.insert(0, text);
    out_ += "namespace * " + package_ + "\n";
    if (decorator_.once_in(2)) out_ += "namespace java com." + package_ + "\n";
    if (decorator_.once_in(3)) out_ += "namespace php Acme.Shop\nnamespace go acme.shop\n";
    std::vector<std::string> names;
    const std::size_t first_struct = structs_.size();
    const std::size_t first_enum = enums_.size();
    const std::size_t first_exception = exceptions_.size();
    const std::size_t enums = random_.below(4);
    for (std::size_t i = 0; i < enums; ++i) enums_.push_back(make_enum());
    const std::size_t structs = 1 + random_.below(6);
    for (std::size_t i = 0; i < structs; ++i) {
      names.push_back(fresh(random_, type_names, types_[package_]));
      structs_.push_back(names.back());  // fields may refer to all structs of the file
    }
    for (const std::string& name : names) { make_struct(random_.once_in(3) ? "union" : "struct", name); }
    const std::size_t exceptions = random_.below(3);
    for (std::size_t i = 0; i < exceptions; ++i) {
      exceptions_.push_back(fresh(random_, type_names, types_[package_]));
      make_struct("exception", exceptions_.back());
    }
    const std::size_t services = random_.below(3);
    const std::size_t first_service = services_.size();
    for (std::size_t i = 0; i < services; ++i) make_service();
    auto qualify = [&](std::vector<std::string>& all, std::size_t first) {
      for (std::size_t i = first; i < all.size(); ++i) all[i] = prefix + all[i];
    };
    qualify(structs_, first_struct);
    qualify(enums_, first_enum);
    qualify(exceptions_, first_exception);
    for (std::size_t i = first_service; i < services_.size(); ++i)
      services_[i].name = prefix + services_[i].name;
    return out_;
  }

  std::string make_enum() {
    const std::string name = fresh(random_, type_names, types_[package_]);
    out_ += doc("") + "enum " + name + " {\n";
    std::set<std::string> taken;
    const std::size_t count = 1 + random_.below(5);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string value = fresh(random_, value_names, taken);
      if (i == 0) first_values_[name] = value;
      out_ += doc("  ") + "  " + value + " = " + std::to_string(random_.below(4));
      if (decorator_.once_in(8)) out_ += " (koine.name = \"" + decorator_.unique("value") + "\")";
      out_ += ",\n";
    }
    out_ += "}";
    if (decorator_.once_in(4)) out_ += " (koine.enum_prefix = \"" + decorator_.unique("P") + "_\")";
    out_ += "\n";
    return name;
  }

  std::string scalar() {
    if (uuids_ && random_.once_in(6)) return random_.once_in(3) ? "uuid (koine.number = \"fixed\")" : "uuid";
    return random_.of(std::vector<std::string>{
        "bool", "byte", "i16", "i32", "i64", "double", "string", "binary", "i16 (koine.range = \"u8\")",
        "i64 (koine.range = \"u32\")", "i64 (koine.range = \"u64\")", "double (koine.range = \"f32\")",
        "i32 (koine.number = \"zigzag\")", "i64 (koine.number = \"fixed\")"});
  }

  std::string type(std::size_t depth) {
    const std::size_t kind = random_.below(depth < 3 ? 10 : 6);
    if (kind < 3) return scalar();
    if (kind == 3 && !enums_.empty()) return random_.of(enums_);
    if (kind < 6) return structs_.empty() ? scalar() : random_.of(structs_);
    if (kind == 6) return "set<" + type(depth + 1) + ">";
    if (kind == 7) return "map<" + type(depth + 1) + ", " + type(depth + 1) + ">";
    return "list<" + type(depth + 1) + ">";
  }

  std::int32_t id(std::set<std::int32_t>& taken) {
    for (;;) {
      std::int32_t candidate = static_cast<std::int32_t>(1 + random_.below(40));
      if (random_.once_in(6)) candidate = static_cast<std::int32_t>(18990 + random_.below(1020));
      if (random_.once_in(9)) candidate = static_cast<std::int32_t>(32700 + random_.below(68));
      if (taken.insert(candidate).second) return candidate;
    }
  }

  void make_struct(const std::string& keyword, const std::string& name) {
    out_ += doc("") + keyword + " " + name + " {\n";
    std::set<std::string> taken;
    std::set<std::int32_t> ids;
    const std::size_t count = random_.below(7);
    const bool is_union = keyword == "union";
    for (std::size_t i = 0; i < count; ++i) {
      out_ += doc("  ") + "  ";
      if (is_union || !random_.once_in(12)) out_ += std::to_string(id(ids)) + ": ";
      if (!is_union) out_ += random_.of(std::vector<std::string>{"", "", "optional ", "required "});
      const std::string written = type(0);
      out_ += written + " " + fresh(random_, field_names, taken);
      if (!is_union && written == "i32" && random_.once_in(2)) out_ += " = 42";
      if (!is_union && written == "string" && random_.once_in(2)) out_ += " = \"a \\\"b\\\"\"";
      if (!is_union) out_ += other_default(written);
      const bool tagged = random_.once_in(8);
      out_ += (tagged ? std::string(" (go.tag = \"x\\ny\")") : field_annotation(written)) + ",\n";
    }
    out_ += "}";
    if (keyword == "exception" && decorator_.once_in(2)) {
      out_ += " (koine.code = \"NOT_FOUND\")";
    } else if (decorator_.once_in(6)) {
      out_ += " (koine.name = \"" + decorator_.unique("Type") + "\")";
    } else if (decorator_.once_in(6)) {
      out_ += " (py.immutable = \"\", deprecated = \"gone\")";
    }
    out_ += "\n";
  }

  std::string doc(const std::string& indent) {
    const std::vector<std::string> lines = decorator_.doc();
    if (lines.size() == 1) return indent + "/** " + lines[0] + " */\n";
    std::string text;
    for (const std::string& line : lines) text += indent + (line.empty() ? " *" : " * " + line) + "\n";
    return text.empty() ? text : indent + "/**\n" + text + indent + " */\n";
  }

  // Constants of the types that have none without decorations.
  std::string other_default(const std::string& written) {
    if (!decorator_.once_in(3)) return {};
    static const std::map<std::string, std::string> defaults = {{"bool", "true"},
                                                                {"byte", "-128"},
                                                                {"i16", "12"},
                                                                {"i64", "-9223372036854775807"},
                                                                {"double", "1e-7"},
                                                                {"binary", "\"\\\\x\""},
                                                                {"list<i32>", "[1, -2]"},
                                                                {"set<string>", "[\"a\"]"},
                                                                {"map<string, i32>", "{\"a\": 1}"},
                                                                {"i16 (koine.range = \"u8\")", "255"}};
    if (auto found = defaults.find(written); found != defaults.end()) return " = " + found->second;
    if (auto found = first_values_.find(written); found != first_values_.end()) {
      return " = " + written + "." + found->second;
    }
    return {};
  }

  std::string field_annotation(const std::string& written) {
    if (written == "i64" && decorator_.once_in(3)) return " (koine.unit = \"ms\", koine.as = \"instant\")";
    if (decorator_.once_in(10)) return " (koine.name = \"" + decorator_.unique("name") + "\")";
    if (decorator_.once_in(10)) return " (koine.json_name = \"" + decorator_.unique("json") + "\")";
    if (decorator_.once_in(10)) return " (deprecated = \"true\", js.type = \"Long\")";
    return {};
  }

  void make_service() {
    Service service;
    service.name = fresh(random_, type_names, service_names_[package_]);
    out_ += doc("") + "service " + service.name;
    if (!services_.empty() && random_.once_in(2)) {
      const Service& base = random_.of(services_);
      out_ += " extends " + base.name;
      service.methods = base.methods;
    }
    out_ += " {\n";
    const std::size_t count = random_.below(5);
    for (std::size_t i = 0; i < count; ++i) make_method(service);
    out_ += "}\n";
    services_.push_back(service);
  }

  void make_method(Service& service) {
    const bool oneway = random_.once_in(6);
    const bool is_void = oneway || random_.once_in(4);
    out_ += doc("  ") + "  " + (oneway ? "oneway " : "") + (is_void ? "void" : type(0)) + " " +
            fresh(random_, method_names, service.methods) + "(";
    std::set<std::string> taken;
    std::set<std::int32_t> ids;
    const std::size_t count = random_.below(4);
    for (std::size_t i = 0; i < count; ++i) {
      out_ += std::to_string(id(ids)) + ": " + type(0) + " " + fresh(random_, field_names, taken) + ", ";
    }
    out_ += ")";
    if (!oneway && !exceptions_.empty() && random_.once_in(2)) {
      out_ += " throws (1: " + random_.of(exceptions_) + " e1, 7: " + random_.of(exceptions_) + " e2)";
    }
    if (random_.once_in(4)) {
      out_ += " (koine.idempotent = \"true\")";
    } else if (decorator_.once_in(6)) {
      out_ += " (koine.name = \"" + decorator_.unique("Method") + "\", js.promise = \"1\")";
    }
    out_ += ",\n";
  }

  Random random_;
  Decorator decorator_;
  bool uuids_;
  std::map<std::string, std::string> first_values_;  // by enum
  Files files_;
  std::string out_;
  std::string package_;
  std::vector<std::string> structs_;
  std::vector<std::string> enums_;
  std::vector<std::string> exceptions_;
  std::vector<Service> services_;
  std::map<std::string, std::set<std::string>> types_;
  // A service cannot be called like a package: there is no other name for it in gRPC.
  std::map<std::string, std::set<std::string>> service_names_ = {{"shop", {"order"}}};
};

}  // namespace

Files random_thrift(std::uint32_t seed, const RandomOptions& options) {
  return ThriftMaker(seed, options).make();
}

}  // namespace koine::idl::derive::testing
