// Times: which numbers and messages are one, and what both sides need to know of each other.
#include "transcode/compile.h"

namespace koine::transcode {
namespace {

using idl::Kind;

constexpr std::string_view unit_annotation = "koine.unit";
constexpr std::string_view as_annotation = "koine.as";
constexpr std::int32_t seconds_number = 1;  // google/protobuf/timestamp.proto, duration.proto
constexpr std::int32_t nanos_number = 2;

std::string_view name_of(TimeKind kind) { return kind == TimeKind::instant ? "instant" : "duration"; }

const std::string* annotation(const idl::Field* field, std::string_view name) {
  return field == nullptr ? nullptr : idl::find_annotation(field->annotations, name);
}

}  // namespace

std::optional<TimeKind> message_kind(const idl::Type& type) {
  if (type.kind != Kind::structure) return std::nullopt;
  for (const idl::StructType* at : {type.structure, type.structure->origin}) {
    if (at == nullptr) continue;
    if (at->full_name == "google.protobuf.Timestamp") return TimeKind::instant;
    if (at->full_name == "google.protobuf.Duration") return TimeKind::duration;
  }
  return std::nullopt;
}

bool Compiler::are_times(const idl::Type& source, const idl::Type& target) {
  return (message_kind(source) && is_integer(target.kind)) ||
         (is_integer(source.kind) && message_kind(target));
}

bool Compiler::compile_time(Op& op, const idl::Type& source, const idl::Type& target, const Spot& spot) {
  const bool into_message = is_integer(source.kind);
  const idl::Field* const annotated = into_message ? spot.source_annotated : spot.target_annotated;
  const idl::StructType& message = *(into_message ? target : source).structure;
  TimeRule rule;
  rule.kind = *message_kind(into_message ? target : source);
  const std::string* unit = annotation(annotated, unit_annotation);
  if (unit == nullptr) {
    return refuse("UNIT_MISSING: is a number here and a " + message.full_name +
                  " there; say its unit: koine.unit = \"s\", \"ms\", \"us\", \"ns\" or \"d\"");
  }
  const std::optional<TimeUnit> known = time_unit(*unit);
  if (!known) return refuse("koine.unit \"" + *unit + "\" is none of s, ms, us, ns, d");
  const std::string* as = annotation(annotated, as_annotation);
  if (as != nullptr && *as != name_of(rule.kind)) {
    return refuse("says koine.as = \"" + *as + "\", and a " + message.full_name + " is another thing");
  }
  rule.unit = *known;
  const Interval holds = kind_range((into_message ? source : target).kind);
  rule.min = holds.min;
  rule.max = holds.max;
  const idl::Field* parts[] = {message.find_field(seconds_number), message.find_field(nanos_number)};
  if (parts[0] == nullptr || parts[0]->type->kind != Kind::i64 || parts[1] == nullptr ||
      parts[1]->type->kind != Kind::i32) {
    return refuse(message.full_name + " has not the fields of a time");
  }
  if (source.delimited) op.flags |= op_from_group;
  if (target.delimited) op.flags |= op_group;
  if (into_message) {
    op.code = Code::into_time;
    op.place = next_place_++;
    rule.parts = time_parts(parts);
  } else {
    op.code = Code::from_time;
    if (allowed(Allowance::time_precision) && !spot.key) op.loss = Loss::truncated;
    rule.table = noted_table(message, parts, Absent::nothing);
  }
  auto* kept = program_.storage.make_array<TimeRule>(1);
  *kept = rule;
  op.time = kept;
  return true;
}

bool Compiler::same_unit(const Spot& spot) {
  const std::string* source = annotation(spot.source_annotated, unit_annotation);
  const std::string* target = annotation(spot.target_annotated, unit_annotation);
  if (source == nullptr || target == nullptr || *source == *target) return true;
  return refuse("is a number of " + *source + " here and of " + *target + " there");
}

const Op* Compiler::time_parts(const idl::Field* const (&parts)[2]) {
  Op ops[2];
  for (std::size_t i = 0; i < 2; ++i) {
    const WireForm to = wire_form(program_.target.format, *parts[i]->type);
    ops[i].head.type = to.type;
    ops[i].target_form = to.form;
    if (is_protobuf(program_.target.format)) ops[i].flags |= op_skip_zero;
    Spot spot;
    spot.field = true;
    spot.target_number = parts[i]->id;
    set_heads(ops[i], spot);
  }
  return keep_parts(ops);
}

}  // namespace koine::transcode
