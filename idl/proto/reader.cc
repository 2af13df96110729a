// Import, then conversion. Owner: see reader.h.
#include "idl/proto/reader.h"

#include <utility>

#include "idl/proto/convert.h"
#include "idl/proto/import.h"

namespace koine::idl::proto {

ReadResult read(const SourceProvider& sources, std::span<const std::string> files,
                std::span<const std::string> import_directories) {
  Import import(sources, import_directories);
  import.run(files);
  ReadResult result;
  if (!has_errors(import.diagnostics())) result.schema = convert(import);
  result.diagnostics = std::move(import.diagnostics());
  return result;
}

}  // namespace koine::idl::proto
