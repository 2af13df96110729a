// The tables of kinds in docs/mapping.md, out of what the compiler of plans decides. Any thread.
#pragma once

#include <string>

namespace koine::transcode::pages {

// Every kind to every kind between Thrift and protobuf, and every kind to itself between all formats. Each
// cell is a plan of one field that was compiled, and for text formats run.
std::string kinds_tables();

}  // namespace koine::transcode::pages
