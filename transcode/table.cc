// A struct's fields become its table: their order on either side, look-up, unions, what is due when they are
// absent.
#include <algorithm>
#include <numeric>

#include "codecs/bodies/thrift_compact/primitives.h"
#include "transcode/compile.h"

namespace koine::transcode {
namespace {

// Dense look-up is kept for ids up to here and while it wastes at most this many entries an op.
constexpr std::int32_t dense_id_max = 4095;
constexpr std::int32_t dense_waste_max = 16;

// Slots are 16 bits wide.
constexpr std::size_t slots_max = 65000;

}  // namespace

const Op* Table::find_sparse(std::int32_t id) const noexcept {
  const Op* at =
      std::lower_bound(ops, none, id, [](const Op& op, std::int32_t n) { return op.source_id < n; });
  return at != none && at->source_id == id ? at : nullptr;
}

std::span<const std::uint8_t> Table::default_of(const Op& op) const noexcept {
  for (const Default& one : defaults) {
    if (one.slot == op.slot) return one.bytes;
  }
  return {};
}

void Compiler::finish_table(Table& table, std::vector<Draft> drafts) {
  if (drafts.size() > slots_max) {
    too_many_ = true;
    drafts.clear();
  }
  const auto by_id = [](const Draft& a, const Draft& b) { return a.op.source_id < b.op.source_id; };
  if (!std::is_sorted(drafts.begin(), drafts.end(), by_id)) {
    std::stable_sort(drafts.begin(), drafts.end(), by_id);
  }
  Storage& storage = program_.storage;
  table.count = static_cast<std::uint32_t>(drafts.size());
  table.words = std::max<std::uint32_t>(1, (table.count + 63) / 64);
  Op* ops = storage.make_array<Op>(drafts.size() + 1);
  std::uint64_t* must = table.words == 1 ? &table.first_must : storage.make_array<std::uint64_t>(table.words);
  std::int32_t previous = 0;
  for (std::size_t slot = 0; slot < drafts.size(); ++slot) {
    Op& op = ops[slot];
    op = drafts[slot].op;
    op.slot = static_cast<std::uint16_t>(slot);
    set_expected_head(op, previous);
    previous = op.source_id;
    if (op.absent() != Absent::nothing) must[slot >> 6] |= std::uint64_t{1} << (slot & 63);
  }
  ops[table.count].slot = static_cast<std::uint16_t>(table.count);
  table.ops = ops;
  table.none = ops + table.count;
  table.must = must;
  table.first_must = must[0];
  set_order(table, drafts);
  if (program_.target.format == model::BodyFormat::thrift_compact) set_compact_heads(table, ops);
  add_groups(table, drafts);
  add_defaults(table, drafts);
  table.has_groups = !table.groups.empty();
  table.has_duties =
      table.has_groups || std::any_of(must, must + table.words, [](std::uint64_t word) { return word != 0; });
}

void Compiler::set_order(Table& table, const std::vector<Draft>& drafts) {
  const auto id_of = [&table](std::size_t slot) { return table.ops[slot].source_id; };
  table.first_id = table.count != 0 ? id_of(0) : 0;
  while (table.in_row < table.count &&
         id_of(table.in_row) == table.first_id + static_cast<std::int32_t>(table.in_row)) {
    ++table.in_row;
  }
  std::int32_t last_dense = -1;
  for (std::size_t slot = table.in_row; slot < drafts.size(); ++slot) {
    const std::int32_t id = id_of(slot);
    if (id >= 0 && id <= dense_id_max && id <= dense_waste_max * (static_cast<std::int32_t>(slot) + 1)) {
      last_dense = id;
    }
  }
  table.dense_size = static_cast<std::uint32_t>(last_dense + 1);
  auto* dense = program_.storage.make_array<std::uint16_t>(table.dense_size);
  for (std::uint32_t slot = 0; slot < table.count; ++slot) {
    const std::int32_t id = id_of(slot);
    if (id >= 0 && id <= last_dense) dense[id] = static_cast<std::uint16_t>(slot + 1);
  }
  table.dense = dense;
  const auto by_id = [](const Op& a, const Op& b) { return a.target_id < b.target_id; };
  if (std::is_sorted(table.ops, table.none, by_id)) return;
  auto* by_target = program_.storage.make_array<std::uint16_t>(table.count);
  std::iota(by_target, by_target + table.count, std::uint16_t{0});
  std::stable_sort(by_target, by_target + table.count,
                   [&](std::uint16_t a, std::uint16_t b) { return by_id(table.ops[a], table.ops[b]); });
  table.by_target = by_target;
}

// The byte (compact) or bytes that announce this field when it comes where it is expected: after the one
// before it in the table.
void Compiler::set_expected_head(Op& op, std::int32_t previous) const {
  if (op.code == Code::dropped) op.source_tag = Op::no_tag;  // what is skipped is looked up
  const std::int32_t delta = op.source_id - previous;
  if (op.code == Code::dropped || program_.source.format != model::BodyFormat::thrift_compact || delta < 1 ||
      delta > 15)
    return;
  op.source_tag = static_cast<std::uint32_t>(delta << 4 | op.source_type);
}

void Compiler::set_compact_heads(const Table& table, Op* ops) const {
  std::int32_t previous = 0;
  for (std::uint32_t i = 0; i < table.count; ++i) {
    Op& op = ops[table.by_target != nullptr ? table.by_target[i] : i];
    const std::int32_t delta = op.target_id - previous;
    if (op.head.size == 0) continue;  // it has no header at all
    if (delta >= 1 && delta <= 15) {
      codecs::store(op.head.bytes, previous);
      op.head.bytes[4] = static_cast<std::uint8_t>(delta << 4 | op.head.type);
    }
    previous = op.target_id;
  }
}

void Compiler::add_groups(Table& table, const std::vector<Draft>& drafts) {
  if (table.source == nullptr || table.target == nullptr) return;
  std::vector<Group> groups;
  // Members by what binds them: a oneof of either side, or being a union.
  const auto add = [&](auto binds, bool last_wins, bool must_have_one) {
    auto* bits = program_.storage.make_array<std::uint64_t>(table.words);
    std::size_t members = 0;
    for (std::size_t slot = 0; slot < drafts.size(); ++slot) {
      if (!binds(drafts[slot])) continue;
      bits[slot >> 6] |= std::uint64_t{1} << (slot & 63);
      ++members;
    }
    if (members == 0 || (members == 1 && !must_have_one)) return;
    for (Group& other : groups) {
      if (!std::equal(bits, bits + table.words, other.members)) continue;
      other.must_have_one |= must_have_one;
      return;
    }
    groups.push_back({bits, must_have_one, last_wins});
  };
  const bool from_protobuf = is_protobuf(program_.source.format);
  for (std::size_t i = 0; i < table.source->oneofs.size(); ++i) {
    const auto in_it = [i](const Draft& draft) {
      return draft.source->oneof_index == static_cast<std::int32_t>(i);
    };
    const bool must_have_one = std::any_of(drafts.begin(), drafts.end(), [&](const Draft& draft) {
      return draft.of_required_union && in_it(draft);
    });
    add(in_it, from_protobuf, must_have_one);
  }
  const auto any = [](const Draft& draft) { return draft.target != nullptr; };
  if (table.source->form == idl::StructForm::union_) add(any, from_protobuf, false);
  for (std::size_t i = 0; i < table.target->oneofs.size(); ++i) {
    add(
        [i](const Draft& draft) {
          return draft.target != nullptr && draft.target->oneof_index == static_cast<std::int32_t>(i);
        },
        false, false);
  }
  if (table.target->form == idl::StructForm::union_) add(any, false, is_thrift(program_.target.format));
  auto* kept = program_.storage.make_array<Group>(groups.size());
  std::copy(groups.begin(), groups.end(), kept);
  table.groups = {kept, groups.size()};
}

void Compiler::add_defaults(Table& table, const std::vector<Draft>& drafts) {
  std::vector<Default> defaults;
  for (std::size_t slot = 0; slot < drafts.size(); ++slot) {
    const std::vector<std::uint8_t>& bytes = drafts[slot].default_bytes;
    if (bytes.empty()) continue;
    auto* copy = program_.storage.make_array<std::uint8_t>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), copy);
    defaults.push_back({static_cast<std::uint32_t>(slot), {copy, bytes.size()}});
  }
  auto* kept = program_.storage.make_array<Default>(defaults.size());
  std::copy(defaults.begin(), defaults.end(), kept);
  table.defaults = {kept, defaults.size()};
}

}  // namespace koine::transcode
