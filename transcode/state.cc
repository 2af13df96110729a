// What executors do off their fast path: growing, failing, paths, duplicates.
#include "transcode/state.h"

#include <algorithm>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/hash.h"
#include "codecs/utf8.h"

namespace koine::transcode {

Cursor fail(State& s, base::Reason reason, std::string_view message) noexcept {
  if (s.reason == base::Reason::none && !s.irregular) {
    s.reason = reason;
    s.message = message;
  }
  return {nullptr, nullptr};
}

Cursor give_up(State& s) noexcept {
  if (s.reason == base::Reason::none) s.irregular = true;
  return {nullptr, nullptr};
}

Cursor fail_fault(State& s, codecs::Fault fault) noexcept {
  switch (fault) {
    case codecs::Fault::too_deep:
      return fail(s, base::Reason::limit_depth, "structs and containers are nested deeper than nesting_max");
    case codecs::Fault::truncated:
      return fail(s, base::Reason::wire_truncated, "the message ends inside a value");
    default: return fail(s, base::Reason::wire_malformed, "these bytes are not a value of this format");
  }
}

Cursor fail_read(State& s, const std::uint8_t* p, const std::uint8_t* end) noexcept {
  // A value that is wrong although a whole varint or double would have fitted is not merely cut off.
  return fail_fault(s, end - p >= static_cast<std::ptrdiff_t>(codecs::varint_bytes_max)
                           ? codecs::Fault::malformed
                           : codecs::Fault::truncated);
}

Cursor trace_field(State& s, const Table& table, const Op& op) noexcept {
  if (s.path_size < s.path.size() && !s.irregular) {
    const idl::Field* field = table.source != nullptr ? table.source->find_field(op.source_id) : nullptr;
    // A wrapper's own field is nothing that a person wrote.
    if (field != nullptr && table.source->role != idl::StructRole::wrapper) {
      s.path[s.path_size++] = {field->name.data(), field->name.size()};
    }
  }
  return {nullptr, nullptr};
}

Cursor trace_index(State& s, std::size_t index) noexcept {
  if (s.path_size < s.path.size() && !s.irregular) { s.path[s.path_size++] = {nullptr, index}; }
  return {nullptr, nullptr};
}

namespace {

bool drop_field(State& s, std::int32_t id, model::Drop why) noexcept {
  s.context->last_dropped_id = id;
  s.context->last_drop = why;
  if (why == model::Drop::allowed || s.program->options.not_in_schema != NotInSchema::reject) {
    ++s.context->counters.dropped_fields[static_cast<std::size_t>(why)];
    return true;
  }
  fail(s, base::Reason::map_unknown_field, "the message has a field that the schema does not know");
  if (!s.irregular && s.path_size < s.path.size()) {
    s.path[s.path_size++] = {nullptr, static_cast<std::uint32_t>(id) | State::Step::is_number};
  }
  return false;
}

}  // namespace

bool leave_out(State& s, const Table& table, std::int32_t id, const Op* op) noexcept {
  if (op != nullptr) return drop_field(s, id, model::Drop::allowed);
  return drop_field(s, id, table.find(id) != nullptr ? model::Drop::wire_type : model::Drop::unknown);
}

bool leave_out_of_entry(State& s, std::int32_t id) noexcept {
  return drop_field(s, id, id == 1 || id == 2 ? model::Drop::wire_type : model::Drop::unknown);
}

bool refuses_repeat(State& s) noexcept {
  if (!s.program->options.reject_repeats) return false;
  fail(s, base::Reason::map_dupkey, "the field is there more than once");
  return true;
}

base::Status failure_status(const State& s) {
  std::string path;
  for (std::size_t i = s.path_size; i > 0; --i) {
    const State::Step& step = s.path[i - 1];
    if (step.name == nullptr && (step.index & State::Step::is_number) != 0) {
      path += (path.empty() ? "#" : ".#") + std::to_string(static_cast<std::int32_t>(step.index));
    } else if (step.name == nullptr) {
      path += '[' + std::to_string(step.index) + ']';
    } else {
      if (!path.empty()) path += '.';
      path.append(step.name, step.index);
    }
  }
  return base::Status(s.reason, std::string(s.message), std::move(path));
}

std::uint8_t* grow(State& s, std::uint8_t* out, std::size_t bytes) noexcept {
  const auto used = static_cast<std::size_t>(out - s.out_base);
  if (used + bytes > s.program->options.message_bytes_max) {
    fail(s, base::Reason::limit_message, "the translated message is longer than message_bytes_max");
    return nullptr;
  }
  if (out <= s.out_limit && bytes <= static_cast<std::size_t>(s.out_limit - out)) return out;
  s.output->grow(used, bytes + 2 * out_slack_bytes);
  s.out_base = s.output->begin();
  s.out_limit = s.output->limit() - out_slack_bytes;
  return s.out_base + used;
}

bool copy_text(std::uint8_t* out, const std::uint8_t* text, std::size_t size) noexcept {
  std::size_t done = 0;
#if defined(__SSE2__)
  __m128i high = _mm_setzero_si128();
  for (; done + 16 <= size; done += 16) {
    const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + done));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + done), chunk);
    high = _mm_or_si128(high, chunk);
  }
  if (_mm_movemask_epi8(high) != 0) {
    std::memcpy(out + done, text + done, size - done);
    return codecs::is_utf8(text, size);
  }
  if (size >= 16) {  // the rest together with bytes that were seen already
    const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + size - 16));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + size - 16), chunk);
    return _mm_movemask_epi8(chunk) == 0 || codecs::is_utf8(text, size);
  }
