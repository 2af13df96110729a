// A match, asked as plans ask.
#include "transcode/name_pairing.h"

#include "idl/match/adapters.h"

namespace koine::transcode {

bool NamePairing::structs(const idl::StructType& source, const idl::StructType& target) const {
  return match_.structs(source, target);
}

const idl::Field* NamePairing::field(const idl::StructType& source, const idl::Field& field,
                                     const idl::StructType& target) const {
  return match_.field(source, field, target);
}

bool NamePairing::may_drop(const idl::StructType& source, const idl::Field& field,
                           const idl::StructType& target) const {
  return match_.may_drop(source, field, target);
}

const idl::Field* NamePairing::wrapped(const idl::Type& wrapper, const idl::Type& bare) const {
  return idl::match::wrapped_field(wrapper, bare);
}

std::vector<Pairing::Inlined> NamePairing::inlined(const idl::StructType& source,
                                                   const idl::StructType& target) const {
  std::vector<Inlined> out;
  for (const idl::match::UnionPair& pair : match_.unions(source, target)) {
    Inlined& one = out.emplace_back();
    one.holder = pair.union_holder;
    one.field = pair.field;
    for (const auto& [of_union, of_oneof] : pair.members) one.members.emplace_back(of_union, of_oneof);
  }
  return out;
}

bool NamePairing::enums(const idl::EnumType& source, const idl::EnumType& target) const {
  return match_.enums(source, target);
}

std::optional<std::int32_t> NamePairing::number(const idl::EnumType& source, std::int32_t number,
                                                const idl::EnumType& target) const {
  return match_.number(source, number, target);
}

bool NamePairing::means_unset(const idl::EnumType& source, std::int32_t number,
                              const idl::EnumType& target) const {
  return match_.means_unset(source, number, target);
}

bool NamePairing::passes_unknown(const idl::EnumType& /*source*/, const idl::EnumType& /*target*/) const {
  return false;
}

bool NamePairing::spread(const idl::Method& thrift, const idl::Method& messages, bool request) const {
  const idl::Method& exposed = match_.provider_method(thrift) == &messages ? thrift : messages;
  return request ? match_.request_spread(exposed) : match_.response_spread(exposed);
}

const idl::Method* NamePairing::enveloped(const idl::Method& caller, const idl::Method& /*provider*/) const {
  return match_.enveloped(caller);
}

const idl::StructType* NamePairing::error(const idl::StructType& exception,
                                          const idl::Method& /*messages*/) const {
  return match_.error(exception);
}

}  // namespace koine::transcode
