// See model.h. Each rule names its place in docs/mapping.md.
#include "transcode/proof/model.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "transcode/proof/text_rules.h"

namespace koine::transcode::proof {
namespace {

using base::Reason;
using idl::Field;
using idl::Kind;
using idl::Presence;
using idl::StructForm;
using idl::StructRole;
using idl::StructType;
using idl::Type;

bool is_container(const Type& type) {
  return type.kind == Kind::list || type.kind == Kind::set || type.kind == Kind::map;
}
bool is_wrapper(const Type& type) {
  return type.kind == Kind::structure && type.structure->role == StructRole::wrapper;
}
const Value* find(const Value& value, std::int32_t id) {
  for (const auto& [field, content] : value.fields) {
    if (field == id) return &content;
  }
  return nullptr;
}
bool is_signed_zero_or_nan(double number) {
  return std::isnan(number) || (number == 0 && std::signbit(number));
}
bool contains(const idl::EnumType& type, std::int64_t number) {
  return std::any_of(type.values.begin(), type.values.end(),
                     [&](const idl::EnumValue& value) { return value.number == number; });
}

// What a kind holds on both sides of a crossing that Thrift takes part in.
std::pair<std::int64_t, std::int64_t> bounds(Kind kind) {
  switch (kind) {
    case Kind::i8: return {-128, 127};
    case Kind::i16: return {-32768, 32767};
    case Kind::u8: return {0, 255};
    case Kind::u16: return {0, 65535};
    case Kind::u32: return {0, 4294967295};
    case Kind::u64: return {0, std::numeric_limits<std::int64_t>::max()};
    case Kind::i64:
      return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
    default: return {-2147483648LL, 2147483647LL};
  }
}

// A constant of an IDL as a tree.
Value constant(const Type& type, const idl::Value& value) {
  Value out;
  if (const auto* flag = std::get_if<bool>(&value.data)) out.number = static_cast<int>(*flag);
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) out.number = *number;
  if (const auto* number = std::get_if<std::uint64_t>(&value.data))
    out.number = static_cast<std::int64_t>(*number);
  if (const auto* reference = std::get_if<idl::EnumReference>(&value.data)) out.number = reference->number;
  if (const auto* text = std::get_if<std::string>(&value.data)) out.text = *text;
  if (const auto* real = std::get_if<double>(&value.data)) out.real = *real;
  if (type.kind == Kind::boolean) out.number = static_cast<int>(out.number != 0);
  if (type.kind == Kind::f32 || type.kind == Kind::f64) {
    if (!std::holds_alternative<double>(value.data)) out.real = static_cast<double>(out.number);
    out.number = 0;
  }
  if (type.kind == Kind::uuid) out.text = uuid_octets(out.text).value_or("");
  if (const auto* list = std::get_if<idl::ValueList>(&value.data)) {
    for (const idl::Value& one : *list) out.items.push_back(constant(*type.element, one));
  }
  if (const auto* map = std::get_if<idl::ValueMap>(&value.data)) {
    for (const auto& [key, one] : *map) {
      if (type.kind == Kind::structure) {
        const Field* field = type.structure->find_field(std::get<std::string>(key.data));
        out.fields.emplace_back(field->id, constant(*field->type, one));
      } else {
        out.items.push_back(constant(*type.key, key));
        out.items.push_back(constant(*type.element, one));
      }
    }
  }
  std::sort(out.fields.begin(), out.fields.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  return out;
}

class Crossing {
 public:
  Crossing(View from, View to, std::vector<Issue>& issues)
      : from_thrift_(from == View::thrift), to_thrift_(to == View::thrift), issues_(issues) {}

