// What both derivations ask the lock. Without a lock every question has the answer "nothing", so that
// derivation need not know whether there is one. Internal to this module. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "idl/derive/lock.h"
#include "idl/derive/naming.h"
#include "idl/diagnostics.h"
#include "idl/schema.h"

namespace koine::idl::derive {

class Keeper {
 public:
  // `lock` and `diagnostics` may be null. Problems are LOCK_CHANGED and LOCK_STALE.
  Keeper(Lock* lock, Language target, std::vector<Diagnostic>* diagnostics)
      : lock_(lock), target_(target), diagnostics_(diagnostics) {}

  // The names that the lock has given in a package, and may have given to a struct's fields, an enum's values
  // or a service's methods: nobody else gets them.
  void reserve_types(const std::string& package, NameScope& scope);
  void reserve_members(const File& file, LockKind kind, const std::string& owner, NameScope& scope);
  void reserve_values(const File& file, const EnumType& source, NameScope& scope);

  using Claim = std::function<std::string()>;
  struct Wish {
    const File& file;
    LockSubject subject;
    std::string package;  // of types; else empty
    std::string name;
    bool made_up = false;    // the source has nothing of that name
    bool unmovable = false;  // callers know it by this name
  };
  // The lock's name, or what `claim` says; that is entered when it is another than wished, or made up.
  std::string name(const Wish& wish, const Claim& claim);

  // A struct's fields: what the lock says of each that it knows, and the numbers of those that are gone.
  struct Fields {
    std::map<std::int32_t, const LockEntry*> by_id;
    std::map<std::int32_t, std::string> gone;          // number -> name
    std::map<std::int32_t, const LockEntry*> numbers;  // all that were given
  };
  Fields fields(const File& file, LockKind kind, const std::string& owner, const std::vector<Field>& source);
  // A field that fields() did not know, with what it became.
  void enter_field(const File& file, LockKind kind, const std::string& owner, const Field& source,
                   std::int32_t number, const std::string& name, const std::string& wished);
  // An exception's number and name in a throws clause, `number` being free now.
  std::int32_t throws_number(const File& file, const std::string& method, const std::string& name,
                             std::int32_t number);

  // An exception whose number the source decides.
  void check_throws(const File& file, const std::string& method, const std::string& name,
                    std::int32_t number);

  // Marks what is gone. False when the lock had to refuse something.
  bool close(const std::vector<const File*>& sources);
  const std::vector<Diagnostic>& problems() const { return problems_; }

 private:
  Lock::Section& section(const File& file) { return lock_->section(file.path, target_); }
  void enter(const File& file, LockEntry entry);
  void refuse(const LockEntry& entry, std::string message);

  Lock* lock_;
  Language target_;
  std::vector<Diagnostic>* diagnostics_;
  std::vector<Diagnostic> problems_;
  std::size_t missing_ = 0;  // what a frozen lock lacks
  std::string missing_first_;
};

// "koine.Orders.get_args" -> "koine.Orders.get": what a method is called in the lock.
std::string method_of(const StructType& arguments);

}  // namespace koine::idl::derive
