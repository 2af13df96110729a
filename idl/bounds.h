// What one read of schemas takes at most, in both languages: a hostile file or tree ends in an error long
// before memory or the stack does. Beside these: config_bytes_max for each file, nesting_max for types and
// values (base/limits.h). Real trees are a tenth of it and less.
#pragma once

#include <cstddef>

namespace koine::idl {

struct Bounds {
  // Files of one read, and the bytes of their texts together.
  std::size_t files_max = 20'000;
  std::size_t bytes_max = std::size_t{128} << 20;
  // Fields, types, values, enum values, methods and annotations as they are written, of all files together:
  // each is a node of some hundred bytes, and a few bytes of text can be one.
  std::size_t parts_max = 500'000;
  // What definitions copy from one another: constants that name constants, methods of extended services.
  std::size_t copied_bytes_max = std::size_t{64} << 20;
  std::size_t inherited_methods_max = 100'000;
  // Protobuf: files that import one another in a row; each is a few frames of the stack.
  std::size_t import_depth_max = 256;
};

// Names are copied into the full names of what is inside them.
inline constexpr std::size_t name_bytes_max = 1024;
// What is told of one read; more is noise, and each costs a scan of its file.
inline constexpr std::size_t told_errors_max = 50;
inline constexpr std::size_t told_warnings_max = 200;

}  // namespace koine::idl
