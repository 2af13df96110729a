// What a JSON text says however it is spelled: members sorted, escapes undone, numbers as floats hold them.
// Two writers of one message must agree in it: what is text and what a number, names of members and of enum
// values. Test code only.
#pragma once

#include <string>

namespace koine::transcode::proof {

// Of a text that is JSON.
std::string json_shape(const std::string& text);

}  // namespace koine::transcode::proof
