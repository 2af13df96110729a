// Random protobuf: see random_schema.h.
#include <map>

#include "idl/derive/naming.h"
#include "idl/derive/testing/random_parts.h"
#include "idl/derive/testing/random_schema.h"
#include "idl/folded.h"

namespace koine::idl::derive::testing {
namespace {

class ProtoMaker {
 public:
  ProtoMaker(std::uint32_t seed, const RandomOptions& options)
      : random_(seed),
        decorator_(seed, options.decorated),
        uuids_(options.uuids),
        decorated_(options.decorated) {}

  Files make() {
    const std::size_t count = 1 + random_.below(3);
    for (std::size_t i = 0; i < count; ++i) {
      files_["dir" + std::to_string(i % 2) + "/f" + std::to_string(i) + ".proto"] = make_file(i);
    }
    return files_;
  }

 private:
  std::string make_file(std::size_t index) {
    out_.clear();
    proto2_ = random_.once_in(3);
    out_ += doc("");
    out_ += proto2_ ? "syntax = \"proto2\";\n" : "syntax = \"proto3\";\n";
    package_ = random_.of(std::vector<std::string>{"acme", "acme.order.v1", "other"});
    out_ += "package " + package_ + ";\n";
    for (const auto& [path, text] : files_) out_ += "import \"" + path + "\";\n";
    for (const char* known : {"any", "duration", "empty", "struct", "timestamp", "wrappers"}) {
      out_ += std::string("import \"google/protobuf/") + known + ".proto\";\n";
    }
    if (uuids_ || decorated_) out_ += "import \"koine/options.proto\";\n";
    if (decorator_.once_in(2)) {
      out_ += "option java_package = \"com.acme\";\noption java_multiple_files = true;\n";
    }
    if (decorator_.once_in(3)) out_ += "option php_namespace = \"Acme\\\\Shop\";\n";
    std::set<std::string>& taken = names_[package_];
    taken.insert({"order", "v1", "google"});
    const std::size_t enums = random_.below(3);
    // proto3 messages take no proto2 enums, so only those of this file are used.
    enums_.clear();
    for (std::size_t i = 0; i < enums; ++i) make_enum("", package_ + ".", taken, index * 10 + i);
    const std::size_t messages = 1 + random_.below(6);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < messages; ++i) {
      names.push_back(fresh(random_, type_names, taken));
      messages_.push_back("." + package_ + "." + names.back());
    }
    for (const std::string& name : names) make_message("", package_ + "." + name, name, 0);
    errors_.clear();
    if (decorator_.once_in(2)) make_special(decorator_.unique("Special"));
    const std::size_t services = random_.below(3);
    for (std::size_t i = 0; i < services; ++i) make_service(fresh(random_, type_names, taken));
    return out_;
  }

  void make_enum(const std::string& indent, const std::string& scope, std::set<std::string>& taken,
                 std::size_t number) {
    const std::string name = fresh(random_, type_names, taken);
    const std::string prefix = upper_snake(name) + std::to_string(number) + "_";
    out_ += doc(indent) + indent + "enum " + name + " {\n";
    std::set<std::string> values;
    const std::size_t count = 1 + random_.below(4);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string value =
          prefix + upper_snake(fresh(random_, value_names, values, folded)) + std::to_string(i);
      taken.insert(value);
      const std::size_t first = proto2_ && decorator_.once_in(3) ? 1000000 : 0;
      out_ += doc(indent + "  ") + indent + "  " + value + " = " +
              std::to_string(i == 0 ? first : random_.below(1000) * 4 + i);
      if (i == 0) first_values_["." + scope + name] = value;
      if (i == 0 && first != 0) zeroless_.insert("." + scope + name);
      if (decorator_.once_in(8)) out_ += " [deprecated = true]";
      out_ += ";\n";
    }
    out_ += indent + "}\n";
    enums_.push_back("." + scope + name);
  }

  std::string scalar() {
    return random_.of(std::vector<std::string>{"double", "float", "int32", "int64", "uint32", "uint64",
                                               "sint32", "sint64", "fixed32", "fixed64", "sfixed32",
                                               "sfixed64", "bool", "string", "bytes"});
  }

  std::string type() {
    const std::size_t kind = random_.below(10);
    if (kind < 4) return scalar();
    if (kind == 4 && !enums_.empty()) return random_.of(enums_);
    if (kind == 5) {
      return ".google.protobuf." +
             random_.of(std::vector<std::string>{"Timestamp", "Duration", "Any", "Empty", "Struct", "Value",
                                                 "Int64Value"});
    }
    return random_.of(messages_);
  }

