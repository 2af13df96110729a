// The files of one read: the named ones and everything they include, each parsed once, in an order in which
// every file comes after its includes.
//
// Owner: the reader's call; one thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "idl/bounds.h"
#include "idl/report.h"
#include "idl/source.h"
#include "idl/thrift/ast.h"

namespace koine::idl::thrift {

struct LoadedFile {
  SourceFile source;
  FileNode node;
  std::string prefix;                       // what other files call it: "shop" for a/b/shop.thrift
  std::vector<const LoadedFile*> includes;  // direct ones, in order
};
using LoadedFiles = std::vector<std::unique_ptr<LoadedFile>>;

// An include is looked for in the including file's directory, then in `include_paths` in order. A file that
// includes itself, directly or through others, is an error that shows the chain.
LoadedFiles load_files(const std::vector<std::string>& paths, const std::vector<std::string>& include_paths,
                       const SourceProvider& sources, const Bounds& bounds, Report& report);

}  // namespace koine::idl::thrift
