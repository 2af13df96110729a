// Java's names of types, as Class.getName() writes them and Triple sends them, and JVM descriptors, in which
// CallHead::signature has them:
//
//   int                  I                     [B                   [B
//   java.lang.String     Ljava/lang/String;    [Ljava.lang.String;  [Ljava/lang/String;
//
// Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace koine::codecs::bodies::triple_wrapper {

// Appends the descriptor; false when it is the name of no type.
[[nodiscard]] bool append_descriptor(std::string& out, std::string_view type_name);
// The names of the types of descriptors that stand one behind the other; of as many as are well-formed.
[[nodiscard]] std::vector<std::string> type_names(std::string_view descriptors);

}  // namespace koine::codecs::bodies::triple_wrapper
