// Names of types into descriptors.
#include "codecs/bodies/triple_wrapper/type_names.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace koine::codecs::bodies::triple_wrapper {
namespace {

struct Primitive {
  std::string_view name;
  char descriptor;
};
constexpr std::array<Primitive, 9> primitives = {{{"int", 'I'},
                                                  {"long", 'J'},
                                                  {"boolean", 'Z'},
                                                  {"double", 'D'},
                                                  {"float", 'F'},
                                                  {"byte", 'B'},
                                                  {"short", 'S'},
                                                  {"char", 'C'},
                                                  {"void", 'V'}}};
// The JVM's own bound (JVM specification §4.3.2).
constexpr std::size_t dimensions_max = 255;

bool append_class(std::string& out, std::string_view name) {
  const auto illegal = [](char c) { return c == ';' || c == '[' || c == '/' || c <= ' '; };
  if (name.empty() || std::any_of(name.begin(), name.end(), illegal)) return false;
  out.push_back('L');
  std::transform(name.begin(), name.end(), std::back_inserter(out),
                 [](char c) { return c == '.' ? '/' : c; });
  out.push_back(';');
  return true;
}

}  // namespace

bool append_descriptor(std::string& out, std::string_view type_name) {
  const std::size_t dimensions = std::min(type_name.find_first_not_of('['), type_name.size());
  if (dimensions > dimensions_max) return false;
  out.append(type_name.substr(0, dimensions));
  type_name.remove_prefix(dimensions);
  if (dimensions != 0 && type_name.size() == 1) {  // of an array they are descriptors already
    for (const Primitive& one : primitives) {
      if (one.descriptor != type_name[0] || one.descriptor == 'V') continue;
      out.append(type_name);
      return true;
    }
    return false;
  }
  if (dimensions != 0) {
    if (type_name.size() < 3 || type_name[0] != 'L' || type_name.back() != ';') return false;
    return append_class(out, type_name.substr(1, type_name.size() - 2));
  }
  for (const Primitive& one : primitives) {
    if (one.name != type_name) continue;
    out.push_back(one.descriptor);
    return true;
  }
  return append_class(out, type_name);
}

std::vector<std::string> type_names(std::string_view descriptors) {
  std::vector<std::string> names;
  while (!descriptors.empty()) {
    const std::size_t dimensions = std::min(descriptors.find_first_not_of('['), descriptors.size());
    const std::size_t end =
        descriptors.substr(dimensions).starts_with('L') ? descriptors.find(';') : dimensions;
    if (end >= descriptors.size()) break;
    std::string name(descriptors.substr(0, end + 1));
    std::replace(name.begin(), name.end(), '/', '.');
    if (dimensions == 0 && name.front() == 'L') {
      name = name.substr(1, name.size() - 2);
    } else if (dimensions == 0) {
      for (const Primitive& one : primitives) {
        if (one.descriptor == name.front()) name = one.name;
      }
    }
    names.push_back(std::move(name));
    descriptors.remove_prefix(end + 1);
  }
  return names;
}

}  // namespace koine::codecs::bodies::triple_wrapper