  Value structure(const StructType& from, const StructType& to, const Value& value) {
    check_members(from, to, value);
    Value out;
    for (const Field& field : from.fields) {
      const Field* target = counterpart(from, field, to);
      if (target == nullptr) continue;
      const Value* content = find(value, field.id);
      std::optional<Value> crossed =
          content == nullptr ? absent(field, *target) : present(field, *target, from, to, *content);
      if (!crossed) continue;
      const bool plain = !to_thrift_ && is_plain(*target);
      if (plain && is_zero(*target->type, *crossed)) continue;
      out.fields.emplace_back(target->id, std::move(*crossed));
    }
    std::sort(out.fields.begin(), out.fields.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    if (!to_thrift_) check_json(to, out, pairs_to(Format::json));
    if (!from_thrift_) check_json(from, value, pairs_from(Format::json));
    return out;
  }

 private:
  struct Place {
    bool key = false;           // of a map, or an element of a set
    bool checked_text = false;  // in a message whose text is checked when it is read
    bool may_be_unset = false;
    bool repeated = false;
  };

  void refuse(Reason reason, Pairs pairs = every_pair) { issues_.push_back({reason, pairs, false, false}); }
  void refuse_json(Reason reason, Pairs pairs) { issues_.push_back({reason, pairs, true, false}); }

  // "Unions"
  void check_members(const StructType& from, const StructType& to, const Value& value) {
    const auto set = [&](auto is_member) {
      return std::count_if(from.fields.begin(), from.fields.end(), [&](const Field& field) {
        return find(value, field.id) != nullptr && is_member(field);
      });
    };
    const auto any = [](const Field&) { return true; };
    if (from.form == StructForm::union_ && from_thrift_ && set(any) > 1) refuse(Reason::map_union);
    if (to.form == StructForm::union_ && to_thrift_ && set(any) == 0) refuse(Reason::map_union);
    for (std::size_t i = 0; from_thrift_ && i < from.oneofs.size(); ++i) {
      const auto in_it = [&](const Field& f) { return f.oneof_index == static_cast<std::int32_t>(i); };
      if (set(in_it) > 1) refuse(Reason::map_union);
    }
  }

  // "Presence, defaults, required"
  std::optional<Value> absent(const Field& field, const Field& target) {
    const bool needed = target.presence == Presence::required;
    if (field.presence == Presence::required) {
      refuse(Reason::map_required);
      return std::nullopt;
    }
    if (from_thrift_) {
      const bool has_default = field.presence == Presence::implicit && field.default_value &&
                               !is_zero(*field.type, constant(*field.type, *field.default_value));
      if (has_default && !to_thrift_) {
        return this->value(*field.type, *target.type, constant(*field.type, *field.default_value), Place());
      }
      if (needed) refuse(Reason::map_required);
      return std::nullopt;
    }
    const bool means_zero = is_plain(field) && field.type->kind != Kind::uuid;
    if (!means_zero) {
      if (needed) refuse(Reason::map_required);
      return std::nullopt;
    }
    if (!to_thrift_ || target.presence == Presence::optional) return std::nullopt;
    if (stands_for_unset(*field.type, *target.type)) {
      if (needed) refuse(Reason::map_enum_unknown);
      return std::nullopt;
    }
    return Value();
  }

  std::optional<Value> present(const Field& field, const Field& target, const StructType& from,
                               const StructType& to, const Value& content) {
    Place place;
    place.checked_text = from.implicit_utf8;
    const bool member = to.form == StructForm::union_ || target.oneof_index >= 0;
    place.may_be_unset = target.presence != Presence::required && !member;
    return this->value(*field.type, *target.type, content, place);
  }

  // "Enums": the 0 that only protobuf's enum has.
  bool stands_for_unset(const Type& from, const Type& to) const {
    return from.kind == Kind::enumeration && to.kind == Kind::enumeration && !from_thrift_ && to_thrift_ &&
           contains(*from.enumeration, 0) && !contains(*to.enumeration, 0);
  }

  std::optional<Value> value(const Type& from, const Type& to, const Value& value, Place place) {
    if (is_wrapper(to) && from_thrift_ && is_container(from)) return wrapped(from, to, value, place);
    if (is_wrapper(from) && to_thrift_ && is_container(to)) return unwrapped(from, to, value, place);
    if (is_entries(from) != is_entries(to)) return entries(from, to, value, place);
    Value out = value;
    switch (from.kind) {
      case Kind::boolean:
      case Kind::bytes: break;
      case Kind::string: check_text(value.text, place); break;
      case Kind::f32:
      case Kind::f64: check_real(to, value.real, place); break;
      case Kind::uuid: out.text = uuid(from, to, value.text); break;
      case Kind::structure: return structure(*from.structure, *to.structure, value);
      case Kind::list:
      case Kind::set: return sequence(from, to, value, place);
      case Kind::map: return map(from, to, value, place);
      case Kind::enumeration:
        if (to.kind == Kind::enumeration) return enumeration(from, to, value, place);
        [[fallthrough]];
      default: check_integer(from, to, value.number); break;
    }
    return out;
  }

  // Elements, keys and values cannot be unset.
  Value element(const Type& from, const Type& to, const Value& content, Place place, bool key) {
    place.key = key;
    place.may_be_unset = false;
    place.repeated = true;
    return value(from, to, content, place).value_or(Value());
  }

  // ---- "Kinds"

  void check_integer(const Type& from, const Type& to, std::int64_t number) {
    if (from.kind == Kind::u64 && to.kind == Kind::u64 && !from_thrift_ && !to_thrift_) return;
    const auto [low, high] = bounds(from.kind);
    const auto [least, most] = bounds(to.kind);
    if (number < std::max(low, least) || number > std::min(high, most)) refuse(Reason::map_range);
  }

  void check_real(const Type& to, double number, Place place) {
    if (place.key && is_signed_zero_or_nan(number)) refuse(Reason::map_nonfinite);
    if (to.kind != Kind::f32 || !from_thrift_ || !std::isfinite(number)) return;
    // Beyond the largest float by half of what its last digit counts, and nothing rounds to it.
    if (std::abs(number) >= 0x1.ffffffp127) {
      refuse(Reason::map_range);
    } else if (static_cast<double>(static_cast<float>(number)) != number) {
      refuse(Reason::map_precision);
    }
  }

  void check_text(const std::string& text, Place place) {
    if (is_text(text)) return;
    if (from_thrift_ && to_thrift_) return refuse(Reason::map_utf8, pairs_with(Format::thrift_json));
    const bool passes = !from_thrift_ && to_thrift_ && !place.checked_text;
    refuse_json(Reason::map_utf8, passes ? pairs_to(Format::thrift_json) : every_pair);
  }

  std::string uuid(const Type& from, const Type& to, const std::string& text) {
    std::optional<std::string> octets = text;
    if (!from_thrift_ && from.number_form != idl::NumberForm::fixed) octets = uuid_octets(text);
    if (!octets || octets->size() != 16) {
      refuse(Reason::map_type);
      return text;
    }
    const bool as_text = !to_thrift_ && to.number_form != idl::NumberForm::fixed;
    return as_text ? uuid_text(*octets) : *octets;
  }

  // "Enums"
  std::optional<Value> enumeration(const Type& from, const Type& to, const Value& value, Place place) {
    const idl::EnumType& source = *from.enumeration;
    const idl::EnumType& target = *to.enumeration;
    if (value.number == 0 && stands_for_unset(from, to)) {
      if (!place.may_be_unset) refuse(Reason::map_enum_unknown);
      return std::nullopt;
    }
    const bool closed = source.closed || target.closed;
    const bool known = contains(source, value.number) && contains(target, value.number);
    if (closed && !known) {
      // libprotobuf keeps an element that the enum does not declare away from the others.
      place.repeated ? refuse_json(Reason::map_enum_unknown, every_pair) : refuse(Reason::map_enum_unknown);
    }
    // "NullValue"
    if (source.full_name == "google.protobuf.NullValue" && value.number != 0) {
      refuse_json(Reason::map_enum_unknown, pairs_with(Format::json));
    }
    if (target.full_name == "google.protobuf.NullValue" && value.number != 0) {
      refuse_json(Reason::map_enum_unknown, pairs_to(Format::json));
    }
    return value;
  }

  // ---- "Containers"

  Value sequence(const Type& from, const Type& to, const Value& value, Place place) {
    const bool key = from.kind == Kind::set || to.kind == Kind::set;
    Value out;
    for (const Value& item : value.items) {
      Value crossed = element(*from.element, *to.element, item, place, key);
      const bool known = std::find(out.items.begin(), out.items.end(), crossed) != out.items.end();
      if (known && to.kind == Kind::set && to_thrift_ && !from_thrift_) continue;  // the first stays
      out.items.push_back(std::move(crossed));
    }
    return out;
  }

  // Where one stays it is the last; bytes of protobuf keep both, and whoever reads them the last.
  Value map(const Type& from, const Type& to, const Value& value, Place place) {
    struct Entry {
      Value key;
      std::size_t begin;  // of its value's issues
      std::size_t end;
    };
    std::vector<Entry> entries;
    Value out;
    bool twice = false;
    for (std::size_t i = 0; i + 1 < value.items.size(); i += 2) {
      Value key = element(*from.key, *to.key, value.items[i], place, true);
      const std::size_t begin = issues_.size();
      Value content = element(*from.element, *to.element, value.items[i + 1], place, false);
      for (std::size_t k = 0; k < entries.size(); ++k) {
        if (entries[k].key != key) continue;
        twice = true;
        for (std::size_t n = entries[k].begin; n < entries[k].end; ++n) issues_[n].replaced = true;
        if (!from_thrift_ && to_thrift_) {
          out.items.erase(out.items.begin() + static_cast<std::ptrdiff_t>(2 * k),
                          out.items.begin() + static_cast<std::ptrdiff_t>(2 * k + 2));
          entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(k));
        }
        break;
      }
      entries.push_back({key, begin, issues_.size()});
      out.items.push_back(std::move(key));
      out.items.push_back(std::move(content));
    }
    if (twice && !from_thrift_) refuse(Reason::map_dupkey, pairs_from(Format::json));
    return out;
  }

