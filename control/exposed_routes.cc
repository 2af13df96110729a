// Exposed interfaces. Owner: the loader.
#include "control/exposed_routes.h"

#include <algorithm>
#include <unordered_set>

#include "idl/match/match.h"
#include "idl/source.h"
#include "transcode/name_pairing.h"

namespace koine::control {
namespace {

using idl::Severity;

idl::Language other_than(idl::Language language) {
  return language == idl::Language::thrift ? idl::Language::proto : idl::Language::thrift;
}

idl::Diagnostic diagnostic(Severity severity, std::string_view rule, std::string text) {
  idl::Diagnostic made;
  made.severity = severity;
  made.rule = std::string(rule);
  made.message = std::move(text);
  return made;
}

// The routes of one pair of services.
class Builder {
 public:
  Builder(const ServiceRoutes& service, const idl::Service& callers, idl::Language language,
          const idl::Service& provider, const idl::match::Match& match, Snapshot& snapshot,
          std::vector<idl::Diagnostic>& findings)
      : service_(service),
        callers_(callers),
        language_(language),
        provider_(provider),
        match_(match),
        snapshot_(snapshot),
        findings_(findings) {}

  void build(const transcode::PlanOptions& options) {
    for (const idl::match::Finding* one : match_.blocking()) tell(*one, Severity::error);
    for (const idl::match::Finding& one : match_.findings()) {
      // `koine idl match` tells the others too.
      const bool tells = one.rule->loss || one.rule->id == idl::match::RuleId::override_unused;
      if (tells && one.rule->severity == Severity::warning && !one.allowed) tell(one, Severity::warning);
    }
    for (const idl::Method& method : callers_.methods) {
      for (std::size_t i = 0; i < model::protocol_count; ++i) {
        const auto caller = static_cast<router::Protocol>(i);
        if (language_of(caller) != language_) continue;
        const base::Status status = add(caller, method, options);
        if (status.ok()) continue;
        findings_.push_back(
            diagnostic(Severity::error, base::to_string(status.reason()),
                       callers_.full_name + "/" + method.name + ": " + std::string(status.message())));
        break;
      }
    }
    if (language_ == idl::Language::java) add_generic(options);
  }

 private:
  void add_generic(const transcode::PlanOptions& options) {
    for (const router::Protocol caller : {router::Protocol::dubbo, router::Protocol::triple}) {
      const base::Status status =
          add_generic_routes(service_, caller, false, callers_, names(caller), options, snapshot_);
      if (status.ok()) continue;
      findings_.push_back(
          diagnostic(Severity::error, base::to_string(status.reason()), std::string(status.message())));
    }
  }
  base::Status add(router::Protocol caller, const idl::Method& method,
                   const transcode::PlanOptions& options) {
    const idl::Method* target = match_.provider_method(method);
    const std::vector<const idl::match::Finding*> blocking = match_.blocking(method);
    if (target == nullptr && blocking.empty()) return {};  // on purpose
    router::MethodRoute route = make_route(service_, caller, callers_, method, provider_, target);
    std::string why;
    for (const idl::match::Finding* one : blocking) {
      tell(*one, service_.refuse_method ? Severity::warning : Severity::error);
      why += (why.empty() ? "" : "; ") + one->subject + ": " + one->text + " [" +
             std::string(one->rule->name) + "]";
    }
    if (blocking.empty()) {
      std::vector<std::string> warnings;
      const base::Status status =
          compile_plans(route, transcode::NamePairing(match_), options, snapshot_, warnings);
      for (std::string& text : warnings)
        findings_.push_back(diagnostic(Severity::warning, "NO_FORM", std::move(text)));
      if (!status.ok() && !service_.refuse_method) return status;
      if (!status.ok()) {
        why = status.message();
        findings_.push_back(diagnostic(Severity::warning, base::to_string(status.reason()),
                                       callers_.full_name + "/" + method.name + " is refused: " + why));
      }
    }
    if (!why.empty()) route.refusal = base::Status(base::Reason::call_no_form, why);
    return snapshot_.routes.add(std::move(route), names(caller));
  }

  // As a Thrift caller's multiplexed prefix says it; plain gRPC knows the full name only.
  std::vector<std::string> names(router::Protocol caller) const {
    std::vector<std::string> out = {callers_.full_name};
    if (caller == router::Protocol::thrift && callers_.name != callers_.full_name)
      out.push_back(callers_.name);
    return out;
  }

  // Each once: one type's error stands in the way of every method that has it.
  void tell(const idl::match::Finding& finding, Severity severity) {
    if (!told_.insert(&finding).second) return;
    idl::Diagnostic made = diagnostic(severity, finding.rule->name,
                                      finding.subject + ": " + finding.text + " (" + callers_.full_name +
                                          " for " + provider_.full_name + ")");
    made.location = finding.from_exposed ? finding.exposed : finding.provider;
    findings_.push_back(std::move(made));
  }

  const ServiceRoutes& service_;
  const idl::Service& callers_;
  const idl::Language language_;
  const idl::Service& provider_;
  const idl::match::Match& match_;
  Snapshot& snapshot_;
  std::vector<idl::Diagnostic>& findings_;
  std::unordered_set<const idl::match::Finding*> told_;
};

base::Result<SchemaRef> schema_in(SchemaSet& schemas, idl::Language written_in, idl::Language language) {
  if (written_in == language) return schemas.written(language);
  return schemas.derived(language, written_in);
}

}  // namespace

void add_exposed_routes(const ServiceRoutes& service, const Exposure& exposure, SchemaSet& schemas,
                        const transcode::PlanOptions& options, Snapshot& snapshot,
                        std::vector<idl::Diagnostic>& findings) {
  const std::string& own = service.cluster->interface;
  idl::Language language = idl::Language::thrift;
  const idl::Service* callers =
      schemas.find_service(exposure.interface, other_than(service.written_in), language);
  if (callers == nullptr) {
    const std::vector<std::string> names = schemas.service_names();
    findings.push_back(diagnostic(Severity::error, "UNKNOWN_INTERFACE",
                                  "no service '" + exposure.interface + "' in the schemas, which have: " +
                                      idl::list_names(names) + idl::did_you_mean(exposure.interface, names)));
    return;
  }
  if (exposure.interface == own && language == service.written_in) {
    std::vector<std::string> warnings;
    const base::Status status = add_routes(service, schemas, options, snapshot, warnings);
    if (!status.ok()) {
      findings.push_back(
          diagnostic(Severity::error, base::to_string(status.reason()), std::string(status.message())));
    }
    for (std::string& text : warnings)
      findings.push_back(diagnostic(Severity::warning, "NO_FORM", std::move(text)));
    return;
  }
  const idl::Language native = language_of(service.cluster->bodies());
  const base::Result<const idl::Service*> provider = schemas.service_in(own, service.written_in, native);
  const base::Result<SchemaRef> provider_schema = schema_in(schemas, service.written_in, native);
  if (!provider || !provider_schema) {
    const base::Status& status = provider ? provider_schema.error() : provider.error();
    findings.push_back(
        diagnostic(Severity::error, base::to_string(status.reason()), std::string(status.message())));
    return;
  }
  const auto match = idl::match::Match::make({schemas.written(language).get(), callers},
                                             {provider_schema->get(), *provider}, exposure.overrides);
  Builder(service, *callers, language, **provider, *match, snapshot, findings).build(options);
}

}  // namespace koine::control
