// See case.h.
#include "transcode/proof/case.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <sstream>
#include <utility>
#include <vector>

namespace koine::transcode::proof {
namespace {

using idl::Kind;

std::string hex(const std::string& bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += digits[static_cast<unsigned char>(c) / 16u];
    text += digits[static_cast<unsigned char>(c) % 16u];
  }
  return text;
}

template <class Number>
Number number(std::string_view text, int base = 10) {
  Number value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

std::string unhex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(number<unsigned>(text.substr(i, 2), 16));
  }
  return bytes;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}
  std::optional<Value> whole() {
    Value made = value();
    if (!good_ || at_ != text_.size()) return std::nullopt;
    return made;
  }

 private:
  bool take(char c) {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '-'))
      ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }
  Value value() {
    Value made;
    if (take('n')) {
      made.number = number<std::int64_t>(word());
    } else if (take('r')) {
      made.real = __builtin_bit_cast(double, number<std::uint64_t>(word()));
    } else if (take('t')) {
      made.text = unhex(word());
    } else if (take('[')) {
      while (good_ && !take(']')) {
        made.items.push_back(value());
        take(',');
      }
    } else if (take('{')) {
      while (good_ && !take('}')) {
        take(' ');
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
        const auto id = number<std::int32_t>(word());
        good_ = take(':') && good_;
        if (good_) made.fields.emplace_back(id, value());
        take(',');
      }
    } else {
      good_ = take('.');
    }
    return made;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool good_ = true;
};

bool fits(const idl::Type& type, const Value& value) {
  const bool is_text = type.kind == Kind::string || type.kind == Kind::bytes || type.kind == Kind::uuid;
  const bool is_real = type.kind == Kind::f32 || type.kind == Kind::f64;
  if (type.kind == Kind::structure) return proof::fits(*type.structure, value);
  if (!value.fields.empty() || (!is_text && !value.text.empty())) return false;
  if ((!is_real && value.real != 0) || (type.kind < Kind::list && !value.items.empty())) return false;
  if (type.kind == Kind::map && value.items.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    if (!fits(type.kind == Kind::map && i % 2 == 0 ? *type.key : *type.element, value.items[i])) return false;
  }
  return true;
}

// Every tree that is one step smaller, the boldest steps first.
std::vector<Value> smaller(const Value& value) {
  std::vector<Value> all;
  const auto add = [&](auto change) {
    Value copy = value;
    change(copy);
    all.push_back(std::move(copy));
  };
  for (std::size_t i = 0; i < value.fields.size(); ++i) {
    add([i](Value& copy) { copy.fields.erase(copy.fields.begin() + static_cast<std::ptrdiff_t>(i)); });
  }
  for (const std::size_t step : {std::size_t{2}, std::size_t{1}}) {  // entries of maps are two items
    for (std::size_t i = 0; i + step <= value.items.size(); i += step) {
      add([i, step](Value& copy) {
        const auto at = copy.items.begin() + static_cast<std::ptrdiff_t>(i);
        copy.items.erase(at, at + static_cast<std::ptrdiff_t>(step));
      });
    }
  }
  if (value.number != 0) {
    add([](Value& copy) { copy.number = 0; });
    add([](Value& copy) { copy.number = 1; });
    add([](Value& copy) { copy.number /= 2; });
  }
  if (__builtin_bit_cast(std::uint64_t, value.real) != 0) {
    add([](Value& copy) { copy.real = 0; });
    add([](Value& copy) { copy.real = 1; });
  }
  if (!value.text.empty()) {
    add([](Value& copy) { copy.text.clear(); });
    add([](Value& copy) { copy.text.resize(copy.text.size() / 2); });
    for (std::size_t i = 0; i < value.text.size() && i < 64; ++i) {
      add([i](Value& copy) { copy.text.erase(i, 1); });
    }
  }
  for (std::size_t i = 0; i < value.fields.size(); ++i) {
    for (Value& inner : smaller(value.fields[i].second)) {
      add([i, &inner](Value& copy) { copy.fields[i].second = std::move(inner); });
    }
  }
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    for (Value& inner : smaller(value.items[i])) {
      add([i, &inner](Value& copy) { copy.items[i] = std::move(inner); });
    }
  }
  return all;
}

