// Schemas and methods of commands.
#include "cli/schemas.h"

#include <algorithm>

#include "cli/java_method.h"
#include "cli/output.h"
#include "codecs/calls/dubbo/invocation.h"
#include "control/route_builder.h"

namespace koine::cli {

namespace dubbo = codecs::calls::dubbo;

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
  MethodName name;
  const std::size_t open = text.find('(');  // descriptors have slashes of their own
  const std::string path = text.substr(0, open);
  if (open != std::string::npos) {
    if (!text.ends_with(')')) {
      return base::Status(base::Reason::usage, "'" + text + "' has no ) at its end");
    }
    name.parameters = text.substr(open + 1, text.size() - open - 2);
  }
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos && !path.empty()) {
    name.method = path;
    return name;
  }
  if (slash == std::string::npos || slash == 0 || slash + 1 == path.size()) {
    return base::Status(base::Reason::usage, "'" + text + "' is no method: write package.Service/Method");
  }
  const std::size_t start = path[0] == '/' ? 1 : 0;
  name.service = path.substr(start, slash - start);
  name.method = path.substr(slash + 1);
  return name;
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
                                     model::Protocol wire) {
  if (name.service.empty()) return no_service_named(schemas, name.method);
  model::Protocol bodies = wire;
  const bool by_key = wire == model::Protocol::dubbo || wire == model::Protocol::triple;
  dubbo::ServiceKey key = dubbo::split_service_key(name.service);
  if (!by_key) key = {"", name.service, ""};
  idl::Language written = control::language_of(wire);
  if (schemas.find_service(key.service, control::language_of(wire), written) == nullptr) {
    const std::vector<std::string> names = schemas.service_names();
    return base::Status(base::Reason::call_unknown_service,
                        "no service '" + std::string(key.service) + "' in the schemas, which have: " +
                            idl::list_names(names) + idl::did_you_mean(key.service, names));
  }
  if (written == idl::Language::proto) bodies = model::info(wire).wire;
  const idl::Language language = control::language_of(bodies);
  const base::Result<const idl::Service*> json =
      schemas.service_in(key.service, written, idl::Language::proto, language);
  if (!json) return json.error();
  const base::Result<const idl::Service*> provider = schemas.service_in(key.service, written, language);
  if (!provider) return provider.error();
  key.service = (*provider)->full_name;
  const bool java = language == idl::Language::java;
  if (name.parameters && !java) {
    return base::Status(base::Reason::usage, "parameters tell methods of Java apart: of others write " +
                                                 name.service + "/" + name.method);
  }
  std::vector<std::string> known;
  std::vector<MethodPair> found;
  std::vector<std::string> namesakes;
  for (const idl::Method& method : (*json)->methods) {
    const idl::Method* other = control::counterpart(method, **provider);
    known.push_back(method.name);
    if (other == nullptr) continue;
    const bool named = method.name == name.method || other->name == name.method;
    if (!named && !(java && java_name(*other) == name.method)) continue;
    namesakes.push_back(java_form(*other));
    if (name.parameters && !has_parameters(*other, *name.parameters)) continue;
    found.push_back({&method, other, dubbo::join_service_key(key), bodies});
  }
  if (found.empty() && !namesakes.empty()) {
    return base::Status(base::Reason::call_unknown_method,
                        "no method '" + name.method + "(" + *name.parameters + ")' in " +
                            std::string(key.service) + ", which has: " + idl::list_names(namesakes));
  }
  if (java && found.size() > 1) {
    return base::Status(base::Reason::usage, "'" + name.method + "' is several methods of " +
                                                 std::string(key.service) + ": write one of " +
                                                 idl::list_names(namesakes));
  }
  if (!found.empty()) return found.front();
  return base::Status(base::Reason::call_unknown_method,
                      "no method '" + name.method + "' in " + std::string(key.service) +
                          ", which has: " + idl::list_names(known) + idl::did_you_mean(name.method, known));
}

}  // namespace koine::cli
