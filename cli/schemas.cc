// Schemas and methods of commands.
#include "cli/schemas.h"

#include <algorithm>

#include "cli/output.h"
#include "control/route_builder.h"

namespace koine::cli {
std::vector<std::string> all_methods(const control::SchemaSet& schemas) {
  std::vector<std::string> out;
  for (const std::string& name : schemas.service_names()) {
    idl::Language language = idl::Language::thrift;
    const idl::Service* service = schemas.find_service(name, idl::Language::thrift, language);
    for (const idl::Method& method : service->methods) out.push_back(name + "/" + method.name);
  }
  return out;
}

namespace {

base::Status no_service_named(const control::SchemaSet& schemas, const std::string& text) {
  // "shop.OrderService.GetOrder" is how others write it.
  std::string meant = text;
  if (const std::size_t dot = meant.rfind('.'); dot != std::string::npos) meant[dot] = '/';
  const std::vector<std::string> methods = all_methods(schemas);
  const bool there = std::find(methods.begin(), methods.end(), meant) != methods.end();
  return base::Status(base::Reason::usage,
                      "'" + text + "' does not say which service: write package.Service/Method" +
                          (there ? "; did you mean '" + meant + "'?" : idl::did_you_mean(meant, methods)));
}

}  // namespace

base::Result<MethodName> parse_method(const std::string& text) {
  const std::size_t slash = text.find_last_of('/');
  if (slash == std::string::npos && !text.empty()) return MethodName{"", text};
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
    return base::Status(idl::to_status(diagnostics).reason(),
                        "the schema has " + counted(count(diagnostics, idl::Severity::error), "error"));
  }
  return schemas;
}

base::Result<MethodPair> find_method(control::SchemaSet& schemas, const MethodName& name,
                                     idl::Language wire) {
  if (name.service.empty()) return no_service_named(schemas, name.method);
  idl::Language written = wire;
  if (schemas.find_service(name.service, wire, written) == nullptr) {
    const std::vector<std::string> names = schemas.service_names();
    return base::Status(base::Reason::call_unknown_service,
                        "no service '" + name.service + "' in the schemas, which have: " +
                            idl::list_names(names) + idl::did_you_mean(name.service, names));
  }
  const base::Result<const idl::Service*> json =
      schemas.service_in(name.service, written, idl::Language::proto);
  if (!json) return json.error();
  const base::Result<const idl::Service*> provider = schemas.service_in(name.service, written, wire);
  if (!provider) return provider.error();
  std::vector<std::string> known;
  for (const idl::Method& method : (*json)->methods) {
    const idl::Method* other = control::counterpart(method, **provider);
    known.push_back(method.name);
    if (other == nullptr || (method.name != name.method && other->name != name.method)) continue;
    return MethodPair{&method, other, (*provider)->full_name};
  }
  return base::Status(base::Reason::call_unknown_method,
                      "no method '" + name.method + "' in " + name.service +
                          ", which has: " + idl::list_names(known) + idl::did_you_mean(name.method, known));
}

}  // namespace koine::cli
