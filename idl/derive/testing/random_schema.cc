// See random_schema.h.
#include "idl/derive/testing/random_schema.h"

#include <algorithm>
#include <random>
#include <set>

#include "idl/derive/naming.h"

namespace koine::idl::derive::testing {
namespace {

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  // 0 … count-1; the library's distributions differ between versions, the engine does not.
  std::size_t below(std::size_t count) { return engine_() % count; }
  bool once_in(std::size_t count) { return below(count) == 0; }
  template <class T>
  const T& of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

 private:
  std::mt19937 engine_;
};

const std::vector<std::string> type_names = {
    "Order",      "order",       "ORDER",       "Item",    "ListOfInt32", "ListOfOrder", "OrderEntry",
    "GetRequest", "Get",         "GetResponse", "Shop",    "shop",        "message",     "option",
    "Status",     "RpcStatus",   "StatusOk",    "string_", "MapOf",       "Order_Item",  "end_",
    "HTTPError",  "ByNameEntry", "Outer",       "Any",     "Timestamp",   "Contract",    "Value",
    "Request",    "PutRequest",  "google"};
const std::vector<std::string> field_names = {
    "id",        "name",        "Name",   "a_b",     "aB",      "AB",     "value", "key",
    "by_name",   "ByNameEntry", "byName", "order",   "message", "option", "oneof", "end_",
    "class_",    "URL",         "url_2",  "x1",      "x_1",     "status", "code",  "_lead",
    "trailing_", "double__u",   "choice", "returns", "items",   "total"};
const std::vector<std::string> method_names = {"get",   "Get",   "put",  "list", "GET",
                                               "order", "Order", "stop", "wait", "Item"};
const std::vector<std::string> value_names = {"OK",  "Ok", "ok",          "STATUS_OK", "RED",       "red",
                                              "A_B", "AB", "UNSPECIFIED", "ORDER",     "Order_RED", "X1"};

// Takes a name that is not in `taken` yet.
std::string fresh(Random& random, const std::vector<std::string>& pool, std::set<std::string>& taken,
                  std::string (*key)(std::string_view) = nullptr) {
  for (;;) {
    std::string name = random.of(pool);
    if (taken.size() > pool.size() / 2) name += std::to_string(taken.size());
    if (taken.insert(key == nullptr ? name : key(name)).second) return name;
  }
}

class ThriftMaker {
 public:
  ThriftMaker(std::uint32_t seed, bool uuids) : random_(seed), uuids_(uuids) {}

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
    out_ += "namespace * " + package_ + "\n";
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
    out_ += "enum " + name + " {\n";
    std::set<std::string> taken;
    const std::size_t count = 1 + random_.below(5);
    for (std::size_t i = 0; i < count; ++i) {
      out_ += "  " + fresh(random_, value_names, taken) + " = " + std::to_string(random_.below(4)) + ",\n";
    }
    out_ += "}\n";
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
    out_ += keyword + " " + name + " {\n";
    std::set<std::string> taken;
    std::set<std::int32_t> ids;
    const std::size_t count = random_.below(7);
    const bool is_union = keyword == "union";
    for (std::size_t i = 0; i < count; ++i) {
      out_ += "  ";
      if (is_union || !random_.once_in(12)) out_ += std::to_string(id(ids)) + ": ";
      if (!is_union) out_ += random_.of(std::vector<std::string>{"", "", "optional ", "required "});
      const std::string written = type(0);
      out_ += written + " " + fresh(random_, field_names, taken);
      if (!is_union && written == "i32" && random_.once_in(2)) out_ += " = 42";
      if (!is_union && written == "string" && random_.once_in(2)) out_ += " = \"a \\\"b\\\"\"";
      if (random_.once_in(8)) out_ += " (go.tag = \"x\\ny\")";
      out_ += ",\n";
    }
    out_ += "}\n";
  }

  void make_service() {
    Service service;
    service.name = fresh(random_, type_names, service_names_[package_]);
    out_ += "service " + service.name;
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
    out_ += std::string("  ") + (oneway ? "oneway " : "") + (is_void ? "void" : type(0)) + " " +
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
    if (random_.once_in(4)) out_ += " (koine.idempotent = \"true\")";
    out_ += ",\n";
  }

