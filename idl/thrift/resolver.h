// Second pass of the reader: looks every name up and builds the schema graph from the files' trees.
//
// Order: names of all files; typedefs; fields; constants and defaults (they need the fields' types);
// services. Forward references are allowed everywhere; cycles of typedefs, constants and `extends` are
// errors. Owner: the reader's call; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "idl/report.h"
#include "idl/schema.h"
#include "idl/thrift/loader.h"

namespace koine::idl::thrift {

inline bool is_integer(Kind kind) { return kind >= Kind::i8 && kind <= Kind::u64; }

class Resolver {
 public:
  Resolver(Schema& schema, const LoadedFiles& files, const Bounds& bounds, Report& report);
  void resolve();

 private:
  enum class State : std::uint8_t { untouched, open, done };
  struct Scope;
  // A type's name in a file: exactly one of the first three is set.
  struct TypeEntry {
    StructType* structure = nullptr;
    EnumType* enumeration = nullptr;
    const TypedefNode* alias_of = nullptr;
    Typedef* alias = nullptr;
    const Type* type = nullptr;  // made on first use
    State state = State::untouched;
    Place place;
    Scope* scope = nullptr;
  };
  struct ConstantEntry {
    const ConstantNode* node = nullptr;
    Constant* constant = nullptr;
    State state = State::untouched;
    Scope* scope = nullptr;
  };
  struct ServiceEntry {
    const ServiceNode* node = nullptr;
    Service* service = nullptr;
    State state = State::untouched;
    Scope* scope = nullptr;
  };
  struct Scope {
    const LoadedFile* loaded = nullptr;
    File* file = nullptr;
    std::map<std::string, TypeEntry, std::less<>> types;
    std::map<std::string, ConstantEntry, std::less<>> constants;
    std::map<std::string, ServiceEntry, std::less<>> services;
    std::vector<Scope*> includes;
    std::vector<std::pair<const StructNode*, StructType*>> structs;  // in order of declaration
    // The full names of what another file of the same namespace calls the same.
    std::map<std::string, std::string, std::less<>> own_type_names;
    std::map<std::string, std::string, std::less<>> own_service_names;
  };
  // What a list of fields belongs to: each has its own rules of presence.
  enum class FieldsOf : std::uint8_t { structure, union_, arguments, exceptions };
  // Look-ups by name and number that are asked once for each value.
  struct EnumIndex {
    std::map<std::string_view, std::int32_t> numbers;
    std::set<std::int32_t> known;
  };
  using FieldIndex = std::map<std::string_view, const Field*>;
  // How big a type is when its tree is written out: typedefs can make it grow exponentially.
  struct Shape {
    std::size_t depth = 1;
    std::size_t nodes = 1;
  };
  // Where to report, and what the value is for, while a constant's tree is converted.
  struct Site {
    const Scope* scope;
    std::optional<Place> place;  // overrides the value's own: the name that referred to it
  };

  // resolver_names.cc: full names.
  void tell_shared_names_apart();
  void tell_apart(const std::string& full_name, const std::vector<std::pair<Scope*, Place>>& places,
                  const std::string& name, bool services);
  bool claim_type(const Scope& scope, const std::string& name, Place place);
  bool claim_full_name(const Scope& scope, const std::string& full_name, Place place, bool service);
  static std::string qualified(const Scope& scope, const std::string& name);
  static std::string full_type_name(const Scope& scope, const std::string& name);
  static std::string full_service_name(const Scope& scope, const std::string& name);

  // resolver.cc: declarations and structs.
  void declare(Scope& scope);
  void declare_structs(Scope& scope);
  void declare_enums(Scope& scope);
  void declare_others(Scope& scope);
  void fill_enum(const Scope& scope, const EnumNode& node, EnumType& type);
  void fill_struct(Scope& scope, const StructNode& node, StructType& type);
  void add_fields(Scope& scope, const std::vector<FieldNode>& nodes, FieldsOf owner, const std::string& where,
                  StructType& type);
  std::vector<std::int32_t> assign_ids(const Scope& scope, const std::vector<FieldNode>& nodes,
                                       const std::string& where);
  Presence presence_of(const Scope& scope, const FieldNode& node, FieldsOf owner);
  // Of the oneofs of a struct, by name.
  using Oneofs = std::map<std::string, std::int32_t, std::less<>>;
  void apply_annotations(const Scope& scope, const FieldNode& node, StructType& type, Oneofs& oneofs,
                         Field& field);
  void fill_defaults(Scope& scope, const std::vector<FieldNode>& nodes, const std::string& where,
                     StructType& type, std::size_t first);
  static Location location(const Scope& scope, Place place);

