// Look-up of names. Owner: see classes.h.
#include "idl/java/classes.h"

#include <algorithm>

#include "base/limits.h"
#include "idl/bounds.h"
#include "idl/java/library.h"

namespace koine::idl::java {
namespace {

// Classes that are looked at for names, of one read: real trees take a thousandth of it.
constexpr std::size_t steps_max = 20'000'000;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

std::string_view last_segment(std::string_view name) { return name.substr(name.rfind('.') + 1); }

std::string dotted(std::string_view package, std::string_view name) {
  return package.empty() ? std::string(name) : std::string(package) + "." + std::string(name);
}

}  // namespace

std::string binary_name(std::string_view canonical) {
  std::string out(canonical);
  bool in_class = false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] == '.' && in_class) out[i] = '$';
    const bool starts_segment = i == 0 || out[i - 1] == '.';
    if (starts_segment && is_upper(out[i])) in_class = true;
  }
  return out;
}

void Classes::declare(const LoadedFile& file) {
  for (const ClassNode& node : file.node.classes) {
    const std::string full_name = dotted(file.node.package, node.name);
    const ClassDecl*& known = top_level_[full_name];
    if (known != nullptr && file.is_definition) continue;  // its source says more
    if (known != nullptr) {
      report_.error(file.source, node.place, "DUPLICATE_NAME",
                    "'" + full_name + "' is already defined in " + known->file->source.path + ":" +
                        std::to_string(known->node->place.line) + "; read one of the files");
      continue;
    }
    known = declare(node, file, nullptr);
  }
}

const ClassDecl* Classes::declare(const ClassNode& node, const LoadedFile& file, ClassDecl* outer) {
  ClassDecl& decl = all_.emplace_back();
  decl.node = &node;
  decl.file = &file;
  decl.outer = outer;
  decl.order = all_.size();
  decl.full_name = dotted(outer == nullptr ? file.node.package : outer->full_name, node.name);
  decl.binary_name = outer == nullptr ? decl.full_name : outer->binary_name + "$" + node.name;
  if (decl.full_name.size() > name_bytes_max) {
    report_.error(file.source, node.place, rule_syntax,
                  "the full name is longer than " + std::to_string(name_bytes_max) + " bytes");
    return &decl;
  }
  for (const ClassNode& nested : node.nested) {
    const bool fresh = decl.nested.emplace(nested.name, nullptr).second;
    if (!fresh) {
      report_.error(file.source, nested.place, "DUPLICATE_NAME",
                    "'" + node.name + "' has two classes '" + nested.name + "'");
      continue;
    }
    decl.nested[nested.name] = declare(nested, file, &decl);
  }
  return &decl;
}

bool Classes::step() {
  if (++steps_ <= steps_max) return true;
  if (steps_ == steps_max + 1) {
    report_.error(
        {}, {}, "TOO_LARGE",
        "classes inherit from one another so often that no name can be looked up; read fewer files");
  }
  return false;
}

const ClassDecl* Classes::top_level(const std::string& package, std::string_view name) {
  const std::string full_name = dotted(package, name);
  const auto known = top_level_.find(full_name);
  if (known != top_level_.end()) return known->second;
  top_level_.emplace(full_name, nullptr);
  if (const LoadedFile* file = loader_.load_class(package, name)) declare(*file);
  return top_level_[full_name];
}

Named Classes::find(std::string_view name, const ClassDecl* owner, const LoadedFile& file) {
  const std::size_t dot = name.find('.');
  const Named first = find_simple(name.substr(0, dot), owner, file);
  if (dot == std::string_view::npos) return first;
  if (first) return inside(first, name.substr(dot + 1));
  return find_qualified(name);
}

// "a.b.C.D", from the root of all packages.
Named Classes::find_qualified(std::string_view name) {
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
    if (!step()) return {};
    const std::size_t end = std::min(name.find('.', dot + 1), name.size());
    const std::string package(name.substr(0, dot));
    const ClassDecl* decl = top_level(package, name.substr(dot + 1, end - dot - 1));
    if (decl == nullptr) continue;
    return end == name.size() ? Named{decl, {}} : inside({decl, {}}, name.substr(end + 1));
  }
  return {nullptr, std::string(name)};
}

