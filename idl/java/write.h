// Prints one file of a Schema as Java sources, one for each class, for Java 8 and later: interfaces for
// services, enums, Serializable classes with accessors, equals, hashCode and toString for structs, checked
// exceptions. Doc comments are kept. Deterministic.
//
// For schemas whose language is Java and that were derived; what was read from Java has its sources already.
#pragma once

#include <string>
#include <vector>

#include "idl/schema.h"

namespace koine::idl::java {

struct SourceText {
  std::string path;  // below the root of the packages: "shop/dubbo/Order.java"
  std::string text;
};

std::vector<SourceText> write(const File& file);

}  // namespace koine::idl::java
