// Two types opposite one another: which are one value in two forms.
#include "idl/match/adapters.h"
#include "idl/match/builder.h"
#include "idl/match/kinds.h"

namespace koine::idl::match {
namespace {

bool refuse(FieldPair& fields, RuleId problem, std::string why) {
  fields.problem = problem;
  fields.why = std::move(why);
  return false;
}

// A date or time of day that no zone makes an instant.
bool is_local(const Annotations& annotations) {
  const std::string* as = find_annotation(annotations, "koine.as");
  if (as == nullptr || find_annotation(annotations, "koine.zone") != nullptr) return false;
  return *as == "date" || *as == "time" || *as == "datetime" || as->starts_with("local");
}

}  // namespace

void Builder::relate(FieldPair& fields) {
  relate_types(*fields.exposed->type, *fields.provider->type, fields);
}

bool Builder::relate_types(const Type& exposed, const Type& provider, FieldPair& fields) {
  const bool struct_exposed = exposed.kind == Kind::structure;
  const bool struct_provider = provider.kind == Kind::structure;
  if (struct_exposed && struct_provider) {
    fields.structs.push_back(&struct_pair(*exposed.structure, *provider.structure));
    return true;
  }
  const auto clash = [&] {
    return refuse(fields, RuleId::type_clash,
                  describe(exposed) + " and " + describe(provider) + " have no value in common");
  };
  if (struct_exposed || struct_provider) {
    fields.adapter = true;
    const Type& time = struct_exposed ? exposed : provider;
    const Type& other = struct_exposed ? provider : exposed;
    if (time_form(time) != TimeForm::none && is_time_number(other)) {
      return relate_time(time, struct_exposed ? *fields.provider : *fields.exposed, fields);
    }
    const Field* wrapped = wrapped_field(time, other);
    if (wrapped == nullptr) return clash();
    return struct_exposed ? relate_types(*wrapped->type, provider, fields)
                          : relate_types(exposed, *wrapped->type, fields);
  }
  if (exposed.kind == Kind::enumeration && provider.kind == Kind::enumeration) {
    fields.enums.push_back(&enum_pair(*exposed.enumeration, *provider.enumeration));
    return true;
  }
  if (is_sequence(exposed.kind) && is_sequence(provider.kind)) {
    fields.adapter = fields.adapter || exposed.kind != provider.kind;
    return relate_types(*exposed.element, *provider.element, fields);
  }
  if (exposed.kind == Kind::map && provider.kind == Kind::map) {
    return relate_keys(*exposed.key, *provider.key, fields) &&
           relate_types(*exposed.element, *provider.element, fields);
  }
  if (is_integer(exposed.kind) && is_integer(provider.kind)) {
    const auto here = time_unit(fields.exposed->annotations);
    const auto there = time_unit(fields.provider->annotations);
    if (!here || !there || here == there) return true;
    return refuse(fields, RuleId::unit_differs, "the two sides count time in different units");
  }
  const bool alike = (is_real(exposed.kind) && is_real(provider.kind)) ||
                     (is_text(exposed.kind) && is_text(provider.kind)) || exposed.kind == provider.kind;
  return alike ? true : clash();
}

bool Builder::relate_keys(const Type& exposed, const Type& provider, FieldPair& fields) {
  const bool fits = (is_integer(exposed.kind) && is_integer(provider.kind)) ||
                    (exposed.kind == Kind::enumeration && provider.kind == Kind::enumeration) ||
                    (exposed.kind == provider.kind && exposed.kind < Kind::structure);
  if (fits) return relate_types(exposed, provider, fields);
  return refuse(fields, RuleId::mapkey_bad,
                "keys that are " + describe(exposed) + " are none that are " + describe(provider));
}

bool Builder::relate_time(const Type& time, const Field& number, FieldPair& fields) {
  const std::string name = time.structure->name;
  const bool timestamp = time_form(time) == TimeForm::timestamp;
  if (timestamp && is_local(number.annotations)) {
    return refuse(fields, RuleId::localtime_to_instant, "a time without a zone is no Timestamp");
  }
  const std::string* as = find_annotation(number.annotations, "koine.as");
  if (as != nullptr && *as == (timestamp ? "duration" : "instant")) {
    return refuse(fields, RuleId::type_clash, "a number that is a " + *as + " is no " + name);
  }
  if (time_unit(number.annotations)) return true;
  return refuse(fields, RuleId::unit_missing,
                "an integer stands opposite a " + name + ", and nothing says what it counts");
}

}  // namespace koine::idl::match
