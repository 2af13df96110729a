// See random_trees.h.
#include "transcode/proof/random_trees.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "transcode/proof/model.h"
#include "transcode/proof/text_rules.h"

namespace koine::transcode::proof {
namespace {

using idl::Kind;
using B = Boundary;

// From this depth on nothing is made that could be left out; beyond the other the type has no end.
constexpr int shallow_max = 3;
constexpr int depth_max = 20;

bool is_scalar(const idl::Type& type) { return type.kind < Kind::structure; }

}  // namespace

std::optional<Value> RandomTrees::tree(View view, const idl::StructType& type) {
  view_ = view;
  for (int tries = 0; tries < 5; ++tries) {
    trouble_ = random_.once_in(3);
    try {
      return canonical(View::thrift, type, structure(type, 0));
    } catch (const TooDeep&) {}
  }
  return std::nullopt;
}

bool RandomTrees::troubled(std::size_t once_in) {
  if (!trouble_ || !random_.once_in(once_in)) return false;
  trouble_ = false;
  return true;
}

Value RandomTrees::structure(const idl::StructType& type, int depth) {
  if (depth > depth_max) throw TooDeep();
  if (const std::string_view known = well_known(type); !known.empty()) return special(known, type, depth);
  Value made;
  std::vector<const idl::Field*> fields;
  for (const idl::Field& field : type.fields) fields.push_back(&field);
  if (type.form == idl::StructForm::union_) {
    if (fields.empty()) throw TooDeep();
    std::size_t at = random_.below(fields.size());
    for (std::size_t i = 0; depth > shallow_max && i < fields.size(); ++i) {
      if (fields[i]->type->kind != Kind::structure) at = i;
    }
    const idl::Field* other = fields[(at + 1) % fields.size()];
    fields = {fields[at]};
    if (troubled(4)) {
      fields.clear();
    } else if (view_ == View::thrift && other != fields[0] && troubled(3)) {
      fields.push_back(other);
    }
  } else {
    std::erase_if(fields, [&](const idl::Field* field) {
      return left_out(*field, depth, type.role == idl::StructRole::map_entry);
    });
    keep_one_of_each_oneof(fields);
  }
  for (const idl::Field* field : fields)
    made.fields.emplace_back(field->id, value(*field->type, depth + 1, false));
  std::sort(made.fields.begin(), made.fields.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  if (view_ == View::protobuf) {
    std::erase_if(made.fields, [&](const auto& one) {
      const idl::Field& field = *type.find_field(one.first);
      return is_plain(field) && is_zero(*field.type, one.second);
    });
    // A UUID of a plain field that is no text at all is one that is not there.
    std::erase_if(made.fields, [&](const auto& one) {
      const idl::Field& field = *type.find_field(one.first);
      return is_plain(field) && field.type->kind == Kind::uuid && one.second.text.empty();
    });
  }
  return made;
}

// Or two, of those who do not care.
void RandomTrees::keep_one_of_each_oneof(std::vector<const idl::Field*>& fields) {
  std::map<std::int32_t, std::vector<const idl::Field*>> members;
  for (const idl::Field* field : fields) {
    if (field->oneof_index >= 0) members[field->oneof_index].push_back(field);
  }
  for (const auto& [oneof, all] : members) {
    const idl::Field* kept = random_.of(all);
    if (all.size() > 1 && view_ == View::thrift && troubled(2)) continue;
    std::erase_if(fields, [&, index = oneof](const idl::Field* one) {
      return one->oneof_index == index && one != kept;
    });
  }
}

bool RandomTrees::left_out(const idl::Field& field, int depth, bool in_entry) {
  if (in_entry) return false;
  if (field.presence == idl::Presence::required) return troubled(6);
  const bool deep = depth > shallow_max;
  const bool nests = !is_scalar(*field.type);
  if (field.presence == idl::Presence::optional) return (deep && nests) || random_.once_in(2);
  // Real writers of Thrift write these always; protobuf's leave out what is zero.
  if (deep && nests) return true;
  return random_.once_in(view_ == View::thrift ? 8 : 4);
}

// What has a JSON form of its own, mostly such as have one.
Value RandomTrees::special(std::string_view known, const idl::StructType& type, int depth) {
  Value made;
  const auto put = [&](std::int32_t id, Value content) {
    const idl::Field* field = type.find_field(id);
    if (view_ == View::protobuf && is_plain(*field) && is_zero(*field->type, content)) return;
    made.fields.emplace_back(id, std::move(content));
  };
  const auto number = [](std::int64_t n) {
    Value one;
    one.number = n;
    return one;
  };
  if (known == "Timestamp" || known == "Duration") {
    const bool instant = known == "Timestamp";
    static constexpr std::int64_t instants[] = {0, 1, -62135596800, 253402300799, 1700000000, -1};
    static constexpr std::int64_t spans[] = {0, 1, -315576000000, 315576000000, 90061, -5};
    std::int64_t seconds = instant ? instants[random_.below(6)] : spans[random_.below(6)];
    static constexpr std::int64_t parts[] = {0, 1, 500000000, 999999999, 120000};
    std::int64_t nanos = parts[random_.below(5)];
    if (!instant && seconds < 0) nanos = -nanos;
    if (troubled(2)) {
      const std::size_t what = random_.below(3);
      if (what == 0) seconds = seconds < 0 ? seconds - 400000000000 : seconds + 400000000000;
      if (what == 1) nanos = instant ? -1 : 1000000000;
      if (what == 2) nanos = instant ? 1000000000 : (seconds < 0 ? 1 : -1000000000);
    }
    put(1, number(seconds));
    put(2, number(nanos));
    return made;
  }
  if (known == "FieldMask") {
    Value paths;
    static const std::vector<std::string> good = {"a", "user.display_name", "x1.y_z", "photo"};
    static const std::vector<std::string> bad = {"", "userName", "a_1", "a_", "a__b", "a b"};
    for (std::size_t i = random_.below(3); i > 0; --i) {
      paths.items.emplace_back().text = troubled(2) ? random_.of(bad) : random_.of(good);
    }
    put(1, std::move(paths));
    return made;
  }
  if (known == "Value") {
    if (troubled(3)) return made;
    const auto id = static_cast<std::int32_t>(1 + random_.below(depth > shallow_max ? 4 : 6));
    Value content;
    if (id == 1) content.number = troubled(1) ? 1 : 0;
    if (id == 2) content.real = troubled(2) ? std::numeric_limits<double>::infinity() : 1.5;
    if (id == 3) content = text(*type.find_field(id)->type, B::ordinary);
    if (id == 4) content.number = static_cast<std::int64_t>(random_.below(2));
    if (id > 4) content = value(*type.find_field(id)->type, depth + 1, false);
    made.fields.emplace_back(id, std::move(content));
    return made;
  }
  for (const idl::Field& field : type.fields) {
    if (random_.once_in(4)) continue;
    put(field.id, value(*field.type, depth + 1, false));
  }
  return made;
}

Value RandomTrees::value(const idl::Type& type, int depth, bool key) {
  switch (type.kind) {
    case Kind::structure: return structure(*type.structure, depth);
    case Kind::list:
    case Kind::set:
    case Kind::map: return container(type, depth);
    case Kind::enumeration: return number_of(*type.enumeration, key);
    case Kind::boolean: {
      Value made;
      made.number = static_cast<std::int64_t>(random_.below(2));
      return made;
    }
    case Kind::f32:
    case Kind::f64: return real(type, choose(type, key));
    case Kind::string:
    case Kind::bytes: return text(type, choose(type, key));
    case Kind::uuid: return uuid(type, choose(type, key));
    default: return integer(type, choose(type, key));
  }
}

// Half of the values are ordinary, the others at a boundary.
Boundary RandomTrees::choose(const idl::Type& type, bool key) {
  if (random_.below(8) < 3) return B::ordinary;
  const std::vector<Boundary> all = boundaries(view_, type.kind);
  const Boundary boundary = all[random_.below(all.size())];
  const bool bad_key = key && (boundary == B::nan || boundary == B::minus_zero);
  if (boundary == B::absent) return B::ordinary;
  if (boundary == B::long_ && !random_.once_in(4)) return B::ordinary;
  if (is_trouble(boundary) || bad_key) return troubled(1) ? boundary : B::ordinary;
  return boundary;
}

std::uint64_t RandomTrees::bits(std::size_t width) {
  const std::uint64_t all =
      static_cast<std::uint64_t>(random_.below(0x100000000)) << 32 | random_.below(0x100000000);
  return all >> (64 - 1 - random_.below(width));
}

Value RandomTrees::integer(const idl::Type& type, Boundary boundary) {
  struct Range {
    std::int64_t low;
    std::int64_t high;
    std::size_t width;
  };
  const auto range = [&]() -> Range {
    switch (type.kind) {
      case Kind::i8: return {-128, 127, 7};
      case Kind::i16: return {-32768, 32767, 15};
      case Kind::i32: return {-2147483648LL, 2147483647LL, 31};
      case Kind::u8: return {0, 255, 8};
      case Kind::u16: return {0, 65535, 16};
      case Kind::u32: return {0, 4294967295LL, 32};
      case Kind::u64: return {0, std::numeric_limits<std::int64_t>::max(), 63};
      default:
        return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), 63};
    }
  }();
  Value made;
  switch (boundary) {
    case B::zero: break;
    case B::minimum: made.number = range.low; break;
    case B::maximum: made.number = range.high; break;
    case B::below: made.number = range.low - 1; break;
    case B::above:
      made.number = type.kind == Kind::u64
                        ? (random_.once_in(2) ? std::numeric_limits<std::int64_t>::min() : -1)
                        : range.high + 1;
      break;
    default:
      made.number = static_cast<std::int64_t>(bits(range.width));
      if (range.low < 0 && random_.once_in(2)) made.number = -made.number;
      break;
  }
  return made;
}

