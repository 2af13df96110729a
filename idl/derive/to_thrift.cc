// proto2 and proto3 -> Thrift, by these rules:
//
//   files       shop.proto -> shop.thrift, one for one, `namespace *` the package; what protobuf
//               itself defines (Timestamp, Any, …) becomes structs of the files that use it, so that each
//               file is complete
//   messages    structs; Outer.Inner is Outer_Inner. Members of a oneof stay optional fields of their struct
//               with the annotation koine.oneof (a nested union would add a level that no value has); at most
//               one of them may be set
//   presence    required stays, all that can be told apart from its zero is optional, the rest has Thrift's
//               default requiredness. Default values of proto2 are annotations (koine.proto_default): as
//               Thrift defaults, generated code would send them unasked
//   numbers     1…32767 stay; larger ones, in ascending order, take the largest free ids
//   types       u8 … u64 and f32 travel in the next wider Thrift type with koine.range; bytes is binary
//   services    keep their full names; a method's first letter becomes lower case (GetOrder -> getOrder, but
//               SSN stays). rpc M(Req) returns (Resp) -> Resp m(1: Req request) throws (1: RpcStatus status),
//               where google.protobuf.Empty is no argument or void. Streaming methods are left out
//   names       words that Thrift's compiler refuses get "_" behind them, as do names that are taken
//
// A .proto that was itself derived from Thrift gives that Thrift again: roles, ids, names, requiredness and
// exceptions are restored from its koine options, and no RpcStatus is added.
#include "idl/derive/to_thrift.h"

#include "idl/derive/stale.h"
#include "idl/derive/thrift_deriver.h"
#include "idl/derive/to_proto.h"

