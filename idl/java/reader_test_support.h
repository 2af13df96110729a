// Java texts and what is read of them, for the tests. Test code only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "idl/java/read.h"

namespace koine::idl::java {

// All files are named, unless `paths` names some.
inline ReadResult read_files(std::map<std::string, std::string> files, std::vector<std::string> paths = {},
                             const Bounds& bounds = {}) {
  if (paths.empty()) {
    for (const auto& [path, text] : files) paths.push_back(path);
  }
  const auto sources = memory_sources(std::move(files));
  ReadOptions options;
  options.sources = sources.get();
  options.bounds = bounds;
  return read(paths, options);
}

// One file, "shop/A.java", in package shop.
inline ReadResult read_text(const std::string& text) {
  return read_files({{"shop/A.java", "package shop; import java.util.*;\n" + text}});
}

// The schema of a text without mistakes; the test fails otherwise.
inline std::unique_ptr<Schema> schema_of(const std::string& text) {
  ReadResult result = read_text(text);
  EXPECT_NE(result.schema, nullptr) << render(result.diagnostics);
  return result.schema ? std::move(result.schema) : std::make_unique<Schema>();
}

inline std::string messages_of(const std::string& text) { return render(read_text(text).diagnostics); }

}  // namespace koine::idl::java
