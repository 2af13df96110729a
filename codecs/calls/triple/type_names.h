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

namespace koine::codecs::calls::triple {

// Appends the descriptor; false when it is the name of no type.
[[nodiscard]] bool append_descriptor(std::string& out, std::string_view type_name);

}  // namespace koine::codecs::calls::triple
