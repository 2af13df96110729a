// Import, then conversion. Owner: see reader.h.
#include "idl/proto/reader.h"

#include <utility>

#include "idl/annotations.h"
#include "idl/proto/convert.h"
#include "idl/proto/import.h"

namespace koine::idl::proto {

ReadResult read(const SourceProvider& sources, std::span<const std::string> files,
                std::span<const std::string> import_directories, const Bounds& bounds) {
  Import import(sources, import_directories, bounds);
  import.run(files);
  ReadResult result;
  if (!import.has_errors()) result.schema = convert(import);
  result.diagnostics = import.take_diagnostics();
  if (result.schema != nullptr) warn_of_unknown_annotations(*result.schema, result.diagnostics);
  return result;
}

}  // namespace koine::idl::proto
