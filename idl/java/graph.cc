// Structs, enums and services. Owner: see graph.h.
#include "idl/java/graph.h"

#include <algorithm>
#include <utility>

#include "idl/bounds.h"
#include "idl/java/library.h"

namespace koine::idl::java {
namespace {

constexpr std::string_view message_field = "message";

Location location_of(const LoadedFile& file, Place place) {
  return {file.source.path, place.line, place.column};
}

// What the arguments of a generic class add to its name: "OfItem", "OfStringAndPageOfItem".
void append_arguments(const Term& term, std::string& out) {
  if (out.size() > name_bytes_max) return;
  if (term.form == Term::Form::array) return append_arguments(*term.arguments[0], out);
  for (std::size_t i = 0; i < term.arguments.size(); ++i) {
    out += (i == 0 ? "Of" : "And") + spoken_name(*term.arguments[i]);
    append_arguments(*term.arguments[i], out);
  }
}

std::string without_package(const std::string& full_name, const std::string& package) {
  return package.empty() ? full_name : full_name.substr(package.size() + 1);
}

}  // namespace

// Classes of one package name one another as they like; files of a schema cannot.
File& Graph::file_of(const ClassDecl& decl) {
  const std::string& package = decl.file->node.package;
  File*& file = files_[package];
  if (file == nullptr) {
    file = &schema_.add_file();
    file->language = Language::java;
    file->package = package;
    file->path = (package.empty() ? "default" : package) + ".java";
    std::replace(file->path.begin(), file->path.end() - 5, '.', '/');
  }
  return *file;
}

std::string Graph::claim(std::string full_name) {
  std::string name = full_name;
  std::size_t& number = full_names_.emplace(full_name, 0).first->second;
  while (number++ > 0) {
    name = full_name + std::to_string(number);
    if (full_names_.emplace(name, 1).second) break;
  }
  return name;
}

void Graph::add_enum(const ClassDecl& decl) { enum_of(decl); }

const EnumType& Graph::enum_of(const ClassDecl& decl) {
  EnumType*& type = enums_[&decl];
  if (type != nullptr) return *type;
  type = &schema_.add_enum();
  type->full_name = claim(decl.full_name);
  type->name = without_package(type->full_name, decl.file->node.package);
  type->doc = decl.node->doc;
  type->location = location_of(*decl.file, decl.node->place);
  if (decl.binary_name != type->full_name) {
    type->annotations.push_back({std::string(java_class_annotation), decl.binary_name});
  }
  for (const ConstantNode& constant : decl.node->constants) {
    const auto number = static_cast<std::int32_t>(type->values.size());
    type->values.push_back({constant.name, number, {}, constant.doc});
  }
  file_of(decl).enums.push_back(type);
  return *type;
}

void Graph::add_structs() {
  std::vector<const Shape*> shapes;
  for (const Shape& shape : shapes_.all()) {
    if (!shape.problem) shapes.push_back(&shape);
  }
  std::stable_sort(shapes.begin(), shapes.end(), [](const Shape* a, const Shape* b) {
    return a->term->decl->order < b->term->decl->order;
  });
  // A class that is called as a use of another is keeps its name.
  for (const bool generic : {false, true}) {
    for (const Shape* shape : shapes) {
      if (shape->term->arguments.empty() == generic) continue;
      const ClassDecl& decl = *shape->term->decl;
      StructType& type = *(structs_[shape->term] = &schema_.add_struct());
      std::string full_name = decl.full_name;
      append_arguments(*shape->term, full_name);
      type.full_name = claim(std::move(full_name));
      type.name = without_package(type.full_name, decl.file->node.package);
    }
  }
  for (const Shape* shape : shapes) {
    StructType& type = *structs_[shape->term];
    fill_struct(*shape, type);
    file_of(*shape->term->decl).structs.push_back(&type);
  }
}

void Graph::fill_struct(const Shape& shape, StructType& type) {
  const ClassDecl& decl = *shape.term->decl;
  type.doc = decl.node->doc;
  type.location = location_of(*decl.file, decl.node->place);
  type.implicit_utf8 = false;
  if (decl.binary_name != type.full_name) {
    type.annotations.push_back({std::string(java_class_annotation), decl.binary_name});
  }
  // Of two fields of one name the subclass's travels; it comes later in the list.
  std::map<std::string_view, const ShapeField*> last;
  for (const ShapeField& field : shape.fields) last[field.node->name] = &field;
  if (shape.is_exception) {
    type.form = StructForm::exception;
    if (!last.contains(message_field)) {
      Field& message = type.fields.emplace_back();
      message.name = message.json_name = std::string(message_field);
      message.id = 1;
      message.type = schema_.scalar(Kind::string);
      message.presence = Presence::optional;
      message.location = type.location;
      message.annotations.push_back({std::string(java_field_annotation), "detailMessage"});
    }
  }
  for (const ShapeField& field : shape.fields) {
    const ShapeField& kept = *last[field.node->name];
    if (&kept != &field) {
      if (told_hidden_.insert(kept.node).second) {
        report_.warning(kept.file->source, kept.node->place, "INHERITANCE_FLATTENED",
                        "'" + kept.node->name + "' is a field of a superclass as well, at " +
                            field.file->source.path + ":" + std::to_string(field.node->place.line) +
                            "; of the two this one is read and written. Rename one of them");
      }
      continue;
    }
    Field& made = add_field(type, field.node->name, *field.term, location_of(*field.file, field.node->place));
    made.id = static_cast<std::int32_t>(type.fields.size());
    made.doc = field.node->doc;
  }
}

Field& Graph::add_field(StructType& type, const std::string& name, const Term& term,
                        const Location& location) {
  Field& field = type.fields.emplace_back();
  field.name = name;
  field.json_name = name;
  field.type = type_of(term);
  field.presence = term.form == Term::Form::primitive ? Presence::implicit : Presence::optional;
  field.location = location;
  if (holds_milliseconds(term)) {
    field.annotations.push_back({"koine.unit", "ms"});
    field.annotations.push_back({"koine.as", "instant"});
  }
  return field;
}

const ServiceDecl* Graph::base_of(const ServiceDecl& service,
                                  const std::map<const ClassDecl*, const ServiceDecl*>& services) {
  for (const Term* base : terms_.supertypes(*terms_.raw(*service.decl), service.decl->node->bases)) {
    const auto found = base->decl == nullptr ? services.end() : services.find(base->decl);
    if (found == services.end() || services_.find(base->decl) == services_.end()) continue;
    // All that the base has, by the same names: nothing is declared anew or overloaded.
    const std::vector<MethodDecl>& inherited = found->second->methods;
    const bool same = std::all_of(inherited.begin(), inherited.end(), [&](const MethodDecl& one) {
      return std::any_of(service.methods.begin(), service.methods.end(), [&](const MethodDecl& other) {
        return other.node == one.node && other.name == one.name;
      });
    });
    if (same) return found->second;
  }
  return nullptr;
}

void Graph::add_service(const ServiceDecl& decl,
                        const std::map<const ClassDecl*, const ServiceDecl*>& services) {
  if (services_.contains(decl.decl)) return;
  // Bases first; none of them is its own, which would have been reported.
  for (const Term* base : terms_.supertypes(*terms_.raw(*decl.decl), decl.decl->node->bases)) {
    const auto found = base->decl == nullptr ? services.end() : services.find(base->decl);
    if (found != services.end()) add_service(*found->second, services);
  }
  Service& service = schema_.add_service();
  services_[decl.decl] = &service;
  const ClassDecl& interface = *decl.decl;
  service.full_name = claim(interface.full_name);
  service.name = without_package(service.full_name, interface.file->node.package);
  service.doc = interface.node->doc;
  service.location = location_of(*interface.file, interface.node->place);
  if (interface.binary_name != service.full_name) {
    service.annotations.push_back({std::string(java_class_annotation), interface.binary_name});
  }
  const ServiceDecl* const base = base_of(decl, services);
  const Service* const inherited = base == nullptr ? nullptr : services_[base->decl];
  const auto is_inherited = [&](const MethodDecl& method) {
    return base != nullptr && std::any_of(base->methods.begin(), base->methods.end(),
                                          [&](const MethodDecl& one) { return one.node == method.node; });
  };
  for (const MethodDecl& method : decl.methods) {
    if (!is_inherited(method)) fill_method(service, method, service.methods.emplace_back());
  }
  service.own_methods = service.methods.size();
  if (inherited != nullptr) {
    service.base = inherited->full_name;
    service.methods.insert(service.methods.end(), inherited->methods.begin(), inherited->methods.end());
  }
  file_of(interface).services.push_back(&service);
}

void Graph::fill_method(const Service& service, const MethodDecl& decl, Method& method) {
  method.name = decl.name;
  method.doc = decl.node->doc;
  method.location = location_of(*decl.file, decl.node->place);
  if (decl.name != decl.node->name) {
    method.annotations.push_back({std::string(java_method_annotation), decl.node->name});
  }
  method.annotations.push_back({std::string(java_signature_annotation), decl.signature});
  const auto make = [&](std::string_view suffix, StructRole role) -> StructType& {
    StructType& type = schema_.add_struct();
    type.name = service.name + "." + method.name + std::string(suffix);
    type.full_name = claim(service.full_name + "." + method.name + std::string(suffix));
    type.role = role;
    type.implicit_utf8 = false;
    type.location = method.location;
    return type;
  };
  StructType& arguments = make("_args", StructRole::arguments);
  for (std::size_t i = 0; i < decl.parameters.size(); ++i) {
    const FieldNode& parameter = decl.node->parameters[i];
    Field& field =
        add_field(arguments, parameter.name, *decl.parameters[i], location_of(*decl.file, parameter.place));
    field.id = static_cast<std::int32_t>(i + 1);
  }
  method.request = &arguments;
  arguments.annotations.push_back(method.annotations.back());
  StructType& result = make("_result", StructRole::result);
  result.annotations.push_back(
      {std::string(java_signature_annotation), decl.result != nullptr ? descriptor(*decl.result) : "V"});
  if (decl.result != nullptr) {
    Field& success =
        add_field(result, "success", *decl.result, location_of(*decl.file, decl.node->result.place));
    success.presence = Presence::optional;
  }
  add_throws(decl, result);
  method.response = &result;
}

void Graph::add_throws(const MethodDecl& decl, StructType& result) {
  std::set<std::string> names{"success"};
  std::int32_t id = 0;
  for (std::size_t i = 0; i < decl.throws.size(); ++i) {
    const Term& term = *decl.throws[i];
    const auto found = structs_.find(&term);
    if (found == structs_.end()) continue;  // a class of the JDK
    std::string name = term.decl->node->name;
    if (name[0] >= 'A' && name[0] <= 'Z') name[0] = static_cast<char>(name[0] - 'A' + 'a');
    const std::string bare = name;
    for (std::size_t number = 2; !names.insert(name).second; ++number) name = bare + std::to_string(number);
    add_field(result, name, term, location_of(*decl.file, decl.node->throws[i].place)).id = ++id;
  }
}

}  // namespace koine::idl::java
