// See stale.h.
#include "idl/derive/stale.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "idl/derive/sha256.h"
#include "idl/dump.h"

namespace koine::idl::derive {
namespace {

// Every reader has these built in, and nobody derives them.
bool is_built_in(std::string_view path) {
  return path.starts_with("google/protobuf/") || path == "koine/options.proto";
}

// Is it the file that is called so by those who import it?
bool is_called(std::string_view path, std::string_view name) {
  return path.ends_with(name) && (path.size() == name.size() || path[path.size() - name.size() - 1] == '/');
}

// Do these names mean all files of the schema, and no others?
bool are_all_of(const std::vector<std::string>& names, const Schema& schema) {
  std::vector<bool> met(names.size());
  for (const File& file : schema.files()) {
    if (is_built_in(file.path)) continue;
    const auto name = std::find_if(names.begin(), names.end(),
                                   [&](const std::string& one) { return is_called(file.path, one); });
    if (name == names.end()) return false;
    met[static_cast<std::size_t>(name - names.begin())] = true;
  }
  return std::find(met.begin(), met.end(), false) == met.end();
}

}  // namespace

std::string content_hash(const Schema& schema) { return sha256_hex(dump(schema, {false, false, false})); }

void warn_of_stale(const Schema& derived, const Schema& source, std::vector<Diagnostic>& diagnostics) {
  struct Derivation {
    std::vector<const File*> files;
    std::vector<std::string> sources;
  };
  std::map<std::string, Derivation> by_hash;
  for (const File& file : derived.files()) {
    const std::string* hash = find_annotation(file.annotations, "koine.derived_from");
    const std::string* name = find_annotation(file.annotations, "koine.source");
    if (hash == nullptr || name == nullptr) continue;
    Derivation& one = by_hash[*hash];
    one.files.push_back(&file);
    one.sources.push_back(*name);
  }
  if (by_hash.empty()) return;
  const std::string now = content_hash(source);
  for (const auto& [hash, derivation] : by_hash) {
    if (hash == now || !are_all_of(derivation.sources, source)) continue;
    for (std::size_t i = 0; i < derivation.files.size(); ++i) {
      Diagnostic warning;
      warning.severity = Severity::warning;
      warning.rule = "DERIVED_HASH_STALE";
      warning.message = "was derived from another state of '" + derivation.sources[i] +
                        "' than the one that is read with it; convert that again";
      warning.location.file = derivation.files[i]->path;
      diagnostics.push_back(std::move(warning));
    }
  }
}

}  // namespace koine::idl::derive
