// Shapes: the classes whose values travel, one for each use of a generic class, with their fields. Who finds
// that a shape holds something that has no form finds it for all that hold the shape.
//
// Owner: the reader's call; one thread.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "idl/bounds.h"
#include "idl/java/terms.h"

namespace koine::idl::java {

// Why a value has no form.
struct Problem {
  std::string_view rule;
  bool is_error = false;  // somebody has to mend something; else what holds the value is left out
  std::string message;
  const LoadedFile* file = nullptr;
  Place place;
};

struct Shape;

// What stands behind a type: the shapes in it, and the first thing in it that has no form.
struct Use {
  std::vector<Shape*> shapes;
  std::optional<Problem> problem;
};

struct ShapeField {
  const FieldNode* node = nullptr;
  const LoadedFile* file = nullptr;
  const Term* term = nullptr;
};

struct Shape {
  const Term* term = nullptr;
  bool is_exception = false;
  std::vector<ShapeField> fields;  // superclasses' first
  std::vector<Shape*> users;
  std::optional<Problem> problem;  // its own, or one of those in it
  bool expanded = false;
};

class Shapes {
 public:
  Shapes(Terms& terms, const Bounds& bounds, Report& report)
      : terms_(terms), bounds_(bounds), report_(report) {}

  // `subject`: whose type it is, for messages ("'Order.items'").
  Use use(const Term& term, std::string_view subject, const LoadedFile& file, Place place);
  Shape* shape_of(const Term& term);
  // Fields of all shapes so far, and of those that they need; then what is wrong with any is known of all.
  // May be called again.
  void expand();

  // The container of the JDK that a term is or extends, with its arguments; else the term.
  const Term* container(const Term& term);
  // Is it a Throwable?
  bool is_exception(const Term& term);
  const std::deque<Shape>& all() const { return shapes_; }
  // Interfaces that are the types of values.
  const std::set<const ClassDecl*>& interfaces() const { return interfaces_; }

 private:
  void look(const Term& term, Use& use, std::string_view subject, const LoadedFile& file, Place place);
  void look_at_library(const Term& term, Use& use, std::string_view subject, const LoadedFile& file,
                       Place place);
  void add_fields(Shape& shape);
  std::vector<const Term*> superclasses(const Term& term, std::optional<Problem>* problem);
  const Term* find_container(const Term& term);
  void spread_problems();

  Terms& terms_;
  const Bounds& bounds_;
  Report& report_;
  std::deque<Shape> shapes_;
  std::map<const Term*, Shape*> by_term_;
  std::set<const ClassDecl*> interfaces_;
  std::map<const Term*, const Term*> containers_;
  std::size_t fields_ = 0;
  std::size_t looks_ = 0;
  std::size_t copied_bytes_ = 0;
  bool too_large_ = false;
};

}  // namespace koine::idl::java
