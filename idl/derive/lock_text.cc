// The text of a lock file, both ways. Owner: see lock.h.
#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <set>
#include <utility>

#include "idl/derive/lock.h"
#include "idl/derive/naming.h"
#include "idl/source.h"

namespace koine::idl::derive {
namespace {

constexpr std::string_view version_line = "version: 1";
constexpr std::string_view heading =
    "# What `koine idl convert --lock` chose where the source has no number or name that the other language\n"
    "# takes. Belongs into version control, beside the IDL: Koine adds lines and marks what is gone as "
    "deleted.\n"
    "# Changing or removing a line changes what callers speak. Lines stand sorted, so that branches merge.\n";

// In the order of LockKind.
constexpr auto kind_names = std::to_array<std::string_view>(
    {"service", "enum", "struct", "value", "zero", "field", "wrapper", "entry", "foreign", "status", "method",
     "request", "response", "argument", "throws"});

bool is_member(LockKind kind) {
  return kind == LockKind::value || kind == LockKind::field || kind == LockKind::method ||
         kind == LockKind::argument || kind == LockKind::throws_;
}

bool has_number(LockKind kind) { return kind == LockKind::field || kind == LockKind::argument; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

std::optional<std::int32_t> number_in(std::string_view text) {
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "field shop.Order.legacy (-1)"; nothing when it is not of that form.
std::optional<LockSubject> subject_in(std::string_view text) {
  LockSubject subject;
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto kind = std::find(kind_names.begin(), kind_names.end(), text.substr(0, space));
  if (kind == kind_names.end()) return std::nullopt;
  subject.kind = static_cast<LockKind>(kind - kind_names.begin());
  text = trimmed(text.substr(space));
  if (has_number(subject.kind)) {
    const std::size_t open = text.rfind('(');
    if (open == std::string_view::npos || !text.ends_with(')')) return std::nullopt;
    subject.id = number_in(text.substr(open + 1, text.size() - open - 2));
    if (!subject.id) return std::nullopt;
    text = trimmed(text.substr(0, open));
  }
  const std::size_t dot = text.rfind('.');
  if (is_member(subject.kind)) {
    if (dot == std::string_view::npos) return std::nullopt;
    subject.owner = text.substr(0, dot);
    text.remove_prefix(dot + 1);
  }
  if (text.empty()) return std::nullopt;
  subject.member = text;
  return subject;
}

// What stands behind the colon.
bool read_attributes(std::string_view text, LockEntry& entry) {
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view one = trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (one.starts_with("number ") && !entry.number) {
      entry.number = number_in(trimmed(one.substr(7)));
      if (!entry.number) return false;
    } else if (one.starts_with("name ") && entry.name.empty()) {
      entry.name = trimmed(one.substr(5));
      if (identifier_path(entry.name) != entry.name || entry.name.empty()) return false;
    } else if (one == "deleted" && !entry.deleted) {
      entry.deleted = true;
    } else {
      return false;
    }
  }
  return entry.number.has_value() || !entry.name.empty();
}

}  // namespace

std::string to_string(const LockSubject& subject) {
  std::string text(kind_names[static_cast<std::size_t>(subject.kind)]);
  text += ' ';
  if (!subject.owner.empty()) text += subject.owner + ".";
  text += subject.member;
  if (subject.id) text += " (" + std::to_string(*subject.id) + ")";
  return text;
}

std::string to_string(const LockEntry& entry) {
  std::string text = to_string(entry.subject) + ":";
  if (entry.number) text += " number " + std::to_string(*entry.number);
  if (!entry.name.empty()) text += (entry.number ? ", name " : " name ") + entry.name;
  if (entry.deleted) text += ", deleted";
  return text;
}

std::string Lock::text() const {
  std::string out(heading);
  out += version_line;
  out += '\n';
  for (const auto& [key, section] : sections_) {
    if (section.entries_.empty()) continue;
    out += '\n';
    for (const std::string& comment : section.comments_) out += comment + "\n";
    out += "file " + key.first + " to " + std::string(koine::idl::to_string(key.second)) + ":\n";
    for (const auto& [entry_key, entry] : section.entries_) {
      for (const std::string& comment : entry.comments) out += "  " + comment + "\n";
      out += "  " + to_string(entry) + "\n";
    }
  }
  for (const std::string& comment : comments_) out += comment + "\n";
  return out;
}

class Lock::Reader {
 public:
  Reader(std::string_view text, Lock& lock, std::vector<Diagnostic>& diagnostics)
      : text_(text), lock_(lock), diagnostics_(diagnostics) {}

