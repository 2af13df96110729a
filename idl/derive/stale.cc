// See stale.h.
#include "idl/derive/stale.h"

#include <map>
#include <set>
#include <string_view>

#include "idl/derive/deriver.h"
#include "idl/derive/sha256.h"
#include "idl/dump.h"

namespace koine::idl::derive {
namespace {

std::string_view last_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Is it the file that is called so by those who import it?
bool is_called(std::string_view path, std::string_view name) {
  return path.ends_with(name) && (path.size() == name.size() || path[path.size() - name.size() - 1] == '/');
}

}  // namespace

ContentHashes::ContentHashes(const Schema& schema) : schema_(schema) {
  for (const File& file : schema.files()) {
    for (const StructType* type : file.structs) homes_[type] = &file;
    for (const EnumType* type : file.enums) homes_[type] = &file;
    for (const Service* service : file.services) homes_[service] = &file;
  }
}

const std::string& ContentHashes::of(const File& file) {
  const auto [place, fresh] = made_.try_emplace(&file);
  if (!fresh) return place->second;
  std::set<const File*> others;
  const auto meet = [&](const auto& node) {
    const auto home = homes_.find(&node);
    if (home != homes_.end() && home->second != &file) others.insert(home->second);
  };
  const auto look_into = [&](const StructType& type) {
    for (const Field& field : type.fields) for_references(*field.type, meet, meet);
  };
  for (const StructType* type : file.structs) look_into(*type);
  for (const Service* service : file.services) {
    if (const Service* base = schema_.find_service(service->base); base != nullptr) meet(*base);
    for (std::size_t i = 0; i < service->own_methods; ++i) {
      for (const StructType* message : {service->methods[i].request, service->methods[i].response}) {
        meet(*message);
        if (!homes_.contains(message)) look_into(*message);  // Thrift's arguments and results are in no file
      }
    }
  }
  // Files include one another at most so often in a row (idl/bounds.h), and never in a circle.
  std::set<std::string> hashes;
  for (const File* other : others) hashes.insert(of(*other));
  std::string text = dump(file, {false, false, false});
  for (const std::string& hash : hashes) text += hash + "\n";
  return made_[&file] = sha256_hex(text);
}

void warn_of_stale(const Schema& derived, const Schema& source, std::vector<Diagnostic>& diagnostics) {
  ContentHashes hashes(source);
  std::multimap<std::string_view, const File*> by_last_name;
  for (const File& file : source.files()) by_last_name.emplace(last_name(file.path), &file);
  for (const File& file : derived.files()) {
    const std::string* hash = find_annotation(file.annotations, "koine.derived_from");
    const std::string* name = find_annotation(file.annotations, "koine.source");
    if (hash == nullptr || name == nullptr) continue;
    bool met = false;
    bool same = false;
    const auto [first, last] = by_last_name.equal_range(last_name(*name));
    for (auto one = first; one != last && !same; ++one) {
      if (!is_called(one->second->path, *name)) continue;
      met = true;
      same = hashes.of(*one->second) == *hash;
    }
    if (!met || same) continue;
    Diagnostic warning;
    warning.severity = Severity::warning;
    warning.rule = "DERIVED_HASH_STALE";
    warning.message = "was derived from another state of '" + *name +
                      "' than the one that is read with it; convert that again";
    warning.location.file = file.path;
    diagnostics.push_back(std::move(warning));
  }
}

}  // namespace koine::idl::derive