  Value entries(const Type& from, const Type& to, const Value& value, Place place) {
    Value out;
    const bool from_entries = is_entries(from);
    const StructType& entry = *(from_entries ? from : to).element->structure;
    const Field& key = *entry.find_field(1);
    const Field& content = *entry.find_field(2);
    std::vector<Value> keys;
    const Value none;
    for (std::size_t i = 0; i < value.items.size(); i += from_entries ? 1 : 2) {
      const Value* old_key = from_entries ? find(value.items[i], 1) : &value.items[i];
      const Value* old_content = from_entries ? find(value.items[i], 2) : &value.items[i + 1];
      Value new_key = element(from_entries ? *key.type : *from.key, from_entries ? *to.key : *key.type,
                              old_key == nullptr ? none : *old_key, place, true);
      Value new_content =
          element(from_entries ? *content.type : *from.element, from_entries ? *to.element : *content.type,
                  old_content == nullptr ? none : *old_content, place, false);
      if (std::find(keys.begin(), keys.end(), new_key) != keys.end()) refuse(Reason::map_dupkey);
      keys.push_back(new_key);
      if (from_entries) {
        out.items.push_back(std::move(new_key));
        out.items.push_back(std::move(new_content));
        continue;
      }
      Value& made = out.items.emplace_back();
      if (!is_plain(key) || !is_zero(*key.type, new_key)) made.fields.emplace_back(1, std::move(new_key));
      if (!is_plain(content) || !is_zero(*content.type, new_content)) {
        made.fields.emplace_back(2, std::move(new_content));
      }
    }
    return out;
  }

