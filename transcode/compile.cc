// Structs: tables of fields, presence, unions, envelopes.
#include "transcode/compile.h"

#include <algorithm>

#include "codecs/bodies/thrift_compact/primitives.h"

namespace koine::transcode {
namespace {

// Dense look-up is kept for ids up to here and while it wastes at most this many entries an op.
constexpr std::int32_t dense_id_max = 4095;
constexpr std::int32_t dense_waste_max = 16;

// Slots are 16 bits wide.
constexpr std::size_t slots_max = 65000;

std::string joined(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& step : path) {
    if (!text.empty() && step != "[]") text += '.';
    text += step;
  }
  return text;
}

}  // namespace

const Op* Table::find_sparse(std::int32_t id) const noexcept {
  const Op* end = ops + count;
  const Op* at =
      std::lower_bound(ops, end, id, [](const Op& op, std::int32_t n) { return op.source_id < n; });
  return at != end && at->source_id == id ? at : nullptr;
}

base::Status compile_program(const Pairing& pairing, Program& program) {
  return Compiler(pairing, program).compile();
}

bool Compiler::refuse(std::string why) {
  const std::string path = joined(path_);
  problems_.push_back(path.empty() ? std::move(why) : path + ": " + why);
  return false;
}

base::Status Compiler::compile() {
  KOINE_RETURN_IF_ERROR(compile_root());
  if (too_many_) {
    return base::Status(base::Reason::limit_memory,
                        "the schemas have more than plan_fields_max fields; raise it or leave methods out");
  }
  if (problems_.empty()) return {};
  std::string text = std::to_string(problems_.size()) +
                     (problems_.size() == 1 ? " field has" : " fields have") +
                     " no faithful form on the other side:";
  for (const std::string& problem : problems_) text += "\n  " + problem;
  return base::Status(base::Reason::map_type, std::move(text));
}

base::Status Compiler::compile_root() {
  const Side& source = program_.source;
  const Side& target = program_.target;
  if (source.root == nullptr || target.root == nullptr) {
    return base::Status(base::Reason::usage, "a plan needs the root struct of both sides");
  }
  const auto enveloped = [](const Side& side) {
    return side.envelope ? side.root->find_field(*side.envelope) : nullptr;
  };
  const idl::Field* source_field = enveloped(source);
  const idl::Field* target_field = enveloped(target);
  if ((source.envelope && source_field == nullptr) || (target.envelope && target_field == nullptr)) {
    return base::Status(base::Reason::usage, "the envelope's field is not in its root struct");
  }
  Op& root = new_part();
  root.code = Code::structure;
  root.place = next_place_++;
  program_.root = &root;
  Spot spot;
  spot.field = true;
  spot.source_struct = source.root;
  if (source_field != nullptr) {
    spot.source_number = source_field->id;
    spot.source_field = source_field;
    spot.target_field = target_field;
    spot.target_number = target_field != nullptr ? target_field->id : 0;
    spot.bare = target_field == nullptr;
    idl::Type whole;
    whole.kind = idl::Kind::structure;
    whole.structure = target.root;
    root.table = single_table(*source.root, *source_field,
                              target_field != nullptr ? *target_field->type : whole, spot, Absent::refuse);
    return {};
  }
  const idl::StructType* value = target.root;
  if (target_field != nullptr) {
    if (target_field->type->kind != idl::Kind::structure) {
      refuse("field " + target_field->name + " of " + target.root->full_name + " is not a struct");
      return {};
    }
    value = target_field->type->structure;
    program_.target_enveloped = true;
    root.target_type = wire_form(target.format, *target_field->type).type;
    root.target_id = target_field->id;
    if (target_field->type->delimited && is_protobuf(target.format)) root.flags |= op_group;
    spot.target_number = target_field->id;
    set_heads(root, spot);
  }
  root.table = pair_table(*source.root, *value);
  return {};
}

