// The derivation Thrift -> proto3 as one object for one run: to_proto.cc holds files, names and enums,
// to_proto_structs.cc structs and types, to_proto_methods.cc services. Internal to this module. One thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "idl/derive/deriver.h"

namespace koine::idl::derive {

bool is_container(const Type& type);
// A field's presence in the .proto that it came from, where derivation noted it; else what it is in Thrift.
Presence noted_presence(const Field& field);

class ToProto : public Deriver {
 public:
  ToProto(const Schema& source, Schema& derived, std::vector<Diagnostic>* diagnostics, Lock* lock)
      : Deriver(source, derived, Language::proto, diagnostics, lock) {}

  base::Status run();

 private:
  // The request and response message of one Thrift method, shared by all services that inherit it.
  struct Messages {
    const StructType* request = nullptr;
    const StructType* response = nullptr;
    bool request_spread = false;
    bool response_spread = false;
  };

  NameScope& scope(const std::string& package) { return scopes_[package]; }

  // ---- files

  void add_files();

  // Generated code of both formats may live in one process, so protobuf's goes beside Thrift's, not into it.
  static void add_namespaces(const File& file, File& out);

  // ---- names

  void declare_services(const File& file);

  void declare_types(const File& file);

  // A type's name in the file's package; what it was called, where that differs.
  template <class Node>
  void name_type(const File& file, LockKind kind, const Node& source, Node& derived);

  // ---- enums

  void fill_enums(const File& file);

  void fill_enum(const File& file, const EnumType& source, EnumType& type);

  // ---- what comes back (to_proto_back.cc)

  static void restore_head(const File& file, File& out);

  // Whether it stands for what protobuf itself defines.
  static bool is_imported(const File& file, const Annotations& annotations);

  // Gives a node its name in google.protobuf; the file that it belongs to.
  File& restore_import(const Annotations& source, std::string& name, std::string& full_name);

  File& imported_file(const std::string& path);

  void take_over_protobufs();

  // Whether it is the exception that derivation made up, and nothing else refers to.
  bool is_made_status(const StructType& type) const;

  // "Outer" for "Outer.Inner", when that is a message of the file.
  static std::string restored_scope(const File& file, const std::string& name);

  void restore_enum(const File& file, const EnumType& source, EnumType& type);

  void restore_struct(const File& file, const StructType& source, StructType& type);

  void restore_field(const StructType& owner, const Field& field, Field& derived);

  void restore_group(Field& field);

  const StructType& empty_message(const StructType& origin);

  // ---- structs

  void fill_struct(const File& file, const StructType& source, StructType& type);

  static NameScope names_of(const StructType& type);

  void add_fields(const File& file, const StructType& source, const std::vector<Field>& fields,
                  StructType& type);

  static void claim_name(const std::string& wished, NameScope& names, NameScope& symbols, Field& derived);

  static void annotate(const StructType& source, const Field& field, Field& derived);

  // The union's oneof, and those of which a struct's fields were members.
  void add_oneofs(const File& file, const StructType& source, StructType& type);

  void set_type(const File& file, const Field& field, bool in_oneof, Field& derived);

  // ---- types

  // A type that may stand where protobuf wants one value.
  const Type* single(const File& file, const Type& type);

  // A container as a repeated or map field.
  const Type* repeated(const File& file, const Type& type);

  const Type* structure(const StructType& type);

  const StructType& wrapper(const File& file, const Type& type);

  const StructType& entry(const File& file, const Type& type);

  StructType& make_up(const File& file, LockSubject subject, const std::string& name, StructRole role);

  static void add_made_field(StructType& owner, std::int32_t id, const char* name, const Type* type);

  // What makes two types one: kinds, number forms and what they refer to, not their aliases.
  static std::string shape(const Type& type);

  // "ListOfInt32", "MapOfStringToOrder".
  std::string shape_name(const Type& type) const;

  // ---- methods

  void make_messages(const File& file);

  // First come, first served, names that need no change before those that do.
  std::vector<std::string> method_names(const File& file, const Service& service);

  void make_messages(const File& file, const Service& service, const Method& method, const std::string& name);

  StructType& method_message(const File& file, const Service& service, const Method& method,
                             const std::string& name, StructRole role);

  void fill_services(const File& file);

  void fill_method(const Method& source, const std::string& name, bool back, Method& method);

  std::map<std::string, NameScope> scopes_;  // by package: messages, enums, their values, services, packages
  std::vector<std::pair<const Service*, Service*>> services_;
  std::map<const StructType*, StructType*> filled_;
  std::map<const EnumType*, EnumType*> filled_enums_;
  std::map<std::string, std::map<const File*, StructType*>> wrappers_;
  std::map<const StructType*, Messages> messages_;  // by arguments struct
  std::map<std::string, File*> imported_;
};

}  // namespace koine::idl::derive
