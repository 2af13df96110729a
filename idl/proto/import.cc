// libprotobuf's importer on our sources. Owner: see import.h.
#include "idl/proto/import.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <functional>
#include <set>

#include <google/protobuf/any.pb.h>
#include <google/protobuf/api.pb.h>
#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/descriptor_database.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/empty.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/source_context.pb.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/type.pb.h>
#include <google/protobuf/unknown_field_set.h>
#include <google/protobuf/wrappers.pb.h>

#include "idl/proto/bounds.h"
#include "koine/options.pb.h"

namespace koine::idl::proto {
namespace pb = google::protobuf;
namespace fs = std::filesystem;
namespace {

constexpr std::string_view set_suffix = ".binpb";
constexpr std::string_view descriptor_file = "google/protobuf/descriptor.proto";

// A file with a zero byte in its beginning is no text: one mistake, not one for each of its bytes.
constexpr std::size_t text_probe_bytes = 8192;
constexpr std::string_view not_text =
    "this is no text but a binary file; name a .proto file, or a descriptor set whose name ends in .binpb";

// libprotobuf prints "No syntax specified" and the like to stderr; what matters reaches our diagnostics.
class QuietLog {
 public:
  QuietLog() = default;

 private:
  pb::LogSilencer silencer_;
};

class NoErrors final : public pb::io::ErrorCollector {
 public:
  void AddError(int, pb::io::ColumnNumber, const std::string&) override {}
};

// The line (from 0) of an `edition = …` statement at the head of the file, or -1.
int edition_line(const std::string& text) {
  pb::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
  NoErrors ignored;
  pb::io::Tokenizer tokens(&input, &ignored);
  if (!tokens.Next() || tokens.current().text != "edition") return -1;
  return tokens.current().line;
}

void collect_names(const std::string& scope, const pb::DescriptorProto& message,
                   std::vector<std::string>& names) {
  const std::string name = scope + message.name();
  names.push_back(name);
  for (const auto& nested : message.nested_type()) collect_names(name + ".", nested, names);
  for (const auto& nested : message.enum_type()) names.push_back(name + "." + nested.name());
}

// A descriptor.proto that knows more than ours: files may extend its FeatureSet.
bool is_newer_descriptor_file(const pb::FileDescriptorProto& file) {
  return file.name() == descriptor_file &&
         pb::DescriptorProto::descriptor()->file()->FindMessageTypeByName("FeatureSet") == nullptr &&
         std::any_of(file.message_type().begin(), file.message_type().end(),
                     [](const pb::DescriptorProto& message) { return message.name() == "FeatureSet"; });
}

bool inside(const std::string& relative) { return !relative.empty() && !relative.starts_with(".."); }

}  // namespace

class Import::Tree final : public pb::compiler::SourceTree {
 public:
  explicit Tree(Import& import) : import_(import) {}

  pb::io::ZeroCopyInputStream* Open(const std::string& name) override {
    if (name.starts_with('/') || normal_path(name) != name || name.starts_with("..")) {
      return fail(name, "an import is a path below an import directory, without '.', '..' or a leading '/'");
    }
    auto found = find_source(import_.sources_, name, import_.directories_);
    if (!found) return fail(name, std::string(found.error().message()));
    SourceText& source = import_.texts_[name];
    source.path = found->path;
    source.text = std::move(found->text);
    if (std::string_view(source.text).substr(0, text_probe_bytes).find('\0') != std::string_view::npos) {
      import_.report(Severity::error, std::string(rule_syntax), std::string(not_text), name, -1, 0);
      last_error_ = not_text;
      return nullptr;
    }
    if (int line = edition_line(source.text); line >= 0) {
      last_error_ = edition_advice(source.path, name);
      import_.report(Severity::error, "EDITION", last_error_, name, line, 0);
      return nullptr;
    }
    const TextShape shape = shape_of(source.text);
    if (shape.depth > brackets_max) {
      last_error_ = "more than " + std::to_string(brackets_max) + " braces and brackets inside one another";
      import_.report(Severity::error, "NESTING", last_error_, name, shape.deepest_line, 0);
      return nullptr;
    }
    if (!import_.count(name, source.text.size(), shape.parts)) {
      last_error_ = "too large";
      return nullptr;
    }
    return new pb::io::ArrayInputStream(source.text.data(), static_cast<int>(source.text.size()));
  }

  std::string GetLastErrorMessage() override { return last_error_; }

 private:
  pb::io::ZeroCopyInputStream* fail(const std::string& name, std::string why) {
    import_.missing_[name] = why;
    last_error_ = std::move(why);
    return nullptr;
  }

