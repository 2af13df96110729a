// Lines of a lock: looking them up, adding them, marking them. Owner: see lock.h.
#include "idl/derive/lock.h"

#include <filesystem>
#include <limits>
#include <utility>

namespace koine::idl::derive {
namespace {

namespace fs = std::filesystem;

bool is_made_up(LockKind kind) {
  return kind == LockKind::wrapper || kind == LockKind::entry || kind == LockKind::foreign ||
         kind == LockKind::status;
}

bool is_type(LockKind kind) {
  switch (kind) {
    case LockKind::service:
    case LockKind::enumeration:
    case LockKind::structure:
    case LockKind::wrapper:
    case LockKind::entry:
    case LockKind::foreign:
    case LockKind::status:
    case LockKind::request:
    case LockKind::response: return true;
    default: return false;
  }
}

std::string_view package_of(std::string_view full_name) {
  const std::size_t dot = full_name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : full_name.substr(0, dot);
}

// Two ways of writing one file are one file.
std::string relative_to(const std::string& folder_of, const std::string& path) {
  const fs::path folder = fs::absolute(fs::path(folder_of)).lexically_normal().parent_path();
  const fs::path relative = fs::absolute(fs::path(path)).lexically_normal().lexically_relative(folder);
  return relative.empty() ? path : relative.generic_string();
}

}  // namespace

Lock::Section::Key Lock::Section::key_of(const LockSubject& subject, std::string_view package) {
  // By number, whatever the name: that a name is another one is for the derivation to notice.
  if (subject.id) return {subject.kind, subject.owner, *subject.id, "", ""};
  return {subject.kind, subject.owner, 0, subject.member,
          std::string(is_made_up(subject.kind) ? package : "")};
}

Lock::Section::Key Lock::Section::key_of(const LockEntry& entry) {
  return key_of(entry.subject, package_of(entry.name));
}

LockEntry* Lock::Section::find(const LockSubject& subject, std::string_view package) {
  auto found = entries_.find(key_of(subject, package));
  return found == entries_.end() ? nullptr : &found->second;
}

std::vector<const LockEntry*> Lock::Section::members(LockKind kind, std::string_view owner) const {
  std::vector<const LockEntry*> out;
  const std::string wanted(owner);
  const Key first{kind, wanted, std::numeric_limits<std::int32_t>::min(), "", ""};
  for (auto at = entries_.lower_bound(first); at != entries_.end(); ++at) {
    if (std::get<0>(at->first) != kind || std::get<1>(at->first) != wanted) break;
    out.push_back(&at->second);
  }
  return out;
}

Lock::Section& Lock::section(const std::string& source_path, Language target) {
  return sections_[{relative_to(path_, source_path), target}];
}

bool Lock::is_for(Language target) const {
  return std::any_of(sections_.begin(), sections_.end(),
                     [&](const auto& one) { return one.first.second == target; });
}

std::vector<const LockEntry*> Lock::types_in(std::string_view package, Language target) const {
  std::vector<const LockEntry*> out;
  for (const auto& [key, section] : sections_) {
    if (key.second != target) continue;
    for (const auto& [entry_key, entry] : section.entries_) {
      if (is_type(entry.subject.kind) && package_of(entry.name) == package) out.push_back(&entry);
    }
  }
  return out;
}

LockEntry* Lock::add(Section& section, LockEntry entry) {
  if (frozen_) return nullptr;
  entry.seen = true;
  added_.push_back(to_string(entry));
  Section::Key key = Section::key_of(entry);
  return &section.entries_.insert_or_assign(std::move(key), std::move(entry)).first->second;
}

void Lock::close(Section& section) {
  for (auto& [key, entry] : section.entries_) {
    const bool gone = !std::exchange(entry.seen, false);
    if (gone == entry.deleted || frozen_) continue;
    entry.deleted = gone;
    (gone ? deleted_ : restored_).push_back(to_string(entry.subject));
  }
}

}  // namespace koine::idl::derive
