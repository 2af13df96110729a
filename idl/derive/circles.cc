// See circles.h.
#include "idl/derive/circles.h"

#include <algorithm>
#include <map>
#include <set>

#include "idl/source.h"

namespace koine::idl::derive {
namespace {

// Thrift's paths begin at the importing file, protobuf's at the root.
std::string imported_path(const File& file, const std::string& import) {
  const std::string folder = directory_of(file.path);
  if (file.language != Language::thrift || folder.empty()) return import;
  return normal_path(folder + "/" + import);
}

}  // namespace

std::vector<std::string> files_in_circles(const Schema& derived) {
  using Edges = std::map<std::string, std::set<std::string>>;
  Edges imports;
  Edges importers;
  for (const File& file : derived.files()) {
    for (const std::string& import : file.imports) {
      const std::string path = imported_path(file, import);
      imports[file.path].insert(path);
      importers[path].insert(file.path);
    }
  }
  // Who imports nothing that is left is in no circle, and neither is who is imported by nobody that is left.
  const auto take_out = [](Edges& edges, Edges& back) {
    std::vector<std::string> ends;
    for (const auto& [path, others] : back) {
      if (edges[path].empty()) ends.push_back(path);
    }
    while (!ends.empty()) {
      const std::string path = std::move(ends.back());
      ends.pop_back();
      for (const std::string& other : back[path]) {
        edges[other].erase(path);
        if (edges[other].empty()) ends.push_back(other);
      }
      back.erase(path);
      edges.erase(path);
    }
  };
  take_out(imports, importers);
  importers.clear();
  for (const auto& [path, others] : imports) {
    for (const std::string& other : others) importers[other].insert(path);
  }
  take_out(importers, imports);
  std::vector<std::string> left;
  for (const auto& [path, others] : imports) {
    if (!others.empty()) left.push_back(path);
  }
  return left;
}

}  // namespace koine::idl::derive
