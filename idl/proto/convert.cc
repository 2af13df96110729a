// Descriptors become nodes in three passes over the files in order of dependency: names, fields, services.
// Owner: see convert.h.
#include "idl/proto/convert.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include "idl/proto/extensions.h"
#include "idl/proto/options.h"
#include "idl/proto/transparent.h"

namespace koine::idl::proto {
namespace pb = google::protobuf;
namespace {

// Files that are known to be seen by others, all together.
constexpr std::size_t seen_max = 1'000'000;

constexpr std::string_view own_options_file = "koine/options.proto";

// " A line\n another\n" -> "A line\nanother".
std::string doc_text(const std::string& comment) {
  std::string out;
  std::size_t start = 0;
  while (start < comment.size()) {
    std::size_t end = comment.find('\n', start);
    if (end == std::string::npos) end = comment.size();
    std::string_view line(comment.data() + start, end - start);
    if (line.starts_with(' ')) line.remove_prefix(1);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) {
      line.remove_suffix(1);
    }
    out += line;
    out += '\n';
    start = end + 1;
  }
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out.substr(std::min(out.find_first_not_of('\n'), out.size()));
}

template <class Descriptor>
std::string doc_of(const Descriptor& descriptor) {
  pb::SourceLocation where;
  if (!descriptor.GetSourceLocation(&where)) return {};
  return doc_text(where.leading_comments.empty() ? where.trailing_comments : where.leading_comments);
}

// "pkg.Outer.Inner" without the package.
std::string local_name(const std::string& full_name, const std::string& package) {
  return package.empty() ? full_name : full_name.substr(package.size() + 1);
}

class Converter {
 public:
  Converter(Import& import, Schema& schema) : import_(import), schema_(schema) {}

  bool run() {
    for (const pb::FileDescriptor* file : import_.linked()) visit(*file);
    for (const pb::FileDescriptor* file : ordered_) declare(*file);
    for (const auto& [descriptor, type] : structs_) fill(*descriptor, *type);
    check_nesting();
    for (const pb::FileDescriptor* file : ordered_) {
      add_services(*file);
      warn_of_extensions(*file, import_);
    }
    return !failed_;
  }

 private:
  void visit(const pb::FileDescriptor& file) {
    if (file.name() == own_options_file || !visited_.insert(&file).second) return;
    for (int i = 0; i < file.dependency_count(); ++i) {
      // Custom options import descriptor.proto; its messages are nobody's data.
      if (file.dependency(i)->name() != "google/protobuf/descriptor.proto" || refers_to_descriptors(file)) {
        visit(*file.dependency(i));
      }
    }
    ordered_.push_back(&file);
  }

  static bool refers_to_descriptors(const pb::FileDescriptor& file) {
    for (int i = 0; i < file.message_type_count(); ++i) {
      if (refers_to_descriptors(*file.message_type(i))) return true;
    }
    for (int i = 0; i < file.service_count(); ++i) {
      for (int j = 0; j < file.service(i)->method_count(); ++j) {
        const pb::MethodDescriptor& method = *file.service(i)->method(j);
        if (is_descriptor(method.input_type()->file()) || is_descriptor(method.output_type()->file())) {
          return true;
        }
      }
    }
    return false;
  }
  static bool refers_to_descriptors(const pb::Descriptor& message) {
    for (int i = 0; i < message.field_count(); ++i) {
      const pb::FieldDescriptor& field = *message.field(i);
      if (field.message_type() != nullptr && is_descriptor(field.message_type()->file())) return true;
      if (field.enum_type() != nullptr && is_descriptor(field.enum_type()->file())) return true;
    }
    for (int i = 0; i < message.nested_type_count(); ++i) {
      if (refers_to_descriptors(*message.nested_type(i))) return true;
    }
    return false;
  }
  static bool is_descriptor(const pb::FileDescriptor* file) {
    return file->name() == "google/protobuf/descriptor.proto";
  }

