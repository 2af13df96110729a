// Reading IDL files and naming what was meant. Owner: see source.h.
#include "idl/source.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idl/folded.h"

namespace koine::idl {
namespace {

namespace fs = std::filesystem;

// Whether it is its own normal form: parts between single slashes, none of them "." or "..".
bool is_normal(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.front() == '.') return false;
  return path.find("//") == std::string_view::npos && path.find("/.") == std::string_view::npos;
}

base::Status too_large(const std::string& path, std::size_t file_bytes_max) {
  return {base::Reason::idl_io,
          "the file is larger than " + std::to_string(file_bytes_max) +
              " bytes (config_bytes_max); split it, or include less",
          path};
}

class DiskSources final : public SourceProvider {
 public:
  explicit DiskSources(std::size_t file_bytes_max) : file_bytes_max_(file_bytes_max) {}

  base::Result<std::optional<std::string>> read(const std::string& path) const override {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
      if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::string>();
      return failure(path, errno);
    }
    base::Result<std::optional<std::string>> result = read_descriptor(path, descriptor);
    ::close(descriptor);
    return result;
  }

  std::string identity(const std::string& path) const override {
    std::error_code error;
    fs::path canonical = fs::weakly_canonical(path, error);
    return error ? normal_path(path) : canonical.generic_string();
  }

 private:
  static base::Status failure(const std::string& path, int error) {
    return {base::Reason::idl_io, std::string("cannot read the file: ") + std::strerror(error), path};
  }

  base::Result<std::optional<std::string>> read_descriptor(const std::string& path, int descriptor) const {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return failure(path, errno);
    // A fifo or device would block or never end.
    if (!S_ISREG(status.st_mode)) {
      return base::Status(base::Reason::idl_io, "this is no regular file, but a folder, a pipe or a device",
                          path);
    }
    std::string text;
    char chunk[16384];
    for (;;) {
      const ssize_t got = ::read(descriptor, chunk, sizeof chunk);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failure(path, errno);
      if (got == 0) return std::optional<std::string>(std::move(text));
      if (text.size() + static_cast<std::size_t>(got) > file_bytes_max_) {
        return too_large(path, file_bytes_max_);
      }
      text.append(chunk, static_cast<std::size_t>(got));
    }
  }

  std::size_t file_bytes_max_;
};

class MemorySources final : public SourceProvider {
 public:
  MemorySources(std::map<std::string, std::string> files, std::size_t file_bytes_max)
      : file_bytes_max_(file_bytes_max) {
    for (auto& [path, text] : files) files_.emplace(normal_path(path), std::move(text));
  }

  base::Result<std::optional<std::string>> read(const std::string& path) const override {
    auto found = files_.find(normal_path(path));
    if (found == files_.end()) return std::optional<std::string>();
    if (found->second.size() > file_bytes_max_) return too_large(path, file_bytes_max_);
    return std::optional<std::string>(found->second);
  }

  std::string identity(const std::string& path) const override { return normal_path(path); }

 private:
  std::map<std::string, std::string> files_;
  std::size_t file_bytes_max_;
};

bool equal_but_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower_letter(x) == lower_letter(y); });
}

// Quadratic in the length: names longer than this are not typing errors of one another.
constexpr std::size_t compared_bytes_max = 128;