  void read() {
    const std::size_t before = diagnostics_.size();
    std::string_view rest = text_;
    while (!rest.empty() && diagnostics_.size() == before) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      ++line_;
      read_line(trimmed(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (diagnostics_.size() == before && !versioned_) {
      complain("LOCK_SYNTAX", "a lock file begins with '" + std::string(version_line) + "'");
    }
    lock_.comments_ = std::move(comments_);
    if (diagnostics_.size() == before) find_clashes();
  }

 private:
  void read_line(std::string_view line) {
    if (line.empty()) return;
    if (line.starts_with('#')) {
      comments_.emplace_back(line);
    } else if (line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>")) {
      complain("LOCK_SYNTAX",
               "a merge left this mark: keep the lines of both sides, take the mark out, and convert again");
    } else if (!versioned_) {
      versioned_ = line == version_line;
      comments_.clear();  // the heading, which is ours
      if (!versioned_) complain("LOCK_SYNTAX", "expected '" + std::string(version_line) + "' here");
    } else if (line.starts_with("file ") && line.ends_with(':')) {
      read_file_line(line.substr(5, line.size() - 6));
    } else {
      read_entry(line);
    }
  }

  void read_file_line(std::string_view text) {
    const std::size_t to = text.rfind(" to ");
    const std::string_view language = to == std::string_view::npos ? "" : text.substr(to + 4);
    const auto languages = {Language::thrift, Language::proto, Language::java};
    const auto* const found = std::find_if(languages.begin(), languages.end(), [&](Language one) {
      return koine::idl::to_string(one) == language;
    });
    if (found == languages.end()) {
      return complain("LOCK_SYNTAX", "expected 'file NAME to LANGUAGE:', of thrift, proto and java");
    }
    const Language target = *found;
    auto [place, fresh] = lock_.sections_.try_emplace({std::string(text.substr(0, to)), target});
    section_ = &place->second;
    target_ = target;
    std::move(comments_.begin(), comments_.end(), std::back_inserter(section_->comments_));
    comments_.clear();
  }

  void read_entry(std::string_view line) {
    LockEntry entry;
    const std::size_t colon = line.rfind(": ");
    std::optional<LockSubject> subject;
    if (colon != std::string_view::npos) subject = subject_in(line.substr(0, colon));
    if (!subject || !read_attributes(line.substr(colon + 2), entry)) {
      return complain("LOCK_SYNTAX",
                      "expected a line like 'field shop.Order.legacy (-1): number 65537, name legacy_'");
    }
    if (section_ == nullptr) return complain("LOCK_SYNTAX", "expected a line 'file NAME to proto:' above");
    if (entry.number && !takes_number(*entry.number)) {
      return complain("LOCK_SYNTAX", std::to_string(*entry.number) + " is no number of a field in " +
                                         std::string(koine::idl::to_string(target_)));
    }
    if (is_member(subject->kind) && entry.name.find('.') != std::string::npos) {
      return complain("LOCK_SYNTAX", "a " + to_string(*subject) + " has no dots in its name");
    }
    entry.subject = std::move(*subject);
    entry.line = line_;
    entry.comments = std::exchange(comments_, {});
    const Section::Key key = Section::key_of(entry);
    auto [place, fresh] = section_->entries_.try_emplace(key, entry);
    if (fresh) return;
    const bool same = to_string(place->second) == to_string(entry);
    if (same) return;  // a merge of two branches that did the same
    complain("LOCK_CLASH", "'" + to_string(entry.subject) + "' is here twice, see line " +
                               std::to_string(place->second.line) +
                               ": take out the one that nobody uses yet");
  }

  bool takes_number(std::int32_t number) const {
    if (target_ == Language::thrift) return number >= -32768 && number <= 32767;
    return number > 0 && number < 1 << 29 && (number < 19000 || number > 19999);
  }

  // Numbers are one's own in a struct, names in a scope; merged branches may have given the same.
  void find_clashes() {
    std::map<std::tuple<Language, LockKind, std::string, std::int32_t>, const LockEntry*> numbers;
    std::map<std::tuple<Language, std::string, std::string>, const LockEntry*> names;
    for (const auto& [section_key, section] : lock_.sections_) {
      for (const auto& [key, entry] : section.entries_) {
        line_ = entry.line;
        const LockSubject& subject = entry.subject;
        const bool own = is_member(subject.kind);
        if (entry.number) {
          auto [place, fresh] =
              numbers.try_emplace({section_key.second, subject.kind, subject.owner, *entry.number}, &entry);
          if (!fresh) clash("number " + std::to_string(*entry.number), *place->second);
        }
        if (!entry.name.empty() && subject.kind != LockKind::zero) {
          const std::string scope =
              own ? std::string(kind_names[static_cast<std::size_t>(subject.kind)]) + " " + subject.owner
                  : std::string();
          auto [place, fresh] = names.try_emplace({section_key.second, scope, entry.name}, &entry);
          if (!fresh) clash("name " + entry.name, *place->second);
        }
      }
    }
  }

  void clash(const std::string& what, const LockEntry& other) {
    complain("LOCK_CLASH", what + " is given twice, here and in line " + std::to_string(other.line) +
                               " to '" + to_string(other.subject) +
                               "': take out the line that nobody uses yet, and convert again");
  }

  void complain(const char* rule, std::string message) {
    diagnostics_.push_back(
        {Severity::error, rule, std::move(message), {lock_.path_, line_, 1}, source_line(text_, line_)});
  }

  std::string_view text_;
  Lock& lock_;
  std::vector<Diagnostic>& diagnostics_;
  Section* section_ = nullptr;
  Language target_ = Language::proto;
  std::vector<std::string> comments_;
  bool versioned_ = false;
  int line_ = 0;
};

std::optional<Lock> Lock::parse(std::string_view text, std::string path,
                                std::vector<Diagnostic>& diagnostics) {
  Lock lock(std::move(path));
  lock.fresh_ = false;
  const std::size_t before = diagnostics.size();
  Reader(text, lock, diagnostics).read();
  if (diagnostics.size() != before) return std::nullopt;
  return lock;
}

}  // namespace koine::idl::derive