  Import& import_;
  std::string last_error_;
};

// What the parser says, and the linker through LinkCollector.
class Import::Collector final : public pb::compiler::MultiFileErrorCollector {
 public:
  explicit Collector(Import& import) : import_(import) {}

  void AddError(const std::string& file, int line, int column, const std::string& message) override {
    // Files that cannot be opened are reported where they are imported; see settle().
    if (line < 0 && !linking) return;
    if (!linking && message.starts_with(no_ascii)) {
      // One message for a run of them, as of other bytes that begin no token.
      const bool goes_on = file == run_file_ && line == run_line_ && column == run_column_ + 1;
      run_file_ = file;
      run_line_ = line;
      run_column_ = column;
      if (goes_on) return;
    }
    import_.report(Severity::error, linking ? rule_of(message) : std::string(rule_syntax), said(message),
                   file, line, column);
  }
  void AddWarning(const std::string& file, int line, int column, const std::string& message) override {
    import_.report(Severity::warning, "STYLE", message, file, line, column);
  }

  bool linking = false;

 private:
  static constexpr std::string_view no_ascii = "Interpreting non ascii codepoint";

  static std::string rule_of(const std::string& message) {
    // First, by its end: the file's name is anything.
    if (message.ends_with("not found or had errors.")) return std::string(rule_file);
    if (message.find("is not defined") != std::string::npos) return "UNKNOWN_TYPE";
    if (message.find("already defined") != std::string::npos) return "DUPLICATE_NAME";
    if (message.find("already been used") != std::string::npos) return "DUPLICATE_ID";
    return "INVALID";
  }
  std::string said(const std::string& message) const {
    const std::size_t end = message.find("\" is not defined.");
    if (!linking || end == std::string::npos || message.front() != '"') return message;
    const std::string name = message.substr(1, end - 1);
    // Looked for as long as somebody sees it: among many names it takes a while.
    std::string nearest = import_.errors_ < told_errors_max ? nearest_name(name, import_.type_names_) : "";
    // A bare name stays one: "Ordr" is Order, not shop.Order.
    if (name.find('.') == std::string::npos) nearest.erase(0, nearest.rfind('.') + 1);
    return "unknown type '" + name + "'" +
           (nearest.empty() ? "; declare it or import the file that does"
                            : "; did you mean '" + nearest + "'?");
  }

  Import& import_;
  // The last byte that was no ASCII.
  std::string run_file_;
  int run_line_ = -1;
  int run_column_ = -1;
};

class Import::LinkCollector final : public pb::DescriptorPool::ErrorCollector {
 public:
  LinkCollector(Import& import, Collector& collector, pb::DescriptorPool::ErrorCollector& located)
      : import_(import), collector_(collector), located_(located) {}

  void AddError(const std::string& file, const std::string& element, const pb::Message* descriptor,
                ErrorLocation where, const std::string& message) override {
    collector_.linking = true;
    if (import_.texts_.contains(file)) {
      located_.AddError(file, element, descriptor, where, message);
    } else {
      collector_.AddError(file, -1, 0, message + " (" + element + ")");
    }
    collector_.linking = false;
  }
  void AddWarning(const std::string& file, const std::string& element, const pb::Message* descriptor,
                  ErrorLocation where, const std::string& message) override {
    if (import_.texts_.contains(file)) located_.AddWarning(file, element, descriptor, where, message);
  }

 private:
  Import& import_;
  Collector& collector_;
  pb::DescriptorPool::ErrorCollector& located_;
};

// Files of descriptor sets, then built-in ones (which sets do not replace), then sources.
class Import::Database final : public pb::DescriptorDatabase {
 public:
  Database(Import& import, Tree& tree, Collector& collector) : import_(import), sources_(&tree) {
    sources_.RecordErrorsTo(&collector);
  }

  pb::DescriptorPool::ErrorCollector& located() { return *sources_.GetValidationErrorCollector(); }
  bool known(const std::string& name) const { return known_.contains(name) || built_in(name) != nullptr; }
  void add(const pb::FileDescriptorProto& file) { known_.emplace(file.name(), file); }
  // From now on: files of proto3 may import some that were lowered.
  void lower_sources() { lowers_sources_ = true; }

