// Thrift -> proto3: services, methods and their messages. Owner: see proto_deriver.h.
#include <algorithm>

#include "idl/derive/derive.h"
#include "idl/derive/proto_deriver.h"

namespace koine::idl::derive {
namespace {

const std::set<std::string_view> method_annotations = {"koine.name", "koine.idempotent", "koine.range",
                                                       "koine.argument", "koine.throws"};
// And on the way back.
const std::set<std::string_view> noted_on_method = {"koine.request", "koine.response", "koine.oneway"};
const std::set<std::string_view> service_annotations = {"koine.name", "koine.extends"};

}  // namespace

void ToProto::make_messages(const File& file) {
  for (const Service* service : file.services) {
    const std::vector<std::string> names = method_names(file, *service);
    for (std::size_t i = 0; i < service->own_methods; ++i) {
      make_messages(file, *service, service->methods[i], names[i]);
    }
  }
}

std::vector<std::string> ToProto::method_names(const File& file, const Service& service) {
  std::vector<std::string> wished;
  NameScope names;
  keep_.reserve_members(file, LockKind::method, service.full_name, names);
  if (comes_back(file)) {
    for (const Method& method : service.methods) {
      const std::string name = annotation_or(method.annotations, "koine.name", upper_first(method.name));
      wished.push_back(names.claim(is_identifier(name) ? name : upper_first(method.name)));
    }
    return wished;
  }
  for (const Method& method : service.methods) {
    const std::string name = annotation_or(method.annotations, "koine.name", method.name);
    wished.push_back(is_identifier(name) ? name : identifier_of(method.name));
    if (upper_first(wished.back()) == wished.back() && !names.taken(wished.back())) {
      names.reserve(wished.back());
    } else {
      wished.back() = "?" + wished.back();
    }
  }
  for (std::size_t i = 0; i < wished.size(); ++i) {
    std::string& name = wished[i];
    if (name.front() != '?') continue;
    const std::string plain = name.substr(1);
    const LockSubject subject{LockKind::method, service.full_name, service.methods[i].name, std::nullopt};
    name = keep_.name({file, subject, {}, upper_first(plain)}, [&] {
      const bool keep = names.taken(upper_first(plain)) && !names.taken(plain);
      return names.claim(keep ? plain : upper_first(plain));
    });
  }
  return wished;
}

void ToProto::make_messages(const File& file, const Service& service, const Method& method,
                            const std::string& name) {
  Messages& made = messages_[method.request];
  const std::vector<Field>& arguments = method.request->fields;
  const bool back = comes_back(file);
  const bool spread = annotation_or(method.annotations, "koine.args", "") == "spread" ||
                      (back && find_annotation(method.annotations, "koine.request") != nullptr);
  auto nothing = [&](const StructType& type, const char* annotation) {
    return back && type.find_field(0) == nullptr &&
           find_annotation(method.annotations, annotation) == nullptr;
  };
  if (arguments.size() == 1 && arguments[0].type->kind == Kind::structure && !spread) {
    made.request = structs_.at(arguments[0].type->structure);
  } else if (arguments.empty() && nothing(*method.request, "koine.request")) {
    made.request = &empty_message(*method.request);
    made.request_spread = true;
  } else {
    StructType& request = method_message(file, service, method, name, StructRole::arguments);
    request.origin = method.request;
    request.location = method.location;
    add_fields(file, *method.request, arguments, request);
    made.request = &request;
    made.request_spread = true;
  }
  const Field* success = method.response->find_field(0);
  if (success != nullptr && success->type->kind == Kind::structure) {
    made.response = structs_.at(success->type->structure);
    return;
  }
  if (nothing(*method.response, "koine.response")) {
    made.response = &empty_message(*method.response);
    made.response_spread = true;
    return;
  }
  StructType& response = method_message(file, service, method, name, StructRole::result);
  response.origin = method.response;
  response.location = method.location;
  if (success != nullptr) {
    const bool container = is_container(*success->type);
    add_made_field(response, 1, "value",
                   container ? repeated(file, *success->type) : single(file, *success->type));
    response.fields.back().origin_id = success->id;
  }
  made.response = &response;
  made.response_spread = true;
}

StructType& ToProto::method_message(const File& file, const Service& service, const Method& method,
                                    const std::string& name, StructRole role) {
  const NameScope& names = scope(derived_file(file).package);
  const bool request = role == StructRole::arguments;
  std::string wished = upper_first(name) + (request ? "Request" : "Response");
  if (comes_back(file)) {
    wished = annotation_or(method.annotations, request ? "koine.request" : "koine.response", wished);
    if (!is_identifier(wished)) wished = upper_first(name) + (request ? "Request" : "Response");
  }
  if (names.taken(wished)) wished = upper_first(identifier_of(service.name)) + wished;
  const LockKind kind = request ? LockKind::request : LockKind::response;
  return make_up(file, {kind, "", method_of(*method.request), std::nullopt}, wished, role);
}

void ToProto::fill_services(const File& file) {
  for (const Service* source : file.services) {
    Service& service = *std::find_if(services_.begin(), services_.end(), [&](const auto& pair) {
                          return pair.first == source;
                        })->second;
    service.doc = source->doc;
    service.location = source->location;
    const bool back = comes_back(file);
    if (service.name != source->name && !back) service.annotations.push_back({"koine.name", source->name});
    if (!source->base.empty()) service.annotations.push_back({"koine.extends", source->base});
    for (Annotation& kept : annotations_without(source->annotations, service_annotations)) {
      service.annotations.push_back(std::move(kept));
    }
    const std::vector<std::string> names = method_names(file, *source);
    for (std::size_t i = 0; i < source->methods.size(); ++i) {
      fill_method(source->methods[i], names[i], back, service.methods.emplace_back());
    }
    service.own_methods = service.methods.size();
  }
}

void ToProto::fill_method(const Method& source, const std::string& name, bool back, Method& method) {
  const Messages& messages = messages_.at(source.request);
  method.origin = &source;
  method.name = name;
  method.request = messages.request;
  method.response = messages.response;
  method.request_spread = messages.request_spread;
  method.response_spread = messages.response_spread;
  method.oneway = source.oneway || (back && find_annotation(source.annotations, "koine.oneway") != nullptr);
  method.idempotent = source.idempotent;
  method.doc = source.doc;
  method.location = source.location;
  Annotations& out = method.annotations;
  add_names(source.annotations, source.name, lower_first(name) == source.name, back, out);
  for (const Field& error : source.response->fields) {
    if (error.id == 0) continue;
    // The status needs no mention in gRPC when it was put there for Thrift's sake.
    if (back && is_rpc_status(*error.type->structure)) continue;
    const StructType* type = structs_.at(error.type->structure);
    const std::string error_name = annotation_or(error.annotations, "koine.name", error.name);
    method.declared_errors.push_back(type);
    out.push_back({"koine.throws", type->full_name + " " + error_name + " " + std::to_string(error.id)});
  }
  if (!method.request_spread) {
    const Field& argument = source.request->fields[0];
    if (argument.name != "request" || argument.id != 1) {
      out.push_back({"koine.argument", std::to_string(argument.id) + " " + argument.name});
    }
  }
  for (Annotation& kept : annotations_without(source.annotations, method_annotations)) {
    if (!back || !noted_on_method.contains(kept.name)) out.push_back(std::move(kept));
  }
  sort_as_options(out);
}

}  // namespace koine::idl::derive
