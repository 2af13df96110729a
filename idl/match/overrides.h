// What the configuration says where names do not tell which element of one IDL stands for which of the other.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace koine::idl::match {

struct Overrides {
  // The exposed side's name -> the provider's. Keys: "Method", "Method.argument", "Type.field", "Enum.VALUE",
  // "Type.oneof", and "Type" for exceptions and the messages that carry them; types with or without their
  // package, their nested ones as Outer.Inner. Values are names as the provider's IDL has them: of a field
  // the field's name, of a type with or without package.
  // "": it has no counterpart, on purpose. A field so named is dropped and counted, a method is not offered.
  std::map<std::string, std::string> rename;
  // "RULE:Type.field": that this is so was seen, and is wanted. UNMAPPED_OPTIONAL lets a field be dropped and
  // counted; every other rule only stops reporting. Errors cannot be allowed.
  std::vector<std::string> allow;
};

}  // namespace koine::idl::match
