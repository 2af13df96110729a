// Dubbo's own description of a service, as a provider publishes it to a metadata centre: the JSON of a
// FullServiceDefinition (dubbo-metadata, 3.3). It becomes what the parser makes of sources, as far as it
// goes:
//
//   {"canonicalName": "shop.Orders",
//    "methods": [{"name": "find", "parameterTypes": ["long", "java.util.List<shop.Item>"], "returnType":
//    "shop.Order"}], "types": [{"type": "shop.Order", "properties": {"id": "long", "items":
//    "java.util.List<shop.Item>"}},
//              {"type": "shop.State", "enums": ["Open", "Done"]}]}
//
// It says nothing of `throws`, of parameters' names (arg1, arg2, …) and of the order of fields (they are
// sorted by name); a generic class is described with its variables (List<T>), which stand for anything.
// Nested classes are written like packages: a name's segments from the first with an upper-case letter on are
// classes. What it says of the JDK's own classes is what they are made of inside, and not looked at.
//
// Owner: the reader's call; one thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "idl/java/ast.h"
#include "idl/report.h"

namespace koine::idl::java {

// By how the file's name ends: ".dubbo.json".
bool is_definition_name(std::string_view path);

class Definitions {
 public:
  // `parts` counts on over the files of one read.
  Definitions(Report& report, std::size_t& parts, std::size_t parts_max)
      : report_(report), parts_(parts), parts_max_(parts_max) {}

  // Services of one team describe the same types: each is there once.
  void add(const SourceFile& file);
  // One for each package, of everything that was added.
  std::vector<FileNode> take();

 private:
  struct Json;
  // Classes by name, with those inside them. One that is only known as the one around another is an interface
  // of nothing, which becomes nothing.
  struct Place;
  using Places = std::map<std::string, Place>;
  struct Place {
    ClassNode node;
    Places nested;
  };
  static std::vector<ClassNode> classes_of(Places& places);
  bool add_service(const SourceFile& file, const Json& json);
  bool add_type(const SourceFile& file, const Json& json);
  bool add_method(const SourceFile& file, const Json& json, ClassNode& service);
  bool parse_type(const SourceFile& file, std::string_view text, TypeNode& type);
  bool parse_name(const SourceFile& file, std::string_view text, std::string& name);
  // False when it is there and says something else, which is reported.
  bool put(const SourceFile& file, const std::string& full_name, ClassNode node);
  bool count_part(const SourceFile& file);
  bool error(const SourceFile& file, std::string message);

  Report& report_;
  std::size_t& parts_;
  std::size_t parts_max_;
  std::map<std::string, Places> packages_;
  std::map<std::string, std::string> described_;  // by full name: what was said, as text
};

}  // namespace koine::idl::java
