// The include graph. Owner: see loader.h.
#include "idl/thrift/loader.h"

#include <algorithm>
#include <map>

#include "idl/thrift/parser.h"

namespace koine::idl::thrift {
namespace {

// Files including one another in a row; real trees have a handful.
constexpr std::size_t include_depth_max = 64;

class Loader {
 public:
  Loader(const std::vector<std::string>& include_paths, const SourceProvider& sources, Report& report)
      : include_paths_(include_paths), sources_(sources), report_(report) {}

  void load_root(const std::string& path) {
    auto found = find_source(sources_, path, {});
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
    auto file = std::make_unique<LoadedFile>();
    file->source = std::move(source);
    file->prefix = stem_of(file->source.path);
    file->node = Parser(file->source, report_).parse();
    open_.push_back(file.get());
    for (const IncludeNode& include : file->node.includes) {
      if (report_.full()) break;
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
    auto found = find_source(sources_, include.path, directories);
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
  Report& report_;
  std::vector<const LoadedFile*> open_;
  std::map<std::string, const LoadedFile*> by_identity_;
  LoadedFiles done_;
};

}  // namespace

LoadedFiles load_files(const std::vector<std::string>& paths, const std::vector<std::string>& include_paths,
                       const SourceProvider& sources, Report& report) {
  Loader loader(include_paths, sources, report);
  for (const std::string& path : paths) loader.load_root(path);
  return loader.take();
}

}  // namespace koine::idl::thrift
