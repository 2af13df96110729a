// The include graph. Owner: see loader.h.
#include "idl/thrift/loader.h"

#include <algorithm>
#include <functional>
#include <map>

#include "idl/thrift/parser.h"

namespace koine::idl::thrift {
namespace {

// Files including one another in a row; real trees have a handful.
constexpr std::size_t include_depth_max = 64;

class Loader {
 public:
  Loader(const std::vector<std::string>& include_paths, const SourceProvider& sources, const Bounds& bounds,
         Report& report)
      : include_paths_(include_paths), sources_(sources), bounds_(bounds), report_(report) {}

  void load_root(const std::string& path) {
    auto found = find_source(sources_, path, {}, seen_);
    if (!found) {
      SourceFile missing;
      missing.path = path;
      report_.error(missing, {}, rule_file, std::string(found.error().message()));
      return;
    }
    load(std::move(*found));
  }

  LoadedFiles take() { return std::move(done_); }

 private:
  // Null when the file could not be used; that is reported.
  const LoadedFile* load(SourceFile source) {
    auto known = by_identity_.find(source.identity);
    if (known != by_identity_.end()) return known->second;
    if (!within_bounds(source)) return nullptr;
    auto file = std::make_unique<LoadedFile>();
    file->source = std::move(source);
    file->prefix = stem_of(file->source.path);
    file->node = Parser(file->source, report_, parts_, bounds_.parts_max).parse();
    open_.push_back(file.get());
    for (const IncludeNode& include : file->node.includes) {
      if (report_.full() || too_large_) break;
      if (const LoadedFile* included = load_include(*file, include)) {
        const bool repeated =
            std::find(file->includes.begin(), file->includes.end(), included) != file->includes.end();
        if (!repeated) file->includes.push_back(included);
      }
    }
    open_.pop_back();
    by_identity_[file->source.identity] = file.get();
    done_.push_back(std::move(file));
    return done_.back().get();
  }

  const LoadedFile* load_include(const LoadedFile& from, const IncludeNode& include) {
    std::vector<std::string> directories = {directory_of(from.source.path)};
    directories.insert(directories.end(), include_paths_.begin(), include_paths_.end());
    // A file is not read once for each file that includes it.
    auto found = find_source(sources_, include.path, directories, seen_);
    if (!found) {
      report_.error(from.source, include.place, rule_file,
                    "cannot include '" + include.path + "': " + std::string(found.error().message()) +
                        "; correct the name or add its directory to the include paths");
      return nullptr;
    }
    if (is_open(found->identity)) {
      report_.error(
          from.source, include.place, "CIRCULAR_INCLUDE",
          "circular include: " + chain(found->identity) + "; move what both need into a file of its own");
      return nullptr;
    }
    if (open_.size() >= include_depth_max) {
      report_.error(from.source, include.place, "INCLUDE_DEPTH",
                    "more than " + std::to_string(include_depth_max) + " files include one another in a row");
      return nullptr;
    }
    return load(std::move(*found));
  }

  bool within_bounds(const SourceFile& source) {
    ++files_;
    bytes_ += source.text.size();
    if (files_ <= bounds_.files_max && bytes_ <= bounds_.bytes_max) return true;
    if (!too_large_) {
      report_.error(source, {}, "TOO_LARGE",
                    "with this file there are more than " +
                        (files_ > bounds_.files_max ? std::to_string(bounds_.files_max) + " files"
                                                    : std::to_string(bounds_.bytes_max) + " bytes of text") +
                        " in one read; name fewer files, or include fewer");
    }
    too_large_ = true;
    return false;
  }

  bool is_open(const std::string& identity) const {
    return std::any_of(open_.begin(), open_.end(),
                       [&](const LoadedFile* file) { return file->source.identity == identity; });
  }

  // "a.thrift -> b.thrift -> a.thrift", from the file of that identity on.
  std::string chain(const std::string& identity) const {
    std::string text;
    std::string first;
    for (const LoadedFile* file : open_) {
      if (text.empty() && file->source.identity != identity) continue;
      if (first.empty()) first = file->source.path;
      text += file->source.path + " -> ";
    }
    return text + first;
  }

  const std::vector<std::string>& include_paths_;
  const SourceProvider& sources_;
  const Bounds& bounds_;
  Report& report_;
  const std::function<bool(const std::string&)> seen_ = [this](const std::string& identity) {
    return by_identity_.contains(identity) || is_open(identity);
  };
  std::size_t files_ = 0;
  std::size_t bytes_ = 0;
  std::size_t parts_ = 0;
  bool too_large_ = false;
  std::vector<const LoadedFile*> open_;
  std::map<std::string, const LoadedFile*> by_identity_;
  LoadedFiles done_;
};

}  // namespace

LoadedFiles load_files(const std::vector<std::string>& paths, const std::vector<std::string>& include_paths,
                       const SourceProvider& sources, const Bounds& bounds, Report& report) {
  Loader loader(include_paths, sources, bounds, report);
  for (const std::string& path : paths) loader.load_root(path);
  return loader.take();
}

}  // namespace koine::idl::thrift
