// Structs: their fields, presence, envelopes.
#include "transcode/compile.h"

#include <algorithm>
#include <utility>

namespace koine::transcode {
namespace {

std::string joined(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& step : path) {
    if (!text.empty() && step != "[]") text += '.';
    text += step;
  }
  return text;
}

// Is the enum's 0 another number on the other side, or none?
bool moves_zero(const Op& op) {
  if (op.code != Code::enumeration) return false;
  std::int32_t storage = 0;
  const std::int32_t* zero = find_enum_number(*op.enums, 0, storage);
  return zero == nullptr || *zero != 0;
}

}  // namespace

base::Status compile_program(const Pairing& pairing, const PlanOptions& options, Program& program) {
  program.options = {options.limits.message_bytes_max, options.limits.nesting_max, options.not_in_schema,
                     options.compact_false_element, options.reject_repeats};
  return Compiler(pairing, options, program).compile();
}

unsigned Compiler::allowed_to(const idl::Field& source, const idl::Field& target) const {
  unsigned bits = 0;
  if (options_.allowances == nullptr) return bits;
  for (const Allowance one : model::all_allowances) {
    const bool has = options_.allowances->has(one, source) || options_.allowances->has(one, target);
    bits |= static_cast<unsigned>(has) << static_cast<unsigned>(one);
  }
  return bits;
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
  Op& root = *program_.storage.make_array<Op>(1);
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
    spot.source_annotated = source_field;
    spot.target_annotated = target_field;
    spot.target_number = target_field != nullptr ? target_field->id : 0;
    spot.bare = spot.body = target_field == nullptr;
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
    root.head.type = wire_form(target.format, *target_field->type).type;
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
  Table& table = new_table();
  pairs_[{&source, &target}] = &table;  // first, so that recursive types find it
  table.source = &source;
  table.target = &target;
  if (!pairing_.structs(source, target)) {
    refuse(source.full_name + " does not correspond to " + target.full_name);
    finish_table(table, {});
    return &table;
  }
  std::vector<Draft> drafts;
  drafts.reserve(source.fields.size());
  std::vector<const idl::Field*> matched;
  const std::vector<Pairing::Inlined> unions = pairing_.inlined(source, target);
  for (const Pairing::Inlined& one : unions) {
    if (one.holder == &target) matched.push_back(one.field);
  }
  for (const idl::Field& field : source.fields) {
    if (too_many_) break;
    path_.push_back(field.name);
    if (!add_inlined(drafts, unions, source, field, target)) {
      const idl::Field* counterpart = pairing_.field(source, field, target);
      if (counterpart != nullptr) matched.push_back(counterpart);
      add_field(drafts, source, field, target, counterpart);
    }
    path_.pop_back();
  }
  for (const idl::Field& field : target.fields) {
    if (field.presence != idl::Presence::required) continue;
    if (std::find(matched.begin(), matched.end(), &field) != matched.end()) continue;
    path_.push_back(field.name);
    refuse("is required in " + target.full_name + ", and " + source.full_name + " has nothing to put there");
    path_.pop_back();
  }
  finish_table(table, std::move(drafts));
  return &table;
}

bool Compiler::begin_field(Draft& draft, Spot& spot, const idl::StructType& source, const idl::Field& field) {
  if (++program_.field_count > options_.limits.plan_fields_max) {
    too_many_ = true;
    return false;
  }
  draft.source = &field;
  draft.op.source_id = field.id;
  spot.field = true;
  spot.source_number = field.id;
  spot.source_struct = &source;
  spot.source_field = &field;
  spot.source_annotated = &field;
  return true;
}

bool Compiler::skips_zero(const idl::Field* target) const {
  return target != nullptr && is_protobuf(program_.target.format) &&
         target->presence == idl::Presence::implicit && target->oneof_index < 0;
}

bool Compiler::compile_field(Draft& draft, Spot& spot, const idl::StructType& source,
                             const idl::StructType& target) {
  const idl::Field& field = *draft.source;
  const idl::Field* counterpart = draft.target;
  Op& op = draft.op;
  if (counterpart == nullptr) {
    // Its wire type decides whether what arrives is this field at all.
    set_source(op, *field.type, spot);
    op.code = pairing_.may_drop(source, field, target) ? Code::dropped : Code::refused;
    return true;
  }
  spot.target_number = counterpart->id;
  spot.target_field = counterpart;
  spot.target_annotated = counterpart;
  const unsigned outer = std::exchange(allowed_, allowed_to(field, *counterpart));
  const bool fits = compile_value(op, *field.type, *counterpart->type, spot);
  allowed_ = outer;
  if (!fits) return false;
  if (skips_zero(counterpart)) op.flags |= op_skip_zero;
  return true;
}

