// What is looked at before libprotobuf parses a text or a descriptor set: it takes hundreds of bytes for two
// of theirs, and a level of the stack for each brace in an option's value. Internal to this module;
// libprotobuf's headers are seen in .cc files only.
#pragma once

#include <cstddef>
#include <string_view>

namespace google::protobuf {
class FileDescriptorSet;
}

namespace koine::idl::proto {

// Braces and brackets inside one another; libprotobuf takes 32 messages in one another itself.
inline constexpr std::size_t brackets_max = 100;

struct TextShape {
  std::size_t depth = 0;  // the most brackets that are open at once, outside of comments and quotes
  int deepest_line = 0;   // from 0, where there are more than brackets_max for the first time
  std::size_t parts = 0;  // statements, blocks, elements of lists
};
// O(bytes), nothing is allocated.
TextShape shape_of(std::string_view text);

// Messages, fields, enum values, methods and the like in the bytes of a FileDescriptorSet, and one for eight
// places of source; of bytes that are none, as many as were found before that shows. O(bytes).
std::size_t count_parts(std::string_view set);

// Whether an option that is still text, which protoc never leaves so, has a value of more than brackets_max.
bool has_deep_option(const google::protobuf::FileDescriptorSet& set, std::string_view bytes);

}  // namespace koine::idl::proto
