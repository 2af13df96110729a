// proto2 and proto3 -> Thrift, by these rules:
//
//   files       shop.proto -> shop.thrift, one for one, `namespace *` the package; what protobuf defines
//   itself
//               (Timestamp, Any, …) becomes structs of the files that use it, so that each file is complete
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

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "idl/derive/constant_text.h"
#include "idl/derive/deriver.h"
#include "idl/derive/sha256.h"
#include "idl/dump.h"

namespace koine::idl::derive {
namespace {

constexpr std::int32_t id_max = 32767;
constexpr std::string_view empty_message = "google.protobuf.Empty";

const std::set<std::string_view> struct_annotations = {"koine.name"};
const std::set<std::string_view> field_annotations = {
    "koine.name", "koine.id", "koine.requiredness", "koine.default", "koine.json_name", "koine.oneof"};
const std::set<std::string_view> enum_annotations = {"koine.name", "koine.value_prefix"};
const std::set<std::string_view> value_annotations = {"koine.name", "koine.added"};
const std::set<std::string_view> method_annotations = {"koine.name", "koine.argument", "koine.throws"};
const std::set<std::string_view> service_annotations = {"koine.name", "koine.extends"};

bool is_plain_name(std::string_view name) { return is_identifier(name) && !is_thrift_word(name); }

// Final methods of java.lang.Object, and those whose result type could not be another.
bool clashes_in_java(const std::string& method) {
  static const std::set<std::string_view> names = {"wait",     "notify",   "notifyAll", "getClass",
                                                   "hashCode", "toString", "clone",     "finalize"};
  return names.contains(method);
}

std::optional<std::int32_t> to_id(std::string_view text) {
  std::int32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (id < -32768 || id > id_max) return std::nullopt;
  return id;
}

class ToThrift : public Deriver {
 public:
  ToThrift(const Schema& source, Schema& derived, std::vector<Diagnostic>* warnings)
      : Deriver(source, derived, Language::thrift, warnings) {}

