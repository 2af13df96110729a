// What is a service, what it needs, and what has no form. Owner: see read.h.
#include "idl/java/read.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "idl/java/graph.h"
#include "idl/java/library.h"

namespace koine::idl::java {
namespace {

class Reader {
 public:
  Reader(Schema& schema, Loader& loader, const Bounds& bounds, Report& report)
      : loader_(loader),
        report_(report),
        classes_(loader, report),
        terms_(classes_),
        shapes_(terms_, bounds, report),
        methods_(terms_, bounds, report),
        graph_(schema, terms_, shapes_, report) {}

  void read() {
    // What is named is declared before any name is looked up: a look-up may load further files.
    for (std::size_t i = 0, count = loader_.files().size(); i < count; ++i)
      classes_.declare(loader_.files()[i]);
    if (report_.errors() > 0) return;
    named_ = classes_.all().size();
    find_services();
    shapes_.expand();
    std::erase_if(services_, [&](const ServiceDecl& one) { return shapes_.interfaces().contains(one.decl); });
    add_other_classes();
    shapes_.expand();
    if (report_.errors() > 0) return;
    for (ServiceDecl& service : services_) leave_out(service);
    std::erase_if(services_, [](const ServiceDecl& one) { return one.methods.empty(); });
    if (report_.errors() == 0) build();
  }

 private:
  void find_services() {
    for (std::size_t i = 0; i < named_; ++i) {
      const ClassDecl& decl = classes_.all()[i];
      if (decl.node->form != ClassForm::interface || !decl.node->type_parameters.empty()) continue;
      ServiceDecl service{&decl, methods_.of(decl)};
      for (const MethodDecl& method : service.methods) use_of(method);
      if (!service.methods.empty()) services_.push_back(std::move(service));
    }
  }

  // All that stands behind a method, and the first thing that has no form.
  Use use_of(const MethodDecl& method) {
    const std::string of = " of '" + method.node->name + "'";
    Use all;
    const auto add = [&](const Term& term, const std::string& subject, Place place) {
      Use one = shapes_.use(term, subject, *method.file, place);
      all.shapes.insert(all.shapes.end(), one.shapes.begin(), one.shapes.end());
      if (!all.problem) all.problem = std::move(one.problem);
    };
    if (method.result != nullptr) add(*method.result, "the result" + of, method.node->result.place);
    for (std::size_t i = 0; i < method.parameters.size(); ++i) {
      const FieldNode& parameter = method.node->parameters[i];
      add(*method.parameters[i], "'" + parameter.name + "'" + of, parameter.type.place);
    }
    for (std::size_t i = 0; i < method.throws.size(); ++i) {
      if (method.throws[i]->form != Term::Form::declared) continue;
      add(*method.throws[i], "an exception" + of, method.node->throws[i].place);
    }
    return all;
  }

  // Classes that no service names may come all the same, as subclasses and exceptions do. Nobody has to hear
  // of those that have no form.
  void add_other_classes() {
    for (std::size_t i = 0; i < named_; ++i) {
      const ClassDecl& decl = classes_.all()[i];
      const ClassForm form = decl.node->form;
      if (form != ClassForm::class_ && form != ClassForm::record) continue;
      if (!decl.node->type_parameters.empty()) continue;
      const Term& term = *terms_.raw(decl);
      if (shapes_.container(term) == &term) shapes_.shape_of(term);
    }
  }

  // Methods that cannot be called for want of a form, each with what is in the way.
  void leave_out(ServiceDecl& service) {
    std::vector<MethodDecl> kept;
    for (MethodDecl& method : service.methods) {
      Use use = use_of(method);
      for (const Shape* shape : use.shapes) {
        if (!use.problem || (!use.problem->is_error && shape->problem && shape->problem->is_error)) {
          use.problem = shape->problem;
        }
      }
      check_throws(method);
      if (!use.problem) {
        kept.push_back(std::move(method));
      } else if (!told_
                      .insert({use.problem->is_error ? nullptr : method.node,
                               use.problem->file,
                               {use.problem->place.line, use.problem->place.column}})
                      .second) {
        continue;  // told of another service
      } else if (use.problem->is_error) {
        report_.error(use.problem->file->source, use.problem->place, use.problem->rule, use.problem->message);
      } else {
        report_.warning(method.file->source, method.node->place, use.problem->rule,
                        "'" + method.node->name + "' is left out of '" + service.decl->node->name +
                            "': " + use.problem->message);
      }
    }
    service.methods = std::move(kept);
  }

  void check_throws(const MethodDecl& method) {
    if (!checked_throws_.insert(method.node).second) return;
    for (std::size_t i = 0; i < method.throws.size(); ++i) {
      const Term& term = *method.throws[i];
      const Place place = method.node->throws[i].place;
      if (term.form == Term::Form::declared && !shapes_.is_exception(term)) {
        report_.error(method.file->source, place, "NOT_AN_EXCEPTION",
                      "'" + text(term) + "' of 'throws' is no exception; let it extend one");
      } else if (term.form != Term::Form::declared) {
        report_.warning(
            method.file->source, place, "JAVA_THROWS",
            "'" + text(term) + "' is declared in no file that is read; it arrives as an error of no type");
      }
    }
  }

  void build() {
    std::map<const ClassDecl*, const ServiceDecl*> services;
    for (const ServiceDecl& service : services_) services[service.decl] = &service;
    for (std::size_t i = 0; i < named_; ++i) {
      const ClassDecl& decl = classes_.all()[i];
      if (decl.node->form == ClassForm::enumeration) graph_.add_enum(decl);
    }
    graph_.add_structs();
    for (const ServiceDecl& service : services_) graph_.add_service(service, services);
  }

  struct Told {
    const MethodNode* method;
    const LoadedFile* file;
    std::pair<int, int> place;
    auto operator<=>(const Told&) const = default;
  };

  Loader& loader_;
  Report& report_;
  Classes classes_;
  Terms terms_;
  Shapes shapes_;
  Methods methods_;
  Graph graph_;
  std::size_t named_ = 0;  // the first of all classes are those of the files that were named
  std::vector<ServiceDecl> services_;
  std::set<Told> told_;
  std::set<const MethodNode*> checked_throws_;
};

}  // namespace

ReadResult read(const std::vector<std::string>& paths, const ReadOptions& options) {
  std::unique_ptr<SourceProvider> disk;
  const SourceProvider* sources = options.sources;
  if (sources == nullptr) {
    disk = disk_sources();
    sources = disk.get();
  }
  ReadResult result;
  auto schema = std::make_unique<Schema>();
  Report report;
  Loader loader(options.import_paths, *sources, options.bounds, report);
  for (const std::string& path : paths) loader.load_named(path);
  loader.finish();
  // What a syntax error left out would be reported again as unknown.
  if (report.errors() == 0) Reader(*schema, loader, options.bounds, report).read();
  if (report.errors() == 0) result.schema = std::move(schema);
  result.diagnostics = report.take();
  return result;
}

}  // namespace koine::idl::java
