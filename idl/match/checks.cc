// What a pair loses, now that it is known which way its values go.
#include <algorithm>
#include <limits>

#include "idl/match/adapters.h"
#include "idl/match/builder.h"
#include "idl/match/kinds.h"
#include "idl/match/override_hints.h"
#include "idl/source.h"

namespace koine::idl::match {
namespace {

int bits(Kind kind) {
  switch (kind) {
    case Kind::i8:
    case Kind::u8: return 8;
    case Kind::i16:
    case Kind::u16: return 16;
    case Kind::i32:
    case Kind::u32: return 32;
    default: return 64;
  }
}

bool holds(Kind target, Kind source) {
  if (is_unsigned(target)) return is_unsigned(source) && bits(target) >= bits(source);
  return bits(target) - 1 >= bits(source) - (is_unsigned(source) ? 0 : 1);
}

bool is_struct(const Type& type) { return type.kind == Kind::structure; }

// Absent and zero are two things there: nothing else can be said of messages.
bool is_explicit(const Field& field) { return field.presence == Presence::optional; }

// The leaves of two types that were found to be opposite one another.
template <class Visit>
void for_each_leaf(const Type& exposed, const Type& provider, const Visit& visit) {
  if (is_struct(exposed) && is_struct(provider)) return;
  if (is_struct(exposed) || is_struct(provider)) {
    if (is_struct(exposed)) {
      const Field* wrapped = wrapped_field(exposed, provider);
      if (wrapped != nullptr) for_each_leaf(*wrapped->type, provider, visit);
    } else {
      const Field* wrapped = wrapped_field(provider, exposed);
      if (wrapped != nullptr) for_each_leaf(exposed, *wrapped->type, visit);
    }
    return;
  }
  visit(exposed, provider);
  if (exposed.key != nullptr && provider.key != nullptr) for_each_leaf(*exposed.key, *provider.key, visit);
  if (exposed.element != nullptr && provider.element != nullptr) {
    for_each_leaf(*exposed.element, *provider.element, visit);
  }
}

// Plain values only: of enums the numbers say nothing here, and structs have no default in protobuf.
bool same_default(const Value& a, const Value& b) {
  if (const auto* x = std::get_if<bool>(&a.data)) {
    const auto* y = std::get_if<bool>(&b.data);
    return y == nullptr || *x == *y;
  }
  if (const auto* x = std::get_if<std::int64_t>(&a.data)) {
    const auto* y = std::get_if<std::int64_t>(&b.data);
    return y == nullptr || *x == *y;
  }
  if (const auto* x = std::get_if<double>(&a.data)) {
    const auto* y = std::get_if<double>(&b.data);
    return y == nullptr || !(*x < *y || *y < *x);
  }
  if (const auto* x = std::get_if<std::string>(&a.data)) {
    const auto* y = std::get_if<std::string>(&b.data);
    return y == nullptr || *x == *y;
  }
  return true;
}

}  // namespace

void Builder::check_struct(StructPair& pair) {
  // Said where the two were put opposite one another, which is where it can be mended.
  if (pair.disjoint) return;
  for (FieldPair& fields : pair.fields) check_field(pair, fields, false);
  for (FieldPair& fields : pair.members) check_field(pair, fields, true);
  for (const UnionPair& both : pair.unions) {
    judge(*both.field, Verdict::adapter, both.union_holder == pair.exposed);
  }
  for (const Field* field : pair.exposed_left) check_left(pair, *field, true);
  for (const Field* field : pair.provider_left) check_left(pair, *field, false);
  check_numbers(pair);
}

void Builder::check_field(StructPair& pair, FieldPair& fields, bool member) {
  for (const StructPair* inner : fields.structs) {
    if (!inner->disjoint || !fields.why.empty()) continue;
    fields.problem = RuleId::type_clash;
    fields.why = overrides_.label(*inner->exposed) + " and " + overrides_.label(*inner->provider) +
                 " have no field in common";
  }
  Verdict verdict = fields.adapter || member ? Verdict::adapter : Verdict::mapped;
  if (!fields.why.empty()) {
    // What no name paired no rename mends: it is the method that cannot be.
    if (pair.shape != nullptr) {
      report(fields.problem, pair.shape->findings, subject(*exposed_.service, *pair.shape->exposed),
             subject(*provider_.service, *pair.shape->provider), fields.why);
    } else {
      report(fields.problem, pair.findings, subject(pair.declaring(*fields.exposed, true), *fields.exposed),
             subject(pair.declaring(*fields.provider, false), *fields.provider), fields.why);
    }
    verdict = Verdict::refused;
  } else {
    const std::size_t before = pair.findings.size();
    check_leaves(
        pair, fields,
        member || pair.exposed->form == StructForm::union_ || pair.provider->form == StructForm::union_);
    if (!member) check_presence(pair, fields);
    for (std::size_t i = before; i < pair.findings.size(); ++i) {
      const Finding& finding = data_->findings[pair.findings[i]];
      if (finding.rule->loss) verdict = worse(verdict, finding.allowed ? Verdict::allowed : Verdict::lossy);
    }
  }
  judge(*fields.exposed, verdict, true);
  judge(*fields.provider, verdict, false);
}

void Builder::check_leaves(StructPair& pair, FieldPair& fields, bool member) {
  bool sign = false;
  bool narrow = false;
  bool digits = false;
  bool text = false;
  bool set = false;
  bool no_unset = false;
  const auto one_way = [&](const Type& from, const Type& to) {
    if (is_integer(from.kind) && is_integer(to.kind) && !holds(to.kind, from.kind)) {
      (is_unsigned(from.kind) != is_unsigned(to.kind) ? sign : narrow) = true;
    }
    digits = digits || (from.kind == Kind::f64 && to.kind == Kind::f32);
    text = text || (from.kind != to.kind && (from.kind == Kind::bytes || to.kind == Kind::bytes));
    set = set || (from.kind == Kind::list && to.kind == Kind::set);
  };
  for_each_leaf(
      *fields.exposed->type, *fields.provider->type, [&](const Type& exposed, const Type& provider) {
        if ((pair.flow & flow_request) != 0) one_way(exposed, provider);
        if ((pair.flow & flow_response) != 0) one_way(provider, exposed);
        if (exposed.kind != Kind::enumeration || provider.kind != Kind::enumeration) return;
        const EnumPair* values = data_->find(*exposed.enumeration, *provider.enumeration);
        if (values == nullptr) return;
        const auto needs_value = [&](const Field& target) {
          return member || target.type->kind != Kind::enumeration || target.presence == Presence::required ||
                 target.oneof_index >= 0;
        };
        no_unset =
            no_unset ||
            ((pair.flow & flow_request) != 0 && values->exposed_zero_unset &&
             needs_value(*fields.provider)) ||
            ((pair.flow & flow_response) != 0 && values->provider_zero_unset && needs_value(*fields.exposed));
      });
  const Subject exposed = subject(pair.declaring(*fields.exposed, true), *fields.exposed);
  const Subject provider = subject(pair.declaring(*fields.provider, false), *fields.provider);
  const auto tell = [&](bool is_so, RuleId id, const char* message) {
    if (is_so) report(id, pair.findings, exposed, provider, message);
  };
  tell(sign, RuleId::unsigned_to_signed, "signed on one side only: numbers that do not fit are refused");
  tell(narrow, RuleId::wide_to_narrow, "wider on one side: numbers that do not fit are refused");
  tell(digits, RuleId::f64_to_f32, "a double goes into a float: digits that it does not hold are refused");
  tell(text, RuleId::string_maybe_binary,
       "text on one side, bytes on the other: what is no UTF-8 is refused");
  tell(set, RuleId::set_to_list, "a list goes into a set: of equal elements the first stays");
  tell(no_unset, RuleId::enum_no_zero, "the 0 that says nothing is refused here, where something must stand");
}

void Builder::check_presence(StructPair& pair, FieldPair& fields) {
  const Field& exposed = *fields.exposed;
  const Field& provider = *fields.provider;
  if (exposed.default_value && provider.default_value &&
      !same_default(*exposed.default_value, *provider.default_value)) {
    report(RuleId::default_differs, pair.findings, subject(*pair.exposed, exposed),
           subject(*pair.provider, provider), "each side has a default of its own");
  }
  if (is_struct(*exposed.type) || is_struct(*provider.type)) return;
  if (exposed.type->kind == Kind::enumeration && provider.type->kind == Kind::enumeration) {
    const EnumPair* values = data_->find(*exposed.type->enumeration, *provider.type->enumeration);
    // Its 0 says what absence says.
    if (values != nullptr && (values->exposed_zero_unset || values->provider_zero_unset)) return;
  }
  // A Thrift writer writes fields of default requiredness always, so they arrive as what was set.
  const auto loses = [](const Field& from, bool thrift, const Field& to) {
    const bool apart = is_explicit(from) && to.presence == Presence::implicit;
    const bool together = !thrift && from.presence == Presence::implicit && is_explicit(to);
    return apart || together;
  };
  const bool lossy = ((pair.flow & flow_request) != 0 && loses(exposed, exposed_thrift_, provider)) ||
                     ((pair.flow & flow_response) != 0 && loses(provider, provider_thrift_, exposed));
  if (!lossy || exposed.id == 0 || provider.id == 0) return;  // a result is always there
  report(
      RuleId::lossy_presence, pair.findings, subject(*pair.exposed, exposed),
      subject(*pair.provider, provider),
      "only one side tells unset from " + std::string(exposed.type->element != nullptr ? "empty" : "zero"));
}

void Builder::check_left(StructPair& pair, const Field& field, bool exposed) {
  const StructType& other = exposed ? *pair.provider : *pair.exposed;
  const Subject which = subject(pair.declaring(field, exposed), field);
  const std::uint8_t towards = exposed ? flow_response : flow_request;
  const std::uint8_t away = exposed ? flow_request : flow_response;
  if (field.presence == Presence::required && (pair.flow & towards) != 0) {
    report(RuleId::unmapped_required, pair.findings, exposed ? which : Subject(), exposed ? Subject() : which,
           "is required, and " + other.full_name + " has nothing to put there");
    judge(field, Verdict::refused, exposed);
    return;
  }
  if (!pair.droppable.contains(&field)) {
    const bool sent = (pair.flow & away) != 0;
    report(RuleId::unmapped_optional, pair.findings, exposed ? which : Subject(), exposed ? Subject() : which,
           "has no counterpart in " + other.full_name + ": " +
               (sent ? "a message that has it is refused" : "nobody sets it"));
  }
  judge(field, pair.droppable.contains(&field) ? Verdict::allowed : Verdict::unmapped, exposed);
}

// One finding a pair: two independent IDLs number nearly everything differently.
void Builder::check_numbers(StructPair& pair) {
  if (pair.exposed->role == StructRole::result || pair.provider->role == StructRole::result) return;
  std::unordered_map<std::int32_t, const Field*> by_number;
  for (const Field& field : pair.provider->fields) by_number.emplace(field.id, &field);
  std::vector<std::string> reused;
  for (const Field& field : pair.exposed->fields) {
    const auto other = by_number.find(field.id);
    if (other == by_number.end()) continue;
    const auto counterpart = pair.counterparts.find(&field);
    if (counterpart == pair.counterparts.end() || counterpart->second == other->second) continue;
    reused.push_back(std::to_string(field.id) + " (" + field.name + ", " + other->second->name + ")");
  }
  if (reused.empty()) return;
  report(RuleId::number_reused_other_name, pair.findings, subject(*pair.exposed), subject(*pair.provider),
         "names decide; different fields have the number " + list_names(reused, 4));
}

void Builder::check_overrides() {
  OverrideHints hints(exposed_, provider_, *data_, overrides_);
  for (const OverrideTable::Rename& rename : overrides_.renames()) {
    if (rename.used) continue;
    report(RuleId::override_unknown, data_->general, {rename.key, rename.key, {}}, {}, hints.unknown(rename));
  }
  for (const OverrideTable::Allowance& allowance : overrides_.allowances()) {
    if (allowance.used) continue;
    report(RuleId::override_unused, data_->general, {allowance.text, allowance.text, {}}, {},
           "there is no such finding to allow");
  }
}

}  // namespace koine::idl::match