const Table* Compiler::pair_table(const idl::StructType& source, const idl::StructType& target) {
  const auto found = pairs_.find({&source, &target});
  if (found != pairs_.end()) return found->second;
  Table& table = program_.tables.emplace_back();
  pairs_[{&source, &target}] = &table;  // first, so that recursive types find it
  table.source = &source;
  table.target = &target;
  if (!pairing_.structs(source, target)) {
    refuse(source.full_name + " does not correspond to " + target.full_name);
    finish_table(table, {}, {});
    return &table;
  }
  std::vector<Op> ops;
  std::vector<OpInfo> infos;
  std::vector<const idl::Field*> matched;
  for (const idl::Field& field : source.fields) {
    if (too_many_) break;
    const idl::Field* counterpart = pairing_.field(source, field, target);
    if (counterpart != nullptr) matched.push_back(counterpart);
    path_.push_back(field.name);
    add_field(ops, infos, source, field, target, counterpart);
    path_.pop_back();
  }
  for (const idl::Field& field : target.fields) {
    if (field.presence != idl::Presence::required) continue;
    if (std::find(matched.begin(), matched.end(), &field) != matched.end()) continue;
    path_.push_back(field.name);
    refuse("is required in " + target.full_name + ", and " + source.full_name + " has nothing to put there");
    path_.pop_back();
  }
  finish_table(table, std::move(ops), std::move(infos));
  return &table;
}

bool Compiler::add_field(std::vector<Op>& ops, std::vector<OpInfo>& infos, const idl::StructType& source,
                         const idl::Field& field, const idl::StructType& target,
                         const idl::Field* counterpart) {
  if (++program_.field_count > program_.options.limits.plan_fields_max) {
    too_many_ = true;
    return false;
  }
  Op op;
  OpInfo info;
  info.source = &field;
  info.target = counterpart;
  op.source_id = field.id;
  op.place = next_place_++;
  Spot spot;
  spot.field = true;
  spot.source_number = field.id;
  spot.source_struct = &source;
  spot.source_field = &field;
  if (counterpart == nullptr) {
    // Its wire type decides whether what arrives is this field at all.
    set_source(op, *field.type, spot);
    op.code = pairing_.may_drop(source, field, target) ? Code::dropped : Code::refused;
  } else {
    spot.target_number = counterpart->id;
    spot.target_field = counterpart;
    if (!compile_value(op, *field.type, *counterpart->type, spot)) return false;
    const bool implicit = counterpart->presence == idl::Presence::implicit && counterpart->oneof_index < 0;
    if (implicit && is_protobuf(program_.target.format)) op.flags |= op_skip_zero;
    set_absent(op, info, field, target, *counterpart);
  }
  ops.push_back(op);
  infos.push_back(std::move(info));
  return true;
}

void Compiler::set_absent(Op& op, OpInfo& info, const idl::Field& field, const idl::StructType& target,
                          const idl::Field& counterpart) {
  // A Thrift result without its value is an error to the caller, so it is written whatever it is; one that
  // comes as a Thrift result may hold an exception instead.
  const bool is_result = target.role == idl::StructRole::result && counterpart.id == 0 &&
                         is_thrift(program_.target.format) && !is_thrift(program_.source.format);
  const bool needed = counterpart.presence == idl::Presence::required || is_result;
  const Absent otherwise = needed ? Absent::refuse : Absent::nothing;
  const bool zero_is_unset = op.has(op_zero_unset);
  // What must be there cannot stay unset, nor can the member that says which one a union holds: the number 0
  // is refused like any other without counterpart.
  const bool is_member = target.form == idl::StructForm::union_ || counterpart.oneof_index >= 0;
  if (needed || is_member) op.flags &= static_cast<std::uint16_t>(~op_zero_unset);
  op.absent = otherwise;
  const bool is_uuid = op.code == Code::uuid;  // of which there is no zero
  if (is_result && is_uuid) return;
  if (is_result) {
    op.absent = zero_is_unset ? Absent::refuse_enum : Absent::write_zero;
    return;
  }
  if (field.presence == idl::Presence::required) op.absent = Absent::refuse;
  if (field.presence != idl::Presence::implicit || field.oneof_index >= 0) return;
  if (is_thrift(program_.source.format)) {
    if (!field.default_value || is_zero(*field.default_value)) return;
    const model::BodyFormat format = program_.source.format;
    info.default_bytes = encode_default(format, *field.type, *field.default_value);
    const bool known_there =
        counterpart.default_value &&
        encode_default(format, *field.type, *counterpart.default_value) == info.default_bytes;
    if (!info.default_bytes.empty() && (needed || !known_there)) op.absent = Absent::write_default;
    return;
  }
  // Absence means zero here. A message, a UUID or an optional target can stay unset.
  if (op.code == Code::structure || is_uuid || counterpart.presence == idl::Presence::optional) return;
  if (!needed && is_protobuf(program_.target.format)) return;
  op.absent = Absent::write_zero;
  if (zero_is_unset) op.absent = needed ? Absent::refuse_enum : Absent::nothing;
}