Named Classes::inside(Named found, std::string_view rest) {
  if (found.decl == nullptr) return {nullptr, found.library + "." + std::string(rest)};
  while (found.decl != nullptr && !rest.empty()) {
    const std::size_t end = std::min(rest.find('.'), rest.size());
    found.decl = member(*found.decl, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return found;
}

Named Classes::find_simple(std::string_view name, const ClassDecl* owner, const LoadedFile& file) {
  const void* const place = owner == nullptr ? static_cast<const void*>(&file) : owner;
  const auto known = simple_.find({place, std::string(name)});
  if (known != simple_.end()) return known->second;
  Named found;
  bool settled = true;
  for (const ClassDecl* decl = owner; decl != nullptr && !found; decl = decl->outer) {
    found.decl = decl->node->name == name ? decl : member(*decl, name);
    settled = settled && supertypes_[decl].state != State::open;
  }
  if (!found) found = find_in_file(name, file);
  // While a class's header is looked up, what it inherits is not known yet.
  if (settled) simple_.emplace(std::pair(place, std::string(name)), found);
  return found;
}

Named Classes::find_in_file(std::string_view name, const LoadedFile& file) {
  for (const ImportNode& import : file.node.imports) {
    if (!step()) return {};
    if (import.on_demand || last_segment(import.name) != name) continue;
    Named found = find_qualified(import.name);
    // `import static a.B.c` may be a method.
    if (found.decl != nullptr || !import.is_static) return found;
  }
  if (const ClassDecl* decl = top_level(file.node.package, name)) return {decl, {}};
  for (const ImportNode& import : file.node.imports) {
    if (!step()) return {};
    if (!import.on_demand) continue;
    if (!import.is_static) {
      if (const ClassDecl* decl = top_level(import.name, name)) return {decl, {}};
      std::string library = dotted(import.name, name);
      if (find_library(library) != nullptr || is_library_exception(library)) {
        return {nullptr, std::move(library)};
      }
    }
    const Named outer = find_qualified(import.name);
    if (outer.decl == nullptr) continue;
    if (const ClassDecl* decl = member(*outer.decl, name)) return {decl, {}};
  }
  std::string library = dotted("java.lang", name);
  if (find_library(library) != nullptr) return {nullptr, std::move(library)};
  return {};
}

const ClassDecl* Classes::member(const ClassDecl& decl, std::string_view name) {
  std::set<const ClassDecl*> seen{&decl};
  std::vector<const ClassDecl*> queue{&decl};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    if (!step()) return nullptr;
    const auto found = queue[i]->nested.find(name);
    if (found != queue[i]->nested.end()) return found->second;
    for (const ClassDecl* base : supertypes(*queue[i])) {
      if (seen.insert(base).second) queue.push_back(base);
    }
  }
  return nullptr;
}

const std::vector<const ClassDecl*>& Classes::supertypes(const ClassDecl& decl) {
  Supertypes& entry = supertypes_[&decl];
  // Files may lead to one another by what they import, as often as there are files.
  if (entry.state != State::untouched || headers_open_ >= base::Limits().nesting_max) return entry.declared;
  entry.state = State::open;
  ++headers_open_;
  std::vector<const ClassDecl*> declared;
  for (const auto* list : {&decl.node->bases, &decl.node->interfaces}) {
    for (const TypeNode& type : *list) {
      if (const ClassDecl* base = find(type.name, &decl, *decl.file).decl) declared.push_back(base);
    }
  }
  --headers_open_;
  entry.declared = std::move(declared);
  entry.state = State::done;
  return entry.declared;
}

std::vector<std::string> Classes::names_seen_from(const LoadedFile& file) const {
  std::vector<std::string> names;
  for (const ClassDecl& decl : all_) {
    if (decl.file->node.package == file.node.package && decl.outer == nullptr)
      names.push_back(decl.node->name);
  }
  return names;
}

}  // namespace koine::idl::java
