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

#include "idl/derive/sha256.h"
#include "idl/derive/thrift_deriver.h"
#include "idl/dump.h"

namespace koine::idl::derive {
namespace {

const std::set<std::string_view> enum_annotations = {"koine.name", "koine.value_prefix"};
const std::set<std::string_view> value_annotations = {"koine.name", "koine.added"};

}  // namespace

base::Status ToThrift::run() {
  const std::string hash = sha256_hex(dump(source_, {false, false, false}));
  for (const File* file : sources()) {
    File& out = add_file(*file, file->package);
    add_namespaces(*file, out);
    out.annotations.push_back({"koine.derived_from", hash});
  }
  find_exceptions();
  for (const File* file : sources()) declare_services(*file);
  for (const File* file : sources()) declare_types(*file);
  for (const File* file : sources()) {
    for (const StructType* type : file->structs) fill_declared(*file, *type);
  }
  for (const File* file : sources()) fill_services(*file);
  link_files();
  return std::move(status_);
}

NameScope::Refused ToThrift::refusal(const File& file) {
  if (came_from_thrift(file)) return nullptr;
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
  if (!out.namespaces.empty()) return;
  if (!file.package.empty()) out.namespaces["*"] = file.package;
  // protobuf's classes have their Java package; Thrift's must not meet them there.
  auto java = file.namespaces.find("java_package");
  const std::string base = java == file.namespaces.end() ? file.package : java->second;
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
    service.name = scope(out.package + (came_from_thrift(file) ? " services" : ""))
                       .claim(annotation_or(source->annotations, "koine.name", source->name), refusal(file));
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

std::string ToThrift::claim(const File& file, const std::string& name, const Annotations& source,
                            Annotations& derived) {
  std::string flat = name;
  std::replace(flat.begin(), flat.end(), '.', '_');
  const std::string wished = annotation_or(source, "koine.name", flat);
  std::string claimed =
      scope(derived_file(file).package).claim(is_identifier(wished) ? wished : flat, refusal(file));
  if (claimed != wished) derived.push_back({"koine.name", name});
  return claimed;
}

EnumType& ToThrift::declare_enum(const File& file, const EnumType& source) {
  File& out = derived_file(file);
  EnumType& type = derived_.add_enum();
  type.origin = &source;
  type.name = claim(file, source.name, source.annotations, type.annotations);
  type.full_name = joined(out.package, type.name);
  type.doc = source.doc;
  type.location = source.location;
  for (Annotation& kept : annotations_without(source.annotations, enum_annotations)) {
    type.annotations.push_back(std::move(kept));
  }
  const std::string prefix = annotation_or(source.annotations, "koine.value_prefix", "");
  NameScope names;
  for (const EnumValue& value : source.values) {
    if (find_annotation(value.annotations, "koine.added") != nullptr) continue;
    EnumValue& derived = type.values.emplace_back();
    std::string wished = value.name.starts_with(prefix) ? value.name.substr(prefix.size()) : value.name;
    wished = annotation_or(value.annotations, "koine.name", wished);
    derived.name = names.claim(is_identifier(wished) ? wished : value.name, refusal(file));
    derived.number = value.number;
    derived.doc = value.doc;
    if (!came_from_thrift(file) && derived.name != value.name)
      derived.annotations.push_back({"koine.name", value.name});
    for (Annotation& kept : annotations_without(value.annotations, value_annotations)) {
      derived.annotations.push_back(std::move(kept));
    }
  }
  out.enums.push_back(&type);
  enums_[&source] = &type;
  return type;
}

StructType& ToThrift::declare_struct(const File& file, const StructType& source) {
  File& out = derived_file(file);
  StructType& type = derived_.add_struct();
  type.origin = &source;
  type.name = claim(file, source.name, source.annotations, type.annotations);
  type.full_name = joined(out.package, type.name);
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

base::Result<std::unique_ptr<Schema>> to_thrift(const Schema& source, std::vector<Diagnostic>* warnings) {
  auto derived = std::make_unique<Schema>();
  base::Status status = ToThrift(source, *derived, warnings).run();
  if (!status.ok()) return status;
  return derived;
}

}  // namespace koine::idl::derive