const Table* Compiler::single_table(const idl::StructType& source, const idl::Field& field,
                                    const idl::Type& target, Spot spot, Absent absent) {
  Table& table = program_.tables.emplace_back();
  table.source = &source;
  table.bare = spot.bare;
  std::vector<Op> ops;
  std::vector<OpInfo> infos;
  for (const idl::Field& each : source.fields) {
    if (++program_.field_count > program_.options.limits.plan_fields_max) too_many_ = true;
    Op op;
    OpInfo info;
    info.source = &each;
    op.source_id = each.id;
    op.place = next_place_++;
    if (&each == &field) {
      info.target = spot.target_field;
      if (!compile_value(op, *each.type, target, spot)) continue;
      op.absent = absent;
    } else {
      Spot own;
      own.field = true;
      own.source_number = each.id;
      own.source_struct = &source;
      own.source_field = &each;
      set_source(op, *each.type, own);
      op.code = Code::refused;
    }
    ops.push_back(op);
    infos.push_back(std::move(info));
  }
  finish_table(table, std::move(ops), std::move(infos));
  return &table;
}

void Compiler::add_groups(Table& table) {
  // Members by what binds them: a oneof of either side, or being a union.
  const auto add = [&](auto binds, bool last_wins, bool must_have_one, std::string name) {
    Group group;
    group.members.assign(table.words, 0);
    std::size_t members = 0;
    for (std::size_t slot = 0; slot < table.count; ++slot) {
      if (!binds(table.info[slot])) continue;
      group.members[slot >> 6] |= std::uint64_t{1} << (slot & 63);
      ++members;
    }
    if (members == 0 || (members == 1 && !must_have_one)) return;
    for (Group& other : table.groups) {
      if (other.members != group.members) continue;
      other.must_have_one |= must_have_one;
      return;
    }
    group.last_wins = last_wins;
    group.must_have_one = must_have_one;
    group.name = std::move(name);
    table.groups.push_back(std::move(group));
  };
  if (table.source == nullptr || table.target == nullptr) return;
  const bool from_protobuf = is_protobuf(program_.source.format);
  for (std::size_t i = 0; i < table.source->oneofs.size(); ++i) {
    add([i](const OpInfo& info) { return info.source->oneof_index == static_cast<std::int32_t>(i); },
        from_protobuf, false, table.source->oneofs[i]);
  }
  const auto any = [](const OpInfo& info) { return info.target != nullptr; };
  if (table.source->form == idl::StructForm::union_) add(any, from_protobuf, false, table.source->full_name);
  for (std::size_t i = 0; i < table.target->oneofs.size(); ++i) {
    add(
        [i](const OpInfo& info) {
          return info.target != nullptr && info.target->oneof_index == static_cast<std::int32_t>(i);
        },
        false, false, table.target->oneofs[i]);
  }
  if (table.target->form == idl::StructForm::union_) {
    add(any, false, is_thrift(program_.target.format), table.target->full_name);
  }
}