namespace koine::idl::derive {
namespace {

const std::set<std::string_view> thrift_file_annotations = {"koine.derived_from", "koine.source",
                                                            "koine.namespaces"};
const std::set<std::string_view> thrift_enum_annotations = {"koine.name", "koine.value_prefix"};
const std::set<std::string_view> thrift_value_annotations = {"koine.name", "koine.added", "koine.position"};

// Values whose place protobuf did not leave them go back to it.
void put_back(const EnumType& source, EnumType& type) {
  for (const EnumValue& value : source.values) {
    const std::optional<std::int32_t> wished = to_id(annotation_or(value.annotations, "koine.position", ""));
    if (!wished || *wished < 1 || static_cast<std::size_t>(*wished) > type.values.size()) continue;
    auto found = std::find_if(type.values.begin(), type.values.end(),
                              [&](const EnumValue& one) { return one.number == value.number; });
    if (found == type.values.end()) continue;
    EnumValue moved = std::move(*found);
    type.values.erase(found);
    type.values.insert(type.values.begin() + *wished - 1, std::move(moved));
  }
}

}  // namespace

base::Status ToThrift::run() {
  ContentHashes hashes(source_);
  for (const File* file : sources()) {
    File& out = add_file(*file, file->package);
    add_namespaces(*file, out);
    if (!comes_back(*file)) add_stamp(*file, hashes.of(*file), out);
    for (Annotation& kept : annotations_without(file->annotations, thrift_file_annotations)) {
      out.annotations.push_back(std::move(kept));
    }
    scope(out.package);
  }
  for (auto& [package, names] : scopes_) keep_.reserve_types(package, names);
  find_exceptions();
  for (const File* file : sources()) declare_services(*file);
  for (const File* file : sources()) declare_types(*file);
  for (const File* file : sources()) {
    for (const StructType* type : file->structs) fill_declared(*file, *type);
  }
  for (const File* file : sources()) fill_services(*file);
  link_files();
  KOINE_RETURN_IF_ERROR(close_lock());
  return std::move(status_);
}

// The .proto between Java and Thrift goes: what was derived from it was derived from what it was derived
// from.
void ToThrift::pass_over_source() {
  std::map<const StructType*, const StructType*> calls;  // arguments and results, and what they are in Java
  for (auto& [source, service] : services_) {
    service->origin = source->origin;
    for (Method& method : service->methods) {
      method.origin = method.origin->origin;
      method.request_spread = method.response_spread = true;
      calls[method.request] = method.origin->request;
      calls[method.response] = method.origin->response;
    }
  }
  pass_over_types(calls);
}

// What only the way back asks for.
void ToThrift::add_stamp(const File& file, const std::string& hash, File& out) {
  out.annotations.push_back({"koine.derived_from", hash});
  const std::string name = file.path.substr(file.path.rfind('/') + 1);
  out.annotations.push_back({"koine.source", name.substr(0, name.rfind('.')) + ".proto"});
  if (file.syntax == "proto2") out.annotations.push_back({"koine.syntax", file.syntax});
  for (const auto& [option, value] : file.namespaces) {
    out.annotations.push_back({"koine.option", option + " " + value});
  }
}

NameScope::Refused ToThrift::refusal(const File& file) {
  if (comes_back(file) && !is_from_java(file)) return nullptr;
  return [](const std::string& name) { return is_thrift_word(name); };
}

void ToThrift::add_namespaces(const File& file, File& out) {
  // A .proto that came from Thrift says what the namespaces were.
  for (const Annotation& annotation : file.annotations) {
    const std::size_t space = annotation.value.find(' ');
    if (annotation.name == "koine.namespaces" && space != std::string::npos) {
      out.namespaces[annotation.value.substr(0, space)] = annotation.value.substr(space + 1);
    }
  }
  if (comes_back(file) && !is_from_java(file)) return;
  if (!file.package.empty()) out.namespaces["*"] = file.package;
  // protobuf's classes have their Java package; Thrift's must not meet them there.
  auto java = file.namespaces.find("java_package");
  const bool is_own = java == file.namespaces.end() || is_from_java(file);
  const std::string base = is_own ? file.package : java->second;
  if (!base.empty()) out.namespaces["java"] = base + ".thrift";
}

void ToThrift::find_exceptions() {
  for (const Service& service : source_.services()) {
    for (const Method& method : service.methods) {
      exceptions_.insert(method.declared_errors.begin(), method.declared_errors.end());
    }
  }
}

void ToThrift::declare_services(const File& file) {
  File& out = derived_file(file);
  for (const Service* source : file.services) {
    Service& service = derived_.add_service();
    service.origin = source;
    // Thrift itself lets a service and a struct have one name; generated code often does not.
    std::string wished = annotation_or(source->annotations, "koine.name", source->name);
    if (!is_identifier(wished)) wished = identifier_of(wished);
    const LockSubject subject{LockKind::service, "", source->full_name, std::nullopt};
    const bool movable = is_thrift_word(wished);
    service.name = keep_.name({file, subject, out.package, wished, false, !movable}, [&] {
      return scope(out.package + (comes_back(file) ? " services" : "")).claim(wished, refusal(file));
    });
    service.full_name = joined(out.package, service.name);
    out.services.push_back(&service);
    services_.emplace_back(source, &service);
  }
}

void ToThrift::declare_types(const File& file) {
  for (const EnumType* source : file.enums) declare_enum(file, *source);
  for (const StructType* source : file.structs) {
    // Messages with another role are part of fields and methods; as structs only where something names
    // them.
    if (source->role == StructRole::plain) declare_struct(file, *source);
  }
}

template <class Node>
void ToThrift::name_type(const File& file, LockKind kind, const Node& source, Node& derived) {
  const std::string& package = derived_file(file).package;
  std::string flat = source.name;
  std::replace(flat.begin(), flat.end(), '.', '_');
  const std::string wished = annotation_or(source.annotations, "koine.name", flat);
  const std::string usable = is_identifier(wished) ? wished : flat;
  const Keeper::Wish wish{
      file, {kind, "", source.full_name, std::nullopt}, package, usable, kind == LockKind::foreign};
  derived.origin = &source;
  derived.name = keep_.name(wish, [&] { return scope(package).claim(usable, refusal(file)); });
  derived.full_name = joined(package, derived.name);
  if (kind == LockKind::foreign) {
    derived.annotations.push_back({"koine.name", source.full_name});
  } else {
    add_names(source.annotations, source.name, derived.name == source.name, comes_back(file),
              derived.annotations);
  }
}

EnumType& ToThrift::declare_enum(const File& file, const EnumType& source) {
  File& out = derived_file(file);
  EnumType& type = derived_.add_enum();
  name_type(file, home(source) == &file ? LockKind::enumeration : LockKind::foreign, source, type);
  type.doc = source.doc;
  type.location = source.location;
  const std::string prefix = annotation_or(source.annotations, "koine.value_prefix", "");
  const bool back = comes_back(file);
  if (back && find_annotation(source.annotations, "koine.value_prefix") != nullptr &&
      prefix != upper_snake(source.name) + "_") {
    type.annotations.push_back({"koine.enum_prefix", prefix});
  } else if (!back && !prefix.empty()) {
    type.annotations.push_back({"koine.value_prefix", prefix});
  }
  for (Annotation& kept : annotations_without(source.annotations, thrift_enum_annotations)) {
    type.annotations.push_back(std::move(kept));
  }
  NameScope names;
  keep_.reserve_values(file, source, names);
  for (const EnumValue& value : source.values) {
    if (find_annotation(value.annotations, "koine.added") != nullptr) {
      if (!back) type.annotations.push_back({"koine.zero", value.name});
      continue;
    }
    EnumValue& derived = type.values.emplace_back();
    std::string wished = value.name.starts_with(prefix) ? value.name.substr(prefix.size()) : value.name;
    wished = annotation_or(value.annotations, "koine.name", wished);
    if (!is_identifier(wished)) wished = value.name;
    derived.name =
        keep_.name({file, {LockKind::value, source.full_name, value.name, std::nullopt}, {}, wished},
                   [&] { return names.claim(wished, refusal(file)); });
    derived.number = value.number;
    derived.doc = value.doc;
    add_names(value.annotations, value.name, derived.name == value.name, back, derived.annotations);
    for (Annotation& kept : annotations_without(value.annotations, thrift_value_annotations)) {
      derived.annotations.push_back(std::move(kept));
    }
  }
  if (back) put_back(source, type);
  out.enums.push_back(&type);
  enums_[&source] = &type;
  return type;
}

StructType& ToThrift::declare_struct(const File& file, const StructType& source) {
  File& out = derived_file(file);
  StructType& type = derived_.add_struct();
  name_type(file, home(source) == &file ? LockKind::structure : LockKind::foreign, source, type);
  type.form = exceptions_.contains(&source) ? StructForm::exception : source.form;
  out.structs.push_back(&type);
  structs_[&source] = &type;
  filled_[&source] = &type;
  return type;
}

const StructType& ToThrift::struct_for(const File& file, const StructType& source) {
  if (auto found = structs_.find(&source); found != structs_.end()) return *found->second;
  if (const File* owner = home(source); owner != nullptr && !is_foreign(*owner)) {
    StructType& made = declare_struct(*owner, source);
    fill_struct(*owner, source, made);
    return made;
  }
  return shared(foreign_structs_, source.full_name, file, [&](auto& places) -> StructType& {
    StructType& made = declare_struct(file, source);
    structs_.erase(&source);  // another package makes its own
    places[&file] = &made;
    fill_struct(file, source, made);
    return made;
  });
}

const EnumType& ToThrift::enum_for(const File& file, const EnumType& source) {
  if (auto found = enums_.find(&source); found != enums_.end()) return *found->second;
  return shared(foreign_enums_, source.full_name, file, [&](auto& places) -> EnumType& {
    EnumType& made = declare_enum(file, source);
    enums_.erase(&source);
    places[&file] = &made;
    return made;
  });
}

base::Result<std::unique_ptr<Schema>> to_thrift(const Schema& source, std::vector<Diagnostic>* diagnostics,
                                                Lock* lock) {
  auto derived = std::make_unique<Schema>();
  base::Status status = ToThrift(source, *derived, diagnostics, lock).run();
  if (!status.ok()) return status;
  return derived;
}

base::Result<std::unique_ptr<Schema>> java_to_thrift(const Schema& source,
                                                     std::vector<Diagnostic>* diagnostics, Lock* lock) {
  const base::Result<std::unique_ptr<Schema>> between = to_proto(source, diagnostics, nullptr);
  if (!between) return between.error();
  auto derived = std::make_unique<Schema>();
  ToThrift deriver(**between, *derived, diagnostics, lock);
  base::Status status = deriver.run();
  if (!status.ok()) return status;
  deriver.pass_over_source();
  return derived;
}

}  // namespace koine::idl::derive