Value RandomTrees::real(const idl::Type& type, Boundary boundary) {
  const bool narrow = type.kind == Kind::f32;
  const double sign = random_.once_in(2) ? -1 : 1;
  Value made;
  switch (boundary) {
    case B::zero: break;
    case B::maximum:
      made.real = sign * (narrow ? static_cast<double>(std::numeric_limits<float>::max())
                                 : std::numeric_limits<double>::max());
      break;
    case B::nan: made.real = std::numeric_limits<double>::quiet_NaN(); break;
    case B::infinity: made.real = sign * std::numeric_limits<double>::infinity(); break;
    case B::minus_zero: made.real = -0.0; break;
    case B::denormal: made.real = sign * (narrow ? 0x1p-149 : 0x1p-1074); break;
    case B::imprecise: made.real = sign * (random_.once_in(2) ? 0.1 : 0x1.000001p0); break;
    case B::beyond: made.real = sign * (random_.once_in(2) ? 1e300 : 0x1p128); break;
    default: {
      const auto whole = static_cast<double>(static_cast<std::int32_t>(bits(22)));
      made.real = sign * (narrow || random_.once_in(2) ? whole / 4 : whole / 3);
      break;
    }
  }
  return made;
}

Value RandomTrees::text(const idl::Type& type, Boundary boundary) {
  Value made;
  const bool octets = type.kind == Kind::bytes;
  if (boundary == B::empty) return made;
  const std::size_t length = boundary == B::long_ ? 128 + random_.below(200) : 1 + random_.below(12);
  for (std::size_t i = 0; i < length; ++i) {
    made.text += static_cast<char>(octets               ? random_.below(256)
                                   : random_.once_in(9) ? 1 + random_.below(126)
                                                        : 'a' + random_.below(26));
  }
  static const std::vector<std::string> wide = {"\xc3\xa9", "\xe4\xb8\xad", "\xf0\x9f\x98\x80",
                                                "\xf4\x8f\xbf\xbf", "\xef\xbf\xbf"};
  static const std::vector<std::string> invalid = {"\xff",     "\xc3", "\xc0\x80", "\xf4\x90\x80\x80",
                                                   "\xe4\xb8", "\x80"};
  const auto insert = [&](const std::string& what) {
    made.text.insert(random_.below(made.text.size() + 1), what);
  };
  if (boundary == B::wide) insert(random_.of(wide));
  if (boundary == B::invalid) insert(random_.of(invalid));
  if (boundary == B::surrogate) insert(random_.once_in(2) ? "\xed\xa0\x80" : "\xed\xa0\xbd\xed\xb8\x80");
  return made;
}

