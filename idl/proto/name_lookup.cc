// protobuf's scoping rule (descriptor.cc, LookupSymbolNoPlaceholder). Owner: see name_lookup.h.
#include "idl/proto/name_lookup.h"

#include <algorithm>
#include <array>

namespace koine::idl::proto {
namespace {

// Where a type's name is expected, protoc reads these as something else.
constexpr std::array<std::string_view, 28> words = {
    "double", "float",   "int32",   "int64",    "uint32",   "uint64",   "sint32",
    "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64", "bool",     "string",
    "bytes",  "group",   "map",     "optional", "required", "repeated", "oneof",
    "option", "message", "enum",    "extend",   "reserved", "stream",   "extensions"};

std::string entry_name(const std::string& field) {
  std::string out;
  bool upper_next = true;
  for (char c : field) {
    if (c == '_') {
      upper_next = true;
      continue;
    }
    out += upper_next && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper_next = false;
  }
  return out + "Entry";
}

}  // namespace

NameLookup::NameLookup(const Schema& schema) {
  for (const File& file : schema.files()) add_package(file.package);
  for (const Service& service : schema.services()) {
    symbols_.emplace(service.full_name, Symbol::scope);
    for (const Method& method : service.methods) {
      symbols_.emplace(service.full_name + "." + method.name, Symbol::method);
    }
  }
  for (const EnumType& type : schema.enums()) symbols_.emplace(type.full_name, Symbol::type);
  for (const StructType& type : schema.structs()) {
    symbols_.emplace(type.full_name, Symbol::type);
    for (const Field& field : type.fields) {
      if (field.type->kind == Kind::map) {
        symbols_.emplace(type.full_name + "." + entry_name(field.name), Symbol::type);
      }
    }
  }
}

void NameLookup::add_package(const std::string& package) {
  for (std::size_t end = 0; end != std::string::npos && !package.empty();) {
    end = package.find('.', end == 0 ? 0 : end + 1);
    symbols_.emplace(package.substr(0, end), Symbol::scope);
  }
}

// The full name that `name` means inside `scope`; empty when it means nothing.
std::string NameLookup::resolve(const std::string& name, std::string scope) const {
  const std::size_t dot = name.find('.');
  const std::string first = name.substr(0, dot);
  for (;;) {
    const std::string prefix = scope.empty() ? "" : scope + ".";
    auto found = symbols_.find(prefix + first);
    if (found != symbols_.end() && found->second == Symbol::method) {
      // No scope, so the search for "first.rest" goes on; "first" alone ends here, and is no type.
      if (dot == std::string::npos) return {};
    } else if (found != symbols_.end()) {
      if (dot != std::string::npos) return symbols_.contains(prefix + name) ? prefix + name : std::string();
      if (found->second == Symbol::type) return prefix + name;
    }
    if (scope.empty()) return {};
    const std::size_t last = scope.rfind('.');
    scope = last == std::string::npos ? std::string() : scope.substr(0, last);
  }
}

std::string NameLookup::name_in(const std::string& full_name, const std::string& package,
                                const std::string& scope) const {
  auto means_it = [&](const std::string& name) {
    const std::string_view first = std::string_view(name).substr(0, name.find('.'));
    return std::find(words.begin(), words.end(), first) == words.end() && resolve(name, scope) == full_name;
  };
  // From the innermost scope outwards to the package; other packages are named in full.
  std::string around = scope;
  while (around.size() >= package.size() && !around.empty()) {
    if (full_name.starts_with(around + ".")) {
      const std::string local = full_name.substr(around.size() + 1);
      if (means_it(local)) return local;
    }
    const std::size_t last = around.rfind('.');
    around = last == std::string::npos ? std::string() : around.substr(0, last);
  }
  return means_it(full_name) ? full_name : "." + full_name;
}

}  // namespace koine::idl::proto
