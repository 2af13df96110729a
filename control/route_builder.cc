// Builds the routes of one service.
#include "control/route_builder.h"

#include <algorithm>
#include <cstddef>

#include "transcode/generic_call.h"
#include "transcode/method_plan.h"

namespace koine::control {
namespace {

using router::Protocol;

model::MethodKind kind_of(const idl::Method& method) {
  if (method.oneway) return model::MethodKind::oneway;
  if (method.client_streaming) {
    return method.server_streaming ? model::MethodKind::bidi : model::MethodKind::client_stream;
  }
  return method.server_streaming ? model::MethodKind::server_stream : model::MethodKind::unary;
}

bool streams(const idl::Method& method) { return method.client_streaming || method.server_streaming; }

std::string last_component(const std::string& full_name) {
  const std::size_t dot = full_name.rfind('.');
  return dot == std::string::npos ? full_name : full_name.substr(dot + 1);
}

bool is_java(Protocol protocol) {
  return model::info(protocol).language == idl::to_string(idl::Language::java);
}

// The names by which callers may call the service: the full name, or where the wire says whatever it was
// registered under (a Thrift caller's multiplexed prefix), any of them.
std::vector<std::string> service_names(Protocol caller, const router::Cluster& cluster) {
  // (Only a Dubbo peer says a group and a version.)
  const bool by_key = !is_java(cluster.bodies()) || is_java(caller);
  std::vector<std::string> names = {by_key ? cluster.key(cluster.interface) : cluster.interface};
  if (model::info(caller).names_services) return names;
  for (const std::string& name :
       {last_component(cluster.interface), cluster.name, cluster.thrift.multiplexed_name}) {
    bool known = name.empty();
    for (const std::string& one : names) known = known || one == name;
    if (!known) names.push_back(name);
  }
  return names;
}

const std::string& java_name(const idl::Method& method) {
  const std::string* said = idl::find_annotation(method.annotations, idl::java_method_annotation);
  return said != nullptr ? *said : method.name;
}

// As callers name it: of Java's overloads with their parameters.
std::string wire_name(const idl::Method& method, const idl::Service& service, Protocol caller) {
  if (!is_java(caller)) return method.name;
  const std::string& name = java_name(method);
  const auto same = std::count_if(service.methods.begin(), service.methods.end(),
                                  [&](const idl::Method& one) { return java_name(one) == name; });
  const std::string* signature = idl::find_annotation(method.annotations, idl::java_signature_annotation);
  return same > 1 && signature != nullptr ? router::overload(name, *signature) : name;
}

// Every method of the provider's streams that the callers' language cannot say: they are named, not silently
// missing.
void name_what_is_missing(const idl::Service& provider, const idl::Service& callers, Protocol caller,
                          std::vector<std::string>& warnings) {
  for (const idl::Method& method : provider.methods) {
    bool found = false;
    for (const idl::Method& one : callers.methods) found = found || counterpart(one, provider) == &method;
    if (!found) {
      warnings.push_back(provider.full_name + "." + method.name + " cannot be called by " +
                         std::string(router::to_string(caller)) + " callers: it streams");
    }
  }
}

base::Status add_for_callers(Protocol caller, const idl::Service& callers, const idl::Service& provider,
                             const ServiceRoutes& service, bool unasked,
                             const transcode::PlanOptions& options, Snapshot& snapshot,
                             std::vector<std::string>& warnings) {
  std::vector<std::string> names = service_names(caller, *service.cluster);
  // A nested interface of Java has another name elsewhere (shop.Stock_Sub). A derived one has another
  // package, and no other name: of Triple's calls, those under the .proto's are gRPC's.
  if (callers.full_name != service.cluster->interface) {
    if (is_java(caller)) names.clear();
    names.push_back(is_java(caller) ? service.cluster->key(callers.full_name) : callers.full_name);
  }
  for (const idl::Method& method : callers.methods) {
    const idl::Method* target = counterpart(method, provider);
    if (target == nullptr) {
      // Not even in the provider's own language: derivation left it out.
      if (streams(method)) {
        warnings.push_back(callers.full_name + "." + method.name +
                           " cannot be called: it streams, and its provider speaks " +
                           std::string(router::to_string(service.cluster->protocol)));
      }
      continue;
    }
    router::MethodRoute route = make_route(service, caller, callers, method, provider, target);
    if (streams(method) && caller != service.cluster->bodies()) {
      route.refusal = base::Status(base::Reason::call_no_form,
                                   "streaming has no form in " + std::string(router::to_string(caller)));
    } else if (base::Status status =
                   compile_plans(route, transcode::OriginPairing(), options, snapshot, warnings);
               !status.ok()) {
      if (!unasked) return status.with_context(callers.full_name + "/" + method.name);
      warnings.push_back(callers.full_name + "." + method.name + " cannot be called by " +
                         std::string(router::to_string(caller)) +
                         " callers: " + std::string(status.message()));
      continue;
    }
    KOINE_RETURN_IF_ERROR(snapshot.routes.add(std::move(route), names));
  }
  name_what_is_missing(provider, callers, caller, warnings);
  if (!is_java(caller)) return {};
  return add_generic_routes(service, caller, &callers == &provider, callers, names, options, snapshot);
}

}  // namespace

idl::Language language_of(Protocol protocol) {
  for (const idl::Language one : {idl::Language::thrift, idl::Language::proto, idl::Language::java}) {
    if (idl::to_string(one) == model::info(protocol).language) return one;
  }
  return idl::Language::thrift;
}

Protocol protocol_of(idl::Language language) {
  for (std::size_t i = 0; i < model::protocol_count; ++i) {
    const auto one = static_cast<Protocol>(i);
    if (model::info(one).language == idl::to_string(language)) return one;
  }
  return Protocol::thrift;
}

router::MethodRoute make_route(const ServiceRoutes& service, Protocol caller, const idl::Service& callers,
                               const idl::Method& method, const idl::Service& provider,
                               const idl::Method* target) {
  router::MethodRoute route;
  route.cluster = service.cluster;
  route.caller = caller;
  route.service = callers.full_name;
  route.method = wire_name(method, callers, caller);
  const Protocol protocol = service.cluster->bodies();
  if (model::info(protocol).names_services) {
    route.provider_service = service.cluster->key(provider.full_name);
  }
  if (target != nullptr) {
    route.provider_method = is_java(protocol) ? java_name(*target) : target->name;
    const std::string* signature = idl::find_annotation(target->annotations, idl::java_signature_annotation);
    if (is_java(protocol) && signature != nullptr) route.provider_signature = *signature;
  }
  route.kind = kind_of(method);
  route.caller_method = &method;
  route.provider_method_idl = target;
  route.policy = service.policy;
  return route;
}

base::Status compile_plans(router::MethodRoute& route, const transcode::Pairing& pairing,
                           const transcode::PlanOptions& options, Snapshot& snapshot,
                           std::vector<std::string>& warnings) {
  for (const model::BodyFormat format : model::info(route.caller).formats) {
    if (format == model::BodyFormat::none) break;
    const transcode::MethodSide caller = {route.caller_method, format, router::to_string(route.caller)};
    const transcode::MethodSide provider = {route.provider_method_idl, route.cluster->body_format(),
                                            router::to_string(route.cluster->protocol)};
    auto plan = transcode::MethodPlan::compile(caller, provider, pairing, options);
    const bool text = format == model::BodyFormat::json || format == model::BodyFormat::thrift_json;
    if (!plan && text) {
      warnings.push_back(
          route.service + "/" + route.method +
          (format == model::BodyFormat::json ? " takes no JSON: " : " takes no Thrift JSON: ") +
          std::string(plan.error().message()));
      continue;
    }
    if (!plan) return plan.error();
    const auto keep = [&](std::shared_ptr<const transcode::MethodPlan> made) {
      snapshot.owned.push_back(made);
      return made.get();
    };
    route.plans[static_cast<std::size_t>(format)] = keep(std::move(*plan));
    // (Where both are one, generic calls are passed on.)
    if (!is_java(route.caller) || route.caller_method == route.provider_method_idl) continue;
    auto generic = transcode::MethodPlan::generic(caller, provider, pairing, options);
    if (!generic) return generic.error();
    route.generic_plan = keep(std::move(*generic));
  }
  return {};
}

const idl::Method* counterpart(const idl::Method& caller, const idl::Service& provider) {
  for (const idl::Method& method : provider.methods) {
    if (&method == &caller || method.origin == &caller || caller.origin == &method) return &method;
    if (caller.origin != nullptr && caller.origin == method.origin) return &method;  // two derived from one
    // Two services derived from or inheriting the same methods hold copies of the node.
    if (caller.origin != nullptr && caller.origin->name == method.name &&
        caller.origin->request == method.request) {
      return &method;
    }
    if (method.origin != nullptr && method.origin->name == caller.name &&
        method.origin->request == caller.request) {
      return &method;
    }
  }
  return nullptr;
}

base::Status add_generic_routes(const ServiceRoutes& service, Protocol caller, bool forwarded,
                                const idl::Service& callers, const std::vector<std::string>& names,
                                const transcode::PlanOptions& options, Snapshot& snapshot) {
  for (const std::string_view method : transcode::generic_methods) {
    router::MethodRoute route;
    route.cluster = service.cluster;
    route.caller = caller;
    route.service = callers.full_name;
    route.method = method;
    route.policy = service.policy;
    route.names_method = !forwarded;
    if (forwarded) {
      route.provider_service = service.cluster->key(callers.full_name);
      route.provider_method = method;
      route.provider_signature = transcode::generic_signature;
      const model::BodyFormat format = model::info(caller).formats[0];
      std::shared_ptr<const transcode::MethodPlan> plan =
          transcode::MethodPlan::untyped(format, service.cluster->body_format(), options);
      route.plans[static_cast<std::size_t>(format)] = plan.get();
      snapshot.owned.push_back(std::move(plan));
    }
    KOINE_RETURN_IF_ERROR(snapshot.routes.add(std::move(route), names));
  }
  return {};
}

base::Status add_routes(const ServiceRoutes& service, SchemaSet& schemas,
                        const transcode::PlanOptions& options, Snapshot& snapshot,
                        std::vector<std::string>& warnings) {
  const std::string& interface = service.cluster->interface;
  const idl::Language native = language_of(service.cluster->bodies());
  for (std::size_t i = 0; i < model::protocol_count; ++i) {
    const auto caller = static_cast<Protocol>(i);
    const idl::Language language = language_of(caller);
    // Nobody who has no Java asked for callers that do: what they cannot have is no mistake.
    const bool unasked = is_java(caller) && language != service.written_in && language != native;
    const auto provider = schemas.service_in(interface, service.written_in, native, language);
    if (!provider) return provider.error();
    const auto callers = schemas.service_in(interface, service.written_in, language, native);
    if (!callers && !unasked) return callers.error();
    if (!callers) {
      warnings.push_back(interface + " cannot be called by " + std::string(router::to_string(caller)) +
                         " callers: " + std::string(callers.error().message()));
      continue;
    }
    KOINE_RETURN_IF_ERROR(
        add_for_callers(caller, **callers, **provider, service, unasked, options, snapshot, warnings));
  }
  return {};
}

base::Status add_untyped_routes(const ServiceRoutes& service, const transcode::PlanOptions& options,
                                Snapshot& snapshot) {
  const router::Cluster& cluster = *service.cluster;
  const model::BodyFormat format = cluster.body_format();
  for (std::size_t i = 0; i < model::protocol_count; ++i) {
    const auto caller = static_cast<Protocol>(i);
    // Values of Java are Java's on whatever wire.
    const bool is_other = is_java(caller) && is_java(cluster.protocol);
    if (caller != cluster.protocol && !is_other) continue;
    router::MethodRoute route;
    route.cluster = service.cluster;
    route.caller = caller;
    route.service = cluster.interface;
    route.method = "*";
    route.any_method = true;
    if (model::info(cluster.protocol).names_services) route.provider_service = cluster.interface;
    route.policy = service.policy;
    const model::BodyFormat written =
        caller == cluster.protocol ? format : model::info(caller).untyped_format;
    const auto add_plan = [&](model::BodyFormat from, model::BodyFormat to) {
      std::shared_ptr<const transcode::MethodPlan> plan = transcode::MethodPlan::untyped(from, to, options);
      route.plans[static_cast<std::size_t>(from)] = plan.get();
      snapshot.owned.push_back(std::move(plan));
    };
    add_plan(written, format);
    // Dubbo2's peers may have serializations of which nobody here reads the values.
    if (caller == Protocol::dubbo && cluster.protocol == Protocol::dubbo) {
      add_plan(model::BodyFormat::opaque, model::BodyFormat::opaque);
    }
    KOINE_RETURN_IF_ERROR(snapshot.routes.add(std::move(route), service_names(caller, cluster)));
  }
  return {};
}

}  // namespace koine::control
