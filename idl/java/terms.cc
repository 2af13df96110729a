// Interning, type variables, descriptors. Owner: see terms.h.
#include "idl/java/terms.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
#include "idl/java/library.h"
#include "idl/java/spelling.h"

namespace koine::idl::java {
namespace {

constexpr std::size_t type_parts_max = 4096;
constexpr std::size_t shown_text_max = 200;

void append_text(const Term& term, std::string& out) {
  if (out.size() > shown_text_max) return;
  if (term.form == Term::Form::array) {
    append_text(*term.arguments[0], out);
    out += "[]";
    return;
  }
  out += term.name;
  for (std::size_t i = 0; i < term.arguments.size(); ++i) {
    out += i == 0 ? "<" : ", ";
    append_text(*term.arguments[i], out);
  }
  if (!term.arguments.empty()) out += '>';
}

}  // namespace

const Term* Terms::intern(Term::Form form, std::string name, const ClassDecl* decl,
                          std::vector<const Term*> arguments) {
  Key key(form, std::move(name), decl, std::move(arguments));
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  Term term;
  term.form = form;
  term.name = std::get<1>(key);
  term.decl = decl;
  term.arguments = std::get<3>(key);
  for (const Term* argument : term.arguments) {
    term.depth = std::max(term.depth, argument->depth + 1);
    term.parts += argument->parts;
    if (argument->form == Term::Form::oversized) return argument;
  }
  if (term.depth > base::Limits().nesting_max || term.parts > type_parts_max) {
    return intern(Term::Form::oversized, term.name, nullptr, {});
  }
  return known_[std::move(key)] = &terms_.emplace_back(std::move(term));
}

const Term* Terms::raw(const ClassDecl& decl) {
  return intern(Term::Form::declared, decl.full_name, &decl, {});
}

Bindings Terms::bindings_of(const Term& term) {
  Bindings bindings;
  if (term.decl == nullptr) return bindings;
  const std::vector<TypeParameterNode>& parameters = term.decl->node->type_parameters;
  // javac refuses other numbers.
  for (std::size_t i = 0; i < std::min(parameters.size(), term.arguments.size()); ++i) {
    bindings[parameters[i].name] = term.arguments[i];
  }
  return bindings;
}

std::vector<const Term*> Terms::supertypes(const Term& term, const std::vector<TypeNode>& written) {
  const Scope scope{term.decl->file, term.decl, nullptr};
  const Bindings bindings = bindings_of(term);
  std::vector<const Term*> found;
  for (const TypeNode& node : written) found.push_back(resolve(node, scope, bindings));
  return found;
}

const Term* Terms::resolve(const TypeNode& node, const Scope& scope, const Bindings& bindings) {
  const Term* found = nullptr;
  if (node.name.empty()) {
    found = object();
  } else if (primitive_letter(node.name) != '\0') {
    found = intern(Term::Form::primitive, node.name, nullptr, {});
  } else {
    found = variable(node, scope, bindings);
  }
  if (found == nullptr) {
    std::vector<const Term*> arguments;
    for (const TypeNode& argument : node.arguments) arguments.push_back(resolve(argument, scope, bindings));
    const Named named = classes_.find(node.name, scope.owner, *scope.file);
    if (named.decl != nullptr) {
      const std::vector<TypeParameterNode>& parameters = named.decl->node->type_parameters;
      if (arguments.size() != parameters.size()) arguments.clear();
      // Of `?` the class itself says what it may be.
      for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (!node.arguments[i].name.empty()) continue;
        arguments[i] = erased(parameters[i], {named.decl->file, named.decl, nullptr});
      }
      found = intern(Term::Form::declared, named.decl->full_name, named.decl, std::move(arguments));
    } else if (named.library.empty() && scope.file->is_definition) {
      found = object();
    } else if (is_library_name(named.library)) {
      found = intern(Term::Form::library, named.library, nullptr, std::move(arguments));
    } else {
      found = intern(Term::Form::unknown, named.library.empty() ? node.name : named.library, nullptr, {});
    }
  }
  for (std::size_t i = 0; i < node.dimensions; ++i) found = intern(Term::Form::array, "", nullptr, {found});
  return found;
}

// Null when the name is none of a type variable.
const Term* Terms::variable(const TypeNode& node, const Scope& scope, const Bindings& bindings) {
  const auto find = [&](const std::vector<TypeParameterNode>& parameters) -> const TypeParameterNode* {
    for (const TypeParameterNode& one : parameters) {
      if (one.name == node.name) return &one;
    }
    return nullptr;
  };
  if (scope.method_parameters != nullptr) {
    if (const TypeParameterNode* found = find(*scope.method_parameters)) return erased(*found, scope);
  }
  for (const ClassDecl* decl = scope.owner; decl != nullptr; decl = decl->outer) {
    const TypeParameterNode* found = find(decl->node->type_parameters);
    if (found == nullptr) continue;
    const auto bound = bindings.find(node.name);
    return decl == scope.owner && bound != bindings.end() ? bound->second : erased(*found, scope);
  }
  return nullptr;
}

// A bound may name its own variable, and others in any order: `T extends Comparable<T>`.
const Term* Terms::erased(const TypeParameterNode& parameter, const Scope& scope) {
  const auto known = bounds_.find(&parameter);
  if (known != bounds_.end()) return known->second;
  bounds_[&parameter] = object();
  if (parameter.bounds.empty() || bounds_open_ >= base::Limits().nesting_max) return object();
  ++bounds_open_;
  const Term* bound = resolve(parameter.bounds.front(), scope, {});
  --bounds_open_;
  return bounds_[&parameter] = bound;
}

std::string text(const Term& term) {
  std::string out;
  append_text(term, out);
  if (out.size() > shown_text_max) {
    out.resize(shown_text_max);
    out += "…";
  }
  return out;
}

std::string class_name(const Term& term) {
  switch (term.form) {
    case Term::Form::array: return class_name(*term.arguments[0]) + "[]";
    case Term::Form::declared: return term.decl->binary_name;
    case Term::Form::primitive: return term.name;
    case Term::Form::library:
    case Term::Form::unknown:
    case Term::Form::oversized: break;
  }
  return binary_name(term.name);
}

std::string spoken_name(const Term& term) {
  if (term.form == Term::Form::array) return spoken_name(*term.arguments[0]) + "Array";
  std::string name = term.name.substr(term.name.rfind('.') + 1);
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

std::string descriptor(const Term& term) { return descriptor_of(class_name(term)); }

}  // namespace koine::idl::java
