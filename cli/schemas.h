// The schema files that a command was given, and the method it means.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "control/schema_set.h"
#include "transcode/method_plan.h"

namespace koine::cli {

struct MethodName {
  std::string service;  // full name; empty when the text has no slash, which find_method refuses
  std::string method;
};
// "package.Service/Method". USAGE when one of them is missing.
base::Result<MethodName> parse_method(const std::string& text);

// Reads the files; diagnostics are printed. With errors: IDL_* of the first one.
base::Result<control::SchemaSet> load_schemas(const std::vector<std::string>& files,
                                              const std::vector<std::string>& import_paths);

// "package.Service/method" of all services, in the language they are written in.
std::vector<std::string> all_methods(const control::SchemaSet& schemas);

// A method as JSON callers see it (the protobuf view of its service: ProtoJSON names and forms) and as the
// wire has it.
struct MethodPair {
  const idl::Method* json = nullptr;
  const idl::Method* wire = nullptr;
  std::string service;  // full name on the wire
};
// The method's name may be either view's. Errors name what there is, and what was probably meant.
base::Result<MethodPair> find_method(control::SchemaSet& schemas, const MethodName& name, idl::Language wire);

}  // namespace koine::cli
