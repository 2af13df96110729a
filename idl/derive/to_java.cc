// Thrift -> Java, by these rules; protobuf by way of the Thrift that it becomes, with its own names:
//
//   packages    `namespace java`, or what full names use, with ".dubbo" behind it: the classes of Thrift's or
//               protobuf's own compilers may live in the same JVM
//   structs     Serializable classes, one for each. Unions are classes of which one field is not null
//   exceptions  checked ones; a text called `message` is Throwable's own
//   presence    what need not be there may be null: optional numbers are boxed, others are primitives
//   types       unsigned numbers travel in the next wider type, u64 in long; inside collections i8, i16 and
//               f32 do so too (Integer, Double), since what Hessian2 holds there arrives as those
//   floats      a field that is never null is a Float as well, for what Dubbo 3.3.6 makes of a float
//   times       an i64 of milliseconds that is an instant (koine.unit, koine.as) is a java.util.Date, a text
//               that is a decimal a BigDecimal; protobuf's Timestamp and Duration are java.time's
//   enums       keep their names; their numbers stay in the graph
//   services    interfaces; `extends` stays. Arguments and exceptions are those of the method. Of protobuf a
//               method takes its message and throws RpcStatus
//   names       of fields, arguments and methods begin in lower case and have no underscores (case_id is
//               caseId). Java's words, what Object, Throwable and the classes that are imported are called,
//               and names that differ in case and underscores only get "_" or a number behind them
//
// A class that the source names by koine.java_class, a method by koine.java_method and a field by
// koine.java_field have those names: a Thrift IDL can describe Java that is there already.
#include "idl/derive/to_java.h"

#include <algorithm>
#include <array>

#include "idl/annotations.h"
#include "idl/derive/java_deriver.h"
#include "idl/derive/stale.h"
#include "idl/derive/thrift_deriver.h"
#include "idl/java/spelling.h"