  Random random_;
  bool uuids_;
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

class ProtoMaker {
 public:
  ProtoMaker(std::uint32_t seed, bool uuids) : random_(seed), uuids_(uuids) {}

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
    out_ += proto2_ ? "syntax = \"proto2\";\n" : "syntax = \"proto3\";\n";
    package_ = random_.of(std::vector<std::string>{"acme", "acme.order.v1", "other"});
    out_ += "package " + package_ + ";\n";
    for (const auto& [path, text] : files_) out_ += "import \"" + path + "\";\n";
    for (const char* known : {"any", "duration", "empty", "struct", "timestamp", "wrappers"}) {
      out_ += std::string("import \"google/protobuf/") + known + ".proto\";\n";
    }
    if (uuids_) out_ += "import \"koine/options.proto\";\n";
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
    const std::size_t services = random_.below(3);
    for (std::size_t i = 0; i < services; ++i) make_service(fresh(random_, type_names, taken));
    return out_;
  }

  void make_enum(const std::string& indent, const std::string& scope, std::set<std::string>& taken,
                 std::size_t number) {
    const std::string name = fresh(random_, type_names, taken);
    const std::string prefix = upper_snake(name) + std::to_string(number) + "_";
    out_ += indent + "enum " + name + " {\n";
    std::set<std::string> values;
    const std::size_t count = 1 + random_.below(4);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string value =
          prefix + upper_snake(fresh(random_, value_names, values, folded)) + std::to_string(i);
      taken.insert(value);
      out_ +=
          indent + "  " + value + " = " + std::to_string(i == 0 ? 0 : random_.below(1000) * 4 + i) + ";\n";
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
    out_ += indent + "message " + name + " {\n";
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
    out_ += indent + "}\n";
  }

  void make_field(const std::string& indent, std::set<std::string>& taken, std::set<std::int32_t>& numbers) {
    const std::string name = fresh(random_, field_names, taken, folded);
    const std::string rest = " " + name + " = " + std::to_string(number(numbers));
    // protoc makes up a message of this name for a map.
    const bool map_fits = !taken.contains(folded(map_entry_name(name)));
    const std::size_t kind = map_fits ? random_.below(6) : 1 + random_.below(5);
    if (kind == 0) {
      const std::string key =
          random_.of(std::vector<std::string>{"int32", "string", "bool", "uint64", "sint32", "fixed32"});
      taken.insert(folded(map_entry_name(name)));
      const std::string value = type();
      out_ += indent + "map<" + key + ", " + value + ">" + rest + options(value, key) + ";\n";
    } else if (kind == 1) {
      const std::string written = type();
      out_ += indent + "repeated " + written + rest + options(written) + ";\n";
    } else if (proto2_) {
      const bool required = random_.once_in(4);
      const std::string written = type();
      out_ += indent + (required ? "required " : "optional ") + written + rest;
      if (written == "int32" && random_.once_in(2)) out_ += " [default = -7]";
      out_ += options(written) + ";\n";
    } else {
      const std::string label = random_.once_in(3) ? "optional " : "";
      const std::string written = type();
      out_ += indent + label + written + rest + options(written) + ";\n";
    }
  }

  // Text and octets that are UUIDs.
  std::string options(const std::string& value, const std::string& key = {}) {
    if (!uuids_) return {};
    std::string text;
    const bool takes = value == "string" || value == "bytes";
    if (takes && random_.once_in(2)) text += "(koine.field).as = \"uuid\"";
    if (key == "string" && random_.once_in(2)) {
      text += std::string(text.empty() ? "" : ", ") + "(koine.field).key_as = \"uuid\"";
    }
    return text.empty() ? text : " [" + text + "]";
  }

  void make_service(const std::string& name) {
    out_ += "service " + name + " {\n";
    std::set<std::string> taken;
    const std::size_t count = random_.below(6);
    for (std::size_t i = 0; i < count; ++i) {
      auto side = [&] {
        if (random_.once_in(4)) return std::string(".google.protobuf.Empty");
        return random_.of(messages_);
      };
      const std::string stream = random_.once_in(6) ? "stream " : "";
      out_ += "  rpc " + fresh(random_, method_names, taken) + "(" + stream + side() + ") returns (" +
              side() + ");\n";
    }
    out_ += "}\n";
  }

  Random random_;
  bool uuids_;
  Files files_;
  std::string out_;
  std::string package_;
  bool proto2_ = false;
  std::vector<std::string> messages_;
  std::vector<std::string> enums_;
  std::map<std::string, std::set<std::string>> names_;
};

}  // namespace

Files random_thrift(std::uint32_t seed, bool uuids) { return ThriftMaker(seed, uuids).make(); }
Files random_proto(std::uint32_t seed, bool uuids) { return ProtoMaker(seed, uuids).make(); }

}  // namespace koine::idl::derive::testing
