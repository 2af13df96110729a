// Thrift -> proto3: services, methods and their messages. Owner: see proto_deriver.h.
#include <algorithm>

#include "idl/derive/proto_deriver.h"

namespace koine::idl::derive {
namespace {

const std::set<std::string_view> method_annotations = {"koine.name", "koine.idempotent", "koine.range",
                                                       "koine.args", "koine.argument",   "koine.throws"};
const std::set<std::string_view> service_annotations = {"koine.name", "koine.extends"};

}  // namespace

void ToProto::make_messages(const File& file) {
  for (const Service* service : file.services) {
    const std::vector<std::string> names = method_names(*service);
    for (std::size_t i = 0; i < service->own_methods; ++i) {
      make_messages(file, *service, service->methods[i], names[i]);
    }
  }
}

std::vector<std::string> ToProto::method_names(const Service& service) {
  std::vector<std::string> wished;
  NameScope names;
  for (const Method& method : service.methods) {
    const std::string name = annotation_or(method.annotations, "koine.name", method.name);
    wished.push_back(is_identifier(name) ? name : method.name);
    if (upper_first(wished.back()) == wished.back() && !names.taken(wished.back())) {
      names.reserve(wished.back());
    } else {
      wished.back() = "?" + wished.back();
    }
  }
  for (std::string& name : wished) {
    if (name.front() != '?') continue;
    const std::string plain = name.substr(1);
    const bool keep = names.taken(upper_first(plain)) && !names.taken(plain);
    name = names.claim(keep ? plain : upper_first(plain));
  }
  return wished;
}

void ToProto::make_messages(const File& file, const Service& service, const Method& method,
                            const std::string& name) {
  Messages& made = messages_[method.request];
  const std::vector<Field>& arguments = method.request->fields;
  if (arguments.size() == 1 && arguments[0].type->kind == Kind::structure) {
    made.request = structs_.at(arguments[0].type->structure);
  } else {
    StructType& request = method_message(file, service, name, "Request", StructRole::arguments);
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
  StructType& response = method_message(file, service, name, "Response", StructRole::result);
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

StructType& ToProto::method_message(const File& file, const Service& service, const std::string& method,
                                    const char* suffix, StructRole role) {
  const NameScope& names = scope(derived_file(file).package);
  std::string name = upper_first(method) + suffix;
  if (names.taken(name)) name = upper_first(service.name) + name;
  return make_up(file, name, role);
}

void ToProto::fill_services(const File& file) {
  for (const Service* source : file.services) {
    Service& service = *std::find_if(services_.begin(), services_.end(), [&](const auto& pair) {
                          return pair.first == source;
                        })->second;
    service.doc = source->doc;
    service.location = source->location;
    if (service.name != source->name) service.annotations.push_back({"koine.name", source->name});
    if (!source->base.empty()) service.annotations.push_back({"koine.extends", source->base});
    for (Annotation& kept : annotations_without(source->annotations, service_annotations)) {
      service.annotations.push_back(std::move(kept));
    }
    const std::vector<std::string> names = method_names(*source);
    for (std::size_t i = 0; i < source->methods.size(); ++i) {
      fill_method(source->methods[i], names[i], service.methods.emplace_back());
    }
    service.own_methods = service.methods.size();
  }
}

void ToProto::fill_method(const Method& source, const std::string& name, Method& method) {
  const Messages& messages = messages_.at(source.request);
  method.origin = &source;
  method.name = name;
  method.request = messages.request;
  method.response = messages.response;
  method.request_spread = messages.request_spread;
  method.response_spread = messages.response_spread;
  method.oneway = source.oneway;
  method.idempotent = source.idempotent;
  method.doc = source.doc;
  method.location = source.location;
  Annotations& out = method.annotations;
  if (lower_first(name) != source.name) out.push_back({"koine.name", source.name});
  for (const Field& error : source.response->fields) {
    if (error.id == 0) continue;
    const StructType* type = structs_.at(error.type->structure);
    method.declared_errors.push_back(type);
    out.push_back({"koine.throws", type->full_name + " " + error.name + " " + std::to_string(error.id)});
  }
  if (!method.request_spread) {
    const Field& argument = source.request->fields[0];
    if (argument.name != "request" || argument.id != 1) {
      out.push_back({"koine.argument", std::to_string(argument.id) + " " + argument.name});
    }
  }
  for (Annotation& kept : annotations_without(source.annotations, method_annotations)) {
    out.push_back(std::move(kept));
  }
}

}  // namespace koine::idl::derive
