// `koine idl check` and `koine idl convert`.
#include <filesystem>

#include "cli/commands.h"
#include "cli/output.h"
#include "control/schema_set.h"
#include "idl/proto/write.h"
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
    Written one;
    one.name = std::filesystem::path(file.path).filename().string();
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
  control::SchemaSet schemas;
  schemas.read({options.file}, options.import_paths, *sources, diagnostics);
  print_diagnostics(diagnostics);
  if (idl::has_errors(diagnostics)) return exit_failed;
  const idl::Language to = options.to == "proto" ? idl::Language::proto : idl::Language::thrift;
  const idl::Language from = options.to == "proto" ? idl::Language::thrift : idl::Language::proto;
  if (schemas.written(from) == nullptr) {
    complain("'" + options.file + "' is written in " + options.to +
             " already: --to names the other language");
    return exit_usage;
  }
  const base::Result<control::SchemaRef> derived = schemas.derived(to);
  if (!derived) {
    complain(std::string(derived.error().message()));
    return exit_failed;
  }
  print_diagnostics(schemas.left_out());
  std::vector<Written> files = write_files(**derived, to, options.plain);
  if (to == idl::Language::proto && !options.plain && !options.output.empty()) {
    files.push_back({"koine/options.proto", idl::proto::options_file()});
  }
  for (const Written& file : files) {
    if (options.output.empty()) {
      print(file.text);
      continue;
    }
    std::error_code problem;
    std::filesystem::create_directories(std::filesystem::path(options.output + "/" + file.name).parent_path(),
                                        problem);
    const base::Status status = write_file(options.output + "/" + file.name, file.text);
    if (!status.ok()) {
      complain(std::string(status.message()));
      return exit_failed;
    }
  }
  return exit_ok;
}

}  // namespace koine::cli
