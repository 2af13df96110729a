// YAML text as a tree of nodes that know their places. yaml_tree.cc is the only file that knows yaml-cpp.
//
// yaml-cpp reads, and says what it meets as events; its own nodes cost several allocations each and are made
// for changing, so the tree is ours. Owner: whoever reads; any thread, one at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace koine::control {

struct YamlNode {
  enum class Kind : std::uint8_t { null, scalar, list, map };

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }

  Kind kind = Kind::null;
  int line = 1;    // from 1
  int column = 1;  // from 1
  std::string scalar;
  // A list's entries; a map's keys, each followed by its value, in the order in which they are written. An
  // alias is the node that it names, so a node may be inside itself.
  std::vector<const YamlNode*> items;
};

struct YamlTree {
  std::deque<YamlNode> nodes;      // in their order; they point to one another
  const YamlNode* root = nullptr;  // null when there is no document
};

struct YamlProblem {
  int line = 1;
  int column = 1;
  std::string message;
};

// The one document of a file. What is wrong with it otherwise: no YAML, or a second document.
std::optional<YamlProblem> parse_yaml(std::string_view text, YamlTree& out);

}  // namespace koine::control
