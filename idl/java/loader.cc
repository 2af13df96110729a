// Files and where they lie. Owner: see loader.h.
#include "idl/java/loader.h"

#include <algorithm>
#include <utility>

#include "idl/java/parser.h"

namespace koine::idl::java {
namespace {

std::string package_folder(std::string_view package) {
  std::string folder(package);
  std::replace(folder.begin(), folder.end(), '.', '/');
  return folder;
}

}  // namespace

void Loader::load_named(const std::string& path) {
  const auto known = [this](const std::string& identity) { return identities_.contains(identity); };
  auto found = find_source(sources_, path, {}, known);
  if (!found) {
    SourceFile missing;
    missing.path = path;
    report_.error(missing, {}, rule_file, std::string(found.error().message()));
    return;
  }
  if (known(found->identity)) return;
  if (!is_definition_name(path)) {
    load(std::move(*found), true);
  } else if (identities_.insert(found->identity).second && within_bounds(*found)) {
    definitions_.add(*found);
    if (definition_path_.empty()) definition_path_ = found->path;
  }
}

void Loader::finish() {
  for (FileNode& node : definitions_.take()) {
    LoadedFile& file = files_.emplace_back();
    file.source.path = definition_path_;
    file.node = std::move(node);
    file.named = file.is_definition = true;
  }
}

const LoadedFile* Loader::load_class(std::string_view package, std::string_view name) {
  if (!roots_known_) find_roots();
  if (roots_.empty() || too_large_) return nullptr;
  const std::string folder = package_folder(package);
  const std::string path = (folder.empty() ? "" : folder + "/") + std::string(name) + ".java";
  const auto known = [this](const std::string& identity) { return identities_.contains(identity); };
  auto found = find_source(sources_, path, roots_, known);
  if (!found || known(found->identity)) return nullptr;
  return load(std::move(*found), false);
}

// Where a file's package begins: "a/src/shop/order" of package shop.order is below "a/src".
void Loader::find_roots() {
  roots_known_ = true;
  const auto add = [this](std::string root) {
    if (std::find(roots_.begin(), roots_.end(), root) == roots_.end()) roots_.push_back(std::move(root));
  };
  for (const LoadedFile& file : files_) {
    if (file.is_definition) continue;
    std::string directory = directory_of(file.source.path);
    const std::string folder = package_folder(file.node.package);
    if (folder.empty() || directory == folder) {
      add(folder.empty() ? directory : "");
    } else if (directory.ends_with("/" + folder)) {
      directory.resize(directory.size() - folder.size() - 1);
      add(directory.empty() ? "/" : directory);
    }
  }
  for (const std::string& path : import_paths_) add(path);
}

const LoadedFile* Loader::load(SourceFile source, bool named) {
  identities_.insert(source.identity);
  if (!within_bounds(source)) return nullptr;
  LoadedFile& file = files_.emplace_back();
  file.source = std::move(source);
  file.named = named;
  file.node = Parser(file.source, report_, parts_, bounds_.parts_max).parse();
  return &file;
}

bool Loader::within_bounds(const SourceFile& source) {
  bytes_ += source.text.size();
  if (files_.size() < bounds_.files_max && bytes_ <= bounds_.bytes_max) return true;
  if (!too_large_) {
    report_.error(source, {}, "TOO_LARGE",
                  "with this file there are more than " + std::to_string(bounds_.files_max) + " files or " +
                      std::to_string(bounds_.bytes_max) + " bytes of text in one read; name fewer files");
  }
  too_large_ = true;
  return false;
}

}  // namespace koine::idl::java