  // resolver_types.cc
  const Type* resolve_type(Scope& scope, const TypeNode& node, std::size_t depth);
  const Type* resolve_named(Scope& scope, const TypeNode& node, std::size_t depth);
  const Type* entry_type(TypeEntry& entry, const std::string& written, const Scope& from, Place place,
                         std::size_t depth);
  TypeEntry* find_type(Scope& scope, std::string_view name);
  void report_unknown_type(const Scope& scope, const TypeNode& node);
  void warn_of_second_include(const Scope& scope, const TypeNode& node, const TypeEntry& taken);
  const Type* refine(const Scope& scope, const Type* type, const Annotations& annotations, Place place);
  bool within_shape(const Scope& scope, const Type* type, Place place);
  Shape shape_of(const Type* type) const;
  // The scopes that `prefix` names in `scope`: its includes of that name, the last one first as in the
  // compiler, and the file itself behind them.
  std::vector<Scope*> scopes_of(Scope& scope, std::string_view prefix) const;
  void warn_misspelt(const Scope& scope, const Annotations& annotations, Place place);

  // resolver_values.cc
  void resolve_constant(ConstantEntry& entry);
  std::optional<Value> convert(Scope& scope, const Site& site, const ValueNode& node, const Type& type,
                               std::size_t depth);
  std::optional<Value> convert_name(Scope& scope, const Site& site, const ValueNode& node, const Type& type,
                                    std::size_t depth);
  std::optional<Value> convert_enum_name(Scope& scope, const Site& site, const ValueNode& node,
                                         const Type& type);
  std::nullopt_t unknown_name(const Scope& scope, const Site& site, const ValueNode& node,
                              std::vector<std::string> candidates);
  std::optional<Value> convert_uuid(const Site& site, const ValueNode& node, const Type& type);
  std::optional<Value> convert_integer(const Site& site, const ValueNode& node, const Type& type);
  std::optional<Value> convert_list(Scope& scope, const Site& site, const ValueNode& node, const Type& type,
                                    std::size_t depth);
  std::optional<Value> convert_map(Scope& scope, const Site& site, const ValueNode& node, const Type& type,
                                   std::size_t depth);
  std::optional<Value> convert_struct(Scope& scope, const Site& site, const ValueNode& node, const Type& type,
                                      std::size_t depth);
  ConstantEntry* find_constant(Scope& scope, std::string_view name);
  bool find_enum_value(Scope& scope, std::string_view name, EnumReference& out);
  const EnumIndex& index_of(const EnumType& type);
  const FieldIndex& index_of(const StructType& type);
  bool copy_bytes(std::size_t bytes);
  std::nullopt_t mismatch(const Site& site, const ValueNode& node, const Type& type);
  std::nullopt_t value_error(const Site& site, const ValueNode& node, std::string_view rule,
                             std::string message);

  // resolver_services.cc
  void resolve_service(ServiceEntry& entry, std::size_t depth);
  void fill_service(Scope& scope, const ServiceNode& node, Service& service);
  void fill_method(Scope& scope, const Service& service, const FunctionNode& node, Method& method);
  void add_result(Scope& scope, const FunctionNode& node, StructType& result);
  void inherit(const Scope& scope, const ServiceNode& node, Service& service, const Service& base);
  bool count_inherited(const Method& method);
  ServiceEntry* find_service(Scope& scope, std::string_view name);

  void error(const Scope& scope, Place place, std::string_view rule, std::string message) {
    report_.error(scope.loaded->source, place, rule, std::move(message));
  }
  void warning(const Scope& scope, Place place, std::string_view rule, std::string message) {
    report_.warning(scope.loaded->source, place, rule, std::move(message));
  }

  Schema& schema_;
  const Bounds& bounds_;
  Report& report_;
  std::vector<std::unique_ptr<Scope>> scopes_;
  std::unordered_map<const Type*, Shape> shapes_;
  std::unordered_map<const EnumType*, EnumIndex> enum_indexes_;
  std::unordered_map<const StructType*, FieldIndex> field_indexes_;
  std::size_t values_made_ = 0;
  std::size_t bytes_copied_ = 0;
  std::size_t methods_inherited_ = 0;
};

// The namespace of a file's full names: `namespace *`, else `namespace java`, else the file's base name.
std::string package_of(const LoadedFile& loaded);
// True for "1" and "true", false for "0" and "false".
std::optional<bool> annotation_flag(std::string_view value);
// Removes the annotations whose meaning the nodes themselves hold.
void drop_absorbed(Annotations& annotations);

}  // namespace koine::idl::thrift