  base::Status run() {
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

 private:
  NameScope& scope(const std::string& package) { return scopes_[package]; }

  // Names that the compiler refuses; those that Thrift had already are not our choice.
  static NameScope::Refused refusal(const File& file) {
    if (came_from_thrift(file)) return nullptr;
    return [](const std::string& name) { return is_thrift_word(name); };
  }

  static void add_namespaces(const File& file, File& out) {
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

  // Thrift wants everything in a `throws` clause to be an exception.
  void find_exceptions() {
    for (const Service& service : source_.services()) {
      for (const Method& method : service.methods) {
        exceptions_.insert(method.declared_errors.begin(), method.declared_errors.end());
      }
    }
  }

  // ---- names

  void declare_services(const File& file) {
    File& out = derived_file(file);
    for (const Service* source : file.services) {
      Service& service = derived_.add_service();
      service.origin = source;
      // Thrift itself lets a service and a struct have one name; generated code often does not.
      service.name =
          scope(out.package + (came_from_thrift(file) ? " services" : ""))
              .claim(annotation_or(source->annotations, "koine.name", source->name), refusal(file));
      service.full_name = joined(out.package, service.name);
      out.services.push_back(&service);
      services_.emplace_back(source, &service);
    }
  }

  void declare_types(const File& file) {
    for (const EnumType* source : file.enums) declare_enum(file, *source);
    for (const StructType* source : file.structs) {
      // Messages with another role are part of fields and methods; as structs only where something names
      // them.
      if (source->role == StructRole::plain) declare_struct(file, *source);
    }
  }

  std::string claim(const File& file, const std::string& name, const Annotations& source,
                    Annotations& derived) {
    std::string flat = name;
    std::replace(flat.begin(), flat.end(), '.', '_');
    const std::string wished = annotation_or(source, "koine.name", flat);
    std::string claimed =
        scope(derived_file(file).package).claim(is_identifier(wished) ? wished : flat, refusal(file));
    if (claimed != wished) derived.push_back({"koine.name", name});
    return claimed;
  }

  EnumType& declare_enum(const File& file, const EnumType& source) {
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

  StructType& declare_struct(const File& file, const StructType& source) {
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

  // The struct for a message that a field or method of `file` names.
  const StructType& struct_for(const File& file, const StructType& source) {
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

  const EnumType& enum_for(const File& file, const EnumType& source) {
    if (auto found = enums_.find(&source); found != enums_.end()) return *found->second;
    return shared(foreign_enums_, source.full_name, file, [&](auto& places) -> EnumType& {
      EnumType& made = declare_enum(file, source);
      enums_.erase(&source);
      places[&file] = &made;
      return made;
    });
  }

  bool is_foreign(const File& file) const {
    return std::find(sources().begin(), sources().end(), &file) == sources().end();
  }

  // ---- structs

  void fill_declared(const File& file, const StructType& source) {
    if (source.role == StructRole::plain) fill_struct(file, source, *filled_.at(&source));
  }

  void fill_struct(const File& file, const StructType& source, StructType& type) {
    type.doc = source.doc;
    type.location = source.location;
    type.implicit_utf8 = false;
    for (Annotation& kept : annotations_without(source.annotations, struct_annotations)) {
      type.annotations.push_back(std::move(kept));
    }
    add_fields(file, source, type);
  }

  void add_fields(const File& file, const StructType& source, StructType& type) {
    // Go folds case and underscores in what it generates; names that Thrift had already stay.
    NameScope names(came_from_thrift(file) ? nullptr : NameScope::Key(folded));
    const std::map<std::int32_t, std::int32_t> ids = ids_of(source);
    const bool is_union = type.form == StructForm::union_;
    if (!is_union) type.oneofs = source.oneofs;
    for (const Field& field : source.fields) {
      Field derived;
      derived.id = ids.at(field.id);
      derived.origin_id = field.id;
      derived.type = field_type(file, *field.type, 0);
      const std::string wished = annotation_or(field.annotations, "koine.name", field.name);
      derived.name = names.claim(is_identifier(wished) ? wished : field.name, refusal(file));
      derived.json_name = field.json_name;
      derived.presence = presence(source, field);
      derived.doc = field.doc;
      derived.location = field.location;
      derived.oneof_index = is_union ? -1 : field.oneof_index;
      annotate(field, derived);
      type.fields.push_back(std::move(derived));
    }
  }

  static void annotate(const Field& field, Field& derived) {
    Annotations& out = derived.annotations;
    const bool renamed_back = find_annotation(field.annotations, "koine.name") != nullptr;
    if (derived.name != field.name && !renamed_back) out.push_back({"koine.name", field.name});
    const bool restored = find_annotation(field.annotations, "koine.id") != nullptr;
    if (derived.id != field.id && !restored) out.push_back({"koine.id", std::to_string(field.id)});
    if (field.default_value) {
      out.push_back({"koine.proto_default", value_text(*field.default_value)});
    } else if (const std::string* text = find_annotation(field.annotations, "koine.default")) {
      // Of a .proto that came from Thrift: the default was Thrift's own.
      derived.default_value = parse_constant(*text, *derived.type);
      if (!derived.default_value) out.push_back({"koine.proto_default", *text});
    }
    for (Annotation& kept : annotations_without(field.annotations, field_annotations)) {
      out.push_back(std::move(kept));
    }
  }

  static Presence presence(const StructType& source, const Field& field) {
    if (source.role == StructRole::arguments) return Presence::implicit;
    const std::string requiredness = annotation_or(field.annotations, "koine.requiredness", "");
    if (requiredness == "required") return Presence::required;
    if (requiredness == "default") return Presence::implicit;
    if (requiredness == "optional") return Presence::optional;
    return field.presence;
  }

  // Thrift ids of a message's fields, by number.
  std::map<std::int32_t, std::int32_t> ids_of(const StructType& source) {
    std::map<std::int32_t, std::int32_t> ids;
    std::set<std::int32_t> used;
    for (const Field& field : source.fields) {
      const std::string* text = find_annotation(field.annotations, "koine.id");
      const std::optional<std::int32_t> original = text == nullptr ? std::nullopt : to_id(*text);
      if (original && source.find_field(*original) == nullptr && used.insert(*original).second) {
        ids[field.id] = *original;
      } else if (field.id <= id_max) {
        ids[field.id] = field.id;
        used.insert(field.id);
      }
    }
    std::set<std::int32_t> left;
    for (const Field& field : source.fields) {
      if (!ids.contains(field.id)) left.insert(field.id);
    }
    auto reserved = [&](std::int32_t id) {
      return std::any_of(source.reserved.begin(), source.reserved.end(),
                         [&](const auto& range) { return range.first <= id && id <= range.second; });
    };
    std::int32_t next = id_max;
    for (const std::int32_t number : left) {
      while (next > 0 && (used.contains(next) || reserved(next))) --next;
      if (next == 0) {
        status_ = base::Status(base::Reason::idl_semantic,
                               source.full_name + " has more fields than Thrift has ids (32767)");
      }
      ids[number] = next--;
    }
    return ids;
  }

  // ---- types

  const Type* field_type(const File& file, const Type& type, std::size_t depth) {
    if (type.structure != nullptr && depth < base::Limits().nesting_max) {
      const StructType& message = *type.structure;
      if (message.role == StructRole::wrapper) {
        const Type& inner = *message.fields[0].type;
        return field_type(file, inner, depth + 1);
      }
    }
    const bool entries = type.kind == Kind::list && type.element->structure != nullptr &&
                         type.element->structure->role == StructRole::map_entry &&
                         depth < base::Limits().nesting_max;
    if (entries) {
      const StructType& entry = *type.element->structure;
      Type& out = derived_.add_type();
      out.kind = Kind::map;
      out.key = field_type(file, *entry.find_field(1)->type, depth + 1);
      out.element = field_type(file, *entry.find_field(2)->type, depth + 1);
      return &out;
    }
    const bool plain =
        type.kind != Kind::structure && type.kind != Kind::enumeration && type.kind < Kind::list;
    if (plain && type.number_form == NumberForm::plain) return derived_.scalar(type.kind);
    Type& out = derived_.add_type();
    out.kind = type.kind;
    out.number_form = type.number_form;  // for the way back; Thrift writes all numbers alike
    if (type.structure != nullptr) out.structure = &struct_for(file, *type.structure);
    if (type.enumeration != nullptr) out.enumeration = &enum_for(file, *type.enumeration);
    if (type.key != nullptr) out.key = field_type(file, *type.key, depth + 1);
    if (type.element != nullptr) out.element = field_type(file, *type.element, depth + 1);
    return &out;
  }

  // ---- services

  void fill_services(const File& file) {
    for (auto& [source, service] : services_) {
      if (std::find(file.services.begin(), file.services.end(), source) != file.services.end()) {
        fill_service(file, *source, *service);
        filled_services_.insert(service);
      }
    }
  }

  void fill_service(const File& file, const Service& source, Service& service) {
    service.doc = source.doc;
    service.location = source.location;
    if (service.name != source.name) service.annotations.push_back({"koine.name", source.name});
    for (Annotation& kept : annotations_without(source.annotations, service_annotations)) {
      service.annotations.push_back(std::move(kept));
    }
    const Service* base = base_of(source, service);
    NameScope names;
    std::vector<const Method*> unary;
    for (const Method& method : source.methods) {
      if (method.client_streaming || method.server_streaming) {
        warn("STREAM_TO_UNARY",
             "'" + source.full_name + "." + method.name + "' streams, which Thrift cannot; it is left out",
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

  // A gRPC method's name may differ between a service and one that extends it; what it stands for does not.
  static std::string restored_name(const Method& method) {
    return annotation_or(method.annotations, "koine.name", lower_first(method.name));
  }

  // The service that a derived .proto says this one extends, when all its methods are here.
  const Service* base_of(const Service& source, Service& service) {
    const std::string* name = find_annotation(source.annotations, "koine.extends");
    if (name == nullptr) return nullptr;
    for (const auto& [other_source, other] : services_) {
      if (other_source->full_name != *name || !filled_services_.contains(other)) continue;
      for (const Method& method : other->methods) {
        auto same = std::find_if(source.methods.begin(), source.methods.end(), [&](const Method& mine) {
          return restored_name(mine) == restored_name(*method.origin) &&
                 mine.request == method.origin->request;
        });
        if (same == source.methods.end()) return nullptr;
      }
      service.base = other->full_name;
      return other;
    }
    return nullptr;
  }

  void add_method(const File& file, const Service& owner, const Method& source, NameScope& names,
                  Service& service) {
    Method method;
    method.origin = &source;
    const bool no_arguments = source.request->fields.empty();
    const std::string wished = annotation_or(source.annotations, "koine.name", lower_first(source.name));
    const bool free_choice = !came_from_thrift(file);
    method.name =
        names.claim(is_identifier(wished) ? wished : lower_first(source.name), [&](const std::string& name) {
          return free_choice && (is_thrift_word(name) || (no_arguments && clashes_in_java(name)));
        });
    method.idempotent = source.idempotent;
    method.doc = source.doc;
    method.location = source.location;
    if (free_choice && upper_first(method.name) != source.name) {
      method.annotations.push_back({"koine.name", source.name});
    }
    for (Annotation& kept : annotations_without(source.annotations, method_annotations)) {
      method.annotations.push_back(std::move(kept));
    }
    method.request = &arguments(file, service, source, method);
    method.response = &result(file, service, source, method);
    method.oneway = source.oneway && method.response->fields.empty();
    if (source.oneway && !method.oneway) {
      warn("ONEWAY_ACK",
           "'" + owner.full_name + "." + source.name + "' has an answer, so it cannot be oneway in Thrift",
           source.location);
    }
    service.methods.push_back(std::move(method));
  }

  StructType& method_struct(const Service& service, const Method& method, const char* suffix,
                            StructRole role) {
    StructType& made = derived_.add_struct();
    made.name = service.name + "." + method.name + suffix;
    made.full_name = service.full_name + "." + method.name + suffix;
    made.role = role;
    made.implicit_utf8 = false;
    made.location = method.location;
    return made;
  }

  const StructType& arguments(const File& file, const Service& service, const Method& source,
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

  const StructType& result(const File& file, const Service& service, const Method& source, Method& method) {
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
    add_declared(file, source, names, made);
    if (!came_from_thrift(file))
      add_error(file, names, rpc_status(file), "status", next_error_id(made), made);
    return made;
  }

  static bool came_from_thrift(const File& file) {
    return find_annotation(file.annotations, "koine.derived_from") != nullptr;
  }

  static std::int32_t next_error_id(const StructType& result) {
    std::int32_t next = 1;
    for (const Field& field : result.fields) next = std::max(next, field.id + 1);
    return next;
  }

  // The exceptions of koine.throws, each "<type> <name> <id>".
  void add_declared(const File& file, const Method& source, NameScope& names, StructType& result) {
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
      if (!id || *id == 0 || result.find_field(*id) != nullptr) id = next_error_id(result);
      add_error(file, names, struct_for(file, error), name, *id, result);
    }
  }

  void add_error(const File& file, NameScope& names, const StructType& type, const std::string& name,
                 std::int32_t id, StructType& result) {
    Field& field = result.fields.emplace_back();
    field.id = id;
    field.name = names.claim(name, refusal(file));
    field.json_name = to_json_name(field.name);
    field.presence = Presence::optional;
    Type& out = derived_.add_type();
    out.kind = Kind::structure;
    out.structure = &type;
    field.type = &out;
  }

  const Type* structure(const File& file, const StructType& source) {
    Type& out = derived_.add_type();
    out.kind = Kind::structure;
    out.structure = &struct_for(file, source);
    return &out;
  }

  const StructType& rpc_status(const File& file) {
    return shared(foreign_structs_, "koine.RpcStatus", file, [&](auto& places) -> StructType& {
      File& out = derived_file(file);
      StructType& made = derived_.add_struct();
      places[&file] = &made;
      made.name = scope(out.package).claim("RpcStatus");
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

  base::Status status_;
  std::map<std::string, NameScope> scopes_;  // by package: structs, enums and services
  std::set<const StructType*> exceptions_;
  std::vector<std::pair<const Service*, Service*>> services_;
  std::set<const Service*> filled_services_;
  std::map<const StructType*, StructType*> filled_;
  std::map<std::string, std::map<const File*, StructType*>> foreign_structs_;
  std::map<std::string, std::map<const File*, EnumType*>> foreign_enums_;
};

}  // namespace

base::Result<std::unique_ptr<Schema>> to_thrift(const Schema& source, std::vector<Diagnostic>* warnings) {
  auto derived = std::make_unique<Schema>();
  base::Status status = ToThrift(source, *derived, warnings).run();
  if (!status.ok()) return status;
  return derived;
}

}  // namespace koine::idl::derive
