// Overrides from YAML. Owner: see overrides_file.h.
#include "cli/overrides_file.h"

#include <utility>

#include "control/yaml_tree.h"
#include "idl/source.h"

namespace koine::cli {
namespace {

using control::YamlNode;

class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  base::Result<std::vector<ExposeEntry>> read(std::string_view text) {
    control::YamlTree tree;
    if (const auto problem = control::parse_yaml(text, tree)) {
      return wrong(problem->line, problem->column, problem->message);
    }
    if (tree.root == nullptr || !tree.root->is_map()) return wrong(1, 1, "no 'expose:' in it");
    std::vector<ExposeEntry> out;
    for (std::size_t i = 0; i + 1 < tree.root->items.size(); i += 2) {
      const YamlNode& key = *tree.root->items[i];
      const YamlNode& list = *tree.root->items[i + 1];
      if (key.scalar != "expose") return unknown(key, {"expose"});
      if (!list.is_list()) return wrong(list, "'expose' is a list");
      for (const YamlNode* entry : list.items) {
        ExposeEntry& one = out.emplace_back();
        KOINE_RETURN_IF_ERROR(read_entry(*entry, one));
      }
    }
    return out;
  }

 private:
  base::Status read_entry(const YamlNode& node, ExposeEntry& entry) const {
    if (!node.is_map()) return wrong(node, "an entry of 'expose' has the keys interface, rename, allow");
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
      const YamlNode& key = *node.items[i];
      const YamlNode& value = *node.items[i + 1];
      if (key.scalar == "interface") {
        if (!value.is_scalar()) return wrong(value, "'interface' is the full name of a service");
        entry.interface = value.scalar;
      } else if (key.scalar == "rename") {
        KOINE_RETURN_IF_ERROR(read_renames(value, entry));
      } else if (key.scalar == "allow") {
        KOINE_RETURN_IF_ERROR(read_allowances(value, entry));
      } else {
        return unknown(key, {"interface", "rename", "allow"});
      }
    }
    return {};
  }

  base::Status read_renames(const YamlNode& node, ExposeEntry& entry) const {
    if (!node.is_map() && !node.is_null()) return wrong(node, "'rename' has names as keys and as values");
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
      const YamlNode& key = *node.items[i];
      const YamlNode& value = *node.items[i + 1];
      if (!key.is_scalar() || !value.is_scalar()) {
        return wrong(value, "a rename is a name and what the provider calls it; \"\" where it has none");
      }
      if (!entry.overrides.rename.emplace(key.scalar, value.scalar).second) {
        return wrong(key, "'" + key.scalar + "' is there twice");
      }
    }
    return {};
  }

  base::Status read_allowances(const YamlNode& node, ExposeEntry& entry) const {
    if (!node.is_list() && !node.is_null()) return wrong(node, "'allow' is a list of RULE:Type.field");
    for (const YamlNode* item : node.items) {
      if (!item->is_scalar()) return wrong(*item, "an allowance is RULE:Type.field");
      entry.overrides.allow.push_back(item->scalar);
    }
    return {};
  }

  base::Status unknown(const YamlNode& key, const std::vector<std::string>& known) const {
    return wrong(key, "unknown key '" + key.scalar + "'; there are: " + idl::list_names(known) +
                          idl::did_you_mean(key.scalar, known));
  }
  base::Status wrong(const YamlNode& node, std::string message) const {
    return wrong(node.line, node.column, std::move(message));
  }
  base::Status wrong(int line, int column, std::string message) const {
    return base::Status(base::Reason::config_invalid, file_ + ":" + std::to_string(line) + ":" +
                                                          std::to_string(column) + ": error: " + message);
  }

  std::string file_;
};

}  // namespace

base::Result<std::vector<ExposeEntry>> read_overrides(std::string_view text, const std::string& file) {
  return Reader(file).read(text);
}

}  // namespace koine::cli
