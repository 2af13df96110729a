// The derivation Thrift -> Java as one object for one run: to_java.cc holds files, names and enums,
// to_java_structs.cc classes and types, to_java_methods.cc interfaces. Internal to this module. One thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "idl/derive/deriver.h"

namespace koine::idl::derive {

class ToJava : public Deriver {
 public:
  ToJava(const Schema& source, Schema& derived, std::vector<Diagnostic>* diagnostics, Lock* lock)
      : Deriver(source, derived, Language::java, diagnostics, lock) {}

  base::Status run();
  // `source`: what the Thrift was derived from.
  void pass_over_source(const Schema& source);

 private:
  // ---- files and names (to_java.cc)

  static void add_stamp(const File& file, const std::string& hash, File& out);
  // Whose lines of the lock these are: what was derived itself is in none.
  static const File& kept_by(const File& file) { return file.origin != nullptr ? *file.origin : file; }

  static std::string package_of(const File& file);
  // Names of one package: files of systems that ignore case hold one class each.
  NameScope& scope(const std::string& package);
  // A class's name in the file's package, or the one that koine.java_class says.
  template <class Node>
  void name_class(const File& file, LockKind kind, const Node& source, Node& derived);
  void declare_services(const File& file);
  void declare_types(const File& file);
  void fill_enum(const File& file, const EnumType& source, EnumType& type);

  // ---- classes (to_java_structs.cc)

  void fill_struct(const File& file, const StructType& source, StructType& type);
  void add_fields(const File& file, const StructType& source, StructType& type);
  void set_type(const File& file, const StructType& owner, const Field& field, Field& derived);

  // Where a type stands: of a field or argument that cannot be null, that can, or inside a collection.
  enum class Place : std::uint8_t { primitive, boxed, element };
  // What a field's annotations say of the values in it.
  struct Meaning {
    bool is_date = false;     // milliseconds since 1970
    bool is_decimal = false;  // a text of digits
  };
  const Type* type_in(const Type& type, Place place, Meaning meaning);
  // java.time's class for protobuf's struct, which stays what it is; null for any other.
  const Type* time_type(const StructType& source);
  const Type* new_type(Kind kind, std::string_view native);

  // ---- interfaces (to_java_methods.cc)

  void fill_service(const Service& source);
  void add_method(const File& file, const Service& owner, const Method& source, NameScope& names,
                  Service& service);
  const StructType& arguments(const File& file, const Service& service, const Method& source,
                              const Method& method);
  const StructType& result(const File& file, const Service& service, const Method& source,
                           const Method& method);

  std::map<std::string, NameScope> scopes_;
  std::map<const Service*, std::pair<const File*, Service*>> services_;
  std::set<const Service*> filled_services_;
  std::map<const StructType*, StructType*> filled_;
  std::map<const EnumType*, EnumType*> filled_enums_;
  std::map<const StructType*, const StructType*> times_;
};

// Words and names that generated Java has other uses for.
bool is_refused_in_java(const std::string& name);
// Those annotations that say something in Java as well: not what only the way back asks for, not those of
// `consumed`.
Annotations annotations_for_java(const Annotations& source, const std::set<std::string_view>& consumed);

}  // namespace koine::idl::derive
