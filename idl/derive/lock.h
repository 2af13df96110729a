// The lock file: what derivation chose where the source says nothing that the other language takes, kept so
// that it is chosen once. Lines are added and marked as deleted, never changed, never taken away: callers
// speak these numbers and names already (docs/adr/0005-lock-file.md).
//
//   # comments stay with the line below them
//   version: 1
//
//   file shop.thrift to proto:
//     field shop.Order.legacy (-1): number 65537
//     field shop.Order.userId (2): name userId_2
//     field shop.Order.gone (19000): number 119000, deleted
//     wrapper list<i32>: name shop.ListOfInt32
//
// `file` is the source relative to the lock file's folder; behind the colon stands what it became. In
// brackets is the source's own number where it has one: the number says which field it is, the name is there
// to notice when it has become another one's. Lines stand sorted, so that branches merge line by line.
//
// Owner: whoever derives; one thread. Pure: who has the file reads and writes it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "idl/diagnostics.h"
#include "idl/schema.h"

namespace koine::idl::derive {

// In the order in which lines stand.
enum class LockKind : std::uint8_t {
  service,
  enumeration,
  structure,
  value,    // of an enum
  zero,     // the value 0 that proto3 wants an enum to have
  field,    // by number
  wrapper,  // a message around a container; named by its shape
  entry,    // a message for an entry of a map; named by its shape
  foreign,  // a struct or enum for what another language's library defines
  status,   // RpcStatus; named by its package
  method,
  request,   // the message that a method's arguments became
  response,  // the message that a method's result became
  argument,  // by number
  throws_,   // an exception that derivation added to a method
};

struct LockSubject {
  LockKind kind = LockKind::field;
  // The struct, enum, service or method that it is a member of; empty for what stands by itself.
  std::string owner;
  std::string member;
  std::optional<std::int32_t> id;  // the source's number: of fields and arguments
};
// "field shop.Order.legacy (-1)"
std::string to_string(const LockSubject& subject);

struct LockEntry {
  LockSubject subject;
  std::optional<std::int32_t> number;  // none: the source's own was kept
  std::string name;                    // empty: the source's own was kept; of types with the package
  bool deleted = false;
  std::vector<std::string> comments;  // the lines before it, each with its '#'
  int line = 0;                       // in the text it was read from; 0: new
  bool seen = false;                  // by the derivation under way
};

class Lock {
 public:
  // An empty one, to be written to `path`.
  explicit Lock(std::string path) : path_(std::move(path)) {}

  // Reads a lock file's text. Nothing, and the reasons in `diagnostics`, when it is none: LOCK_SYNTAX;
  // LOCK_CLASH for two lines that give one number or name, as branches may that were merged.
  static std::optional<Lock> parse(std::string_view text, std::string path,
                                   std::vector<Diagnostic>& diagnostics);
  // What belongs into the file. Reading it gives the same lock, and writing that the same text.
  std::string text() const;

  // A frozen lock refuses to grow: what it lacks is LOCK_STALE. For those who only read the file.
  void freeze() { frozen_ = true; }
  bool frozen() const { return frozen_; }
  const std::string& path() const { return path_; }

  // What derivations changed since it was read, as "field shop.Order.legacy (-1): number 65537".
  const std::vector<std::string>& added() const { return added_; }
  const std::vector<std::string>& deleted() const { return deleted_; }
  const std::vector<std::string>& restored() const { return restored_; }
  // Also of one that is in no file yet.
  bool changed() const { return fresh_ || !added_.empty() || !deleted_.empty() || !restored_.empty(); }

  // ---- for derivation

  // The lines of one source file, as it becomes `target`.
  class Section {
   public:
    // Its line for that subject, or null. `package`: of the target, for what is made up, which may have one
    // name in the lock and stand in several packages.
    LockEntry* find(const LockSubject& subject, std::string_view package = {});
    // The lines of an owner's members, or of what stands by itself (owner "").
    std::vector<const LockEntry*> members(LockKind kind, std::string_view owner) const;

   private:
    friend class Lock;
    using Key = std::tuple<LockKind, std::string, std::int32_t, std::string, std::string>;
    static Key key_of(const LockSubject& subject, std::string_view package);
    static Key key_of(const LockEntry& entry);

    std::map<Key, LockEntry> entries_;
    std::vector<std::string> comments_;
  };

  Section& section(const std::string& source_path, Language target);
  // Has any file become `target` by it?
  bool is_for(Language target) const;
  // Names of types that any section for `target` has in `package`, without it.
  std::vector<const LockEntry*> types_in(std::string_view package, Language target) const;
  // Puts a line into a section; null when the lock is frozen.
  LockEntry* add(Section& section, LockEntry entry);
  // Marks what the source has no longer, takes the mark from what it has again.
  void close(Section& section);

  Location location(const LockEntry& entry) const { return {path_, entry.line, 1}; }

 private:
  using SectionKey = std::pair<std::string, Language>;
  class Reader;

  std::string path_;
  std::map<SectionKey, Section> sections_;
  std::vector<std::string> comments_;  // behind the last line
  bool frozen_ = false;
  bool fresh_ = true;
  std::vector<std::string> added_, deleted_, restored_;
};

// The line without indentation: "field shop.Order.gone (19000): number 119000, deleted".
std::string to_string(const LockEntry& entry);

}  // namespace koine::idl::derive
