// Reads the regular XML that `thrift -gen xml` prints, for the tests that compare with it. Test code only; no
// general parser.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace koine::idl::thrift {

struct Element {
  std::string tag;
  std::map<std::string, std::string> attributes;
  std::vector<Element> children;
  std::string text;

  std::string attribute(const std::string& name) const {
    auto found = attributes.find(name);
    return found == attributes.end() ? std::string() : found->second;
  }
  const Element* child(std::string_view wanted) const {
    for (const Element& element : children) {
      if (element.tag == wanted) return &element;
    }
    return nullptr;
  }
};

inline std::string unescaped(std::string_view text) {
  static const std::vector<std::pair<std::string_view, char>> entities = {
      {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    bool replaced = false;
    for (const auto& [entity, c] : entities) {
      if (text.substr(at).starts_with(entity)) {
        out += c;
        at += entity.size();
        replaced = true;
        break;
      }
    }
    if (!replaced) out += text[at++];
  }
  return out;
}

// Reads the regular XML that the compiler prints; no general parser.
class XmlReader {
 public:
  explicit XmlReader(std::string_view text) : text_(text) {}

  Element document() {
    Element root;
    children_of(root);
    return root;
  }

 private:
  void children_of(Element& parent) {
    for (;;) {
      const std::size_t open = text_.find('<', at_);
      if (open == std::string_view::npos) return;
      parent.text += unescaped(text_.substr(at_, open - at_));
      if (text_.substr(open).starts_with("<!--")) {
        at_ = text_.find("-->", open) + 3;
        continue;
      }
      const std::size_t close = end_of_tag(open);
      std::string_view inside = text_.substr(open + 1, close - open - 1);
      at_ = close + 1;
      if (inside.starts_with('/')) return;
      const bool empty = inside.ends_with('/');
      if (empty) inside.remove_suffix(1);
      Element element = start(inside);
      if (!empty) children_of(element);
      parent.children.push_back(std::move(element));
    }
  }

  std::size_t end_of_tag(std::size_t open) const {
    bool quoted_part = false;
    for (std::size_t i = open; i < text_.size(); ++i) {
      if (text_[i] == '"') quoted_part = !quoted_part;
      if (text_[i] == '>' && !quoted_part) return i;
    }
    return text_.size();
  }

  static Element start(std::string_view inside) {
    Element element;
    std::size_t at = inside.find(' ');
    element.tag = inside.substr(0, at);
    while (at != std::string_view::npos) {
      const std::size_t equals = inside.find("=\"", at);
      if (equals == std::string_view::npos) break;
      const std::size_t end = inside.find('"', equals + 2);
      element.attributes[std::string(inside.substr(at + 1, equals - at - 1))] =
          unescaped(inside.substr(equals + 2, end - equals - 2));
      at = inside.find(' ', end);
    }
    return element;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace koine::idl::thrift
