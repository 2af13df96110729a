// Methods that are Thrift's on both sides.
//
//   one argument, a struct         one argument, a struct, whatever its name; or the struct's fields as
//   arguments any other arguments            arguments by name a result                       the result an
//   exception                   the one whose type has its name, or that a rename or koine.name says
#include <algorithm>

#include "idl/folded.h"
#include "idl/match/adapters.h"
#include "idl/match/builder.h"
#include "idl/source.h"

namespace koine::idl::match {
namespace {

const Field* only_struct(const StructType& arguments) {
  if (arguments.fields.size() != 1) return nullptr;
  const Field& only = arguments.fields.front();
  return plain_struct(*only.type) == nullptr ? nullptr : &only;
}

bool said_to_spread(const Method& method) {
  const std::string* form = find_annotation(method.annotations, "koine.args");
  return form != nullptr && *form == "spread";
}

// Is the struct the only argument of the other side, which has no struct around it?
bool wraps(const Field& only, const StructType& arguments) {
  return arguments.fields.size() == 1 &&
         wrapped_field(*only.type, *arguments.fields.front().type) != nullptr &&
         common_fields(*only.type->structure, arguments) == 0;
}

}  // namespace

void Builder::pair_arguments(MethodPair& pair) {
  const StructType& exposed = *pair.exposed->request;
  const StructType& provider = *pair.provider->request;
  const Field* here = only_struct(exposed);
  const Field* there = only_struct(provider);
  if (here != nullptr && overrides_.find(exposed, here->name) != nullptr) here = there = nullptr;
  const bool both = here != nullptr && there != nullptr;
  if (both || (here != nullptr && wraps(*here, provider)) || (there != nullptr && wraps(*there, exposed))) {
    shaped(pair, exposed, &exposed.fields.front(), provider, &provider.fields.front(), flow_request);
  } else if (here != nullptr && !said_to_spread(*pair.exposed) && !spreads(*here, provider)) {
    pair.enveloped = pair.exposed;
    root(pair, *here->type->structure, provider, flow_request);
  } else if (there != nullptr && !said_to_spread(*pair.provider) && !spreads(*there, exposed)) {
    pair.enveloped = pair.provider;
    root(pair, exposed, *there->type->structure, flow_request);
  } else {
    root(pair, exposed, provider, flow_request);
  }
}

void Builder::pair_results(MethodPair& pair) {
  const StructType& exposed = *pair.exposed->response;
  const StructType& provider = *pair.provider->response;
  StructPair& results = struct_pair(exposed, provider);
  pair.structs.push_back(&results);
  if (!results.made) {
    results.made = true;
    results.shape = &pair;
    std::unordered_set<const Field*> taken;
    for (const Field& field : exposed.fields) {
      const Field* other = field.id == 0 ? provider.find_field(0) : raised(*field.type->structure, provider);
      if (other == nullptr || !taken.insert(other).second) continue;
      taken.insert(&field);
      put(results, results.fields, field, *other);
      if (field.id == 0) continue;
      data_->errors.emplace(field.type->structure, other->type->structure);
      data_->errors.emplace(other->type->structure, field.type->structure);
    }
    leave_rest(results, taken);
    tell_exceptions(pair, results);
  }
  send(results, flow_response);
}

// The field of the provider's results that holds the exception's counterpart; null when there is none.
const Field* Builder::raised(const StructType& exception, const StructType& results) {
  OverrideTable::Rename* rename = overrides_.find(exception.full_name, exception.name);
  if (rename != nullptr && rename->to.empty()) {
    rename->used = true;
    dropped_errors_.insert(&exception);
    return nullptr;
  }
  const std::string* other_name = find_annotation(exception.annotations, "koine.name");
  const std::string wanted = folded(other_name != nullptr ? *other_name : exception.name);
  for (const Field& field : results.fields) {
    if (field.id == 0) continue;
    const StructType& type = *field.type->structure;
    if (rename != nullptr) {
      if (rename->to != type.name && rename->to != type.full_name) continue;
      rename->used = true;
      return &field;
    }
    const std::string* back = find_annotation(type.annotations, "koine.name");
    if (folded(type.name) == wanted || (back != nullptr && folded(*back) == folded(exception.name))) {
      return &field;
    }
  }
  return nullptr;
}

// Of those without a counterpart callers get code and text; whatever is allowed, no value becomes another.
void Builder::tell_exceptions(MethodPair& pair, StructPair& results) {
  for (const bool exposed : {true, false}) {
    std::erase_if(exposed ? results.exposed_left : results.provider_left, [&](const Field* field) {
      if (field->id == 0) return false;
      results.droppable.insert(field);
      const StructType& exception = *field->type->structure;
      if (dropped_errors_.contains(&exception) || !told_errors_.insert(&exception).second) return true;
      if (exposed) {
        report(RuleId::exception_never_raised, pair.findings, subject(exception), {},
               "the provider declares none that stands for it, so callers never get it");
      } else {
        report(RuleId::exception_unmatched, pair.findings, {}, subject(exception),
               "callers declare none that stands for it: they get its code and text only");
      }
      return true;
    });
  }
}

}  // namespace koine::idl::match