namespace koine::idl::derive {
namespace {

// Simple names that what is written refers to. Sorted.
constexpr auto used_names = std::to_array<std::string_view>(
    {"Arrays",   "BigDecimal",   "Boolean", "Byte",  "Date",   "Double", "Duration", "Exception",
     "Float",    "Instant",      "Integer", "List",  "Long",   "Map",    "Object",   "Objects",
     "Override", "Serializable", "Set",     "Short", "String", "UUID"});
static_assert(std::is_sorted(used_names.begin(), used_names.end()));

const std::set<std::string_view> class_annotations = {"koine.name", java_class_annotation};
const std::set<std::string_view> value_annotations = {"koine.name"};

std::string lower_case(std::string_view name) {
  std::string out(name);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// "shop.Order", not "shop.Order$Item": a class of its own.
bool is_class_name(const std::string& name) {
  return name.find('.') != std::string::npos && identifier_path(name) == name;
}

}  // namespace

bool is_refused_in_java(const std::string& name) {
  return java::is_reserved_class_name(name) || std::binary_search(used_names.begin(), used_names.end(), name);
}

Annotations annotations_for_java(const Annotations& source, const std::set<std::string_view>& consumed) {
  Annotations kept;
  for (const Annotation& one : annotations_without(source, consumed)) {
    const auto known = std::find_if(
        known_annotations().begin(), known_annotations().end(),
        [&](const auto& k) { return one.name.starts_with("koine.") && one.name.substr(6) == k.name; });
    if (known == known_annotations().end() || known->use != KnownAnnotation::Use::derived) {
      kept.push_back(one);
    }
  }
  return kept;
}

base::Status ToJava::run() {
  ContentHashes hashes(source_);
  for (const File* file : sources()) {
    File& out = add_file(*file, package_of(*file));
    add_stamp(*file, hashes.of(*file), out);
    scope(out.package);
  }
  for (auto& [package, names] : scopes_) keep_.reserve_types(package, names);
  for (const File* file : sources()) declare_services(*file);
  for (const File* file : sources()) declare_types(*file);
  for (const File* file : sources()) {
    for (const EnumType* type : file->enums) fill_enum(*file, *type, *filled_enums_.at(type));
  }
  for (const File* file : sources()) {
    for (const StructType* type : file->structs) {
      if (const auto found = filled_.find(type); found != filled_.end()) {
        fill_struct(*file, *type, *found->second);
      }
    }
  }
  for (const File* file : sources()) {
    for (const Service* service : file->services) fill_service(*service);
  }
  link_files();
  std::vector<const File*> kept;
  for (const File* file : sources()) kept.push_back(&kept_by(*file));
  return close_lock(kept);
}

void ToJava::add_stamp(const File& file, const std::string& hash, File& out) {
  out.annotations = {{"koine.derived_from", hash},
                     {"koine.source", file.path.substr(file.path.rfind('/') + 1)}};
}

void ToJava::pass_over_source(const Schema& source) {
  for (auto& [between, place] : services_) {
    place.second->origin = between->origin;
    for (Method& method : place.second->methods) method.origin = method.origin->origin;
  }
  ContentHashes hashes(source);
  for (const File* file : sources()) add_stamp(*file->origin, hashes.of(*file->origin), derived_file(*file));
  pass_over_types({});
}

std::string ToJava::package_of(const File& file) {
  const auto java = file.namespaces.find("java");
  std::string name = identifier_path(java != file.namespaces.end() ? java->second : file.package);
  // Where Thrift's own classes are, beside those that it was derived from.
  if (comes_back(file) && name.ends_with(".thrift")) name.resize(name.rfind('.'));
  std::string package;
  for (std::size_t start = 0; start < name.size();) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    std::string part = name.substr(start, end - start);
    if (java::is_reserved_word(part)) part += '_';
    package = joined(package, part);
    start = end + 1;
  }
  return joined(package, "dubbo");
}

NameScope& ToJava::scope(const std::string& package) {
  return scopes_.try_emplace(package, lower_case, is_refused_in_java).first->second;
}

template <class Node>
void ToJava::name_class(const File& file, LockKind kind, const Node& source, Node& derived) {
  std::string package = derived_file(file).package;
  std::string wished = annotation_or(source.annotations, "koine.name", source.name);
  if (!is_identifier(wished)) wished = identifier_of(source.name);
  const std::string said = annotation_or(source.annotations, java_class_annotation, "");
  if (is_class_name(said)) {
    package = said.substr(0, said.rfind('.'));
    wished = said.substr(said.rfind('.') + 1);
  }
  const Keeper::Wish wish{kept_by(file), {kind, "", source.full_name, std::nullopt}, package, wished};
  derived.origin = &source;
  derived.name = keep_.name(wish, [&] { return scope(package).claim(wished); });
  derived.full_name = joined(package, derived.name);
  derived.doc = source.doc;
  derived.location = source.location;
  add_names(source.annotations, source.name, derived.name == source.name, false, derived.annotations);
  for (Annotation& kept : annotations_for_java(source.annotations, class_annotations)) {
    derived.annotations.push_back(std::move(kept));
  }
}

void ToJava::declare_services(const File& file) {
  for (const Service* source : file.services) {
    Service& service = derived_.add_service();
    name_class(file, LockKind::service, *source, service);
    derived_file(file).services.push_back(&service);
    services_[source] = {&file, &service};
  }
}

void ToJava::declare_types(const File& file) {
  File& out = derived_file(file);
  for (const EnumType* source : file.enums) {
    EnumType& type = derived_.add_enum();
    name_class(file, LockKind::enumeration, *source, type);
    out.enums.push_back(&type);
    enums_[source] = filled_enums_[source] = &type;
  }
  for (const StructType* source : file.structs) {
    if (time_type(*source) != nullptr) continue;
    StructType& type = derived_.add_struct();
    name_class(file, LockKind::structure, *source, type);
    type.form = source->form;
    out.structs.push_back(&type);
    structs_[source] = filled_[source] = &type;
  }
}

void ToJava::fill_enum(const File& file, const EnumType& source, EnumType& type) {
  type.closed = source.closed;
  NameScope names;
  keep_.reserve_values(kept_by(file), source, names);
  for (const EnumValue& value : source.values) {
    EnumValue& derived = type.values.emplace_back();
    std::string wished = annotation_or(value.annotations, "koine.name", value.name);
    if (!is_identifier(wished)) wished = value.name;
    const LockSubject subject{LockKind::value, source.full_name, value.name, std::nullopt};
    derived.name = keep_.name({kept_by(file), subject, {}, wished}, [&] {
      return names.claim(wished, [](const std::string& name) { return java::is_reserved_word(name); });
    });
    derived.number = value.number;
    derived.doc = value.doc;
    add_names(value.annotations, value.name, derived.name == value.name, false, derived.annotations);
    for (Annotation& kept : annotations_for_java(value.annotations, value_annotations)) {
      derived.annotations.push_back(std::move(kept));
    }
  }
}

base::Result<std::unique_ptr<Schema>> thrift_to_java(const Schema& source,
                                                     std::vector<Diagnostic>* diagnostics, Lock* lock) {
  auto derived = std::make_unique<Schema>();
  KOINE_RETURN_IF_ERROR(ToJava(source, *derived, diagnostics, lock).run());
  return derived;
}

base::Result<std::unique_ptr<Schema>> proto_to_java(const Schema& source,
                                                    std::vector<Diagnostic>* diagnostics, Lock* lock) {
  Schema between;
  KOINE_RETURN_IF_ERROR(ToThrift(source, between, diagnostics, nullptr, "Dubbo").run());
  auto derived = std::make_unique<Schema>();
  ToJava deriver(between, *derived, diagnostics, lock);
  KOINE_RETURN_IF_ERROR(deriver.run());
  deriver.pass_over_source(source);
  return derived;
}

}  // namespace koine::idl::derive
