// What stands behind a type. Owner: see shapes.h.
#include "idl/java/shapes.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "idl/java/library.h"

namespace koine::idl::java {
namespace {

// Of generic classes, one for each use: a class that uses itself with other arguments could go on for ever.
constexpr std::size_t shapes_max = 50'000;
// Types that are looked at, those in others counted with each use.
constexpr std::size_t looks_max = 20'000'000;

bool is_container(Meaning meaning) {
  return meaning == Meaning::list || meaning == Meaning::set || meaning == Meaning::map;
}

}  // namespace

Shape* Shapes::shape_of(const Term& term) {
  const auto known = by_term_.find(&term);
  if (known != by_term_.end()) return known->second;
  Shape& shape = shapes_.emplace_back();
  shape.term = &term;
  if (shapes_.size() > shapes_max && !std::exchange(too_large_, true)) {
    report_.error(term.decl->file->source, term.decl->node->place, "TOO_LARGE",
                  "there are more than " + std::to_string(shapes_max) +
                      " classes, counting each use of a generic one; '" + text(term) + "' is the next");
  }
  return by_term_[&term] = &shape;
}

Use Shapes::use(const Term& term, std::string_view subject, const LoadedFile& file, Place place) {
  Use found;
  look(term, found, subject, file, place);
  return found;
}

void Shapes::look(const Term& term, Use& use, std::string_view subject, const LoadedFile& file, Place place) {
  const auto problem = [&](std::string_view rule, bool is_error, const std::string& message) {
    if (!use.problem) use.problem = {rule, is_error, std::string(subject) + " " + message, &file, place};
  };
  if (++looks_ == looks_max) {
    report_.error(file.source, place, "TOO_LARGE",
                  "types are used in one another too often; read fewer files");
  }
  if (looks_ >= looks_max) return;
  switch (term.form) {
    case Term::Form::primitive: return;
    case Term::Form::array: return look(*term.arguments[0], use, subject, file, place);
    case Term::Form::library: return look_at_library(term, use, subject, file, place);
    case Term::Form::unknown:
      return problem("UNKNOWN_TYPE", true,
                     "is a '" + text(term) + "', which is in no file; read its source as well");
    case Term::Form::oversized:
      return problem("TYPE_DEPTH", true,
                     "has a type that is nested or composed beyond all measure (nesting_max)");
    case Term::Form::declared: break;
  }
  switch (term.decl->node->form) {
    case ClassForm::enumeration: return;
    case ClassForm::interface: {
      interfaces_.insert(term.decl);
      const Term* const library = container(term);
      if (library != &term) return look_at_library(*library, use, subject, file, place);
      return problem("JAVA_DYNAMIC", false,
                     "is a '" + text(term) + "', an interface: which class comes, only its sender knows");
    }
    case ClassForm::annotation: return problem("JAVA_NO_FORM", false, "is an annotation, and no value");
    case ClassForm::class_:
    case ClassForm::record: break;
  }
  const Term* const library = container(term);
  if (library != &term) return look_at_library(*library, use, subject, file, place);
  if (!too_large_) use.shapes.push_back(shape_of(term));
}

void Shapes::look_at_library(const Term& term, Use& use, std::string_view subject, const LoadedFile& file,
                             Place place) {
  const auto problem = [&](std::string_view rule, const std::string& message) {
    if (!use.problem) use.problem = {rule, false, std::string(subject) + " " + message, &file, place};
  };
  const LibraryClass* known = find_library(term.name);
  const Meaning meaning = known == nullptr ? Meaning::none : known->meaning;
  std::size_t arguments = 0;
  switch (meaning) {
    case Meaning::value:
    case Meaning::millisecond:
    case Meaning::instant:
    case Meaning::duration:
    case Meaning::nothing: return;
    case Meaning::list:
    case Meaning::set:
    case Meaning::optional:
    case Meaning::future: arguments = 1; break;
    case Meaning::map: arguments = 2; break;
    case Meaning::root:
    case Meaning::anything:
      return problem("JAVA_DYNAMIC", "is a '" + text(term) + "': what comes, only its sender knows");
    case Meaning::stream:
      return problem("JAVA_NO_FORM", "is a '" + text(term) + "': streams have no form here");
    case Meaning::exception:
    case Meaning::none:
      return problem("JAVA_NO_FORM", "is a '" + text(term) + "', which has no form in other languages");
  }
  if (term.arguments.size() != arguments) {
    return problem("JAVA_DYNAMIC",
                   "is a '" + text(term) + "' of anything: what comes, only its sender knows");
  }
  for (const Term* argument : term.arguments) look(*argument, use, subject, file, place);
}

// From the class itself upwards, up to the one that is none of those read, which is there too.
std::vector<const Term*> Shapes::superclasses(const Term& term, std::optional<Problem>* problem) {
  std::vector<const Term*> chain{&term};
  std::set<const ClassDecl*> seen{term.decl};
  while (chain.back()->form == Term::Form::declared && !chain.back()->decl->node->bases.empty() &&
         chain.back()->decl->node->form == ClassForm::class_) {
    const ClassDecl& decl = *chain.back()->decl;
    const Term* base = terms_.supertypes(*chain.back(), decl.node->bases).front();
    const bool circular = base->decl != nullptr && !seen.insert(base->decl).second;
    if (circular || chain.size() >= base::Limits().nesting_max) {
      if (problem != nullptr) {
        *problem = {circular ? "CIRCULAR_EXTENDS" : "EXTENDS_DEPTH", true,
                    "'" + text(term) + "' " +
                        (circular ? "extends itself, by way of others" : "extends too many classes in a row"),
                    decl.file, decl.node->bases.front().place};
      }
      break;
    }
    chain.push_back(base);
  }
  return chain;
}

const Term* Shapes::container(const Term& term) {
  if (term.form != Term::Form::declared) return &term;
  const Term*& known = containers_[&term];
  if (known == nullptr) known = find_container(term);
  return known;
}

const Term* Shapes::find_container(const Term& term) {
  const Term* top = superclasses(term, nullptr).back();
  if (top->form != Term::Form::library) {
    // interface Tags extends List<String>
    if (term.decl->node->form != ClassForm::interface || term.decl->node->bases.size() != 1) return &term;
    top = terms_.supertypes(term, term.decl->node->bases).front();
  }
  const LibraryClass* known = top->form == Term::Form::library ? find_library(top->name) : nullptr;
  return known != nullptr && is_container(known->meaning) ? top : &term;
}

bool Shapes::is_exception(const Term& term) {
  if (term.form != Term::Form::declared)
    return term.form == Term::Form::library && is_library_exception(term.name);
  const Term& top = *superclasses(term, nullptr).back();
  return top.form == Term::Form::library && is_library_exception(top.name);
}

void Shapes::add_fields(Shape& shape) {
  const std::vector<const Term*> chain = superclasses(*shape.term, &shape.problem);
  const Term& top = *chain.back();
  const ClassDecl& own = *shape.term->decl;
  if (top.form == Term::Form::library) {
    const LibraryClass* known = find_library(top.name);
    shape.is_exception = is_library_exception(top.name);
    const bool adds_nothing = shape.is_exception || top.name == "java.lang.Object" ||
                              (known != nullptr && known->meaning == Meaning::root);
    if (!adds_nothing) {
      shape.problem = {
          "JAVA_NO_FORM", false,
          "'" + text(*shape.term) + "' extends '" + text(top) + "', which has no form in other languages",
          own.file, own.node->place};
    }
  } else if (top.form != Term::Form::declared && !shape.problem) {
    const ClassDecl& last = chain.size() > 1 ? *chain[chain.size() - 2]->decl : own;
    shape.problem = {
        top.form == Term::Form::oversized ? "TYPE_DEPTH" : "UNKNOWN_TYPE", true,
        "'" + last.node->name + "' extends '" + text(top) + "', which is in no file; read its source as well",
        last.file, last.node->bases.empty() ? last.node->place : last.node->bases.front().place};
  }
  for (auto at = chain.rbegin(); at != chain.rend(); ++at) {
    if ((*at)->form != Term::Form::declared) continue;
    const ClassDecl& decl = *(*at)->decl;
    const Scope scope{decl.file, &decl, nullptr};
    const Bindings bindings = Terms::bindings_of(**at);
    for (const FieldNode& node : decl.node->fields) {
      copied_bytes_ += node.name.size() + node.doc.size();
      if (++fields_ > bounds_.parts_max || copied_bytes_ > bounds_.copied_bytes_max) {
        if (!std::exchange(too_large_, true)) {
          report_.error(decl.file->source, node.place, "TOO_LARGE",
                        "there are more than " + std::to_string(bounds_.parts_max) + " fields, or " +
                            std::to_string(bounds_.copied_bytes_max) +
                            " bytes of their comments, counting those of superclasses and of each use of a "
                            "generic class");
        }
        return;
      }
      shape.fields.push_back({&node, decl.file, terms_.resolve(node.type, scope, bindings)});
    }
  }
}

void Shapes::expand() {
  // The queue grows while it is gone through.
  for (std::size_t i = 0; i < shapes_.size(); ++i) {
    Shape& shape = shapes_[i];
    if (shape.expanded || too_large_) continue;
    shape.expanded = true;
    add_fields(shape);
    for (const ShapeField& field : shape.fields) {
      const std::string subject = "'" + shape.term->decl->node->name + "." + field.node->name + "'";
      Use inner = use(*field.term, subject, *field.file, field.node->type.place);
      for (Shape* used : inner.shapes) used->users.push_back(&shape);
      if (inner.problem && !shape.problem) shape.problem = std::move(inner.problem);
    }
  }
  spread_problems();
}

void Shapes::spread_problems() {
  std::vector<Shape*> queue;
  for (Shape& shape : shapes_) {
    if (shape.problem) queue.push_back(&shape);
  }
  // Errors first: who holds both hears of what can be mended.
  std::stable_partition(queue.begin(), queue.end(), [](const Shape* one) { return one->problem->is_error; });
  for (std::size_t i = 0; i < queue.size(); ++i) {
    for (Shape* user : queue[i]->users) {
      if (user->problem) continue;
      user->problem = queue[i]->problem;
      queue.push_back(user);
    }
  }
}

}  // namespace koine::idl::java