std::size_t weight(const Value& value) {
  const auto half = static_cast<std::uint64_t>(value.number < 0 ? -(value.number + 1) : value.number);
  std::size_t sum =
      1 + 2 * value.text.size() + (half > 1 ? 66u - static_cast<unsigned>(__builtin_clzll(half)) : half);
  if (__builtin_bit_cast(std::uint64_t, value.real) != 0) sum += value.real == 1 ? 1 : 2;
  for (const Value& item : value.items) sum += 1 + weight(item);
  for (const auto& [id, field] : value.fields) sum += 1 + weight(field);
  return sum;
}

}  // namespace

std::string text_of(const Value& value) {
  if (!value.fields.empty()) {
    std::string text;
    for (const auto& [id, field] : value.fields) {
      text += (text.empty() ? "{" : ", ") + std::to_string(id) + ": " + text_of(field);
    }
    return text + "}";
  }
  if (!value.items.empty()) {
    std::string text;
    for (const Value& item : value.items) text += (text.empty() ? "[" : ", ") + text_of(item);
    return text + "]";
  }
  if (!value.text.empty()) return "t" + hex(value.text);
  if (value.number != 0) return "n" + std::to_string(value.number);
  const auto bits = __builtin_bit_cast(std::uint64_t, value.real);
  return bits == 0 ? "." : "r" + std::to_string(bits);
}

std::optional<Value> parse_value(std::string_view text) { return Parser(text).whole(); }

std::string text_of(const Case& one) {
  std::string text = "language " + std::string(idl::to_string(one.language)) + "\nsubject " + one.subject +
                     "\nfrom " + std::string(name(one.from)) + "\ntree " + text_of(one.tree) + "\nbytes " +
                     hex(one.bytes) + "\n";
  for (const auto& [path, content] : one.files) {
    text += "file " + path + "\n" + content + (content.ends_with('\n') ? "" : "\n") + "end\n";
  }
  return text;
}

std::optional<Case> parse_case(const std::string& text) {
  Case one;
  std::istringstream in(text);
  bool has_tree = false;
  for (std::string line; std::getline(in, line);) {
    const std::size_t space = line.find(' ');
    const std::string word = line.substr(0, space);
    const std::string rest = space == std::string::npos ? std::string() : line.substr(space + 1);
    if (word == "language") one.language = rest == "thrift" ? idl::Language::thrift : idl::Language::proto;
    if (word == "subject") one.subject = rest;
    if (word == "bytes") one.bytes = unhex(rest);
    if (word == "from") {
      const auto at = std::find(format_names.begin(), format_names.end(), rest);
      if (at == format_names.end()) return std::nullopt;
      one.from = formats[static_cast<std::size_t>(at - format_names.begin())];
    }
    if (word == "tree") {
      std::optional<Value> tree = parse_value(rest);
      if (!tree) return std::nullopt;
      one.tree = std::move(*tree);
      has_tree = true;
    }
    if (word != "file") continue;
    std::string& content = one.files[rest];
    for (std::string inner; std::getline(in, inner) && inner != "end";) content += inner + "\n";
  }
  if (!has_tree || one.files.empty()) return std::nullopt;
  return one;
}

bool fits(const idl::StructType& type, const Value& value) {
  if (value.number != 0 || !value.text.empty() || !value.items.empty()) return false;
  return std::all_of(value.fields.begin(), value.fields.end(), [&](const auto& one) {
    const idl::Field* field = type.find_field(one.first);
    return field != nullptr && fits(*field->type, one.second);
  });
}

Value shrunk(Value tree, const std::function<bool(const Value&)>& fails) {
  for (bool again = true; again;) {
    again = false;
    for (Value& candidate : smaller(tree)) {
      if (weight(candidate) >= weight(tree) || !fails(candidate)) continue;
      tree = std::move(candidate);
      again = true;
      break;
    }
  }
  return tree;
}

}  // namespace koine::transcode::proof
