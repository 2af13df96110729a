// How a .proto file may call a type: protobuf looks a name up from the innermost scope outwards and stops at
// the first scope that knows its first part, which may be the wrong one. Internal to this module.
//
// Owner: the writer; one thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "idl/schema.h"

namespace koine::idl::proto {

class NameLookup {
 public:
  explicit NameLookup(const Schema& schema);

  // The first of: the name inside a scope between `scope` and `package`, the full name, the full name with a
  // dot in front, that means the type when it is written inside `scope` (a message's or service's full name).
  // For the types of a method's messages `scope` is the method, whose service's methods stop the search too.
  std::string name_in(const std::string& full_name, const std::string& package,
                      const std::string& scope) const;

 private:
  enum class Symbol { scope, type, method };  // packages and services; messages, enums and map entries
  void add_package(const std::string& package);
  std::string resolve(const std::string& name, std::string scope) const;

  std::map<std::string, Symbol, std::less<>> symbols_;
};

}  // namespace koine::idl::proto