#endif
  std::memcpy(out + done, text + done, size - done);
  return codecs::is_utf8(text, size);
}

std::uint8_t* move_reserved(State& s, std::uint8_t* out, Mark& mark, std::size_t width) noexcept {
  if (width > mark.width) {
    out = grow(s, out, width);
    if (out == nullptr) return nullptr;
  }
  const std::size_t content = mark.at + mark.width;
  const std::size_t moved = mark.at + width;
  const std::size_t size = static_cast<std::size_t>(out - s.out_base) - content;
  s.output->move(content, moved, size);
  mark.width = width;
  return s.out_base + moved + size;
}

std::uint8_t* fill_varint_slow(State& s, std::uint8_t* out, Mark& mark, std::uint64_t value) noexcept {
  const std::size_t width = codecs::varint_size(value);
  if (width != mark.width) {
    *mark.last_width = static_cast<std::uint8_t>(width);
    out = move_reserved(s, out, mark, width);
    if (out == nullptr) return nullptr;
  }
  std::uint8_t* p = s.out_base + mark.at;
  for (; value >= 0x80; value >>= 7) *p++ = static_cast<std::uint8_t>(value | 0x80);
  *p = static_cast<std::uint8_t>(value);
  return out;
}

void Seen::take(State& s, const Table& table) noexcept {
  const ArenaPlace place = arena_place(s);
  wide = s.context->arena.make_array<Wide>(1);
  wide->words = s.context->arena.make_array<std::uint64_t>(table.words);
  wide->place = place;
}

void Seen::add_wide(State& s, const Table& table, std::size_t from, std::size_t to) noexcept {
  while (from < to) {
    const std::size_t stop = std::min(to, (from | 63) + 1);
    std::uint64_t& word = from < 64 ? first : other_word(s, table, from >> 6);
    word |= ~std::uint64_t{0} << (from & 63) & ~std::uint64_t{0} >> (63 - (stop - 1) % 64);
    from = stop;
  }
}

void grow_marks(State& s) {
  const std::size_t capacity = s.marks_capacity * 2;
  auto* marks = static_cast<std::uint32_t*>(
      s.context->arena.allocate(capacity * sizeof(std::uint32_t), alignof(std::uint32_t)));
  std::memcpy(marks, s.marks, s.marks_size * sizeof(std::uint32_t));
  s.marks = marks;
  s.marks_capacity = capacity;
}

