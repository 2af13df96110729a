// The files of one read: those that were named, and those of classes that these name.
//
// Owner: the reader's call; one thread.
#pragma once

#include <cstddef>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "idl/bounds.h"
#include "idl/java/ast.h"
#include "idl/java/definitions.h"
#include "idl/report.h"
#include "idl/source.h"

namespace koine::idl::java {

struct LoadedFile {
  SourceFile source;
  FileNode node;
  bool named = false;          // by the caller; only such a file's interfaces are services
  bool is_definition = false;  // by Dubbo, not a source: a name without a package is a type variable
};

class Loader {
 public:
  Loader(const std::vector<std::string>& import_paths, const SourceProvider& sources, const Bounds& bounds,
         Report& report)
      : import_paths_(import_paths),
        sources_(sources),
        bounds_(bounds),
        report_(report),
        definitions_(report, parts_, bounds.parts_max) {}

  void load_named(const std::string& path);
  // After the last load_named.
  void finish();
  // The file `<root>/<package>/<name>.java` of the first root that has one; null when there is none, or when
  // it was loaded already. After all load_named.
  const LoadedFile* load_class(std::string_view package, std::string_view name);
  const std::deque<LoadedFile>& files() const { return files_; }

 private:
  const LoadedFile* load(SourceFile source, bool named);
  bool within_bounds(const SourceFile& source);
  void find_roots();

  const std::vector<std::string>& import_paths_;
  const SourceProvider& sources_;
  const Bounds& bounds_;
  Report& report_;
  std::deque<LoadedFile> files_;
  std::set<std::string> identities_;
  std::vector<std::string> roots_;
  bool roots_known_ = false;
  std::size_t bytes_ = 0;
  std::size_t parts_ = 0;
  bool too_large_ = false;
  Definitions definitions_;
  std::string definition_path_;
};

}  // namespace koine::idl::java
