// A walk over declarations, nested ones included.
#include "idl/proto/extensions.h"

#include <google/protobuf/descriptor.h>

#include "idl/proto/import.h"

namespace koine::idl::proto {
namespace pb = google::protobuf;
namespace {

void warn_of(const pb::FieldDescriptor& extension, Import& import) {
  const pb::FileDescriptor& extended = *extension.containing_type()->file();
  if (extended.name() == "google/protobuf/descriptor.proto") return;  // an option
  pb::SourceLocation found;
  const bool known = extension.GetSourceLocation(&found);
  import.report(
      Severity::warning, "EXTENSION",
      "'" + extension.full_name() + "' extends '" + extension.containing_type()->full_name() +
          "': extensions pass from gRPC to gRPC only; elsewhere they are dropped, and counted. Make it a "
          "field to have it everywhere",
      extension.file()->name(), known ? found.start_line : -1, known ? found.start_column : -1);
}

void visit(const pb::Descriptor& message, Import& import) {
  for (int i = 0; i < message.extension_count(); ++i) warn_of(*message.extension(i), import);
  for (int i = 0; i < message.nested_type_count(); ++i) visit(*message.nested_type(i), import);
}

}  // namespace

void warn_of_extensions(const pb::FileDescriptor& file, Import& import) {
  for (int i = 0; i < file.extension_count(); ++i) warn_of(*file.extension(i), import);
  for (int i = 0; i < file.message_type_count(); ++i) visit(*file.message_type(i), import);
}

}  // namespace koine::idl::proto
