// The derivation proto -> Thrift as one object for one run: to_thrift.cc holds files and names,
// to_thrift_structs.cc structs and types, to_thrift_methods.cc services. Internal to this module. One thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "idl/derive/deriver.h"

namespace koine::idl::derive {

// A Thrift id written as text; nothing when it is none.
std::optional<std::int32_t> to_id(std::string_view text);

class ToThrift : public Deriver {
 public:
  // `for_whom`: what cannot stream, for messages.
  ToThrift(const Schema& source, Schema& derived, std::vector<Diagnostic>* diagnostics, Lock* lock,
           std::string_view for_whom = "Thrift")
      : Deriver(source, derived, Language::thrift, diagnostics, lock), for_whom_(for_whom) {}

  base::Status run();
  void pass_over_source();

 private:
  NameScope& scope(const std::string& package) { return scopes_[package]; }

  // Names that the compiler refuses; those that Thrift had already are not our choice.
  static NameScope::Refused refusal(const File& file);

  static void add_namespaces(const File& file, File& out);
  static void add_stamp(const File& file, const std::string& hash, File& out);

  // Thrift wants everything in a `throws` clause to be an exception.
  void find_exceptions();

  // ---- names

  void declare_services(const File& file);

  void declare_types(const File& file);

  template <class Node>
  void name_type(const File& file, LockKind kind, const Node& source, Node& derived);

  EnumType& declare_enum(const File& file, const EnumType& source);

  StructType& declare_struct(const File& file, const StructType& source);

  // The struct for a message that a field or method of `file` names.
  const StructType& struct_for(const File& file, const StructType& source);

  const EnumType& enum_for(const File& file, const EnumType& source);

  bool is_foreign(const File& file) const {
    return std::find(sources().begin(), sources().end(), &file) == sources().end();
  }

  // ---- structs

  void fill_declared(const File& file, const StructType& source);

  void fill_struct(const File& file, const StructType& source, StructType& type);
  static void note_struct(const StructType& source, StructType& type);

  void add_fields(const File& file, const StructType& source, StructType& type);

  static void annotate(const File& file, const Field& field, Field& derived);
  // What of a proto field Thrift has no words for, and the way back needs.
  static void note(const File& file, const Field& field, Field& derived);

  static Presence presence(const StructType& source, const Field& field);

  // Thrift ids of a message's fields, by number.
  std::map<std::int32_t, std::int32_t> ids_of(const StructType& source, const Keeper::Fields& locked);

  // ---- types

  const Type* field_type(const File& file, const Type& type, std::size_t depth);

  // ---- services

  void fill_services(const File& file);

  void fill_service(const File& file, const Service& source, Service& service);

  // A gRPC method's name may differ between a service and one that extends it; what it stands for does not.
  static std::string restored_name(const Method& method);

  // The service that a derived .proto says this one extends, when all its methods are here.
  const Service* base_of(const Service& source, Service& service);

  void add_method(const File& file, const Service& owner, const Method& source, NameScope& names,
                  Service& service);

  // The messages' names, where they are no structs of their own in Thrift.
  static void note(const Method& source, Method& method);

  const StructType& arguments(const File& file, const Service& service, const Method& source, Method& method);

  const StructType& result(const File& file, const Service& service, const Method& source, Method& method);

  static std::int32_t next_error_id(const StructType& result);

  // The exceptions of koine.throws, each "<type> <name> <id>".
  void add_declared(const File& file, const std::string& method, const Method& source, NameScope& names,
                    StructType& result);

  void add_error(const File& file, NameScope& names, const StructType& type, const std::string& name,
                 std::int32_t id, StructType& result);

  const Type* structure(const File& file, const StructType& source);

  const StructType& rpc_status(const File& file);

  std::string_view for_whom_;
  base::Status status_;
  std::map<std::string, NameScope> scopes_;  // by package: structs, enums and services
  std::set<const StructType*> exceptions_;
  std::vector<std::pair<const Service*, Service*>> services_;
  std::set<const Service*> filled_services_;
  std::map<const StructType*, StructType*> filled_;
  std::map<std::string, std::map<const File*, StructType*>> foreign_structs_;
  std::map<std::string, std::map<const File*, EnumType*>> foreign_enums_;
};

}  // namespace koine::idl::derive