  Value wrapped(const Type& from, const Type& to, const Value& value, Place place) {
    const Field& inner = to.structure->fields.front();
    Value content = element(from, *inner.type, value, place, false);
    Value out;
    if (!is_zero(*inner.type, content)) out.fields.emplace_back(inner.id, std::move(content));
    return out;
  }

  Value unwrapped(const Type& from, const Type& to, const Value& value, Place place) {
    const Field& inner = from.structure->fields.front();
    place.checked_text = from.structure->implicit_utf8;
    const Value none;
    const Value* content = find(value, inner.id);
    return element(*inner.type, to, content == nullptr ? none : *content, place, false);
  }

  // ---- JSON's own forms

  void check_json(const StructType& message, const Value& value, Pairs pairs) {
    const std::string_view name = well_known(message);
    if (name.empty()) return;
    const Value* first = find(value, 1);
    const Value* second = find(value, 2);
    const std::int64_t seconds = first == nullptr ? 0 : first->number;
    const std::int64_t nanos = second == nullptr ? 0 : second->number;
    if (name == "Any") refuse_json(Reason::map_type, pairs);
    if (name == "Timestamp" && !is_instant(seconds, nanos)) refuse_json(Reason::map_range, pairs);
    if (name == "Duration" && !is_duration(seconds, nanos)) refuse_json(Reason::map_range, pairs);
    if (name == "FieldMask" && first != nullptr) {
      for (const Value& path : first->items) {
        if (!is_mask_path(path.text)) refuse_json(Reason::map_type, pairs);
      }
    }
    if (name == "Value") {
      if (value.fields.empty()) refuse_json(Reason::map_type, pairs);
      if (second != nullptr && !std::isfinite(second->real)) refuse_json(Reason::map_nonfinite, pairs);
    }
  }

  bool from_thrift_;
  bool to_thrift_;
  std::vector<Issue>& issues_;
};

}  // namespace

std::vector<Reason> Crossed::reasons(Format from, Format to) const {
  std::vector<Reason> all;
  for (const Issue& issue : issues) {
    if ((issue.pairs & pair_of(from, to)) != 0) all.push_back(issue.reason);
  }
  return all;
}

bool Crossed::refused(Format from, Format to) const {
  return std::any_of(issues.begin(), issues.end(), [&](const Issue& issue) {
    return !issue.replaced && (issue.pairs & pair_of(from, to)) != 0;
  });
}

bool Crossed::unwritten_in_json() const {
  return std::any_of(issues.begin(), issues.end(),
                     [](const Issue& issue) { return issue.unwritten_in_json; });
}

Crossed cross(View from_view, const StructType& from, View to_view, const StructType& to,
              const Value& value) {
  Crossed crossed;
  crossed.value = Crossing(from_view, to_view, crossed.issues).structure(from, to, value);
  return crossed;
}

}  // namespace koine::transcode::proof
