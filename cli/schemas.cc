// Schemas and methods of commands.
#include "cli/schemas.h"

#include "cli/output.h"
#include "control/route_builder.h"

namespace koine::cli {

base::Result<MethodName> parse_method(const std::string& text) {
  const std::size_t slash = text.find_last_of('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == text.size()) {
    return base::Status(base::Reason::usage, "'" + text + "' is no method: write package.Service/Method");
  }
  const std::size_t start = text[0] == '/' ? 1 : 0;
  return MethodName{text.substr(start, slash - start), text.substr(slash + 1)};
}

base::Result<control::SchemaSet> load_schemas(const std::vector<std::string>& files,
                                              const std::vector<std::string>& import_paths) {
  const auto sources = idl::disk_sources();
  base::Result<std::vector<std::string>> expanded = control::expand_globs(files, "");
  if (!expanded) return expanded.error();
  control::SchemaSet schemas;
  std::vector<idl::Diagnostic> diagnostics;
  schemas.read(*expanded, import_paths, *sources, diagnostics);
  if (idl::has_errors(diagnostics)) {
    print_diagnostics(diagnostics);
    return base::Status(base::Reason::idl_semantic, "the schema has errors");
  }
  return schemas;
}

base::Result<MethodPair> find_method(control::SchemaSet& schemas, const MethodName& name,
                                     idl::Language wire) {
  idl::Language written = wire;
  if (schemas.find_service(name.service, wire, written) == nullptr) {
    const std::vector<std::string> names = schemas.service_names();
    std::string known;
    for (const std::string& one : names) known.append(known.empty() ? "" : ", ").append(one);
    return base::Status(base::Reason::call_unknown_service,
                        "no service '" + name.service + "' in the schemas" +
                            idl::did_you_mean(name.service, names) + "; they have: " + known);
  }
  const base::Result<const idl::Service*> json =
      schemas.service_in(name.service, written, idl::Language::proto);
  if (!json) return json.error();
  const base::Result<const idl::Service*> provider = schemas.service_in(name.service, written, wire);
  if (!provider) return provider.error();
  std::string known;
  for (const idl::Method& method : (*json)->methods) {
    const idl::Method* other = control::counterpart(method, **provider);
    known.append(known.empty() ? "" : ", ").append(method.name);
    if (other == nullptr || (method.name != name.method && other->name != name.method)) continue;
    return MethodPair{&method, other, (*provider)->full_name};
  }
  return base::Status(base::Reason::call_unknown_method,
                      "no method '" + name.method + "' in " + name.service + "; it has: " + known);
}

}  // namespace koine::cli
