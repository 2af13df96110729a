// `koine idl check` and `koine idl convert`.
#include <filesystem>

#include "cli/commands.h"
#include "cli/output.h"
#include "control/schema_set.h"
#include "idl/derive/circles.h"
#include "idl/java/write.h"
#include "idl/proto/write.h"
#include "idl/source.h"
#include "idl/thrift/write.h"

namespace koine::cli {
namespace {

struct Written {
  std::string name;  // path below the output folder
  std::string text;
};

// The files of a derived graph as text, imported ones included, leaving out what every reader has built in.
std::vector<Written> write_files(const idl::Schema& schema, idl::Language language, bool plain) {
  std::vector<Written> out;
  for (const idl::File& file : schema.files()) {
    if (file.path.starts_with("google/protobuf/") || file.path == "koine/options.proto") continue;
    if (language == idl::Language::java) {
      for (idl::java::SourceText& source : idl::java::write(file)) {
        out.push_back({std::move(source.path), std::move(source.text)});
      }
      continue;
    }
    Written one;
    one.name = file.path;  // as the files import one another
    if (language == idl::Language::thrift) {
      one.text = idl::thrift::write(schema, file);
    } else {
      idl::proto::WriteOptions options;
      options.koine_options = !plain;
      one.text = idl::proto::write(schema, file, options);
    }
    out.push_back(std::move(one));
  }
  return out;
}

// Into the folder, or to standard output without one.
base::Status write_all(const std::vector<Written>& files, const std::string& folder) {
  for (const Written& file : files) {
    if (folder.empty()) {
      // One class a file: which is which.
      if (file.name.ends_with(".java")) print("// " + file.name + "\n");
      print(file.text);
      continue;
    }
    const std::filesystem::path path = std::filesystem::path(folder) / file.name;
    std::error_code problem;
    std::filesystem::create_directories(path.parent_path(), problem);
    KOINE_RETURN_IF_ERROR(write_file(path.string(), file.text));
  }
  return {};
}

// Says what is new in the lock, and never leaves half a file: what it holds exists nowhere else.
base::Status write_lock(const idl::derive::Lock& lock) {
  if (!lock.changed()) return {};
  const std::string beside = lock.path() + ".new";
  KOINE_RETURN_IF_ERROR(write_file(beside, lock.text()));
  std::error_code problem;
  std::filesystem::rename(beside, lock.path(), problem);
  if (problem) {
    return base::Status(base::Reason::usage, "'" + lock.path() + "' cannot be written: " + problem.message());
  }
  if (!lock.added().empty()) {
    complain(lock.path() + ": " + counted(lock.added().size(), "line") + " added");
  }
  for (const std::string& line : lock.deleted()) {
    complain(lock.path() + ": " + line + " is deleted; nothing else gets what it had");
  }
  for (const std::string& line : lock.restored()) {
    complain(lock.path() + ": " + line + " is back, as what it was");
  }
  return {};
}

}  // namespace

int idl_check(const IdlCheckOptions& options) {
  const auto sources = idl::disk_sources();
  std::vector<idl::Diagnostic> diagnostics;
  const base::Result<std::vector<std::string>> files = control::expand_globs(options.files, "");
  if (!files) {
    complain(std::string(files.error().message()));
    return exit_usage;
  }
  control::SchemaSet schemas;
  schemas.read(*files, options.import_paths, *sources, diagnostics);
  const std::size_t errors = count(diagnostics, idl::Severity::error);
  if (options.json) {
    print(diagnostics_json(diagnostics));
  } else {
    print_diagnostics(diagnostics);
    if (errors == 0) print(counted(files->size(), "file") + ": ok\n");
  }
  return errors == 0 ? exit_ok : exit_failed;
}

int idl_convert(const IdlConvertOptions& options) {
  const auto sources = idl::disk_sources();
  std::vector<idl::Diagnostic> diagnostics;
  const idl::Language to = options.to == "proto"  ? idl::Language::proto
                           : options.to == "java" ? idl::Language::java
                                                  : idl::Language::thrift;
  std::optional<idl::Language> from;
  for (const std::string& file : options.files) {
    const std::optional<idl::Language> language = control::schema_language(file);
    if (!language) continue;  // reading it says so
    if (*language == to) {
      complain("'" + file + "' is written in " + options.to + " already: --to names the other language");
      return exit_usage;
    }
    if (from && *from != *language) {
      complain("'" + file + "' is not written in " + std::string(to_string(*from)) +
               " as the others are: convert those of one language at a time");
      return exit_usage;
    }
    from = language;
  }
  control::SchemaSet schemas;
  schemas.read(options.files, options.import_paths, *sources, diagnostics);
  if (!options.lock.empty()) schemas.read_lock(options.lock, true, *sources, diagnostics);
  print_diagnostics(diagnostics);
  if (idl::has_errors(diagnostics)) return exit_failed;
  const base::Result<control::SchemaRef> derived = schemas.derived(to);
  print_diagnostics(schemas.left_out());
  if (!derived) {
    if (!idl::has_errors(schemas.left_out())) complain(std::string(derived.error().message()));
    return exit_failed;
  }
  const std::vector<std::string> circle = idl::derive::files_in_circles(**derived);
  if (to != idl::Language::java && !circle.empty()) {
    complain(idl::list_names(circle) + " would import one another in a circle, which " + options.to +
             " does not take: their packages name one another");
    return exit_failed;
  }
  std::vector<Written> files = write_files(**derived, to, options.plain);
  if (to == idl::Language::proto && !options.plain && !options.output.empty()) {
    files.push_back({"koine/options.proto", idl::proto::options_file()});
  }
  base::Status status = write_all(files, options.output);
  if (status.ok() && schemas.lock() != nullptr) status = write_lock(*schemas.lock());
  if (status.ok()) return exit_ok;
  complain(std::string(status.message()));
  return exit_failed;
}

}  // namespace koine::cli