// The byte (compact) or bytes that announce this field when it comes where it is expected: after the one
// before it in the table. Slots beyond the first word of Seen are always looked up.
void Compiler::set_expected_head(Op& op, std::int32_t previous) const {
  if (op.slot >= 64) {
    op.source_tag = 0xffffffff;
    op.source_tag_size = 0;
    return;
  }
  const std::int32_t delta = op.source_id - previous;
  if (program_.source.format != model::BodyFormat::thrift_compact || delta < 1 || delta > 15) return;
  op.delta = static_cast<std::uint16_t>(delta << 4 | op.source_type);
  if (op.source_type == codecs::bodies::thrift_compact::type_true) {
    op.delta_false = static_cast<std::uint16_t>(delta << 4 | codecs::bodies::thrift_compact::type_false);
  }
}

void Compiler::set_compact_heads(const Table& table, std::vector<Op>& ops) const {
  std::int32_t previous = 0;
  for (const std::uint16_t slot : table.by_target) {
    Op& op = ops[slot];
    const std::int32_t delta = op.target_id - previous;
    if (op.head_size == 0) continue;  // it has no header at all
    if (delta >= 1 && delta <= 15) {
      const auto byte = static_cast<std::uint8_t>(delta << 4 | op.target_type);
      op.head = static_cast<std::uint32_t>(previous) | static_cast<std::uint64_t>(byte) << 32;
    }
    previous = op.target_id;
  }
}

void Compiler::finish_table(Table& table, std::vector<Op> ops, std::vector<OpInfo> infos) {
  if (ops.size() > slots_max) {
    too_many_ = true;
    ops.clear();
    infos.clear();
  }
  std::vector<std::size_t> order(ops.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return ops[a].source_id < ops[b].source_id; });
  std::vector<Op>& sorted = program_.table_ops.emplace_back();
  sorted.reserve(ops.size() + 1);
  std::int32_t previous = 0;
  for (const std::size_t i : order) {
    Op op = ops[i];
    op.slot = static_cast<std::uint16_t>(sorted.size());
    if (op.slot < 64) op.bit = std::uint64_t{1} << op.slot;
    set_expected_head(op, previous);
    previous = op.source_id;
    sorted.push_back(op);
    table.info.push_back(std::move(infos[i]));
  }
  table.count = static_cast<std::uint32_t>(sorted.size());
  table.words = std::max<std::uint32_t>(1, (table.count + 63) / 64);
  Op sentinel;
  sentinel.source_tag = 0xffffffff;
  sorted.push_back(sentinel);
  table.ops = sorted.data();

  std::vector<std::uint64_t>& must = program_.masks.emplace_back(table.words, 0);
  std::int32_t last_dense = -1;
  for (std::size_t slot = 0; slot < table.count; ++slot) {
    const Op& op = sorted[slot];
    if (op.absent != Absent::nothing) must[slot >> 6] |= std::uint64_t{1} << (slot & 63);
    if (op.source_id >= 0 && op.source_id <= dense_id_max &&
        op.source_id <= dense_waste_max * (static_cast<std::int32_t>(slot) + 1)) {
      last_dense = op.source_id;
    }
    table.by_target.push_back(static_cast<std::uint16_t>(slot));
  }
  table.must = must.data();
  table.first_must = must[0];
  std::vector<std::uint16_t>& dense =
      program_.indexes.emplace_back(static_cast<std::size_t>(last_dense + 1), 0);
  for (const Op& op : sorted) {
    if (&op == &sorted.back()) break;
    if (op.source_id >= 0 && op.source_id <= last_dense) {
      dense[static_cast<std::size_t>(op.source_id)] = static_cast<std::uint16_t>(op.slot + 1);
    }
  }
  table.dense = dense.data();
  table.dense_size = static_cast<std::uint32_t>(dense.size());
  std::stable_sort(table.by_target.begin(), table.by_target.end(), [&](std::uint16_t a, std::uint16_t b) {
    return sorted[a].target_id < sorted[b].target_id;
  });
  if (program_.target.format == model::BodyFormat::thrift_compact) set_compact_heads(table, sorted);
  add_groups(table);
  table.has_groups = !table.groups.empty();
  table.has_more = table.has_groups || table.words > 1;
}

}  // namespace koine::transcode
