// Full names: "<package>.<name>", unique in a Schema.
//
// The compiler lets two files have one namespace and define the same name, since the names that files refer
// to one another with begin with a file's name. So does the reader: each of the two is then called by its
// file as well, "<package>.<file>.<name>", with as many folders before the file's name as tell them apart,
// and the bare full name means neither. Owner: see resolver.h.
#include <algorithm>
#include <iterator>
#include <set>

#include "idl/thrift/resolver.h"

namespace koine::idl::thrift {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The last `parts` of "a/b/common.thrift" as "b.common"; all of them when there are fewer.
std::string file_label(const std::string& path, std::size_t parts) {
  std::vector<std::string> names = {stem_of(path)};
  std::string directory = directory_of(path);
  while (names.size() < parts && !directory.empty() && directory != "/") {
    names.push_back(directory.substr(directory.rfind('/') + 1));
    directory = directory_of(directory);
  }
  std::string label;
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    if (!label.empty()) label += '.';
    if (name->empty() || (name->front() >= '0' && name->front() <= '9')) label += '_';
    std::transform(name->begin(), name->end(), std::back_inserter(label),
                   [](char c) { return is_word(c) ? c : '_'; });
  }
  return label;
}

std::string joined(const std::string& package, const std::string& name) {
  return package.empty() ? name : package + "." + name;
}

}  // namespace

std::string package_of(const LoadedFile& loaded) {
  for (const char* language : {"*", "java"}) {
    auto found = loaded.node.namespaces.find(language);
    if (found != loaded.node.namespaces.end()) return found->second;
  }
  return loaded.prefix;
}

std::string Resolver::qualified(const Scope& scope, const std::string& name) {
  return joined(package_of(*scope.loaded), name);
}

std::string Resolver::full_type_name(const Scope& scope, const std::string& name) {
  const auto own = scope.own_type_names.find(name);
  return own != scope.own_type_names.end() ? own->second : qualified(scope, name);
}

std::string Resolver::full_service_name(const Scope& scope, const std::string& name) {
  const auto own = scope.own_service_names.find(name);
  return own != scope.own_service_names.end() ? own->second : qualified(scope, name);
}

void Resolver::tell_shared_names_apart() {
  struct Holders {
    std::string name;
    std::vector<std::pair<Scope*, Place>> places;  // one for each file
  };
  for (const bool services : {false, true}) {
    std::map<std::string, Holders> holders;
    for (auto& scope : scopes_) {
      auto add = [&](const std::string& name, Place place) {
        Holders& one = holders[qualified(*scope, name)];
        one.name = name;
        if (one.places.empty() || one.places.back().first != scope.get()) {
          one.places.emplace_back(scope.get(), place);
        }
      };
      const FileNode& file = scope->loaded->node;
      if (services) {
        for (const ServiceNode& node : file.services) add(node.name, node.place);
        continue;
      }
      for (const EnumNode& node : file.enums) add(node.name, node.place);
      for (const StructNode& node : file.structs) add(node.name, node.place);
    }
    for (const auto& [full_name, one] : holders) {
      if (one.places.size() > 1) tell_apart(full_name, one.places, one.name, services);
    }
  }
}

void Resolver::tell_apart(const std::string& full_name, const std::vector<std::pair<Scope*, Place>>& places,
                          const std::string& name, bool services) {
  // More folders than this above one another tell nobody anything.
  constexpr std::size_t parts_max = 8;
  std::vector<std::string> labels;
  for (std::size_t parts = 1; parts <= parts_max; ++parts) {
    labels.clear();
    for (const auto& [scope, place] : places) labels.push_back(file_label(scope->loaded->source.path, parts));
    const std::set<std::string> different(labels.begin(), labels.end());
    if (different.size() == labels.size()) break;
    if (parts == parts_max) return;  // said when the second of them is declared
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& [scope, place] = places[i];
    const std::string own = joined(package_of(*scope->loaded), labels[i] + "." + name);
    (services ? scope->own_service_names : scope->own_type_names)[name] = own;
    if (i == 0) continue;
    const std::string& first = places[0].first->loaded->source.path;
    warning(*scope, place, "SHARED_NAME",
            "'" + full_name + "' is defined in " + first +
                " as well; outside of these files this one is called '" + own + "', and that one '" +
                joined(package_of(*places[0].first->loaded), labels[0] + "." + name) +
                "'. Give the files different namespaces to keep the short name");
  }
}

bool Resolver::claim_type(const Scope& scope, const std::string& name, Place place) {
  auto found = scope.types.find(name);
  if (found != scope.types.end()) {
    error(scope, place, "DUPLICATE_NAME",
          "the type '" + name + "' is already defined at line " + std::to_string(found->second.place.line) +
              "; rename one of them");
    return false;
  }
  return claim_full_name(scope, full_type_name(scope, name), place, false);
}

bool Resolver::claim_full_name(const Scope& scope, const std::string& full_name, Place place, bool service) {
  const Location* other = nullptr;
  if (service) {
    if (const Service* known = schema_.find_service(full_name)) other = &known->location;
  } else if (const StructType* known = schema_.find_struct(full_name)) {
    other = &known->location;
  } else if (const EnumType* known_enum = schema_.find_enum(full_name)) {
    other = &known_enum->location;
  }
  if (other == nullptr) return true;
  error(scope, place, "DUPLICATE_NAME",
        "'" + full_name + "' is already defined in " + other->file + " at line " +
            std::to_string(other->line) +
            "; give the files different namespaces ('namespace * …' decides the full name)");
  return false;
}

}  // namespace koine::idl::thrift
