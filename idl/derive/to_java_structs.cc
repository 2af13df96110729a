// Thrift -> Java: classes, their fields and types. Owner: see java_deriver.h.
#include "idl/derive/constant_text.h"
#include "idl/derive/java_deriver.h"
#include "idl/folded.h"
#include "idl/java/spelling.h"

namespace koine::idl::derive {
namespace {

const std::set<std::string_view> field_annotations = {"koine.name",   java_field_annotation, "koine.range",
                                                      "koine.number", "koine.requiredness",  "koine.default"};
// Throwable's, and getters that it has.
const std::set<std::string_view> throwable_names = {"cause",           "stackTrace", "suppressed",
                                                    "detailMessage",   "message",    "suppressedExceptions",
                                                    "localizedMessage"};

bool is_scalar(Kind kind) { return kind <= Kind::f64; }

bool is_from_proto(const File& file) {
  return annotation_or(file.annotations, "koine.source", "").ends_with(".proto");
}

// Throwable's text, under the name that its callers get it by.
bool is_text(const StructType& owner, const Field& field, const std::string& name) {
  return owner.form == StructForm::exception && name == "message" && field.type->kind == Kind::string;
}

}  // namespace

void ToJava::fill_struct(const File& file, const StructType& source, StructType& type) {
  type.implicit_utf8 = false;
  type.oneofs = source.oneofs;
  add_fields(file, source, type);
}

void ToJava::add_fields(const File& file, const StructType& source, StructType& type) {
  const bool is_arguments = source.role == StructRole::arguments;
  const LockKind kind = is_arguments ? LockKind::argument : LockKind::field;
  const std::string owner = is_arguments ? method_of(source) : source.full_name;
  NameScope names(folded);
  const Keeper::Fields locked = keep_.fields(kept_by(file), kind, owner, source.fields);
  keep_.reserve_members(kept_by(file), kind, owner, names);
  const auto refused = [&](const std::string& name) {
    return is_refused_in_java(name) || upper_first(name) == "Class" ||
           (source.form == StructForm::exception && throwable_names.contains(name));
  };
  // Who is Throwable's text has the name, whoever comes first.
  for (const Field& field : source.fields) {
    if (is_text(source, field, to_json_name(field.name))) names.reserve("message");
  }
  for (const Field& field : source.fields) {
    Field& derived = type.fields.emplace_back();
    derived.id = derived.origin_id = field.id;
    derived.doc = field.doc;
    derived.location = field.location;
    derived.oneof_index = field.oneof_index;
    std::string wished = annotation_or(field.annotations, "koine.name", field.name);
    wished = to_json_name(is_identifier(wished) ? wished : identifier_of(field.name));
    const std::string said = annotation_or(field.annotations, java_field_annotation, "");
    const bool text = is_text(source, field, wished);
    if (is_identifier(said) && !text) wished = said;
    if (const auto known = locked.by_id.find(field.id); known != locked.by_id.end()) {
      derived.name = known->second->name.empty() ? wished : known->second->name;
    } else {
      derived.name = text ? wished : names.claim(wished, refused);
      keep_.enter_field(kept_by(file), kind, owner, field, field.id, derived.name, wished);
    }
    derived.json_name = derived.name;
    if (text) derived.annotations.push_back({std::string(java_field_annotation), "detailMessage"});
    add_names(field.annotations, field.name, derived.name == to_json_name(field.name), false,
              derived.annotations);
    if (field.default_value && field.presence != Presence::optional) {
      derived.annotations.push_back({"koine.default", constant_text(*field.default_value)});
    }
    for (Annotation& kept : annotations_for_java(field.annotations, field_annotations)) {
      derived.annotations.push_back(std::move(kept));
    }
    set_type(file, source, field, derived);
  }
}

void ToJava::set_type(const File& file, const StructType& owner, const Field& field, Field& derived) {
  // A plain number of proto3 that is not there is 0, which is an instant; no Date is none.
  const bool has_zero = field.presence == Presence::implicit && is_from_proto(file);
  const bool is_date = annotation_or(field.annotations, "koine.as", "") == "instant" &&
                       annotation_or(field.annotations, "koine.unit", "") == "ms" && !has_zero;
  const Meaning meaning{is_date, annotation_or(field.annotations, "koine.as", "") == "decimal"};
  const bool may_be_null = field.presence == Presence::optional || owner.form == StructForm::union_;
  derived.presence = may_be_null ? Presence::optional : field.presence;
  // Of classes Dubbo 3.3.6 reads a field of type float wrongly, and one of type Float rightly.
  const bool is_float = field.type->kind == Kind::f32 && owner.role == StructRole::plain;
  derived.type = type_in(*field.type, may_be_null || is_float ? Place::boxed : Place::primitive, meaning);
  // A Date is an object, and can always be null.
  const bool object = is_scalar(derived.type->kind) && !derived.type->native.empty() && !is_float;
  if (object && derived.presence == Presence::implicit) derived.presence = Presence::optional;
}

const Type* ToJava::type_in(const Type& type, Place place, Meaning meaning) {
  if (type.structure != nullptr) {
    if (const Type* time = time_type(*type.structure)) return time;
    Type& out = derived_.add_type();
    out.kind = Kind::structure;
    out.structure = structs_.at(type.structure);
    return &out;
  }
  if (type.enumeration != nullptr) {
    Type& out = derived_.add_type();
    out.kind = Kind::enumeration;
    out.enumeration = enums_.at(type.enumeration);
    return &out;
  }
  if (type.element != nullptr) {
    Type& out = derived_.add_type();
    out.kind = type.kind;
    // What is said of a map is said of its values.
    if (type.key != nullptr) out.key = type_in(*type.key, Place::element, {});
    out.element = type_in(*type.element, Place::element, meaning);
    return &out;
  }
  if (type.kind == Kind::i64 && meaning.is_date) return new_type(type.kind, "java.util.Date");
  if (type.kind == Kind::string && meaning.is_decimal) return new_type(type.kind, "java.math.BigDecimal");
  if (type.kind == Kind::uuid) return new_type(type.kind, "java.util.UUID");
  if (!is_scalar(type.kind) || place == Place::primitive) return derived_.scalar(type.kind);
  return new_type(type.kind, java::box_of(type.kind, place == Place::element));
}

const Type* ToJava::new_type(Kind kind, std::string_view native) {
  Type& type = derived_.add_type();
  type.kind = kind;
  type.native = native;
  return &type;
}

const Type* ToJava::time_type(const StructType& source) {
  // Derivation from protobuf says what its own messages were.
  const std::string name = annotation_or(source.annotations, "koine.name", source.full_name);
  const bool is_instant = name == "google.protobuf.Timestamp";
  if (!is_instant && name != "google.protobuf.Duration") return nullptr;
  const StructType*& known = times_[&source];
  if (known == nullptr) {
    StructType& made = derived_.add_struct();
    made.name = name.substr(name.rfind('.') + 1);
    made.full_name = name;
    made.origin = &source;
    for (const Field& field : source.fields) {
      Field& derived = made.fields.emplace_back(field);
      derived.origin_id = field.id;
      derived.type = derived_.scalar(field.type->kind);
      derived.annotations.clear();
    }
    known = &made;
    structs_[&source] = &made;
  }
  Type& type = derived_.add_type();
  type.kind = Kind::structure;
  type.structure = known;
  type.native = is_instant ? "java.time.Instant" : "java.time.Duration";
  return &type;
}

}  // namespace koine::idl::derive
