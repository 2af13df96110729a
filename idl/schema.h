// The schema graph: every IDL language compiles to it, every plan is compiled from it.
//
// One Schema holds any number of files with everything they define; nodes refer to one another by pointer and
// live as long as the Schema. Built once by a reader (idl/thrift, idl/proto, idl/java) or by derivation
// (idl/derive), then immutable and shared between threads.
//
// Kinds are the common model's (docs/mapping.md), already refined by annotations: a Thrift i64 with
// koine.range="u32" is Kind::u32 here, and how a kind is written in a format (u32 is i64 on a Thrift wire) is
// transcode/compile_types.cc's knowledge.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace koine::idl {

enum class Language : std::uint8_t { thrift, proto, java };
std::string_view to_string(Language language);

enum class Kind : std::uint8_t {
  boolean,
  i8,
  i16,
  i32,
  i64,
  u8,
  u16,
  u32,
  u64,
  f32,
  f64,
  string,       // text
  bytes,        // octets
  uuid,         // 16 bytes; as text 8-4-4-4-12 lower-case hexadecimal digits
  enumeration,  // Type::enumeration
  structure,    // Type::structure: structs, unions, exceptions, messages
  list,         // Type::element
  set,          // Type::element
  map,          // Type::key, Type::element
};
// "i32", "struct", "list", … as error messages print it.
std::string_view to_string(Kind kind);

struct StructType;
struct EnumType;

// How protobuf writes a number of this type; other formats ignore it. Of a uuid: plain is its text, fixed its
// 16 bytes.
enum class NumberForm : std::uint8_t { plain, zigzag, fixed };

struct Type {
  Kind kind = Kind::boolean;
  NumberForm number_form = NumberForm::plain;
  bool delimited = false;  // protobuf group encoding of a structure
  const EnumType* enumeration = nullptr;
  const StructType* structure = nullptr;
  const Type* key = nullptr;
  const Type* element = nullptr;  // of list and set; the value of a map
  std::string alias;              // the typedef's name where one was written; a hint, never a distinction
  // What its own language calls it, where several types of that language are one kind here and are written
  // differently (Java: "char", "java.util.Date", "java.math.BigDecimal", "int[]", "java.util.TreeMap"); else
  // empty.
  std::string native;
};

// Where a definition was written, for error messages; line and column from 1, 0 = unknown.
struct Location {
  std::string file;
  int line = 0;
  int column = 0;
};

struct Annotation {
  std::string name;
  std::string value;
};
using Annotations = std::vector<Annotation>;
// Marks the exception that Thrift methods derived from gRPC declare: {1: i32 code, 2: string message, 3:
// list<binary> details}, a google.rpc.Status whose details are serialized google.protobuf.Any.
inline constexpr std::string_view rpc_status_annotation = "koine.rpc_status";
// Of a Java class: the name that JVMs know it by, where that is not its full name ("shop.Order$Item",
// "shop.Result" of shop.Result<shop.Order>). Of a method: its name in Java and its parameters as JVM
// descriptors ("Ljava/lang/String;I"), by which overloads are told apart.
inline constexpr std::string_view java_class_annotation = "koine.java_class";
inline constexpr std::string_view java_method_annotation = "koine.java_method";
// Of a field: its name in Java, where that is another one (an exception's text is Throwable's
// `detailMessage`).
inline constexpr std::string_view java_field_annotation = "koine.java_field";
inline constexpr std::string_view java_signature_annotation = "koine.java_signature";
// The value of the first annotation of that name, or null.
const std::string* find_annotation(const Annotations& annotations, std::string_view name);

// protobuf's JSON name of a field (descriptor.cc ToJsonName): underscores go, the letter after one becomes
// upper case, nothing else changes: "order_id" -> "orderId", "URL" -> "URL".
std::string to_json_name(std::string_view field_name);