  bool FindFileByName(const std::string& name, pb::FileDescriptorProto* output) override {
    if (auto found = known_.find(name); found != known_.end()) {
      *output = found->second;
      return note_imports(*output);
    }
    if (const pb::FileDescriptor* file = built_in(name)) {
      file->CopyTo(output);
      file->CopyJsonNameTo(output);
      return true;
    }
    if (!sources_.FindFileByName(name, output) || !note_imports(*output)) return false;
    if (lowers_sources_ && Editions::lowers_with(*output)) {
      if (const base::Status status = import_.editions_.lower(*output); !status.ok()) {
        import_.report(Severity::error, "INVALID", std::string(status.message()), name, -1, 0);
        return false;
      }
    }
    const std::string scope = output->package().empty() ? "" : output->package() + ".";
    for (const auto& message : output->message_type()) collect_names(scope, message, import_.type_names_);
    for (const auto& type : output->enum_type()) import_.type_names_.push_back(scope + type.name());
    return true;
  }
  bool FindFileContainingSymbol(const std::string&, pb::FileDescriptorProto*) override { return false; }
  bool FindFileContainingExtension(const std::string&, int, pb::FileDescriptorProto*) override {
    return false;
  }

 private:
  // What libprotobuf and Koine bring along themselves; null for any other file. Copied when it is asked for:
  // most schemas import one or two of them.
  static const pb::FileDescriptor* built_in(const std::string& name) {
    for (const pb::Descriptor* type :
         {pb::DescriptorProto::descriptor(), pb::Any::descriptor(), pb::Api::descriptor(),
          pb::Duration::descriptor(), pb::Empty::descriptor(), pb::FieldMask::descriptor(),
          pb::SourceContext::descriptor(), pb::Struct::descriptor(), pb::Timestamp::descriptor(),
          pb::Type::descriptor(), pb::Int32Value::descriptor(), koine::FieldOptions::descriptor()}) {
      if (type->file()->name() == name) return type->file();
    }
    return nullptr;
  }

  // libprotobuf links what a file imports within the linking of that file. False: it goes too deep.
  bool note_imports(const pb::FileDescriptorProto& file) {
    const std::size_t depth = depths_[file.name()];
    if (depth >= import_.bounds_.import_depth_max) {
      import_.report(Severity::error, "IMPORT_DEPTH",
                     "more than " + std::to_string(import_.bounds_.import_depth_max) +
                         " files import one another in a row",
                     file.name(), -1, 0);
      return false;
    }
    for (const std::string& import : file.dependency()) {
      std::size_t& deepest = depths_[import];
      deepest = std::max(deepest, depth + 1);
    }
    return true;
  }

