// How a type of the schema graph is written in Java: by its native name where it has one, else by its kind.
//
// For schemas whose language is Java, read or derived. Pure functions, any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "idl/schema.h"

namespace koine::idl::java {

// Of a class by its full name: what it is called where the type is written.
using ClassNamer = std::function<std::string(const std::string& full_name)>;

// The class, primitive or array without type arguments: "int", "byte[]", "java.util.List", "shop.Item".
std::string class_of(const Type& type);
// With its arguments: "java.util.Map<java.lang.String, shop.Item>".
std::string spelled(const Type& type, const ClassNamer& name);
// As JVMs write it: "I", "[B", "Ljava/util/List;".
std::string descriptor_of(const Type& type);
// Of a class by its name there: "int[]", "shop.Order$Item".
std::string descriptor_of(std::string class_name);
// 'I' of "int"; 0 for what is no primitive, and not void.
char primitive_letter(std::string_view word);
// The class that holds a primitive of that kind where null must be possible, and inside collections. Elements
// have the wider one: what a collection holds arrives as Integer, Long or Double (apache/dubbo#16197).
std::string_view box_of(Kind kind, bool element);

// Words that are no names (JLS 3.9), and those that are none for classes.
bool is_reserved_word(std::string_view word);
bool is_reserved_class_name(std::string_view word);

}  // namespace koine::idl::java
