// Adapters: a value that has a struct of its own on one side and none on the other; a union whose members lie
// in the struct around it.
//
// Protobuf's fields know nothing of those before them, so what comes out of a struct there is written with
// its own tag. Thrift's do (compact headers hold differences): there the header is written by whoever has the
// frame, and the value without one behind it.
#include <utility>

#include "transcode/compile.h"

namespace koine::transcode {

using idl::Kind;

bool Compiler::compile_unwrap(Op& op, const idl::Type& source, const idl::Field& inner,
                              const idl::Type& target, const Spot& spot) {
  const idl::Type& bare = written_type(program_.target.format, target);
  op.source_type = wire_form(program_.source.format, source).type;
  op.head.type = wire_form(program_.target.format, bare).type;
  if (source.delimited) op.flags |= op_from_group;
  const Absent absent = inner.presence == idl::Presence::implicit ? Absent::write_zero : Absent::refuse;
  if (spot.key && inner.type->kind >= Kind::f32 && inner.type->kind <= Kind::f64) {
    return refuse("a floating-point key or set element cannot lie in a struct of its own");
  }
  if (is_thrift(program_.target.format) && inner.type->kind == Kind::boolean) {
    // A compact bool is part of its header.
    if (bare.kind != Kind::boolean)
      return refuse("a bool has no faithful form as " + std::string(to_string(bare.kind)));
    op.code = Code::unwrap_boolean;
    const idl::Field* const parts[] = {&inner};
    op.table = noted_table(*source.structure, parts, absent);
    set_heads(op, spot);
    return true;
  }
  Spot content = spot;
  content.field = true;
  content.bare = spot.bare || is_thrift(program_.target.format);
  content.source_number = inner.id;
  content.source_struct = source.structure;
  content.source_field = &inner;
  content.source_annotated = &inner;
  op.code = Code::unwrap;
  const std::size_t problems = problems_.size();
  op.table = single_table(*source.structure, inner, target, content, absent);
  if (problems != problems_.size() || op.table->count == 0) return false;
  set_heads(op, spot);
  return true;
}

bool Compiler::compile_wrap(Op& op, const idl::Type& source, const idl::Type& target, const idl::Field& inner,
                            const Spot& spot) {
  op.code = Code::wrap;
  op.place = next_place_++;
  op.head.type = wire_form(program_.target.format, target).type;
  if (target.delimited) op.flags |= op_group;
  Op element;
  Spot content;
  content.field = true;
  content.source_number = spot.source_number;
  content.target_number = inner.id;
  content.target_field = &inner;
  content.source_struct = spot.source_struct;
  content.source_field = spot.source_field;
  content.source_annotated = spot.source_annotated;
  content.target_annotated = &inner;
  if (!compile_value(element, source, *inner.type, content)) return false;
  // It is there, so it has a value.
  if (!cannot_be_unset(element, *inner.type)) return false;
  if (skips_zero(&inner)) element.flags |= op_skip_zero;
  op.parts = keep_parts({&element, 1});
  op.source_type = element.source_type;
  op.flags |= element.flags & op_packable;
  set_heads(op, spot);
  return true;
}

bool Compiler::add_inlined(std::vector<Draft>& drafts, const std::vector<Pairing::Inlined>& unions,
                           const idl::StructType& source, const idl::Field& field,
                           const idl::StructType& target) {
  for (const Pairing::Inlined& one : unions) {
    const bool is_union = one.holder == &source && one.field == &field;
    const idl::Field* member = nullptr;  // of the target's union
    for (const auto& [of_union, other] : one.members) {
      if (one.holder != &source && other == &field) member = of_union;
    }
    if (!is_union && member == nullptr) continue;
    Draft draft;
    Spot spot;
    if (!begin_field(draft, spot, source, field)) return true;
    const bool required = one.field->presence == idl::Presence::required;
    bool fits = false;
    if (is_union) {
      fits = compile_union(draft.op, one, target, spot);
      if (required) draft.op.set_absent(Absent::refuse);
    } else {
      fits = compile_member(draft.op, one, field, *member, spot);
      draft.target = one.field;
      draft.of_required_union = required;
    }
    if (fits) drafts.push_back(std::move(draft));
    return true;
  }
  return false;
}

// The source's union: each member becomes a field of the target.
bool Compiler::compile_union(Op& op, const Pairing::Inlined& one, const idl::StructType& target,
                             const Spot& spot) {
  if (!is_protobuf(program_.target.format)) {
    return refuse("its members can lie in " + target.full_name + " in protobuf only");
  }
  set_source(op, *one.field->type, spot);
  op.code = Code::unwrap;
  if (one.field->type->delimited) op.flags |= op_from_group;
  const idl::StructType& type = *one.field->type->structure;
  Table& table = new_table();
  table.source = &type;
  table.target = &target;
  table.bare = true;
  std::vector<Draft> drafts;
  for (const idl::Field& member : type.fields) {
    Draft draft;
    Spot inner;
    if (!begin_field(draft, inner, type, member)) break;
    for (const auto& [of_union, other] : one.members) {
      if (of_union == &member) draft.target = other;
    }
    path_.push_back(member.name);
    const bool fits = compile_field(draft, inner, type, target);
    path_.pop_back();
    if (!fits) continue;
    if (draft.target != nullptr && !cannot_be_unset(draft.op, *draft.target->type)) continue;
    drafts.push_back(std::move(draft));
  }
  finish_table(table, std::move(drafts));
  op.table = &table;
  return true;
}

// A field of the source that is a member of the target's union.
bool Compiler::compile_member(Op& op, const Pairing::Inlined& one, const idl::Field& field,
                              const idl::Field& member, Spot spot) {
  op.code = Code::wrap;
  op.place = next_place_++;
  op.head.type = wire_form(program_.target.format, *one.field->type).type;
  if (one.field->type->delimited) op.flags |= op_group;
  Op element;
  Spot content = spot;
  content.target_number = member.id;
  content.target_field = content.target_annotated = &member;
  const unsigned outer = std::exchange(allowed_, allowed_to(field, member));
  const bool fits =
      compile_value(element, *field.type, *member.type, content) && cannot_be_unset(element, *member.type);
  allowed_ = outer;
  if (!fits) return false;
  op.parts = keep_parts({&element, 1});
  op.source_type = element.source_type;
  op.flags |= element.flags & op_packable;
  spot.target_number = one.field->id;
  set_heads(op, spot);
  return true;
}

// A table that writes nothing: field i of `parts` is kept in State::noted[i].
const Table* Compiler::noted_table(const idl::StructType& source, std::span<const idl::Field* const> parts,
                                   Absent absent) {
  Table& table = new_table();
  table.source = &source;
  table.bare = true;
  std::vector<Draft> drafts;
  for (const idl::Field& field : source.fields) {
    Draft draft;
    Spot spot;
    if (!begin_field(draft, spot, source, field)) break;
    set_source(draft.op, *field.type, spot);
    draft.op.code = Code::refused;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i] != &field) continue;
      draft.op.code = Code::note;
      draft.op.target_id = static_cast<std::int32_t>(i);
      draft.op.source_form = field.type->kind == Kind::boolean
                                 ? Form::boolean
                                 : wire_form(program_.source.format, *field.type).form;
      draft.op.set_absent(absent);
    }
    drafts.push_back(std::move(draft));
  }
  finish_table(table, std::move(drafts));
  return &table;
}

}  // namespace koine::transcode