  Import& import_;
  pb::compiler::SourceTreeDescriptorDatabase sources_;
  std::map<std::string, pb::FileDescriptorProto> known_;
  std::map<std::string, std::size_t> depths_;  // of files that were imported: the longest way to them so far
  bool lowers_sources_ = false;
};

struct Import::Protobuf {
  explicit Protobuf(Import& import)
      : tree(import),
        collector(import),
        database(import, tree, collector),
        link(import, collector, database.located()),
        pool(&database, &link) {
    // As protoc does: else a weak import that is not there is passed over.
    pool.EnforceWeakDependencies(true);
  }
  Tree tree;
  Collector collector;
  Database database;
  LinkCollector link;
  pb::DescriptorPool pool;
};

Import::Import(const SourceProvider& sources, std::span<const std::string> import_directories,
               const Bounds& bounds)
    : sources_(sources),
      bounds_(bounds),
      directories_(import_directories.begin(), import_directories.end()) {}
Import::~Import() = default;

const SourceText* Import::text_of(const std::string& import_name) const {
  auto found = texts_.find(import_name);
  return found == texts_.end() ? nullptr : &found->second;
}

std::string Import::path_of(const std::string& import_name) const {
  if (auto found = asked_.find(import_name); found != asked_.end()) return found->second;
  if (auto found = set_paths_.find(import_name); found != set_paths_.end()) return found->second;
  const SourceText* source = text_of(import_name);
  return source == nullptr || source->path.empty() ? import_name : source->path;
}

bool Import::count(const std::string& import_name, std::size_t bytes, std::size_t parts) {
  const bool told =
      files_read_ > bounds_.files_max || bytes_read_ > bounds_.bytes_max || parts_read_ > bounds_.parts_max;
  files_read_ += 1;
  bytes_read_ += bytes;
  parts_read_ += parts;
  std::string what;
  if (files_read_ > bounds_.files_max) what = std::to_string(bounds_.files_max) + " files";
  if (bytes_read_ > bounds_.bytes_max) what = std::to_string(bounds_.bytes_max) + " bytes of text";
  if (parts_read_ > bounds_.parts_max)
    what = std::to_string(bounds_.parts_max) + " fields, values and other parts";
  if (what.empty()) return true;
  if (!told) {
    report(Severity::error, "TOO_LARGE",
           "with this file there are more than " + what + " in one read; name fewer files, or import fewer",
           import_name, -1, 0);
  }
  return false;
}

// The name by which other files would import `file`; adds its directory to the search when it is in none.
std::string Import::import_name_of(const std::string& file) {
  const std::string path = normal_path(file);
  for (const std::string& directory : directories_) {
    const fs::path base = fs::path(directory.empty() ? "." : directory).lexically_normal();
    if (path.starts_with('/') != base.is_absolute()) continue;
    const std::string relative = fs::path(path).lexically_relative(base).generic_string();
    if (inside(relative)) return relative;
  }
  std::string directory = directory_of(path);
  if (std::find(directories_.begin(), directories_.end(), directory) == directories_.end()) {
    directories_.push_back(directory);
  }
  return path.substr(path.rfind('/') + 1);
}

void Import::read_set(const std::string& file) {
  auto refuse = [&](std::string_view rule, std::string message) {
    if (++errors_ > told_errors_max) return;
    diagnostics_.push_back({Severity::error, std::string(rule), std::move(message), {file, 0, 0}, {}});
    about_.push_back(file);
  };
  auto found = find_source(sources_, file, {});
  if (!found) return refuse(rule_file, std::string(found.error().message()));
  if (!count(file, found->text.size(), count_parts(found->text))) return;
  pb::FileDescriptorSet set;
  if (!set.ParseFromString(found->text) || set.file_size() == 0) {
    return refuse(rule_syntax,
                  "not a FileDescriptorSet; make one with protoc --include_imports -o FILE, or buf build -o");
  }
  if (has_deep_option(set, found->text)) {
    return refuse("NESTING", "an option's value has more than " + std::to_string(brackets_max) +
                                 " braces inside one another; make the set with protoc");
  }
  const bool editions = std::any_of(set.file().begin(), set.file().end(), Editions::is_edition);
  if (editions) protobuf_->database.lower_sources();
  for (pb::FileDescriptorProto& proto : *set.mutable_file()) {
    const bool newer = is_newer_descriptor_file(proto);
    if (protobuf_->database.known(proto.name()) && !newer) continue;
    if (Editions::is_edition(proto) || (editions && Editions::lowers_with(proto))) {
      if (const base::Status status = editions_.lower(proto); !status.ok()) {
        refuse("EDITION", proto.name() + ": " + std::string(status.message()));
        continue;
      }
    }
    protobuf_->database.add(proto);
    // In the graph only where somebody uses what is in it.
    if (!newer) set_paths_[proto.name()] = file + ":" + proto.name();
  }
  if (has_errors()) return;
  for (const pb::FileDescriptorProto& proto : set.file()) {
    if (!set_paths_.contains(proto.name())) continue;
    const pb::FileDescriptor* linked = protobuf_->pool.FindFileByName(proto.name());
    if (linked != nullptr) linked_.push_back(linked);
  }
}

void Import::run(std::span<const std::string> files) {
  QuietLog quiet;
  try {
    protobuf_ = std::make_unique<Protobuf>(*this);
    std::vector<std::string> names;
    for (const std::string& file : files) {
      if (file.ends_with(set_suffix)) {
        read_set(file);
        continue;
      }
      std::string name = import_name_of(file);
      asked_.emplace(name, file);
      names.push_back(std::move(name));
    }
    for (const std::string& name : names) {
      const std::size_t before = errors_;
      const pb::FileDescriptor* linked = protobuf_->pool.FindFileByName(name);
      if (linked != nullptr) {
        linked_.push_back(linked);
      } else if (auto why = missing_.find(name); why != missing_.end()) {
        report(Severity::error, std::string(rule_file), why->second, name, -1, 0);
      } else if (!refused_before(name, before)) {
        report(Severity::error, "INVALID", "the file cannot be linked", name, -1, 0);
      }
    }
    for (const auto& [name, asked] : asked_) {
      const SourceText* source = text_of(name);
      if (source == nullptr || sources_.identity(source->path) == sources_.identity(asked)) continue;
      report(Severity::error, std::string(rule_file),
             "the import directories find " + source->path + " under the name " + name +
                 "; put the directory of " + asked + " first",
             name, -1, 0);
    }
  } catch (const std::exception& error) {
    report(Severity::error, "INVALID", std::string("libprotobuf gave up: ") + error.what(), "", -1, 0);
  }
  settle();
}

}  // namespace koine::idl::proto
