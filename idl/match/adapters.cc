// Adapters. Owner: see adapters.h.
#include "idl/match/adapters.h"

#include "idl/match/kinds.h"

namespace koine::idl::match {
const Field* wrapped_field(const Type& wrapper, const Type& bare) {
  if (wrapper.kind != Kind::structure || bare.kind == Kind::structure) return nullptr;
  const StructType& type = *wrapper.structure;
  if (type.form != StructForm::structure || type.fields.size() != 1) return nullptr;
  const Field& only = type.fields.front();
  return only.type->kind == Kind::structure ? nullptr : &only;
}

TimeForm time_form(const Type& type) {
  if (type.kind != Kind::structure) return TimeForm::none;
  if (type.structure->full_name == "google.protobuf.Timestamp") return TimeForm::timestamp;
  if (type.structure->full_name == "google.protobuf.Duration") return TimeForm::duration;
  return TimeForm::none;
}

std::optional<TimeUnit> time_unit(const Annotations& annotations) {
  const std::string* unit = find_annotation(annotations, "koine.unit");
  if (unit == nullptr) return std::nullopt;
  if (*unit == "s") return TimeUnit::seconds;
  if (*unit == "ms") return TimeUnit::milliseconds;
  if (*unit == "us") return TimeUnit::microseconds;
  if (*unit == "ns") return TimeUnit::nanoseconds;
  if (*unit == "d") return TimeUnit::days;
  return std::nullopt;
}

bool is_time_number(const Type& type) { return is_integer(type.kind); }

}  // namespace koine::idl::match
