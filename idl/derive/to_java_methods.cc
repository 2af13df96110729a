// Thrift -> Java: interfaces and their methods. Owner: see java_deriver.h.
#include "idl/derive/java_deriver.h"
#include "idl/java/spelling.h"

namespace koine::idl::derive {
namespace {

const std::set<std::string_view> method_annotations = {"koine.name", "koine.args", java_method_annotation,
                                                       java_signature_annotation};
// Object's; an interface cannot have others of their names and parameters.
const std::set<std::string_view> object_names = {"clone",  "equals",    "finalize", "getClass", "hashCode",
                                                 "notify", "notifyAll", "toString", "wait"};

bool is_refused_method(const std::string& name) {
  return java::is_reserved_word(name) || object_names.contains(name);
}

}  // namespace

void ToJava::fill_service(const Service& source) {
  const auto& [file, service] = services_.at(&source);
  if (!filled_services_.insert(service).second) return;
  const Service* inherited = nullptr;
  if (const Service* base = source.base.empty() ? nullptr : source_.find_service(source.base)) {
    if (const auto found = services_.find(base); found != services_.end()) {
      fill_service(*base);
      inherited = found->second.second;
      service->base = inherited->full_name;
    }
  }
  NameScope names;
  keep_.reserve_members(kept_by(*file), LockKind::method, source.full_name, names);
  if (inherited != nullptr) {
    for (const Method& method : inherited->methods) names.reserve(method.name);
  }
  const std::size_t own = inherited == nullptr ? source.methods.size() : source.own_methods;
  for (std::size_t i = 0; i < own; ++i) add_method(*file, source, source.methods[i], names, *service);
  service->own_methods = service->methods.size();
  for (std::size_t i = own; i < source.methods.size(); ++i) {
    service->methods.push_back(inherited->methods[i - own]);
    service->methods.back().origin = &source.methods[i];
  }
}

void ToJava::add_method(const File& file, const Service& owner, const Method& source, NameScope& names,
                        Service& service) {
  Method method;
  method.origin = &source;
  std::string wished = annotation_or(source.annotations, "koine.name", source.name);
  wished = lower_first(to_json_name(is_identifier(wished) ? wished : identifier_of(source.name)));
  const std::string said = annotation_or(source.annotations, java_method_annotation, "");
  if (is_identifier(said)) wished = said;
  const LockSubject subject{LockKind::method, owner.full_name, source.name, std::nullopt};
  method.name = keep_.name({kept_by(file), subject, {}, wished},
                           [&] { return names.claim(wished, is_refused_method); });
  method.oneway = source.oneway;
  method.idempotent = source.idempotent;
  method.request_spread = source.request_spread;
  method.response_spread = source.response_spread;
  method.doc = source.doc;
  method.location = source.location;
  add_names(source.annotations, source.name, method.name == source.name, false, method.annotations);
  for (Annotation& kept : annotations_for_java(source.annotations, method_annotations)) {
    method.annotations.push_back(std::move(kept));
  }
  method.request = &arguments(file, service, source, method);
  method.response = &result(file, service, source, method);
  method.annotations.push_back(method.request->annotations.back());  // the signature
  service.methods.push_back(std::move(method));
}

const StructType& ToJava::arguments(const File& file, const Service& service, const Method& source,
                                    const Method& method) {
  StructType& made = method_struct(service, method, "_args", StructRole::arguments);
  made.origin = source.request;
  add_fields(file, *source.request, made);
  std::string signature;
  for (const Field& field : made.fields) signature += java::descriptor_of(*field.type);
  made.annotations.push_back({std::string(java_signature_annotation), signature});
  return made;
}

const StructType& ToJava::result(const File& file, const Service& service, const Method& source,
                                 const Method& method) {
  StructType& made = method_struct(service, method, "_result", StructRole::result);
  made.origin = source.response;
  std::string signature = "V";
  for (const Field& field : source.response->fields) {
    Field& derived = made.fields.emplace_back();
    derived.name = derived.json_name = field.name;
    derived.id = derived.origin_id = field.id;
    derived.location = field.location;
    // A value is always there, so it need not be boxed; nor is an exception anything but an object.
    Field value = field;
    value.presence = Presence::implicit;
    set_type(file, *source.response, value, derived);
    derived.presence = Presence::optional;
    if (derived.id == 0) signature = java::descriptor_of(*derived.type);
  }
  made.annotations.push_back({std::string(java_signature_annotation), signature});
  return made;
}

}  // namespace koine::idl::derive