// A constant or default value. Enum values are EnumReference; structs are maps keyed by field name.
struct Value;
struct EnumReference {
  const EnumType* type = nullptr;
  std::int32_t number = 0;
};
using ValueList = std::vector<Value>;
using ValueMap = std::vector<std::pair<Value, Value>>;
struct Value {
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, EnumReference,
               ValueList, ValueMap>
      data;
};
namespace detail {
// clang 14 has to meet a Value's destruction before it meets a pair of them, or it takes the pair's type for
// incomplete.
inline void destroy(Value& value) { value.~Value(); }
}  // namespace detail

enum class Presence : std::uint8_t {
  required,  // Thrift required, proto2 required: absence is an error
  optional,  // can be told apart from any value: Thrift optional, proto `optional`, message fields, oneof and
             // union members
  implicit,  // Thrift default requiredness (always written), proto3 plain scalars (absent = zero), containers
             // in proto
};

struct Field {
  std::string name;
  std::string json_name;  // lowerCamelCase, or what the IDL says
  std::int32_t id = 0;    // the field's number on its own wire
  const Type* type = nullptr;
  Presence presence = Presence::implicit;
  bool packed = false;            // protobuf: how a repeated scalar is written (both forms are read)
  std::int32_t oneof_index = -1;  // into StructType::oneofs, or -1; a proto3 `optional` is not a oneof here
  std::optional<Value> default_value;
  std::int32_t origin_id = 0;  // in a derived schema: the id of the field it was derived from
  Annotations annotations;
  std::string doc;
  Location location;
};

// What a struct stands for, beside itself.
enum class StructRole : std::uint8_t {
  plain,
  wrapper,    // transparent: its only field (id 1) is the value; made for nested containers
  map_entry,  // {1: key, 2: value} as element of a list that stands for a map whose key protobuf does not
              // have
  arguments,  // a Thrift method's arguments, or the request message they were spread into
  result,     // a Thrift method's result: field 0 is the value, the others its exceptions; or the response
              // message
};

enum class StructForm : std::uint8_t { structure, union_, exception };

struct StructType {
  std::string name;       // as declared, without package; nested messages as Outer.Inner
  std::string full_name;  // package-qualified: what configuration and errors call it
  StructForm form = StructForm::structure;
  StructRole role = StructRole::plain;
  std::vector<Field> fields;        // in order of declaration
  std::vector<std::string> oneofs;  // names; a Thrift union is form == union_ with no oneofs
  const StructType* origin =
      nullptr;  // in a derived schema: what it was derived from (null for made-up wrappers)
  std::vector<std::pair<std::int32_t, std::int32_t>> reserved;  // protobuf: inclusive ranges
  bool implicit_utf8 = true;  // every string must be valid UTF-8 (proto3); proto2 and Thrift: see the plan
  Annotations annotations;
  std::string doc;
  Location location;

  const Field* find_field(std::int32_t id) const;
  const Field* find_field(std::string_view field_name) const;
};

struct EnumValue {
  std::string name;
  std::int32_t number = 0;
  Annotations annotations;
  std::string doc;
};

struct EnumType {
  std::string name;
  std::string full_name;
  std::vector<EnumValue> values;  // in order of declaration; aliases follow the first of their number
  bool closed = false;  // proto2: unknown numbers are unknown fields; Thrift and proto3 enums are open
  const EnumType* origin = nullptr;
  Annotations annotations;
  std::string doc;
  Location location;

  const EnumValue* find_value(std::int32_t number) const;
  const EnumValue* find_value(std::string_view value_name) const;
};

struct Method {
  std::string name;
  // Never null. For Thrift and Java: the arguments struct and the result struct (field 0 `success` absent for
  // void; every other field an exception of the throws clause). For proto: the request and response messages.
  const StructType* request = nullptr;
  const StructType* response = nullptr;
  bool oneway = false;
  bool client_streaming = false;
  bool server_streaming = false;
  bool idempotent = false;
  const Method* origin = nullptr;
  // In a derived proto method: the request (response) message stands for the arguments (result) struct
  // itself, one field for each argument (`value` for the result); false: it stands for the only argument
  // (field 0), a struct.
  bool request_spread = false;
  bool response_spread = false;
  // In a derived proto method: the exceptions that may arrive in google.rpc.Status.details.
  std::vector<const StructType*> declared_errors;
  Annotations annotations;
  std::string doc;
  Location location;
};