namespace {

// One element of a set or map in the output.
struct Element {
  std::uint32_t begin;
  std::uint32_t key_size;
  std::uint32_t size;
  bool dropped;
};

constexpr std::size_t few_elements = 8;

// Is any of a few keys there twice? What is nearly always asked, without any bookkeeping.
bool have_duplicates(const std::uint8_t* base, const std::uint32_t* marks, std::size_t marks_each,
                     std::size_t count, std::uint32_t end, std::uint32_t gap) noexcept {
  std::array<std::uint64_t, few_elements> prints;  // of length and first bytes: they tell most keys apart
  std::array<std::size_t, few_elements> sizes;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t* mark = marks + i * marks_each;
    const std::size_t size = (marks_each == 2 ? mark[1] : i + 1 < count ? mark[1] - gap : end) - mark[0];
    // The slack behind the output makes eight bytes readable.
    const auto prefix = codecs::load<std::uint64_t>(base + mark[0]);
    const std::uint64_t print = (size >= 8 ? prefix : prefix & ((std::uint64_t{1} << (8 * size)) - 1)) + size;
    prints[i] = print;
    sizes[i] = size;
    for (std::size_t j = 0; j < i; ++j) {
      if (prints[j] != print || sizes[j] != size) continue;
      if (std::memcmp(base + marks[j * marks_each], base + mark[0], size) == 0) return true;
    }
  }
  return false;
}

// Marks as dropped whatever is repeated; true when there was any. Keyed hashing: the keys are a peer's.
bool find_duplicates(State& s, Element* elements, std::size_t count, bool keep_last) {
  const std::uint8_t* base = s.out_base;
  const auto same = [&](const Element& a, const Element& b) {
    return a.key_size == b.key_size && std::memcmp(base + a.begin, base + b.begin, a.key_size) == 0;
  };
  bool found = false;
  std::size_t slots = 16;
  while (slots < count * 2) slots *= 2;
  auto* table = s.context->arena.make_array<std::uint32_t>(slots);  // index + 1
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view key(reinterpret_cast<const char*>(base + elements[i].begin), elements[i].key_size);
    std::size_t at = base::hash_bytes(key, s.program->seed) & (slots - 1);
    while (table[at] != 0 && !same(elements[table[at] - 1], elements[i])) at = (at + 1) & (slots - 1);
    if (table[at] != 0) {
      elements[keep_last ? table[at] - 1 : i].dropped = true;
      found = true;
      if (!keep_last) continue;
    }
    table[at] = static_cast<std::uint32_t>(i + 1);
  }
  return found;
}

}  // namespace

std::uint8_t* drop_duplicates(State& s, std::uint8_t* out, const Op& op, std::size_t first_mark, bool is_map,
                              std::string_view separator, std::size_t& count) {
  const std::size_t marks_each = is_map ? 2 : 1;
  const std::uint32_t* marks = s.marks + first_mark;
  s.marks_size = first_mark;
  const auto end = static_cast<std::uint32_t>(out - s.out_base);
  const auto gap = static_cast<std::uint32_t>(separator.size());
  if (count <= few_elements && !have_duplicates(s.out_base, marks, marks_each, count, end, gap)) return out;
  auto* elements = s.context->arena.make_array<Element>(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t* mark = marks + i * marks_each;
    const std::uint32_t stop = i + 1 < count ? mark[marks_each] - gap : end;
    elements[i] = {mark[0], (is_map ? mark[1] : stop) - mark[0], stop - mark[0], false};
  }
  if (!find_duplicates(s, elements, count, is_map)) return out;
  if (op.has(op_strict) || op.has(op_dup_is_error)) {
    fail(s, base::Reason::map_dupkey,
         is_map ? "a key is there more than once" : "an element of the set is there more than once");
    return nullptr;
  }
  std::uint8_t* to = s.out_base + elements[0].begin;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (elements[i].dropped) continue;
    if (kept++ != 0 && !separator.empty()) {
      std::memcpy(to, separator.data(), separator.size());
      to += separator.size();
    }
    std::memmove(to, s.out_base + elements[i].begin, elements[i].size);
    to += elements[i].size;
  }
  Counters& counters = s.context->counters;
  (is_map ? counters.deduplicated_keys : counters.deduplicated_elements) += count - kept;
  count = kept;
  return to;
}

int members_set(const Group& group, const Table& table, const std::uint64_t* seen) noexcept {
  int set = 0;
  for (std::size_t i = 0; i < table.words; ++i) { set += std::popcount(group.members[i] & seen[i]); }
  return std::min(set, 2);
}

}  // namespace koine::transcode
