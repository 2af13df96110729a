// See disguises.h.
#include "transcode/proof/disguises.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

namespace koine::transcode::proof {
namespace {

using idl::Kind;
using idl::derive::testing::Random;

template <class T>
void shuffle(Random& random, std::vector<T>& all) {
  for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random.below(i)]);
}

Value shuffled(Random& random, const idl::Type& type, const Value& value) {
  if (type.kind == Kind::structure) return proof::shuffled(random, *type.structure, value, Value());
  Value out = value;
  for (std::size_t i = 0; type.kind >= Kind::list && i < out.items.size(); ++i) {
    // Keys and what is in sets are told apart by their bytes.
    const bool key = type.kind == Kind::set || (type.kind == Kind::map && i % 2 == 0);
    if (!key) out.items[i] = shuffled(random, *type.element, out.items[i]);
  }
  return out;
}

class JsonShuffler {
 public:
  JsonShuffler(Random& random, const std::string& text) : random_(random), text_(text) {}
  std::string value() {
    const char first = text_[at_];
    if (first == '{' || first == '[') return members(first);
    if (first == '"') return text();
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::string(",:]}").find(text_[at_]) == std::string::npos) ++at_;
    return text_.substr(begin, at_ - begin);
  }

 private:
  std::string space() {
    static const std::vector<std::string> spaces = {"", "", "", " ", "\n", "\t \r\n"};
    return random_.of(spaces);
  }
  std::string members(char open) {
    std::vector<std::string> all;
    for (++at_; text_[at_] != '}' && text_[at_] != ']';) {
      std::string member = value();
      if (text_[at_] == ':') {
        ++at_;
        member += space() + ":" + space() + value();
      }
      all.push_back(std::move(member));
      if (text_[at_] == ',') ++at_;
    }
    ++at_;
    if (open == '{') shuffle(random_, all);
    std::string out(1, open);
    for (std::size_t i = 0; i < all.size(); ++i) out += (i == 0 ? "" : ",") + space() + all[i] + space();
    return out + (open == '{' ? '}' : ']');
  }
  std::string text() {
    std::string out = "\"";
    for (++at_; text_[at_] != '"'; ++at_) {
      const char c = text_[at_];
      if (c == '\\') {
        const std::size_t size = text_[at_ + 1] == 'u' ? 6 : 2;
        out += text_.substr(at_, size);
        at_ += size - 1;
      } else if (c > 0 && random_.once_in(12)) {
        char escape[8];
        std::snprintf(escape, sizeof escape, random_.once_in(2) ? "\\u%04x" : "\\u%04X",
                      static_cast<unsigned>(c));
        out += escape;
      } else {
        out += c;
      }
    }
    ++at_;
    return out + '"';
  }

  Random& random_;
  const std::string& text_;
  std::size_t at_ = 0;
};

}  // namespace

Value shuffled(Random& random, const idl::StructType& type, const Value& value, const Value& other) {
  std::vector<std::pair<std::int32_t, Value>> fields;
  for (const auto& [id, content] : value.fields) {
    fields.emplace_back(id, shuffled(random, *type.find_field(id)->type, content));
  }
  if (!random.once_in(3)) shuffle(random, fields);
  Value out;
  for (auto& field : fields) {
    const bool member =
        type.form == idl::StructForm::union_ || type.find_field(field.first)->oneof_index >= 0;
    const auto before = std::find_if(other.fields.begin(), other.fields.end(),
                                     [&](const auto& one) { return one.first == field.first; });
    if (!member && before != other.fields.end() && random.once_in(3)) {
      out.fields.insert(out.fields.begin() + static_cast<std::ptrdiff_t>(random.below(out.fields.size() + 1)),
                        *before);
    }
    out.fields.push_back(std::move(field));
  }
  return out;
}

Value last_of_each(const Value& value) {
  Value out = value;
  for (Value& item : out.items) item = last_of_each(item);
  out.fields.clear();
  for (std::size_t i = 0; i < value.fields.size(); ++i) {
    const auto later =
        std::find_if(value.fields.begin() + static_cast<std::ptrdiff_t>(i) + 1, value.fields.end(),
                     [&](const auto& one) { return one.first == value.fields[i].first; });
    if (later == value.fields.end())
      out.fields.emplace_back(value.fields[i].first, last_of_each(value.fields[i].second));
  }
  return out;
}

std::string shuffled_json(Random& random, const std::string& text) {
  return JsonShuffler(random, text).value();
}

}  // namespace koine::transcode::proof
