// What an interface offers: its methods and those of all that it extends, and one name for each overload.
//
// Owner: the reader's call; one thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "idl/java/shapes.h"

namespace koine::idl::java {

struct MethodDecl {
  const MethodNode* node = nullptr;
  const LoadedFile* file = nullptr;
  const ClassDecl* interface = nullptr;  // that declares it
  const Term* result = nullptr;          // of a CompletableFuture what is in it; null: void
  std::vector<const Term*> parameters;
  std::vector<const Term*> throws;
  std::string signature;  // descriptors of the parameters, as they are declared
  std::string name;       // no other method has it
};

class Methods {
 public:
  Methods(Terms& terms, const Bounds& bounds, Report& report)
      : terms_(terms), bounds_(bounds), report_(report) {}

  // Own ones first, then those of what it extends, in order; what is declared anew is there once.
  std::vector<MethodDecl> of(const ClassDecl& interface);

 private:
  void add(const Term& interface, std::vector<MethodDecl>& methods);
  MethodDecl declared(const Term& interface, const MethodNode& node);
  bool too_large(const ClassDecl& decl, const MethodNode& node);
  const Term* result_of(const Term& written);

  Terms& terms_;
  const Bounds& bounds_;
  Report& report_;
  std::size_t inherited_ = 0;
  std::size_t copied_bytes_ = 0;
  bool too_large_ = false;
};

// Of methods of one name the first by (number of parameters, descriptors) keeps it; the others are called by
// their parameters' types as well: label, labelByLong, labelByItemInt.
void name_apart(std::vector<MethodDecl>& methods);

}  // namespace koine::idl::java