Value RandomTrees::uuid(const idl::Type& type, Boundary boundary) {
  Value made;
  for (int i = 0; i < 16; ++i) made.text += static_cast<char>(boundary == B::zero ? 0 : random_.below(256));
  if (view_ == View::thrift) return made;
  const bool fixed = type.number_form == idl::NumberForm::fixed;
  if (!fixed) made.text = uuid_text(made.text);
  if (boundary == B::upper_case && !fixed) {
    made.text[0] = 'a';
    for (char& c : made.text) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (boundary == B::invalid) {
    const std::size_t what = random_.below(3);
    if (what == 0) made.text.pop_back();
    if (what == 1) made.text += 'a';
    if (what == 2) fixed ? made.text.clear() : void(made.text[14] = 'g');
  }
  return made;
}

Value RandomTrees::number_of(const idl::EnumType& type, bool key) {
  Value made;
  const auto any = [&] { return type.values[random_.below(type.values.size())].number; };
  made.number = any();
  if (type.full_name == "google.protobuf.NullValue") {
    made.number = troubled(2) ? 1 : 0;
    return made;
  }
  const bool strict = type.closed || (type.origin != nullptr && type.origin->closed);
  // Of the Thrift side an enum without 0 gets it rarely, and never as key.
  const bool zero_is_odd = type.find_value(0) == nullptr;
  if (random_.once_in(6) && (!strict || troubled(1))) {
    static constexpr std::int32_t odd[] = {77777, -5, 2147483647, -2147483648, 0};
    made.number = odd[random_.below(zero_is_odd && !key && trouble_ ? 5 : 4)];
  }
  return made;
}

std::size_t RandomTrees::size(const idl::Type& type, int depth) {
  if (depth > shallow_max + 1) return 0;
  if (is_scalar(*type.element) && depth <= 2 && random_.once_in(24)) return 15 + random_.below(4);
  return random_.below(depth > shallow_max ? 2 : 4);
}

Value RandomTrees::container(const idl::Type& type, int depth) {
  if (depth > depth_max) throw TooDeep();
  Value made;
  const bool is_map = type.kind == Kind::map;
  const bool distinct = type.kind != Kind::list;
  const bool entries = type.kind == Kind::list && type.element->kind == Kind::structure &&
                       type.element->structure->role == idl::StructRole::map_entry;
  std::vector<std::string> keys;
  for (std::size_t n = size(type, depth); n > 0; --n) {
    Value item = value(is_map ? *type.key : *type.element, depth + 1, distinct);
    const Value* key = &item;
    if (entries) key = item.fields.empty() || item.fields[0].first != 1 ? nullptr : &item.fields[0].second;
    if (distinct || entries) {
      const std::string text = key == nullptr ? std::string() : print(*key);
      const bool known = std::find(keys.begin(), keys.end(), text) != keys.end();
      if (known) continue;
      keys.push_back(text);
    }
    made.items.push_back(std::move(item));
    if (is_map) made.items.push_back(value(*type.element, depth + 1, false));
    if ((distinct || entries) && troubled(4)) {
      if (is_map) {
        Value again = made.items[made.items.size() - 2];
        made.items.push_back(std::move(again));
        made.items.push_back(value(*type.element, depth + 1, false));
      } else {
        made.items.push_back(Value(made.items.back()));
      }
    }
  }
  return made;
}

}  // namespace koine::transcode::proof
