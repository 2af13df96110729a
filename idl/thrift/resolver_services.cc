// Services: arguments and results as structs, inheritance flattened. Owner: see resolver.h.
#include <set>

#include "base/limits.h"
#include "idl/thrift/resolver.h"

namespace koine::idl::thrift {

Resolver::ServiceEntry* Resolver::find_service(Scope& scope, std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::string_view prefix = dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
  const std::string_view bare = dot == std::string_view::npos ? name : name.substr(dot + 1);
  for (Scope* holder : scopes_of(scope, prefix)) {
    auto found = holder->services.find(bare);
    if (found != holder->services.end()) return &found->second;
  }
  return nullptr;
}

void Resolver::resolve_service(ServiceEntry& entry, std::size_t depth) {
  if (entry.state == State::done) return;
  entry.state = State::open;
  const ServiceNode& node = *entry.node;
  Scope& scope = *entry.scope;
  fill_service(scope, node, *entry.service);
  if (!node.base.empty()) {
    ServiceEntry* base = find_service(scope, node.base);
    if (base == nullptr) {
      std::vector<std::string> candidates;
      if (!report_.full()) {  // somebody will see them
        for (const auto& [name, other] : scope.services) candidates.push_back(name);
        for (const Scope* include : scope.includes) {
          for (const auto& [name, other] : include->services) {
            candidates.push_back(include->loaded->prefix + "." + name);
          }
        }
      }
      error(scope, node.base_place, "UNKNOWN_SERVICE",
            "unknown service '" + node.base + "'" + did_you_mean(node.base, candidates));
    } else if (base->state == State::open) {
      error(scope, node.base_place, "CIRCULAR_EXTENDS",
            "'" + node.name + "' extends '" + node.base + "', which leads back to '" + node.name +
                "'; remove one 'extends'");
    } else if (depth >= base::Limits().nesting_max) {
      error(scope, node.base_place, "EXTENDS_DEPTH",
            "more than " + std::to_string(depth) + " services extend one another (nesting_max)");
    } else {
      resolve_service(*base, depth + 1);
      inherit(scope, node, *entry.service, *base->service);
    }
  }
  entry.state = State::done;
}

void Resolver::inherit(const Scope& scope, const ServiceNode& node, Service& service, const Service& base) {
  service.base = base.full_name;
  std::set<std::string, std::less<>> own;
  for (const Method& method : service.methods) own.insert(method.name);
  for (const Method& method : base.methods) {
    if (own.contains(method.name)) {
      Place place = node.place;
      for (const FunctionNode& function : node.functions) {
        if (function.name == method.name) place = function.place;
      }
      error(scope, place, "DUPLICATE_NAME",
            "'" + method.name + "' is already a method of '" + base.name + "', which '" + node.name +
                "' extends; rename one of them");
      continue;
    }
    if (!count_inherited(method)) {
      error(scope, node.base_place, "TOO_LARGE",
            "the services have more than " + std::to_string(bounds_.inherited_methods_max) +
                " methods by 'extends', or " + std::to_string(bounds_.copied_bytes_max) +
                " bytes of comments and annotations in them");
      return;
    }
    service.methods.push_back(method);
  }
}

// A service holds copies of the methods of those that it extends.
bool Resolver::count_inherited(const Method& method) {
  std::size_t bytes = method.doc.size();
  for (const Annotation& one : method.annotations) bytes += one.name.size() + one.value.size();
  return ++methods_inherited_ <= bounds_.inherited_methods_max && copy_bytes(bytes);
}

void Resolver::fill_service(Scope& scope, const ServiceNode& node, Service& service) {
  warn_misspelt(scope, node.annotations, node.place);
  std::map<std::string_view, const FunctionNode*> names;
  service.methods.reserve(node.functions.size());
  for (const FunctionNode& function : node.functions) {
    auto [known, fresh] = names.emplace(function.name, &function);
    if (!fresh) {
      error(scope, function.place, "DUPLICATE_NAME",
            "'" + node.name + "' has two methods '" + function.name + "', the first at line " +
                std::to_string(known->second->place.line) +
                "; Thrift has no overloading, rename one of them");
      continue;
    }
    fill_method(scope, service, function, service.methods.emplace_back());
  }
  service.own_methods = service.methods.size();
}

void Resolver::fill_method(Scope& scope, const Service& service, const FunctionNode& node, Method& method) {
  method.name = node.name;
  method.oneway = node.oneway;
  method.annotations = node.annotations;
  drop_absorbed(method.annotations);
  method.doc = node.doc;
  method.location = location(scope, node.place);
  warn_misspelt(scope, node.annotations, node.place);
  if (const std::string* idempotent = find_annotation(node.annotations, "koine.idempotent")) {
    const std::optional<bool> flag = annotation_flag(*idempotent);
    if (!flag) {
      error(scope, node.place, "BAD_ANNOTATION",
            "koine.idempotent = \"" + *idempotent + "\"; write \"true\" or \"false\"");
    }
    method.idempotent = flag.value_or(false);
  }
  if (node.oneway && node.result) {
    warning(scope, node.result->place, "ONEWAY_RESULT",
            "'" + node.name + "' is oneway, so its result is never sent; declare it void");
  }
  if (node.oneway && !node.throws.empty()) {
    error(scope, node.throws_place, "ONEWAY_THROWS",
          "'" + node.name +
              "' is oneway, so its caller never hears of an exception; remove 'throws' or 'oneway'");
  }
  auto make = [&](std::string_view suffix, StructRole role) -> StructType& {
    StructType& type = schema_.add_struct();
    type.name = service.name + "." + node.name + std::string(suffix);
    type.full_name = service.full_name + "." + node.name + std::string(suffix);
    type.role = role;
    type.implicit_utf8 = false;
    type.location = method.location;
    return type;
  };
  const std::string where = "the arguments of '" + node.name + "'";
  StructType& arguments = make("_args", StructRole::arguments);
  add_fields(scope, node.arguments, FieldsOf::arguments, where, arguments);
  fill_defaults(scope, node.arguments, where, arguments, 0);
  method.request = &arguments;
  StructType& result = make("_result", StructRole::result);
  add_result(scope, node, result);
  method.response = &result;
}

void Resolver::add_result(Scope& scope, const FunctionNode& node, StructType& result) {
  if (node.result) {
    Field& success = result.fields.emplace_back();
    success.name = "success";
    success.json_name = "success";
    success.id = 0;
    success.presence = Presence::optional;
    success.location = location(scope, node.result->place);
    success.type = resolve_type(scope, *node.result, 0);
    if (success.type != nullptr) success.type = refine(scope, success.type, node.annotations, node.place);
  }
  const std::size_t first = result.fields.size();
  const std::string where = "the exceptions of '" + node.name + "'";
  add_fields(scope, node.throws, FieldsOf::exceptions, where, result);
  fill_defaults(scope, node.throws, where, result, first);
  for (std::size_t i = 0; i < node.throws.size(); ++i) {
    const Type* type = result.fields[first + i].type;
    if (type == nullptr) continue;
    if (type->kind != Kind::structure || type->structure->form != StructForm::exception) {
      error(scope, node.throws[i].type.place, "NOT_AN_EXCEPTION",
            "'" + node.throws[i].name + "' of 'throws' is no exception; define its type with 'exception'");
    }
    if (first == 1 && node.throws[i].name == "success") {
      error(scope, node.throws[i].place, "DUPLICATE_NAME",
            "'success' is the name of the method's result; rename the exception");
    }
  }
}

}  // namespace koine::idl::thrift
