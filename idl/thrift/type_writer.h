// How types, enum values and services are called inside one .thrift file. Used by the writer; one thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "idl/schema.h"

namespace koine::idl::thrift {

class TypeWriter {
 public:
  TypeWriter(const Schema& schema, const File& file);

  // A type where annotations may follow it: "i16 (koine.range = "u8")".
  std::string inner(const Type& type) const;
  // The type of something that takes annotations itself. Where Thrift lets none follow the type's name (a
  // typedef's), they are added to `annotations`.
  std::string declared(const Type& type, Annotations& annotations) const;
  std::string enum_value(const EnumReference& reference) const;
  std::string service(const std::string& full_name) const;

 private:
  // The koine.* annotations that make `type` out of its carrier.
  static Annotations refinements(const Type& type);
  // Without aliases and, at the top, without refinements.
  std::string carrier(const Type& type) const;
  // The typedef that type.alias names in this file, if it stands for the same carrier; else null.
  const Typedef* alias_of(const Type& type) const;
  std::string prefix_of(const void* node) const;

  const File& file_;
  std::map<std::string, const File*, std::less<>> files_by_prefix_;  // this file's imports
  std::map<const void*, const File*> owners_;                        // structs, enums and services
  std::map<std::string, const Service*, std::less<>> services_;
};

}  // namespace koine::idl::thrift
