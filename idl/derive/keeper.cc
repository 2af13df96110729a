// Questions to the lock, and what it refuses. Owner: see keeper.h.
#include "idl/derive/keeper.h"

#include <algorithm>
#include <utility>

namespace koine::idl::derive {
namespace {

// What a line's subject is called on the other side.
std::string name_of(const LockEntry& entry) { return entry.name.empty() ? entry.subject.member : entry.name; }

std::string local_name(const std::string& full_name) { return full_name.substr(full_name.rfind('.') + 1); }

}  // namespace

void Keeper::reserve_types(const std::string& package, NameScope& scope) {
  if (lock_ == nullptr) return;
  for (const LockEntry* entry : lock_->types_in(package, target_)) {
    const std::string local = local_name(entry->name);
    if (scope.taken(local)) {
      refuse(*entry, "the source has a package '" + joined(package, local) +
                         "' now, so nothing else can have that name: give the package another one");
    }
    scope.reserve(local);
  }
}

void Keeper::reserve_members(const File& file, LockKind kind, const std::string& owner, NameScope& scope) {
  if (lock_ == nullptr) return;
  for (const LockEntry* entry : section(file).members(kind, owner)) scope.reserve(name_of(*entry));
}

void Keeper::reserve_values(const File& file, const EnumType& source, NameScope& scope) {
  if (lock_ == nullptr) return;
  for (const LockEntry* entry : section(file).members(LockKind::value, source.full_name)) {
    scope.reserve(name_of(*entry));
  }
  // Where the source has a 0 of its own by now, that is what it is called.
  const LockEntry* zero = section(file).find({LockKind::zero, "", source.full_name, std::nullopt});
  if (zero != nullptr && source.find_value(0) == nullptr) scope.reserve(zero->name);
}

std::string Keeper::name(const Wish& wish, const Claim& claim) {
  if (lock_ == nullptr) return claim();
  if (LockEntry* entry = section(wish.file).find(wish.subject, wish.package)) {
    entry->seen = true;
    return entry->name.empty() ? wish.name : local_name(entry->name);
  }
  const std::string name = claim();
  if (wish.unmovable && name != wish.name) {
    for (const LockEntry* other : lock_->types_in(wish.package, target_)) {
      if (other->name != joined(wish.package, wish.name)) continue;
      refuse(*other, "the source calls something else '" + other->name +
                         "' now, which callers know by that name: call it another way there");
      return name;
    }
  }
  if (wish.made_up || name != wish.name) {
    LockEntry entry;
    entry.subject = wish.subject;
    entry.name = joined(wish.package, name);
    enter(wish.file, std::move(entry));
  }
  return name;
}

Keeper::Fields Keeper::fields(const File& file, LockKind kind, const std::string& owner,
                              const std::vector<Field>& source) {
  Fields out;
  if (lock_ == nullptr) return out;
  for (const LockEntry* entry : section(file).members(kind, owner)) {
    const std::int32_t number = entry->number.value_or(*entry->subject.id);
    out.numbers[number] = entry;
    out.gone[number] = name_of(*entry);
  }
  for (const Field& field : source) {
    LockEntry* entry = section(file).find({kind, owner, field.name, field.id});
    if (entry == nullptr) continue;
    entry->seen = true;
    out.by_id[field.id] = entry;
    out.gone.erase(entry->number.value_or(field.id));
    if (entry->subject.member == field.name) continue;
    refuse(*entry, "the source calls it '" + field.name +
                       "' now. If it was renamed, write the new name into this line; if it is another one, " +
                       "give it a number of its own in the source");
  }
  return out;
}

void Keeper::enter_field(const File& file, LockKind kind, const std::string& owner, const Field& source,
                         std::int32_t number, const std::string& name, const std::string& wished) {
  if (lock_ == nullptr || (number == source.id && name == wished)) return;
  LockEntry entry;
  entry.subject = {kind, owner, source.name, source.id};
  if (number != source.id) entry.number = number;
  if (name != wished) entry.name = name;
  enter(file, std::move(entry));
}

std::int32_t Keeper::throws_number(const File& file, const std::string& method, const std::string& name,
                                   std::int32_t number) {
  if (lock_ == nullptr) return number;
  const LockSubject subject{LockKind::throws_, method, name, std::nullopt};
  if (LockEntry* entry = section(file).find(subject)) {
    entry->seen = true;
    return entry->number.value_or(number);
  }
  for (const LockEntry* other : section(file).members(LockKind::throws_, method)) {
    number = std::max(number, other->number.value_or(0) + 1);
  }
  LockEntry entry;
  entry.subject = subject;
  entry.number = number;
  enter(file, std::move(entry));
  return number;
}

void Keeper::check_throws(const File& file, const std::string& method, const std::string& name,
                          std::int32_t number) {
  if (lock_ == nullptr) return;
  for (const LockEntry* entry : section(file).members(LockKind::throws_, method)) {
    if (entry->number != number) continue;
    refuse(*entry, "the source gives that number to '" + name + "' now: give it another one there");
  }
}

void Keeper::enter(const File& file, LockEntry entry) {
  const std::string text = to_string(entry.subject);
  if (lock_->add(section(file), std::move(entry)) != nullptr) return;
  if (missing_++ > 0) return;
  missing_first_ = "the lock has no line for '" + text + "': run koine idl convert " + file.path + " --to " +
                   std::string(koine::idl::to_string(target_)) + " --lock " + lock_->path() +
                   ", and commit what it writes";
}

void Keeper::refuse(const LockEntry& entry, std::string message) {
  Diagnostic problem{Severity::error, "LOCK_CHANGED", {}, lock_->location(entry), {}};
  problem.message = "'" + to_string(entry) + "' cannot stay: " + message;
  problems_.push_back(std::move(problem));
}

bool Keeper::close(const std::vector<const File*>& sources) {
  if (missing_ > 0) {
    if (missing_ > 1) missing_first_ += " (and " + std::to_string(missing_ - 1) + " more)";
    problems_.push_back({Severity::error, "LOCK_STALE", missing_first_, {lock_->path(), 0, 0}, {}});
  }
  if (diagnostics_ != nullptr) {
    diagnostics_->insert(diagnostics_->end(), problems_.begin(), problems_.end());
  }
  if (!problems_.empty()) return false;
  if (lock_ != nullptr) {
    for (const File* file : sources) lock_->close(section(*file));
  }
  return true;
}

std::string method_of(const StructType& arguments) {
  constexpr std::string_view suffix = "_args";
  std::string name = arguments.full_name;
  if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  return name;
}

}  // namespace koine::idl::derive