bool Compiler::add_field(std::vector<Draft>& drafts, const idl::StructType& source, const idl::Field& field,
                         const idl::StructType& target, const idl::Field* counterpart) {
  Draft draft;
  Spot spot;
  if (!begin_field(draft, spot, source, field)) return false;
  draft.target = counterpart;
  if (!compile_field(draft, spot, source, target)) return false;
  if (counterpart != nullptr) set_absent(draft, target);
  drafts.push_back(std::move(draft));
  return true;
}

void Compiler::set_absent(Draft& draft, const idl::StructType& target) {
  Op& op = draft.op;
  const idl::Field& field = *draft.source;
  const idl::Field& counterpart = *draft.target;
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
  const bool is_uuid = op.code == Code::uuid;  // of which there is no zero; without text it is missing
  if ((needed && !is_uuid) || is_member) cannot_be_unset(op, *counterpart.type);
  op.set_absent(otherwise);
  if (is_result && is_uuid) return;
  if (is_result) {
    op.set_absent(zero_is_unset ? Absent::refuse_enum : Absent::write_zero);
    return;
  }
  if (field.presence == idl::Presence::required) op.set_absent(Absent::refuse);
  if (field.presence != idl::Presence::implicit || field.oneof_index >= 0) return;
  if (is_thrift(program_.source.format)) {
    if (!field.default_value || is_zero(*field.default_value)) return;
    const model::BodyFormat format = program_.source.format;
    draft.default_bytes = encode_default(format, *field.type, *field.default_value);
    // An enum's number says nothing where the other side has another for the value.
    const bool known_there =
        counterpart.default_value && op.code != Code::enumeration &&
        encode_default(format, *field.type, *counterpart.default_value) == draft.default_bytes;
    if (!draft.default_bytes.empty() && (needed || !known_there)) op.set_absent(Absent::write_default);
    return;
  }
  // Absence means zero here. A message, a UUID or an optional target can stay unset.
  const bool collection = program_.target_is_java && counterpart.type->element != nullptr;
  const bool may_be_unset = counterpart.presence == idl::Presence::optional && !collection;
  if (op.code == Code::structure || is_uuid || may_be_unset) return;
  if (!needed && is_protobuf(program_.target.format) && !moves_zero(op)) return;
  // A primitive, and a collection, that is not there is zero, or empty, to who writes the object: written
  // here, it would stand behind fields that come after it.
  const bool is_java_zero = counterpart.presence != idl::Presence::optional &&
                            counterpart.type->native.empty() &&
                            (counterpart.type->kind <= idl::Kind::f64 || collection);
  if (program_.target_is_java && is_java_zero && !moves_zero(op)) return;
  op.set_absent(Absent::write_zero);
  if (zero_is_unset) op.set_absent(needed ? Absent::refuse_enum : Absent::nothing);
}

const Table* Compiler::single_table(const idl::StructType& source, const idl::Field& field,
                                    const idl::Type& target, Spot spot, Absent absent) {
  Table& table = new_table();
  table.source = &source;
  table.bare = spot.bare;
  std::vector<Draft> drafts;
  for (const idl::Field& each : source.fields) {
    Draft draft;
    Spot own;
    if (!begin_field(draft, own, source, each)) break;
    Op& op = draft.op;
    if (&each == &field) {
      draft.target = spot.target_field;
      if (!compile_value(op, *each.type, target, spot)) continue;
      // A value that stands alone cannot be unset.
      if (!cannot_be_unset(op, target)) continue;
      if (skips_zero(spot.target_field)) op.flags |= op_skip_zero;
      op.set_absent(absent);
    } else {
      set_source(op, *each.type, own);
      op.code = Code::refused;
    }
    drafts.push_back(std::move(draft));
  }
  finish_table(table, std::move(drafts));
  return &table;
}

}  // namespace koine::transcode
