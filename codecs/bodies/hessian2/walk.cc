// One function each kind of value that holds others.
#include "codecs/bodies/hessian2/walk.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"

namespace koine::codecs::bodies::hessian2 {
namespace {

// The bytes of a text of one piece that is ASCII, as every class name is; else empty.
std::string_view plain_name(const std::uint8_t* p, const std::uint8_t* behind) {
  const Piece piece = read_text_piece(p, behind);
  if (piece.begin == nullptr || piece.begin + piece.size != behind) return {};
  return {reinterpret_cast<const char*>(piece.begin), piece.size};
}

// Of the classes whose compact form has a value that its definition does not name.
std::size_t unnamed_fields(std::string_view class_name) {
  return class_name == "java.time.LocalDate" || class_name == "java.time.LocalTime" ? 1 : 0;
}

constexpr std::size_t places_kept_max = 1 << 16;

bool is_object_lead(std::uint8_t lead) {
  return lead == lead_object || (lead >= lead_object_short && lead < lead_typed_list_short);
}

}  // namespace

void Walker::start(const std::uint8_t* begin) noexcept {
  begin_ = begin;
  definitions_.clear();
  types_.clear();
  places_.clear();
  // What one long message needed is not kept for all that follow.
  if (places_.capacity() > places_kept_max) places_.shrink_to_fit();
  references_ = 0;
  keeps_places_ = again_ = false;
  fault_ = Fault::none;
}

void Walker::start_keeping(const std::uint8_t* begin, std::size_t nesting_max) noexcept {
  start(begin);
  nesting_max_ = nesting_max;
  keeps_places_ = true;
}

const std::uint8_t* Walker::skip(const std::uint8_t* p, const std::uint8_t* end) {
  return skip_values(p, end, 1, nesting_max_);
}

const std::uint8_t* Walker::open_map(const std::uint8_t* p, const std::uint8_t* end) {
  return open_typed_map(p, end).values;
}

MapHead Walker::open_typed_map(const std::uint8_t* p, const std::uint8_t* end) {
  MapHead head;
  if (p == end || (*p != lead_map && *p != lead_typed_map)) {
    stop(p == end ? Fault::truncated : Fault::malformed);
    return head;
  }
  meet(p);
  head.values = *p == lead_map ? p + 1 : read_type(p + 1, end, head.type, head.type_index);
  return head;
}

ListHead Walker::open_list(const std::uint8_t* p, const std::uint8_t* end) {
  ListHead head;
  const std::uint8_t lead = p == end ? 0 : *p;
  const bool is_short = lead >= lead_typed_list_short && lead < lead_list_short + 8;
  if (!is_short && (lead < lead_typed_list_open || lead > lead_list)) {
    stop(p == end ? Fault::truncated : Fault::malformed);
    return head;
  }
  meet(p++);
  if (lead == lead_typed_list_open || lead == lead_typed_list || (is_short && lead < lead_list_short)) {
    p = read_type(p, end, head.type, head.type_index);
    if (p == nullptr) return head;
  }
  head.is_open = lead == lead_typed_list_open || lead == lead_list_open;
  if (is_short) {
    head.count = lead & 7u;
  } else if (!head.is_open) {
    p = read_count(p, end, head.count);
  }
  head.values = p;
  return head;
}

Walker::Reference Walker::read_reference(const std::uint8_t* p, const std::uint8_t* end) {
  const Number index = read_integer(p + 1, end);
  if (index.next == nullptr || index.value < 0 || static_cast<std::size_t>(index.value) >= references_) {
    return {stop(Fault::malformed), 0};
  }
  return {index.next, static_cast<std::size_t>(index.value)};
}

const std::uint8_t* Walker::skip_value(const std::uint8_t* p, const std::uint8_t* end, std::size_t levels) {
  p = skip_definitions(p, end);
  if (p == nullptr) return nullptr;
  const std::uint8_t lead = *p;
  if (const std::size_t bytes = scalar_bytes(lead); bytes != 0) {
    return bytes <= static_cast<std::size_t>(end - p) ? p + bytes : stop(Fault::truncated);
  }
  if (is_text_lead(lead) || is_octets_lead(lead)) {
    const std::uint8_t* next = is_text_lead(lead) ? skip_text(p, end) : skip_octets(p, end);
    return next == nullptr ? stop(Fault::malformed) : next;
  }
  if (lead == lead_reference) return read_reference(p, end).next;
  if (levels == 0) return stop(Fault::too_deep);
  if (is_object_lead(lead)) {
    const std::uint8_t* const at = p;
    const Definition* definition = find_definition(p, end);
    if (definition == nullptr) return nullptr;
    meet(at);
    return skip_values(p, end, definition->fields, levels - 1);
  }
  if (lead == lead_map || lead == lead_typed_map) {
    const MapHead map = open_typed_map(p, end);
    return map.values == nullptr ? nullptr : skip_to_end(map.values, end, 2, levels - 1);
  }
  const ListHead list = open_list(p, end);
  if (list.values == nullptr) return nullptr;
  return list.is_open ? skip_to_end(list.values, end, 1, levels - 1)
                      : skip_values(list.values, end, list.count, levels - 1);
}

const std::uint8_t* Walker::skip_values(const std::uint8_t* p, const std::uint8_t* end, std::size_t count,
                                        std::size_t levels) {
  for (; count != 0; --count) {
    if (p == end) return stop(Fault::truncated);
    // What nearly all values are, and nothing lies in.
    if (const std::size_t bytes = scalar_sizes[*p];
        bytes != 0 && bytes <= static_cast<std::size_t>(end - p)) {
      p += bytes;
    } else if (is_short_ascii(p, end)) {
      p += 1 + *p;
    } else {
      p = skip_value(p, end, levels);
      if (p == nullptr) return nullptr;
    }
  }
  return p;
}

// Elements, or keys with their values, up to the mark and over it.
const std::uint8_t* Walker::skip_to_end(const std::uint8_t* p, const std::uint8_t* end, std::size_t at_once,
                                        std::size_t levels) {
  while (p != nullptr) {
    if (p == end) return stop(Fault::truncated);
    if (*p == lead_end) return p + 1;
    p = skip_values(p, end, at_once, levels);
  }
  return nullptr;
}

ObjectHead Walker::open_object(const std::uint8_t* p, const std::uint8_t* end) {
  ObjectHead head;
  p = skip_definitions(p, end);
  if (p == nullptr) return head;
  if (!is_object_lead(*p)) {
    stop(Fault::malformed);
    return head;
  }
  const std::uint8_t* const at = p;
  const Definition* definition = find_definition(p, end);
  if (definition == nullptr) return head;
  meet(at);
  head.values = p;
  head.definition = static_cast<std::size_t>(definition - definitions_.data());
  head.class_name = begin_ + definition->at;
  const Number names = read_integer(skip_text(head.class_name, end), end);
  head.field_names = names.next;
  head.names = static_cast<std::size_t>(names.value);
  head.fields = definition->fields;
  head.bytes = definition->bytes;
  return head;
}

const Walker::Definition* Walker::find_definition(const std::uint8_t*& p, const std::uint8_t* end) {
  Number index{p + 1, *p - lead_object_short};
  if (*p == lead_object) index = read_integer(p + 1, end);
  if (index.next == nullptr || index.value < 0 ||
      static_cast<std::size_t>(index.value) >= definitions_.size()) {
    stop(Fault::malformed);
    return nullptr;
  }
  p = index.next;
  return &definitions_[static_cast<std::size_t>(index.value)];
}

// There is a byte behind them, or the result is null.
const std::uint8_t* Walker::skip_definitions(const std::uint8_t* p, const std::uint8_t* end) {
  while (p != end && *p == lead_definition) {
    p = skip_definition(p + 1, end);
    if (p == nullptr) return nullptr;
  }
  return p == end ? stop(Fault::truncated) : p;
}

// Null: it is another one than last time.
const std::uint8_t* Walker::skip_known_definition(const std::uint8_t* p, const std::uint8_t* end) {
  if (memos_ == nullptr || again_ || p == end) return nullptr;
  const Memo& memo = memo_of(*p);
  const std::size_t size = memo.bytes.size();
  if (size == 0 || size > static_cast<std::size_t>(end - p)) return nullptr;
  if (std::memcmp(p, memo.bytes.data(), size) != 0) return nullptr;
  definitions_.push_back(
      {static_cast<std::uint32_t>(p - begin_), memo.fields, static_cast<std::uint32_t>(size)});
  return p + size;
}

void Walker::keep_definition(const std::uint8_t* p, const Definition& definition) {
  if (!keeps_places_ || definition.bytes > memo_bytes_max) return;
  if (memos_ == nullptr) memos_ = std::make_unique<std::array<Memo, memos_max>>();
  Memo& memo = memo_of(*p);
  memo.bytes.assign(p, p + definition.bytes);
  memo.fields = definition.fields;
}

const std::uint8_t* Walker::skip_definition(const std::uint8_t* p, const std::uint8_t* end) {
  if (const std::uint8_t* known = skip_known_definition(p, end); known != nullptr) return known;
  const std::uint8_t* const name = p;
  const std::uint8_t* const behind_name = skip_text(p, end);
  if (behind_name == nullptr) return stop(Fault::malformed);
  std::size_t count = 0;
  p = read_count(behind_name, end, count);
  if (p == nullptr) return nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    p = skip_text(p, end);
    if (p == nullptr) return stop(Fault::malformed);
  }
  if (again_) return p;
  if (count == 0) count = unnamed_fields(plain_name(name, behind_name));
  const Definition definition = {static_cast<std::uint32_t>(name - begin_), static_cast<std::uint32_t>(count),
                                 static_cast<std::uint32_t>(p - name)};
  keep_definition(name, definition);
  definitions_.push_back(definition);
  return p;
}