  void declare(const pb::FileDescriptor& file) {
    File& out = schema_.add_file();
    files_[&file] = &out;
    out.path = import_.path_of(file.name());
    out.language = Language::proto;
    const std::string* syntax = import_.editions().syntax_of(file.name());
    out.syntax = syntax != nullptr ? *syntax : pb::FileDescriptor::SyntaxName(file.syntax());
    out.package = file.package();
    for (int i = 0; i < file.dependency_count(); ++i) out.imports.push_back(file.dependency(i)->name());
    for (int i = 0; i < file.public_dependency_count(); ++i) {
      out.public_imports.push_back(file.public_dependency(i)->name());
    }
    add_namespaces(file.options(), out);
    out.annotations = read_options(file.options());
    pb::SourceLocation where;
    const std::vector<int> syntax_path = {pb::FileDescriptorProto::kSyntaxFieldNumber};
    if (file.GetSourceLocation(syntax_path, &where)) {
      std::string all;
      for (const std::string& block : where.leading_detached_comments) all += doc_text(block) + "\n\n";
      out.doc = all + doc_text(where.leading_comments);
      while (out.doc.ends_with('\n')) out.doc.pop_back();
    }
    for (int i = 0; i < file.message_type_count(); ++i) declare(*file.message_type(i), out);
    for (int i = 0; i < file.enum_type_count(); ++i) declare(*file.enum_type(i), out);
  }

