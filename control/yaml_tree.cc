// yaml-cpp's events into nodes. Owner: see yaml_tree.h.
#include "control/yaml_tree.h"

#include <cstddef>
#include <sstream>

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace koine::control {
namespace {

using Kind = YamlNode::Kind;

// Makes nodes of the first document, and of a second one knows where it begins.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(YamlTree& tree) : tree_(tree) {}

  int documents() const { return documents_; }
  const YAML::Mark& last_begins() const { return last_begins_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    ++documents_;
    last_begins_ = mark;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(Kind::null, mark, anchor); }
  void OnAlias(const YAML::Mark&, YAML::anchor_t anchor) override {
    if (anchor < anchored_.size() && anchored_[anchor] != nullptr) hang(*anchored_[anchor]);
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                const std::string& value) override {
    add(Kind::scalar, mark, anchor).scalar = value;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open_.push_back(&add(Kind::list, mark, anchor));
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open_.push_back(&add(Kind::map, mark, anchor));
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  YamlNode& add(Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    YamlNode& node = tree_.nodes.emplace_back();
    node.kind = kind;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    // Its own entries may name it already.
    if (anchor != YAML::NullAnchor && documents_ == 1) {
      if (anchored_.size() <= anchor) anchored_.resize(anchor + 1, nullptr);
      anchored_[anchor] = &node;
    }
    hang(node);
    return node;
  }
  void hang(const YamlNode& node) {
    if (!open_.empty()) {
      open_.back()->items.push_back(&node);
    } else if (tree_.root == nullptr) {
      tree_.root = &node;
    }
  }

  YamlTree& tree_;
  std::vector<YamlNode*> open_;
  std::vector<const YamlNode*> anchored_;  // by number, from 1
  int documents_ = 0;
  YAML::Mark last_begins_;
};

YamlProblem problem_at(const YAML::Mark& mark, std::string message) {
  return {mark.line + 1, mark.column + 1, std::move(message)};
}

}  // namespace

std::optional<YamlProblem> parse_yaml(std::string_view text, YamlTree& out) {
  Builder builder(out);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    // Of all documents at once yaml-cpp makes a list without end where it meets a ',' outside of brackets:
    // each time an empty document, and the ',' stays.
    while (builder.documents() < 2 && parser.HandleNextDocument(builder)) {}
  } catch (const YAML::Exception& problem) { return problem_at(problem.mark, "not YAML: " + problem.msg); }
  if (builder.documents() < 2) return std::nullopt;
  return problem_at(builder.last_begins(), "one document a file: remove what follows from here on");
}

}  // namespace koine::control
