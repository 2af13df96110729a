// Flattening and naming. Owner: see methods.h.
#include "idl/java/methods.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/limits.h"
#include "idl/java/library.h"

namespace koine::idl::java {
namespace {

std::string joined_descriptors(const std::vector<const Term*>& terms) {
  std::string text;
  for (const Term* term : terms) text += descriptor(*term);
  return text;
}

}  // namespace

std::vector<MethodDecl> Methods::of(const ClassDecl& interface) {
  std::vector<MethodDecl> methods;
  add(*terms_.raw(interface), methods);
  name_apart(methods);
  return methods;
}

void Methods::add(const Term& interface, std::vector<MethodDecl>& methods) {
  // Depth first, each interface once: what is declared nearer stands for what it overrides.
  std::set<const Term*> seen{&interface};
  std::vector<std::pair<const Term*, std::size_t>> open{{&interface, 0}};
  std::set<std::pair<std::string, std::string>> taken;
  while (!open.empty()) {
    const auto [term, level] = open.back();
    open.pop_back();
    const ClassDecl& decl = *term->decl;
    for (const MethodNode& node : decl.node->methods) {
      if (level > 0) ++inherited_;
      if (too_large(decl, node)) return;
      MethodDecl method = declared(*term, node);
      if (!taken.emplace(node.name, joined_descriptors(method.parameters)).second) continue;
      methods.push_back(std::move(method));
    }
    if (level >= base::Limits().nesting_max) {
      report_.error(decl.file->source, decl.node->place, "EXTENDS_DEPTH",
                    "more than " + std::to_string(level) + " interfaces extend one another (nesting_max)");
      return;
    }
    const std::vector<const Term*> bases = terms_.supertypes(*term, decl.node->bases);
    for (std::size_t i = bases.size(); i-- > 0;) {
      const Term* base = bases[i];
      const Place place = decl.node->bases[i].place;
      if (base->form == Term::Form::unknown) {
        report_.error(decl.file->source, place, "UNKNOWN_TYPE",
                      "'" + decl.node->name + "' extends '" + base->name +
                          "', which is in no file; read its source as well");
      } else if (base->form == Term::Form::oversized) {
        report_.error(decl.file->source, place, "EXTENDS_DEPTH",
                      "'" + decl.node->name + "' extends an interface that is nested beyond all measure");
      } else if (base->form == Term::Form::declared && base->decl == interface.decl) {
        report_.error(decl.file->source, place, "CIRCULAR_EXTENDS",
                      "'" + interface.decl->node->name + "' extends itself, by way of others");
      } else if (base->form == Term::Form::declared && seen.insert(base).second) {
        open.emplace_back(base, level + 1);
      }
    }
  }
}

bool Methods::too_large(const ClassDecl& decl, const MethodNode& node) {
  if (inherited_ <= bounds_.inherited_methods_max && copied_bytes_ <= bounds_.copied_bytes_max) return false;
  if (!too_large_) {
    report_.error(decl.file->source, node.place, "TOO_LARGE",
                  "the interfaces have more than " + std::to_string(bounds_.inherited_methods_max) +
                      " methods by 'extends', or " + std::to_string(bounds_.copied_bytes_max) +
                      " bytes of comments and descriptors");
  }
  return too_large_ = true;
}

MethodDecl Methods::declared(const Term& interface, const MethodNode& node) {
  const Scope scope{interface.decl->file, interface.decl, &node.type_parameters};
  const Bindings bindings = Terms::bindings_of(interface);
  MethodDecl method;
  method.node = &node;
  method.file = interface.decl->file;
  method.interface = interface.decl;
  method.result = result_of(*terms_.resolve(node.result, scope, bindings));
  for (const FieldNode& parameter : node.parameters) {
    method.parameters.push_back(terms_.resolve(parameter.type, scope, bindings));
    // A JVM knows the method as its interface declares it, whatever stands for the variables here.
    method.signature += descriptor(*terms_.resolve(parameter.type, scope, {}));
  }
  copied_bytes_ += method.signature.size() + node.doc.size();
  for (const TypeNode& type : node.throws) method.throws.push_back(terms_.resolve(type, scope, bindings));
  return method;
}

const Term* Methods::result_of(const Term& written) {
  const Term* result = &written;
  const auto means = [&](Meaning meaning) {
    const LibraryClass* known = result->form == Term::Form::library ? find_library(result->name) : nullptr;
    return known != nullptr && known->meaning == meaning;
  };
  if (means(Meaning::future) && result->arguments.size() == 1) result = result->arguments[0];
  const bool nothing =
      (result->form == Term::Form::primitive && result->name == "void") || means(Meaning::nothing);
  return nothing ? nullptr : result;
}

void name_apart(std::vector<MethodDecl>& methods) {
  std::map<std::string, std::vector<MethodDecl*>> by_name;
  std::set<std::string> taken;
  std::map<std::string, std::size_t> numbers;
  for (MethodDecl& method : methods) {
    by_name[method.node->name].push_back(&method);
    taken.insert(method.node->name);
  }
  for (auto& [name, overloads] : by_name) {
    std::sort(overloads.begin(), overloads.end(), [](const MethodDecl* a, const MethodDecl* b) {
      return std::tuple(a->parameters.size(), a->signature) < std::tuple(b->parameters.size(), b->signature);
    });
    overloads.front()->name = name;
    for (std::size_t i = 1; i < overloads.size(); ++i) {
      std::string longer = name + "By";
      for (const Term* parameter : overloads[i]->parameters) longer += spoken_name(*parameter);
      overloads[i]->name = longer;
      // Two packages may have classes of one name.
      std::size_t& number = numbers.emplace(longer, 1).first->second;
      while (!taken.insert(overloads[i]->name).second) {
        overloads[i]->name = longer + std::to_string(++number);
      }
    }
  }
}

}  // namespace koine::idl::java
