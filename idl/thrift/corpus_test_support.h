// The corpus in testdata/ for the tests: its files and how they are read. Test code only.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "idl/thrift/read.h"

namespace koine::idl::thrift {

inline std::string corpus_directory() { return std::string(KOINE_SOURCE_DIR) + "/idl/thrift/testdata/"; }

// Reads one text, whose includes are in `others`; path "test.thrift".
inline ReadResult read_text(const std::string& text, std::map<std::string, std::string> others = {}) {
  others["test.thrift"] = text;
  auto sources = memory_sources(std::move(others));
  ReadOptions options;
  options.sources = sources.get();
  return read({"test.thrift"}, options);
}

// The schema of a text without mistakes; the test fails and stops otherwise.
inline std::unique_ptr<Schema> schema_of(const std::string& text,
                                         std::map<std::string, std::string> others = {}) {
  ReadResult result = read_text(text, std::move(others));
  EXPECT_NE(result.schema, nullptr) << render(result.diagnostics);
  return result.schema ? std::move(result.schema) : std::make_unique<Schema>();
}

// All messages about a text.
inline std::string messages_of(const std::string& text, std::map<std::string, std::string> others = {}) {
  return render(read_text(text, std::move(others)).diagnostics);
}

}  // namespace koine::idl::thrift