  static void add_namespaces(const pb::FileOptions& options, File& out) {
    const pb::Reflection& reflection = *options.GetReflection();
    std::vector<const pb::FieldDescriptor*> fields;
    reflection.ListFields(options, &fields);
    for (const pb::FieldDescriptor* field : fields) {
      if (field->is_extension() || field->is_repeated() || field->name() == "deprecated") continue;
      if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING) {
        out.namespaces[field->name()] = reflection.GetString(options, field);
      } else if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_BOOL) {
        out.namespaces[field->name()] = reflection.GetBool(options, field) ? "true" : "false";
      }
    }
  }

  void declare(const pb::Descriptor& message, File& out) {
    if (message.options().map_entry()) return;
    StructType& type = schema_.add_struct();
    by_descriptor_[&message] = &type;
    structs_.emplace_back(&message, &type);
    out.structs.push_back(&type);
    type.full_name = message.full_name();
    type.name = local_name(type.full_name, message.file()->package());
    for (int i = 0; i < message.nested_type_count(); ++i) declare(*message.nested_type(i), out);
    for (int i = 0; i < message.enum_type_count(); ++i) declare(*message.enum_type(i), out);
  }

  void declare(const pb::EnumDescriptor& descriptor, File& out) {
    EnumType& type = schema_.add_enum();
    enums_[&descriptor] = &type;
    out.enums.push_back(&type);
    type.full_name = descriptor.full_name();
    type.name = local_name(type.full_name, descriptor.file()->package());
    const bool* closed = import_.editions().closed(type.full_name);
    type.closed =
        closed != nullptr ? *closed : descriptor.file()->syntax() == pb::FileDescriptor::SYNTAX_PROTO2;
    type.annotations = read_options(descriptor.options());
    type.doc = doc_of(descriptor);
    type.location = where(descriptor);
    for (int i = 0; i < descriptor.value_count(); ++i) {
      const pb::EnumValueDescriptor& value = *descriptor.value(i);
      type.values.push_back({value.name(), value.number(), read_options(value.options()), doc_of(value)});
    }
  }

  void fill(const pb::Descriptor& message, StructType& type) {
    const bool* checked = import_.editions().checks_utf8(type.full_name);
    type.implicit_utf8 =
        checked != nullptr ? *checked : message.file()->syntax() == pb::FileDescriptor::SYNTAX_PROTO3;
    type.doc = doc_of(message);
    type.location = where(message);
    type.annotations = read_options(message.options());
    const std::string form = take(type.annotations, "koine.form");
    if (form == "union") type.form = StructForm::union_;
    if (form == "exception") type.form = StructForm::exception;
    const std::string role = take(type.annotations, "koine.role");
    if (role == "wrapper") type.role = StructRole::wrapper;
    if (role == "map_entry") type.role = StructRole::map_entry;
    if (role == "arguments") type.role = StructRole::arguments;
    if (role == "result") type.role = StructRole::result;
    for (int i = 0; i < message.real_oneof_decl_count(); ++i) {
      type.oneofs.push_back(message.oneof_decl(i)->name());
    }
    for (int i = 0; i < message.reserved_range_count(); ++i) {
      type.reserved.emplace_back(message.reserved_range(i)->start, message.reserved_range(i)->end - 1);
    }
    for (int i = 0; i < message.field_count(); ++i) add_field(*message.field(i), type);
    check_role(message, type);
  }

  // The executors rely on the shape that a role promises.
  void check_role(const pb::Descriptor& message, StructType& type) {
    if (type.role == StructRole::wrapper && (type.fields.size() != 1 || type.fields[0].id != 1)) {
      fail(message, "a message with the role ROLE_WRAPPER has exactly one field, with the number 1");
    }
    if (type.role == StructRole::map_entry &&
        (type.fields.size() != 2 || type.find_field(1) == nullptr || type.find_field(2) == nullptr)) {
      fail(message, "a message with the role ROLE_MAP_ENTRY has a key with the number 1 and a value with 2");
    }
    if (type.form == StructForm::union_) {
      for (const Field& field : type.fields) {
        if (field.oneof_index != 0) {
          fail(message, "a message with the form FORM_UNION has all its fields in one oneof");
          break;
        }
      }
    }
  }

  void check_nesting() {
    const std::optional<NestingFault> fault = check_transparent(schema_.structs());
    if (!fault) return;
    for (const auto& [descriptor, type] : structs_) {
      if (type == fault->type) fail(*descriptor, fault->message);
    }
  }

  // Whether `file` imports `other`, itself or through others.
  bool sees(const pb::FileDescriptor* file, const pb::FileDescriptor* other) {
    auto [place, fresh] = visible_.try_emplace(file);
    if (fresh) {
      std::vector<const pb::FileDescriptor*> left = {file};
      while (!left.empty()) {
        const pb::FileDescriptor* next = left.back();
        left.pop_back();
        if (!place->second.insert(next).second) continue;
        for (int i = 0; i < next->dependency_count(); ++i) left.push_back(next->dependency(i));
      }
      seen_ += place->second.size();
    }
    const bool found = place->second.contains(other);
    if (seen_ > seen_max) {  // the next ones begin anew
      visible_.clear();
      seen_ = 0;
    }
    return found;
  }

  void add_field(const pb::FieldDescriptor& descriptor, StructType& type) {
    Field& field = type.fields.emplace_back();
    field.name = descriptor.name();
    field.json_name = descriptor.json_name();
    field.id = descriptor.number();
    field.packed = descriptor.is_packed();
    field.doc = doc_of(descriptor);
    field.location = where(descriptor);
    field.annotations = read_options(descriptor.options());
    field.type = field_type(descriptor, field.annotations);
    if (const Presence* presence = import_.editions().presence_of(descriptor.full_name())) {
      field.presence = *presence;
      const bool plain = *presence == Presence::implicit && !descriptor.is_repeated();
      if (plain && field.type->kind == Kind::enumeration && field.type->enumeration->closed) {
        fail(descriptor,
             "a field without presence cannot be of a closed enum: its zero is none of the values",
             "EDITION");
      }
    } else if (descriptor.is_required()) {
      field.presence = Presence::required;
    } else if (!descriptor.is_repeated() && descriptor.has_presence()) {
      field.presence = Presence::optional;
    }
    if (const pb::OneofDescriptor* oneof = descriptor.real_containing_oneof()) {
      field.oneof_index = oneof->index();
    }
    if (descriptor.has_default_value()) field.default_value = default_value(descriptor);
  }

  const Type* field_type(const pb::FieldDescriptor& descriptor, Annotations& annotations) {
    const std::string range = take(annotations, "koine.range");
    const std::string key_range = take(annotations, "koine.key_range");
    const std::string key_enum = take(annotations, "koine.key_enum");
    const bool set = take(annotations, "koine.set") == "true";
    const bool uuid = take_uuid(annotations, "koine.as");
    const bool key_uuid = take_uuid(annotations, "koine.key_as");
    if (descriptor.is_map()) {
      const pb::Descriptor& entry = *descriptor.message_type();
      Type& type = schema_.add_type();
      type.kind = Kind::map;
      type.key = key_enum.empty() ? value_type(descriptor, *entry.map_key(), key_range, key_uuid)
                                  : enum_key(descriptor, *entry.map_key(), key_enum);
      type.element = value_type(descriptor, *entry.map_value(), range, uuid);
      return &type;
    }
    if (key_uuid) fail(descriptor, "koine.key_as is for maps");
    const Type* element = value_type(descriptor, descriptor, range, uuid);
    if (!descriptor.is_repeated()) {
      if (set) fail(descriptor, "koine.set is for repeated fields");
      return element;
    }
    Type& type = schema_.add_type();
    type.kind = set ? Kind::set : Kind::list;
    type.element = element;
    return &type;
  }

  const Type* enum_key(const pb::FieldDescriptor& map, const pb::FieldDescriptor& key,
                       const std::string& key_enum) {
    const pb::EnumDescriptor* named = map.file()->pool()->FindEnumTypeByName(key_enum);
    const EnumType* found = nullptr;
    if (named != nullptr && sees(map.file(), named->file())) found = enums_.at(named);
    if (found == nullptr || key.type() != pb::FieldDescriptor::TYPE_INT32) {
      fail(map, found == nullptr
                    ? "koine.key_enum names no enum of this file or its imports: '" + key_enum + "'"
                    : "koine.key_enum is for maps with int32 keys");
      return schema_.scalar(Kind::i32);
    }
    Type& type = schema_.add_type();
    type.kind = Kind::enumeration;
    type.enumeration = found;
    return &type;
  }

  const Type* value_type(const pb::FieldDescriptor& owner, const pb::FieldDescriptor& field,
                         const std::string& range, bool uuid) {
    NumberForm form = NumberForm::plain;
    Kind kind = scalar_kind(field.type(), form);
    if (!range.empty() && !refine(range, kind)) {
      fail(owner, "koine.range '" + range +
                      "' does not fit the field's type; i8 and i16 go with int32, u8 and u16 with uint32");
    }
    if (uuid && kind != Kind::string && kind != Kind::bytes) {
      fail(owner, "koine.as 'uuid' does not fit the field's type; it goes with string and bytes");
    } else if (uuid) {
      form = kind == Kind::bytes ? NumberForm::fixed : NumberForm::plain;
      kind = Kind::uuid;
    }
    if (kind != Kind::enumeration && kind != Kind::structure && form == NumberForm::plain) {
      return schema_.scalar(kind);
    }
    Type& type = schema_.add_type();
    type.kind = kind;
    type.number_form = form;
    if (kind == Kind::enumeration) type.enumeration = enums_.at(field.enum_type());
    if (kind == Kind::structure) {
      type.structure = by_descriptor_.at(field.message_type());
      type.delimited = field.type() == pb::FieldDescriptor::TYPE_GROUP;
    }
    return &type;
  }

  static bool refine(const std::string& range, Kind& kind) {
    if (kind == Kind::i32 && (range == "i8" || range == "i16")) {
      kind = range == "i8" ? Kind::i8 : Kind::i16;
      return true;
    }
    if (kind == Kind::u32 && (range == "u8" || range == "u16")) {
      kind = range == "u8" ? Kind::u8 : Kind::u16;
      return true;
    }
    return to_string(kind) == range;
  }

  static Kind scalar_kind(pb::FieldDescriptor::Type type, NumberForm& form) {
    using F = pb::FieldDescriptor;
    switch (type) {
      case F::TYPE_DOUBLE: return Kind::f64;
      case F::TYPE_FLOAT: return Kind::f32;
      case F::TYPE_INT64: return Kind::i64;
      case F::TYPE_UINT64: return Kind::u64;
      case F::TYPE_INT32: return Kind::i32;
      case F::TYPE_FIXED64: form = NumberForm::fixed; return Kind::u64;
      case F::TYPE_FIXED32: form = NumberForm::fixed; return Kind::u32;
      case F::TYPE_BOOL: return Kind::boolean;
      case F::TYPE_STRING: return Kind::string;
      case F::TYPE_GROUP:
      case F::TYPE_MESSAGE: return Kind::structure;
      case F::TYPE_BYTES: return Kind::bytes;
      case F::TYPE_UINT32: return Kind::u32;
      case F::TYPE_ENUM: return Kind::enumeration;
      case F::TYPE_SFIXED32: form = NumberForm::fixed; return Kind::i32;
      case F::TYPE_SFIXED64: form = NumberForm::fixed; return Kind::i64;
      case F::TYPE_SINT32: form = NumberForm::zigzag; return Kind::i32;
      case F::TYPE_SINT64: break;
    }
    form = NumberForm::zigzag;
    return Kind::i64;
  }

  Value default_value(const pb::FieldDescriptor& field) {
    switch (field.cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_INT32: return {std::int64_t{field.default_value_int32()}};
      case pb::FieldDescriptor::CPPTYPE_INT64: return {std::int64_t{field.default_value_int64()}};
      case pb::FieldDescriptor::CPPTYPE_UINT32: return {std::int64_t{field.default_value_uint32()}};
      case pb::FieldDescriptor::CPPTYPE_UINT64: return {std::uint64_t{field.default_value_uint64()}};
      case pb::FieldDescriptor::CPPTYPE_DOUBLE: return {field.default_value_double()};
      case pb::FieldDescriptor::CPPTYPE_FLOAT: return {static_cast<double>(field.default_value_float())};
      case pb::FieldDescriptor::CPPTYPE_BOOL: return {field.default_value_bool()};
      case pb::FieldDescriptor::CPPTYPE_ENUM:
        return {EnumReference{enums_.at(field.enum_type()), field.default_value_enum()->number()}};
      case pb::FieldDescriptor::CPPTYPE_STRING: return {field.default_value_string()};
      case pb::FieldDescriptor::CPPTYPE_MESSAGE: break;
    }
    return {};
  }

  void add_services(const pb::FileDescriptor& file) {
    File& out = *files_.at(&file);
    for (int i = 0; i < file.service_count(); ++i) {
      const pb::ServiceDescriptor& descriptor = *file.service(i);
      Service& service = schema_.add_service();
      out.services.push_back(&service);
      service.name = descriptor.name();
      service.full_name = descriptor.full_name();
      service.doc = doc_of(descriptor);
      service.location = where(descriptor);
      service.annotations = read_options(descriptor.options());
      for (int j = 0; j < descriptor.method_count(); ++j) add_method(*descriptor.method(j), service);
      service.own_methods = service.methods.size();
    }
  }

  void add_method(const pb::MethodDescriptor& descriptor, Service& service) {
    Method& method = service.methods.emplace_back();
    method.name = descriptor.name();
    method.doc = doc_of(descriptor);
    method.location = where(descriptor);
    method.annotations = read_options(descriptor.options());
    method.request = by_descriptor_.at(descriptor.input_type());
    method.response = by_descriptor_.at(descriptor.output_type());
    method.client_streaming = descriptor.client_streaming();
    method.server_streaming = descriptor.server_streaming();
    method.idempotent = descriptor.options().idempotency_level() != pb::MethodOptions::IDEMPOTENCY_UNKNOWN;
    method.oneway = take(method.annotations, "koine.oneway") == "true";
    method.request_spread = method.request->role == StructRole::arguments;
    method.response_spread = method.response->role == StructRole::result;
    for (const Annotation& annotation : method.annotations) {
      if (annotation.name != "koine.throws") continue;
      const std::string type = annotation.value.substr(0, annotation.value.find(' '));
      const pb::Descriptor* named = descriptor.file()->pool()->FindMessageTypeByName(type);
      if (named != nullptr && !named->options().map_entry() && sees(descriptor.file(), named->file())) {
        method.declared_errors.push_back(by_descriptor_.at(named));
      } else {
        fail(descriptor, "koine.throws names no message of this file or its imports: '" + type + "'");
      }
    }
  }

  template <class Descriptor>
  Location where(const Descriptor& descriptor) const {
    pb::SourceLocation found;
    if (!descriptor.GetSourceLocation(&found)) return {import_.path_of(descriptor.file()->name()), 0, 0};
    return import_.location(descriptor.file()->name(), found.start_line, found.start_column);
  }

  template <class Descriptor>
  void fail(const Descriptor& descriptor, std::string message, std::string rule = "KOINE_OPTION") {
    pb::SourceLocation found;
    const bool known = descriptor.GetSourceLocation(&found);
    import_.report(Severity::error, std::move(rule), std::move(message), descriptor.file()->name(),
                   known ? found.start_line : -1, known ? found.start_column : 0);
    failed_ = true;
  }

  Import& import_;
  Schema& schema_;
  bool failed_ = false;
  std::set<const pb::FileDescriptor*> visited_;
  std::vector<const pb::FileDescriptor*> ordered_;
  std::map<const pb::FileDescriptor*, File*> files_;
  std::vector<std::pair<const pb::Descriptor*, StructType*>> structs_;
  std::map<const pb::Descriptor*, StructType*> by_descriptor_;
  std::map<const pb::EnumDescriptor*, EnumType*> enums_;
  std::map<const pb::FileDescriptor*, std::set<const pb::FileDescriptor*>> visible_;
  std::size_t seen_ = 0;  // files in all of those
};

}  // namespace

std::unique_ptr<Schema> convert(Import& import) {
  auto schema = std::make_unique<Schema>();
  Converter converter(import, *schema);
  if (!converter.run()) return nullptr;
  return schema;
}

}  // namespace koine::idl::proto