  std::int32_t number(std::set<std::int32_t>& taken) {
    for (;;) {
      std::int32_t candidate = static_cast<std::int32_t>(1 + random_.below(40));
      if (random_.once_in(6)) candidate = static_cast<std::int32_t>(32700 + random_.below(200));
      if (random_.once_in(9)) candidate = static_cast<std::int32_t>(536870911 - random_.below(50));
      if (taken.insert(candidate).second) return candidate;
    }
  }

  void make_message(const std::string& indent, const std::string& full_name, const std::string& name,
                    std::size_t depth) {
    out_ += doc(indent) + indent + "message " + name + " {\n";
    if (decorator_.once_in(6)) out_ += indent + "  option deprecated = true;\n";
    if (decorator_.once_in(5)) out_ += indent + "  reserved 50 to 60, 70;\n";
    std::set<std::string> scope = {"Nested", "Kind", "choice", "pick"};
    if (depth == 0 && random_.once_in(2)) {
      messages_.push_back("." + full_name + ".Nested");
      make_message(indent + "  ", full_name + ".Nested", "Nested", 1);
    }
    std::set<std::string> taken = {"choice", "pick", "nested", "kind"};
    std::set<std::int32_t> numbers;
    const std::size_t count = random_.below(7);
    for (std::size_t i = 0; i < count; ++i) make_field(indent + "  ", taken, numbers);
    if (random_.once_in(3)) {
      out_ += indent + "  oneof choice {\n";
      for (std::size_t i = 0; i < 1 + random_.below(3); ++i) {
        out_ += indent + "    " + type() + " " + fresh(random_, field_names, taken, folded) + " = " +
                std::to_string(number(numbers)) + ";\n";
      }
      out_ += indent + "  }\n";
    }
    if (decorator_.once_in(4)) {
      out_ += indent + "  oneof " + decorator_.unique("other") + " {\n" + doc(indent + "    ") + indent +
              "    string " + decorator_.unique("first") + " = " + decorator_.number() + ";\n" + indent +
              "  }\n";
    }
    if (proto2_ && decorator_.once_in(4)) {
      out_ += indent + "  " + decorator_.of(std::vector<std::string>{"optional", "repeated", "required"}) +
              " group " + decorator_.unique("Group") + " = " + decorator_.number() +
              " { optional int32 x = 1; }\n";
    }
    out_ += indent + "}\n";
  }

  // A message that says it is a union or an exception.
  void make_special(const std::string& name) {
    out_ += doc("") + "message " + name + " {\n";
    if (decorator_.below(2) == 0) {
      out_ +=
          "  option (koine.message).form = FORM_EXCEPTION;\n"
          "  option (koine.message).code = \"NOT_FOUND\";\n";
      out_ += proto2_ ? "  optional string message = 1;\n" : "  string message = 1;\n";
    } else {
      out_ += "  option (koine.message).form = FORM_UNION;\n  oneof " +
              (decorator_.below(2) == 0 ? lower_snake(name) : std::string("pick")) +
              " {\n    int32 a = 1;\n    string b = 40000;\n  }\n";
    }
    out_ += "}\n";
    errors_.push_back(package_ + "." + name);
  }

  std::string doc(const std::string& indent) {
    std::string text;
    for (const std::string& line : decorator_.doc())
      text += indent + (line.empty() ? "//" : "// " + line) + "\n";
    return text;
  }

  void make_field(const std::string& indent, std::set<std::string>& taken, std::set<std::int32_t>& numbers) {
    const std::string name = fresh(random_, field_names, taken, folded);
    const std::string rest = " " + name + " = " + std::to_string(number(numbers));
    // protoc makes up a message of this name for a map.
    const bool map_fits = !taken.contains(folded(map_entry_name(name)));
    out_ += doc(indent);
    const std::size_t kind = map_fits ? random_.below(6) : 1 + random_.below(5);
    if (kind == 0) {
      const std::string key =
          random_.of(std::vector<std::string>{"int32", "string", "bool", "uint64", "sint32", "fixed32"});
      taken.insert(folded(map_entry_name(name)));
      std::string value = type();
      if (zeroless_.contains(value)) value = "int32";  // no enum for a map
      out_ += indent + "map<" + key + ", " + value + ">" + rest + options(value, key) + ";\n";
    } else if (kind == 1) {
      const std::string written = type();
      out_ += indent + "repeated " + written + rest + options(written, {}, true) + ";\n";
    } else if (proto2_) {
      const bool required = random_.once_in(4);
      const std::string written = type();
      out_ += indent + (required ? "required " : "optional ") + written + rest;
      if (written == "int32" && random_.once_in(2)) {
        out_ += " [default = -7];\n";
      } else if (const std::string text = proto2_default(written); !text.empty()) {
        out_ += " [default = " + text + "];\n";
      } else {
        out_ += options(written) + ";\n";
      }
    } else {
      const std::string label = random_.once_in(3) ? "optional " : "";
      const std::string written = type();
      out_ += indent + label + written + rest + options(written) + ";\n";
    }
  }

