// The derivations by target. Owner: see derive.h.
#include "idl/derive/derive.h"

#include <algorithm>

#include "idl/derive/to_java.h"
#include "idl/derive/to_proto.h"
#include "idl/derive/to_thrift.h"

namespace koine::idl::derive {

base::Result<std::unique_ptr<Schema>> derive(const Schema& source, Language target,
                                             std::vector<Diagnostic>* diagnostics, Lock* lock) {
  switch (target) {
    case Language::proto: return to_proto(source, diagnostics, lock);
    case Language::thrift: {
      const bool is_java = std::any_of(source.files().begin(), source.files().end(),
                                       [](const File& file) { return file.language == Language::java; });
      return is_java ? java_to_thrift(source, diagnostics, lock) : to_thrift(source, diagnostics, lock);
    }
    case Language::java: {
      const bool is_proto = std::any_of(source.files().begin(), source.files().end(),
                                        [](const File& file) { return file.language == Language::proto; });
      return is_proto ? proto_to_java(source, diagnostics, lock) : thrift_to_java(source, diagnostics, lock);
    }
  }
  return base::Status(base::Reason::usage, "no derivation into that language");
}

bool is_rpc_status(const StructType& type) {
  return find_annotation(type.annotations, rpc_status_annotation) != nullptr;
}

}  // namespace koine::idl::derive