struct Service {
  std::string name;
  std::string full_name;
  std::string base;  // full name of the extended service; its methods are in `methods` too, flattened
  std::vector<Method> methods;  // own methods first, then inherited ones
  std::size_t own_methods = 0;
  const Service* origin = nullptr;
  Annotations annotations;
  std::string doc;
  Location location;

  const Method* find_method(std::string_view method_name) const;
};

struct Constant {
  std::string name;
  const Type* type = nullptr;
  Value value;
  std::string doc;
  Location location;
};

struct Typedef {
  std::string name;
  const Type* type = nullptr;
  Annotations annotations;
  std::string doc;
};

struct File {
  std::string path;  // as named by whoever asked for it
  Language language = Language::thrift;
  std::string syntax;   // proto2, proto3, "edition 2023"; empty for Thrift
  std::string package;  // proto package, or the Thrift namespace that full names use
  std::map<std::string, std::string>
      namespaces;  // Thrift: language -> namespace; proto: java_package and the like
  std::vector<std::string> imports;
  std::vector<std::string> public_imports;  // protobuf: those of `imports` that importing files see too
  std::vector<const StructType*> structs;
  std::vector<const EnumType*> enums;
  std::vector<const Service*> services;
  std::vector<const Constant*> constants;
  std::vector<const Typedef*> typedefs;
  const File* origin = nullptr;  // in a derived schema
  Annotations annotations;
  std::string doc;
};

namespace detail {
// Full name -> node, filled on demand: a builder names a node only after adding it.
template <class Node>
struct NameIndex {
  std::map<std::string, const Node*, std::less<>> by_name;
  std::vector<const Node*> unnamed;
  std::size_t seen = 0;  // nodes of the deque that were looked at
};
}  // namespace detail

// Everything that was read or derived together. Full names are unique in it: "<package>.<name>"; a Thrift
// file's package is `namespace *`, else `namespace java`, else its base name.
class Schema {
 public:
  Schema() = default;
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;

  // For builders; the references stay valid.
  Type& add_type() { return types_.emplace_back(); }
  StructType& add_struct() { return structs_.emplace_back(); }
  EnumType& add_enum() { return enums_.emplace_back(); }
  Service& add_service() { return services_.emplace_back(); }
  Constant& add_constant() { return constants_.emplace_back(); }
  Typedef& add_typedef() { return typedefs_.emplace_back(); }
  File& add_file() { return files_.emplace_back(); }
  // A shared node for a kind without parts and with NumberForm::plain.
  const Type* scalar(Kind kind);

  // For those who add what was said elsewhere (configuration), before the Schema is shared.
  std::deque<StructType>& structs() { return structs_; }
  std::deque<EnumType>& enums() { return enums_; }

  const std::deque<File>& files() const { return files_; }
  const std::deque<StructType>& structs() const { return structs_; }
  const std::deque<EnumType>& enums() const { return enums_; }
  const std::deque<Service>& services() const { return services_; }
  // Null if there is none; O(log n), any thread once the Schema is built. A node's full name must not change
  // after the first look-up that follows its naming.
  const StructType* find_struct(std::string_view full_name) const;
  const EnumType* find_enum(std::string_view full_name) const;
  const Service* find_service(std::string_view full_name) const;

 private:
  std::deque<Type> types_;
  std::deque<StructType> structs_;
  std::deque<EnumType> enums_;
  std::deque<Service> services_;
  std::deque<Constant> constants_;
  std::deque<Typedef> typedefs_;
  std::deque<File> files_;
  std::map<Kind, const Type*> scalars_;
  mutable std::mutex index_mutex_;
  mutable detail::NameIndex<StructType> struct_index_;
  mutable detail::NameIndex<EnumType> enum_index_;
  mutable detail::NameIndex<Service> service_index_;
};

}  // namespace koine::idl