std::size_t Walker::reference_at(const std::uint8_t* at) const noexcept {
  const auto found =
      std::lower_bound(places_.begin(), places_.end(), static_cast<std::uint32_t>(at - begin_));
  return static_cast<std::size_t>(found - places_.begin());
}

const std::uint8_t* Walker::read_type(const std::uint8_t* p, const std::uint8_t* end,
                                      const std::uint8_t*& type, std::size_t& index) {
  if (p == end) return stop(Fault::truncated);
  if (is_text_lead(*p)) {
    type = p;
    const auto at = static_cast<std::uint32_t>(p - begin_);
    index =
        again_ ? static_cast<std::size_t>(std::lower_bound(types_.begin(), types_.end(), at) - types_.begin())
               : types_.size();
    if (!again_) types_.push_back(at);
    p = skip_text(p, end);
    return p == nullptr ? stop(Fault::malformed) : p;
  }
  const Number number = read_integer(p, end);
  if (number.next == nullptr || number.value < 0 || static_cast<std::size_t>(number.value) >= types_.size()) {
    return stop(Fault::malformed);
  }
  index = static_cast<std::size_t>(number.value);
  type = begin_ + types_[index];
  return number.next;
}

const std::uint8_t* Walker::read_count(const std::uint8_t* p, const std::uint8_t* end, std::size_t& count) {
  const Number number = read_integer(p, end);
  if (number.next == nullptr || number.value < 0) return stop(Fault::malformed);
  if (number.value > end - number.next) return stop(Fault::truncated);
  count = static_cast<std::size_t>(number.value);
  return number.next;
}

}  // namespace koine::codecs::bodies::hessian2
