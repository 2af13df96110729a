// Configurations loaded from memory, for the tests. Test code only.
#pragma once

#include <map>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "control/load.h"

namespace koine::control {

inline constexpr const char* stock_proto =
    "syntax = \"proto3\";\n"
    "package stock;\n"
    "message Query { string sku = 1; }\n"
    "message Level { uint32 left = 1; }\n"
    "service StockService {\n"
    "  rpc Get(Query) returns (Level);\n"
    "  rpc Watch(Query) returns (stream Level);\n"
    "}\n";

// etc/k.yaml among files.
inline LoadResult load_files(std::map<std::string, std::string> files) {
  const auto sources = idl::memory_sources(std::move(files));
  LoadOptions options;
  options.path = "etc/k.yaml";
  options.sources = sources.get();
  return load(options);
}

// All findings as one text.
inline std::string problems(const LoadResult& result) {
  std::string out;
  for (const idl::Diagnostic& one : result.diagnostics) out += idl::render(one) + "\n";
  return out;
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

}  // namespace koine::control