  // Text and octets that are UUIDs.
  std::string options(const std::string& value, const std::string& key = {}, bool repeated = false) {
    std::string text = uuid_options(value, key);
    auto add = [&](const std::string& option) { text += (text.empty() ? "" : ", ") + option; };
    const bool number = value.find("int") != std::string::npos || value.find("fixed") != std::string::npos;
    if (repeated && number && value[0] != '.' && decorator_.once_in(3)) {
      add(std::string("packed = ") + (proto2_ ? "true" : "false"));
    }
    if (decorator_.once_in(8)) add("json_name = \"" + decorator_.unique("json") + "\"");
    if (decorator_.once_in(8)) add("deprecated = true");
    if (value == "int64" && decorator_.once_in(2)) {
      add("(koine.field).as = \"instant\", (koine.field).unit = \"ms\"");
    }
    if (decorator_.once_in(8)) add("(koine.field).name = \"" + decorator_.unique("name") + "\"");
    if (!proto2_ && !repeated && key.empty() && decorator_.once_in(8)) {
      add("(koine.field).requiredness = REQUIREDNESS_REQUIRED");
    }
    if (decorator_.once_in(8)) add("(koine.field).annotations = { name: \"go.tag\" value: \"a\\nb\" }");
    return text.empty() ? text : " [" + text + "]";
  }

  std::string proto2_default(const std::string& written) {
    if (!decorator_.once_in(2)) return {};
    static const std::map<std::string, std::string> defaults = {{"bool", "true"},
                                                                {"string", "\"a \\\"b\\\"\\n\""},
                                                                {"bytes", "\"\\377\\000x\""},
                                                                {"double", "-inf"},
                                                                {"float", "0.1"},
                                                                {"uint64", "18446744073709551615"},
                                                                {"int64", "-9223372036854775808"},
                                                                {"uint32", "4294967295"},
                                                                {"sint64", "-1"}};
    if (auto found = defaults.find(written); found != defaults.end()) return found->second;
    auto first = first_values_.find(written);
    return first == first_values_.end() ? std::string() : first->second;
  }

  std::string uuid_options(const std::string& value, const std::string& key) {
    if (!uuids_) return {};
    std::string text;
    const bool takes = value == "string" || value == "bytes";
    if (takes && random_.once_in(2)) text += "(koine.field).as = \"uuid\"";
    if (key == "string" && random_.once_in(2)) {
      text += std::string(text.empty() ? "" : ", ") + "(koine.field).key_as = \"uuid\"";
    }
    return text;
  }

  void make_service(const std::string& name) {
    out_ += doc("") + "service " + name + " {\n";
    std::set<std::string> taken;
    const std::size_t count = random_.below(6);
    for (std::size_t i = 0; i < count; ++i) {
      auto side = [&] {
        if (random_.once_in(4)) return std::string(".google.protobuf.Empty");
        return random_.of(messages_);
      };
      const std::string stream = random_.once_in(6) ? "stream " : "";
      out_ += doc("  ") + "  rpc " + fresh(random_, method_names, taken) + "(" + stream + side() +
              ") returns (" + side() + ")" + method_options(stream.empty()) + "\n";
    }
    out_ += "}\n";
  }

  std::string method_options(bool unary) {
    std::string text;
    if (decorator_.once_in(4)) text += " option idempotency_level = IDEMPOTENT;";
    if (decorator_.once_in(6)) text += " option deprecated = true;";
    if (unary && decorator_.once_in(8)) {
      text += " option (koine.method).oneway = true;";
    } else if (unary && !errors_.empty() && decorator_.once_in(3)) {
      text +=
          " option (koine.method).throws = { type: \"" + decorator_.of(errors_) + "\" name: \"end\" id: 7 };";
    }
    return text.empty() ? ";" : " {" + text + " }";
  }

  Random random_;
  Decorator decorator_;
  bool uuids_;
  bool decorated_;
  std::vector<std::string> errors_;
  std::map<std::string, std::string> first_values_;  // by enum
  std::set<std::string> zeroless_;                   // enums that begin with another number than 0
  Files files_;
  std::string out_;
  std::string package_;
  bool proto2_ = false;
  std::vector<std::string> messages_;
  std::vector<std::string> enums_;
  std::map<std::string, std::set<std::string>> names_;
};

}  // namespace

Files random_proto(std::uint32_t seed, const RandomOptions& options) {
  return ProtoMaker(seed, options).make();
}

}  // namespace koine::idl::derive::testing
