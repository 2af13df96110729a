// proto -> Thrift: services, methods, exceptions. Owner: see thrift_deriver.h.
#include "idl/derive/thrift_deriver.h"

namespace koine::idl::derive {
namespace {

constexpr std::string_view empty_message = "google.protobuf.Empty";
const std::set<std::string_view> thrift_method_annotations = {"koine.name", "koine.argument", "koine.throws"};
const std::set<std::string_view> thrift_service_annotations = {"koine.name", "koine.extends"};

bool is_plain_name(std::string_view name) { return is_identifier(name) && !is_thrift_word(name); }

// Final methods of java.lang.Object, and those whose result type could not be another.
bool clashes_in_java(const std::string& method) {
  static const std::set<std::string_view> names = {"wait",     "notify",   "notifyAll", "getClass",
                                                   "hashCode", "toString", "clone",     "finalize"};
  return names.contains(method);
}

}  // namespace

void ToThrift::fill_services(const File& file) {
  for (auto& [source, service] : services_) {
    if (std::find(file.services.begin(), file.services.end(), source) != file.services.end()) {
      fill_service(file, *source, *service);
      filled_services_.insert(service);
    }
  }
}

void ToThrift::fill_service(const File& file, const Service& source, Service& service) {
  service.doc = source.doc;
  service.location = source.location;
  if (service.name != source.name) service.annotations.push_back({"koine.name", source.name});
  for (Annotation& kept : annotations_without(source.annotations, thrift_service_annotations)) {
    service.annotations.push_back(std::move(kept));
  }
  const Service* base = base_of(source, service);
  NameScope names;
  keep_.reserve_members(file, LockKind::method, source.full_name, names);
  std::vector<const Method*> unary;
  for (const Method& method : source.methods) {
    if (method.client_streaming || method.server_streaming) {
      warn("STREAM_TO_UNARY",
           "'" + source.full_name + "." + method.name + "' streams, which " + std::string(for_whom_) +
               " cannot; it is left out",
           method.location);
    } else {
      unary.push_back(&method);
    }
  }
  auto inherited = [&](const Method& method) -> const Method* {
    if (base == nullptr) return nullptr;
    for (const Method& candidate : base->methods) {
      if (restored_name(*candidate.origin) == restored_name(method) &&
          candidate.origin->request == method.request) {
        return &candidate;
      }
    }
    return nullptr;
  };
  for (const Method* method : unary) {
    if (const Method* there = inherited(*method)) names.reserve(there->name);
  }
  for (const Method* method : unary) {
    if (inherited(*method) == nullptr) add_method(file, source, *method, names, service);
  }
  service.own_methods = service.methods.size();
  for (const Method* method : unary) {
    const Method* there = inherited(*method);
    if (there == nullptr) continue;
    service.methods.push_back(*there);
    service.methods.back().origin = method;
  }
}

std::string ToThrift::restored_name(const Method& method) {
  return annotation_or(method.annotations, "koine.name", lower_first(method.name));
}

const Service* ToThrift::base_of(const Service& source, Service& service) {
  const std::string* name = find_annotation(source.annotations, "koine.extends");
  if (name == nullptr) return nullptr;
  for (const auto& [other_source, other] : services_) {
    if (other_source->full_name != *name || !filled_services_.contains(other)) continue;
    for (const Method& method : other->methods) {
      auto same = std::find_if(source.methods.begin(), source.methods.end(), [&](const Method& mine) {
        return restored_name(mine) == restored_name(*method.origin) && mine.request == method.origin->request;
      });
      if (same == source.methods.end()) return nullptr;
    }
    service.base = other->full_name;
    return other;
  }
  return nullptr;
}

void ToThrift::add_method(const File& file, const Service& owner, const Method& source, NameScope& names,
                          Service& service) {
  Method method;
  method.origin = &source;
  const bool no_arguments = source.request->fields.empty();
  std::string wished = annotation_or(source.annotations, "koine.name", lower_first(source.name));
  if (!is_identifier(wished)) wished = lower_first(source.name);
  const bool free_choice = !comes_back(file);
  const LockSubject subject{LockKind::method, owner.full_name, source.name, std::nullopt};
  method.name = keep_.name({file, subject, {}, wished}, [&] {
    return names.claim(wished, [&](const std::string& name) {
      return (free_choice || is_from_java(file)) &&
             (is_thrift_word(name) || (no_arguments && clashes_in_java(name)));
    });
  });
  method.idempotent = source.idempotent;
  method.doc = source.doc;
  method.location = source.location;
  add_names(source.annotations, source.name, upper_first(method.name) == source.name, !free_choice,
            method.annotations);
  if (free_choice) note(source, method);
  for (Annotation& kept : annotations_without(source.annotations, thrift_method_annotations)) {
    method.annotations.push_back(std::move(kept));
  }
  method.request = &arguments(file, service, source, method);
  method.response = &result(file, service, source, method);
  method.oneway = source.oneway && method.response->fields.empty();
  if (source.oneway && !method.oneway) {
    if (free_choice) method.annotations.push_back({"koine.oneway", "true"});
    warn("ONEWAY_ACK",
         "'" + owner.full_name + "." + source.name + "' has an answer, so it cannot be oneway in Thrift",
         source.location);
  }
  service.methods.push_back(std::move(method));
}

void ToThrift::note(const Method& source, Method& method) {
  if (source.request_spread) method.annotations.push_back({"koine.request", source.request->name});
  if (source.response_spread) method.annotations.push_back({"koine.response", source.response->name});
}

const StructType& ToThrift::arguments(const File& file, const Service& service, const Method& source,
                                      Method& method) {
  StructType& made = method_struct(service, method, "_args", StructRole::arguments);
  if (source.request->full_name == empty_message || source.request_spread) {
    method.request_spread = true;
    made.origin = source.request;
    add_fields(file, *source.request, made);
    return made;
  }
  Field& field = made.fields.emplace_back();
  field.id = 1;
  field.name = "request";
  const std::string argument = annotation_or(source.annotations, "koine.argument", "");
  const std::size_t space = std::min(argument.find(' '), argument.size());
  const std::optional<std::int32_t> id = to_id(argument.substr(0, space));
  if (id && space < argument.size() && is_plain_name(argument.substr(space + 1))) {
    field.id = *id;
    field.name = argument.substr(space + 1);
  }
  field.json_name = to_json_name(field.name);
  field.type = structure(file, *source.request);
  return made;
}

const StructType& ToThrift::result(const File& file, const Service& service, const Method& source,
                                   Method& method) {
  StructType& made = method_struct(service, method, "_result", StructRole::result);
  const StructType& response = *source.response;
  method.response_spread = response.full_name == empty_message || source.response_spread;
  if (method.response_spread) made.origin = &response;
  if (!method.response_spread || !response.fields.empty()) {
    Field& success = made.fields.emplace_back();
    success.name = "success";
    success.json_name = "success";
    success.presence = Presence::optional;
    if (method.response_spread) {
      success.origin_id = response.fields[0].id;
      success.type = field_type(file, *response.fields[0].type, 0);
    } else {
      success.type = structure(file, response);
    }
  }
  if (source.oneway) return made;  // nobody waits for an exception
  NameScope names;
  if (!made.fields.empty()) names.reserve("success");
  add_declared(file, joined(service.origin->full_name, source.name), source, names, made);
  if (comes_back(file)) return made;
  const std::string method_name = joined(service.origin->full_name, source.name);
  const std::int32_t id = keep_.throws_number(file, method_name, "status", next_error_id(made));
  add_error(file, names, rpc_status(file), "status", id, made);
  return made;
}

std::int32_t ToThrift::next_error_id(const StructType& result) {
  std::int32_t next = 1;
  for (const Field& field : result.fields) next = std::max(next, field.id + 1);
  return next;
}

void ToThrift::add_declared(const File& file, const std::string& method, const Method& source,
                            NameScope& names, StructType& result) {
  std::size_t index = 0;
  for (const Annotation& annotation : source.annotations) {
    if (annotation.name != "koine.throws" || index >= source.declared_errors.size()) continue;
    const StructType& error = *source.declared_errors[index++];
    const std::size_t first = std::min(annotation.value.find(' '), annotation.value.size());
    const std::size_t last = annotation.value.rfind(' ');
    std::string name = "error";
    std::optional<std::int32_t> id;
    if (last != std::string::npos && last > first) {
      name = annotation.value.substr(first + 1, last - first - 1);
      id = to_id(annotation.value.substr(last + 1));
    }
    if (!is_identifier(name)) name = "error";
    if (!id || *id == 0 || result.find_field(*id) != nullptr) {
      id = keep_.throws_number(file, method, name, next_error_id(result));
    } else {
      keep_.check_throws(file, method, name, *id);
    }
    add_error(file, names, struct_for(file, error), name, *id, result);
  }
}

void ToThrift::add_error(const File& file, NameScope& names, const StructType& type, const std::string& name,
                         std::int32_t id, StructType& result) {
  Field& field = result.fields.emplace_back();
  field.id = id;
  field.name = names.claim(name, refusal(file));
  if (field.name != name) field.annotations.push_back({"koine.name", name});
  field.json_name = to_json_name(name);
  field.presence = Presence::optional;
  Type& out = derived_.add_type();
  out.kind = Kind::structure;
  out.structure = &type;
  field.type = &out;
}

const Type* ToThrift::structure(const File& file, const StructType& source) {
  Type& out = derived_.add_type();
  out.kind = Kind::structure;
  out.structure = &struct_for(file, source);
  return &out;
}

const StructType& ToThrift::rpc_status(const File& file) {
  return shared(foreign_structs_, "koine.RpcStatus", file, [&](auto& places) -> StructType& {
    File& out = derived_file(file);
    StructType& made = derived_.add_struct();
    places[&file] = &made;
    const LockSubject subject{LockKind::status, "", "RpcStatus", std::nullopt};
    made.name = keep_.name({file, subject, out.package, "RpcStatus", true},
                           [&] { return scope(out.package).claim("RpcStatus"); });
    made.full_name = joined(out.package, made.name);
    made.form = StructForm::exception;
    made.implicit_utf8 = false;
    made.annotations.push_back({std::string(rpc_status_annotation), "true"});
    made.doc =
        "How a call failed, as gRPC says it: a status code, a text, and details, each of them a\n"
        "serialized google.protobuf.Any.";
    Type& details = derived_.add_type();
    details.kind = Kind::list;
    details.element = derived_.scalar(Kind::bytes);
    const std::pair<const char*, const Type*> fields[] = {{"code", derived_.scalar(Kind::i32)},
                                                          {"message", derived_.scalar(Kind::string)},
                                                          {"details", &details}};
    for (const auto& [name, type] : fields) {
      Field& field = made.fields.emplace_back();
      field.id = static_cast<std::int32_t>(made.fields.size());
      field.name = name;
      field.json_name = name;
      field.type = type;
    }
    out.structs.push_back(&made);
    return made;
  });
}

}  // namespace koine::idl::derive
