// The schema graph of what was found: files, structs, enums, services.
//
// Owner: the reader's call; one thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "idl/java/methods.h"
#include "idl/java/shapes.h"
#include "idl/schema.h"

namespace koine::idl::java {

// An interface and those of its methods that have a form.
struct ServiceDecl {
  const ClassDecl* decl = nullptr;
  std::vector<MethodDecl> methods;
};

class Graph {
 public:
  Graph(Schema& schema, Terms& terms, Shapes& shapes, Report& report)
      : schema_(schema), terms_(terms), shapes_(shapes), report_(report) {}

  void add_enum(const ClassDecl& decl);
  // Those without a problem.
  void add_structs();
  void add_service(const ServiceDecl& service,
                   const std::map<const ClassDecl*, const ServiceDecl*>& services);

 private:
  const Type* type_of(const Term& term);
  const Type* array_type(const Term& term);
  const Type* declared_type(const Term& term);
  const Type* library_type(const Term& term, const Term& written);
  const Type* primitive_type(const Term& term);
  const Type* new_type(Kind kind, std::string native);
  const Type* time_type(const std::string& name, std::string native);
  const EnumType& enum_of(const ClassDecl& decl);
  File& file_of(const ClassDecl& decl);
  bool holds_milliseconds(const Term& term);

  void fill_struct(const Shape& shape, StructType& type);
  Field& add_field(StructType& type, const std::string& name, const Term& term, const Location& location);
  std::string claim(std::string full_name);
  void fill_method(const Service& service, const MethodDecl& decl, Method& method);
  void add_throws(const MethodDecl& decl, StructType& result);
  const ServiceDecl* base_of(const ServiceDecl& service,
                             const std::map<const ClassDecl*, const ServiceDecl*>& services);

  Schema& schema_;
  Terms& terms_;
  Shapes& shapes_;
  Report& report_;
  std::map<std::string, File*> files_;
  std::map<const Term*, const Type*> types_;
  std::map<const Term*, StructType*> structs_;
  std::map<const Term*, bool> dated_;
  std::map<std::string, const StructType*> times_;
  std::map<const ClassDecl*, EnumType*> enums_;
  std::map<const ClassDecl*, Service*> services_;
  std::map<std::string, std::size_t> full_names_;  // how often each was asked for
  std::set<const FieldNode*> told_hidden_;
};

}  // namespace koine::idl::java
