// Classes by name: which class a name means where it is written, as javac finds it (JLS 6.5): nested classes,
// inherited ones among them, imports of one type, the package, imports on demand, java.lang.
//
// Owner: the reader's call; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "idl/java/loader.h"

namespace koine::idl::java {

struct ClassDecl {
  const ClassNode* node = nullptr;
  const LoadedFile* file = nullptr;
  const ClassDecl* outer = nullptr;
  std::size_t order = 0;    // of declaration
  std::string full_name;    // "shop.Order.Item"
  std::string binary_name;  // "shop.Order$Item"
  std::map<std::string_view, const ClassDecl*> nested;
};

// What a name means. `library`: of the JDK, or imported from somewhere that is not read; its full name.
struct Named {
  const ClassDecl* decl = nullptr;
  std::string library;

  explicit operator bool() const { return decl != nullptr || !library.empty(); }
};

class Classes {
 public:
  Classes(Loader& loader, Report& report) : loader_(loader), report_(report) {}

  void declare(const LoadedFile& file);
  // A dotted name as it is written in `owner` (null: in no class) of `file`.
  Named find(std::string_view name, const ClassDecl* owner, const LoadedFile& file);
  const std::deque<ClassDecl>& all() const { return all_; }
  // For "did you mean".
  std::vector<std::string> names_seen_from(const LoadedFile& file) const;

 private:
  enum class State : std::uint8_t { untouched, open, done };
  struct Supertypes {
    State state = State::untouched;
    std::vector<const ClassDecl*> declared;
  };

  const ClassDecl* declare(const ClassNode& node, const LoadedFile& file, ClassDecl* outer);
  const ClassDecl* top_level(const std::string& package, std::string_view name);
  Named find_simple(std::string_view name, const ClassDecl* owner, const LoadedFile& file);
  Named find_in_file(std::string_view name, const LoadedFile& file);
  Named find_qualified(std::string_view name);
  Named inside(Named found, std::string_view rest);
  const ClassDecl* member(const ClassDecl& decl, std::string_view name);
  const std::vector<const ClassDecl*>& supertypes(const ClassDecl& decl);
  bool step();

  Loader& loader_;
  Report& report_;
  std::deque<ClassDecl> all_;
  std::map<std::string, const ClassDecl*, std::less<>> top_level_;  // null: looked for, and not there
  std::map<std::pair<const void*, std::string>, Named> simple_;
  std::map<const ClassDecl*, Supertypes> supertypes_;
  std::size_t steps_ = 0;
  std::size_t headers_open_ = 0;
};

// "shop.Order.Item" -> "shop.Order$Item": names of classes begin with an upper-case letter, those of packages
// do not.
std::string binary_name(std::string_view canonical);

}  // namespace koine::idl::java