// Twice the optimal string alignment distance; a difference of case alone costs one, any other change two.
// `b` is no longer than compared_bytes_max. What is not less than `enough` may be told as any such number.
std::size_t edit_cost(std::string_view a, std::string_view b, std::size_t enough) {
  // Asked once for every candidate, so nothing is allocated.
  std::array<std::array<std::size_t, compared_bytes_max + 1>, 3> rows{};
  std::size_t* before = rows[0].data();
  std::size_t* previous = rows[1].data();
  std::size_t* current = rows[2].data();
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = 2 * j;
  std::size_t previous_least = 0;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t least = current[0] = 2 * i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t change = 2;
      if (a[i - 1] == b[j - 1]) {
        change = 0;
      } else if (lower_letter(a[i - 1]) == lower_letter(b[j - 1])) {
        change = 1;
      }
      current[j] = std::min({previous[j] + 2, current[j - 1] + 2, previous[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 2);
      }
      least = std::min(least, current[j]);
    }
    // Every further row follows from two that are not less.
    if (least >= enough && previous_least >= enough) return enough;
    previous_least = least;
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

std::string_view whole(std::string_view name) { return name; }
std::string_view last_part(std::string_view name) { return name.substr(name.find_last_of("./:") + 1); }

// The letters that are in it, by their last six bits and whatever their case.
std::uint64_t letters_of(std::string_view name) {
  std::uint64_t letters = 0;
  for (const char c : name)
    letters |= std::uint64_t{1} << (static_cast<unsigned char>(lower_letter(c)) & 63u);
  return letters;
}

// No edit cost is less: each change brings one letter at most, and takes one.
std::size_t least_cost(std::uint64_t a, std::uint64_t b) {
  return 2 * static_cast<std::size_t>(std::max(std::popcount(a & ~b), std::popcount(b & ~a)));
}

// By that part of the names.
const std::string* nearest_of(std::string_view text, std::span<const std::string> candidates,
                              std::string_view (*part)(std::string_view)) {
  const std::string_view name = part(text);
  if (name.empty() || name.size() > compared_bytes_max) return nullptr;
  // Never all of it: 'x' is not a typing error for 'y'.
  std::size_t best_cost = std::min(std::max<std::size_t>(2, 2 * name.size() / 3), 2 * name.size() - 1) + 1;
  const std::string* best = nullptr;
  const std::uint64_t letters = letters_of(name);
  for (const std::string& one : candidates) {
    const std::string_view candidate = part(one);
    if (candidate.size() > compared_bytes_max || one == text) continue;
    const std::size_t gap =
        candidate.size() > name.size() ? candidate.size() - name.size() : name.size() - candidate.size();
    if (2 * gap >= best_cost || least_cost(letters, letters_of(candidate)) >= best_cost) continue;
    // Wrong case throughout is one mistake.
    const std::size_t cost = candidate == name                 ? 0
                             : equal_but_case(name, candidate) ? 1
                                                               : edit_cost(name, candidate, best_cost);
    if (cost < best_cost) {
      best_cost = cost;
      best = &one;
    }
  }
  return best;
}

}  // namespace

std::unique_ptr<SourceProvider> disk_sources(std::size_t file_bytes_max) {
  return std::make_unique<DiskSources>(file_bytes_max);
}

std::unique_ptr<SourceProvider> memory_sources(std::map<std::string, std::string> files,
                                               std::size_t file_bytes_max) {
  return std::make_unique<MemorySources>(std::move(files), file_bytes_max);
}

base::Result<SourceFile> find_source(const SourceProvider& provider, std::string_view name,
                                     std::span<const std::string> directories,
                                     const std::function<bool(const std::string& identity)>& known) {
  const std::string wanted(name);
  std::vector<std::string> places;
  if (wanted.starts_with('/') || directories.empty()) {
    places.push_back(normal_path(wanted));
  } else {
    for (const std::string& directory : directories) {
      places.push_back(normal_path(directory.empty() ? wanted : directory + "/" + wanted));
    }
  }
  std::vector<std::string> tried;
  for (const std::string& place : places) {
    if (std::find(tried.begin(), tried.end(), place) != tried.end()) continue;
    tried.push_back(place);
    if (known) {
      std::string identity = provider.identity(place);
      if (known(identity)) return SourceFile{place, std::move(identity), {}};
    }
    auto text = provider.read(place);
    if (!text) return text.error();
    if (text->has_value()) return SourceFile{place, provider.identity(place), std::move(**text)};
  }
  std::string looked;
  for (const std::string& path : tried) looked += (looked.empty() ? "" : ", ") + path;
  return base::Status(base::Reason::idl_io, "no such file; looked for " + looked, std::string(name));
}

std::string normal_path(const std::string& path) {
  // Asked several times for every file, and most names are plain.
  return is_normal(path) ? path : fs::path(path).lexically_normal().generic_string();
}

std::string directory_of(std::string_view path) {
  if (path.find('/') == std::string_view::npos) return {};
  return fs::path(path).parent_path().generic_string();
}

std::string stem_of(std::string_view path) { return fs::path(path).stem().generic_string(); }

std::string source_line(std::string_view text, int line) {
  if (line < 1) return {};
  std::size_t start = 0;
  for (int i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n', start);
    if (end == std::string_view::npos) return {};
    start = end + 1;
  }
  std::string_view found = text.substr(start, text.find('\n', start) - start);
  if (line == 1 && found.starts_with("\xEF\xBB\xBF")) found.remove_prefix(3);
  if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
  return std::string(found);
}

std::string nearest_name(std::string_view name, std::span<const std::string> candidates) {
  const std::string* found = nearest_of(name, candidates, whole);
  if (found == nullptr) found = nearest_of(name, candidates, last_part);
  return found == nullptr ? std::string() : *found;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  const std::string nearest = nearest_name(name, candidates);
  return nearest.empty() ? std::string() : "; did you mean '" + nearest + "'?";
}

std::string list_names(std::span<const std::string> names, std::size_t shown_max) {
  if (names.empty()) return "none";
  std::string out;
  for (const std::string& name : names.first(std::min(names.size(), shown_max))) {
    out.append(out.empty() ? "" : ", ").append(name);
  }
  if (names.size() > shown_max) out += " and " + std::to_string(names.size() - shown_max) + " more";
  return out;
}

}  // namespace koine::idl
