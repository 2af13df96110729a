// The reader's two passes put together. Owner: see read.h.
#include "idl/thrift/read.h"

#include <iterator>

#include "idl/thrift/loader.h"
#include "idl/thrift/resolver.h"

namespace koine::idl::thrift {

bool read_into(Schema& schema, const std::vector<std::string>& paths, const ReadOptions& options,
               std::vector<Diagnostic>& diagnostics) {
  std::unique_ptr<SourceProvider> disk;
  const SourceProvider* sources = options.sources;
  if (sources == nullptr) {
    disk = disk_sources();
    sources = disk.get();
  }
  Report report;
  LoadedFiles files = load_files(paths, options.include_paths, *sources, options.bounds, report);
  // What a syntax error left out would be reported again as unknown.
  if (report.errors() == 0) Resolver(schema, files, options.bounds, report).resolve();
  const bool ok = report.errors() == 0;
  std::vector<Diagnostic> found = report.take();
  diagnostics.insert(diagnostics.end(), std::make_move_iterator(found.begin()),
                     std::make_move_iterator(found.end()));
  return ok;
}

ReadResult read(const std::vector<std::string>& paths, const ReadOptions& options) {
  ReadResult result;
  auto schema = std::make_unique<Schema>();
  if (read_into(*schema, paths, options, result.diagnostics)) result.schema = std::move(schema);
  return result;
}

}  // namespace koine::idl::thrift
