// The schema files that a command was given, and the method it means.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "control/schema_set.h"
#include "model/protocol.h"
#include "transcode/method_plan.h"

namespace koine::cli {

struct MethodName {
  // Full name, or Dubbo's key; empty when the text has no slash, which find_method refuses.
  std::string service;
  std::string method;
  std::optional<std::string> parameters;  // what stands in parentheses behind it
};
// "package.Service/Method", "group/package.Interface:version/method(int, java.lang.String)". USAGE when one
// of the first two is missing.
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
  std::string service;  // on the wire: full name, or Dubbo's key
  // As whose the protocol's bodies and names are written: its own, or where a service of Triple's has a
  // .proto, gRPC's.
  model::Protocol bodies = model::Protocol::grpc;
};
// The method's name may be either view's, and of Java's overloads, which share theirs, needs the parameters.
// Errors name what there is, and what was probably meant.
base::Result<MethodPair> find_method(control::SchemaSet& schemas, const MethodName& name,
                                     model::Protocol wire);

}  // namespace koine::cli
