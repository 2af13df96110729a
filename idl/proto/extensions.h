// Extensions (proto2's `extend Message`): fields that a message's own file does not name, and the graph does
// not hold. They pass where bytes are forwarded and are lost elsewhere, which is said when the file is read.
// Internal to this module; libprotobuf's headers are seen in .cc files only.
#pragma once

namespace google::protobuf {
class FileDescriptor;
}

namespace koine::idl::proto {

class Import;

// A warning for each extension that the file declares, but for options.
void warn_of_extensions(const google::protobuf::FileDescriptor& file, Import& import);

}  // namespace koine::idl::proto
