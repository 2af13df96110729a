// Types as they are meant: names looked up, type variables replaced by what they stand for. A term is
// interned, so that equal types are one pointer and types that double at every step stay small.
//
// Owner: the reader's call; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "idl/java/classes.h"

namespace koine::idl::java {

struct Term {
  enum class Form : std::uint8_t {
    primitive,  // "int", "void"
    array,      // of arguments[0]
    declared,   // a class that is read; without arguments though it has parameters: a raw type
    library,    // a class of the JDK
    unknown,    // a class that is not read
    oversized,  // nested or composed beyond what one type may be
  };
  Form form = Form::unknown;
  std::string name;  // full name
  const ClassDecl* decl = nullptr;
  std::vector<const Term*> arguments;
  std::size_t depth = 1;
  std::size_t parts = 1;
};

// What the parameters of a generic class stand for; without an entry one stands for its bound.
using Bindings = std::map<std::string_view, const Term*, std::less<>>;

// Where a type is written.
struct Scope {
  const LoadedFile* file = nullptr;
  const ClassDecl* owner = nullptr;
  const std::vector<TypeParameterNode>* method_parameters = nullptr;
};

class Terms {
 public:
  explicit Terms(Classes& classes) : classes_(classes) {}

  const Term* resolve(const TypeNode& node, const Scope& scope, const Bindings& bindings);
  // Of a declared term, for what is written in its class.
  static Bindings bindings_of(const Term& term);
  // The declared class without arguments.
  const Term* raw(const ClassDecl& decl);
  // The classes that the header names, with their arguments: `bases` or `interfaces` of the node.
  std::vector<const Term*> supertypes(const Term& term, const std::vector<TypeNode>& written);

 private:
  using Key = std::tuple<Term::Form, std::string, const ClassDecl*, std::vector<const Term*>>;

  const Term* intern(Term::Form form, std::string name, const ClassDecl* decl,
                     std::vector<const Term*> arguments);
  const Term* variable(const TypeNode& node, const Scope& scope, const Bindings& bindings);
  const Term* erased(const TypeParameterNode& parameter, const Scope& scope);
  const Term* object() { return intern(Term::Form::library, "java.lang.Object", nullptr, {}); }

  Classes& classes_;
  std::deque<Term> terms_;
  std::map<Key, const Term*> known_;
  std::map<const TypeParameterNode*, const Term*> bounds_;
  std::size_t bounds_open_ = 0;
};

// "shop.Result<shop.Order>", "int[]"; cut where it is too long to be read.
std::string text(const Term& term);
// The name of the class itself: "shop.Order$Item", "int[]", "java.util.List".
std::string class_name(const Term& term);
// What the erased type is called inside another name: "Item" of shop.Order.Item, "IntArray".
std::string spoken_name(const Term& term);
// Of the erased type: "Lshop/Order$Item;", "[I".
std::string descriptor(const Term& term);

}  // namespace koine::idl::java
