// Pairing by origin.
#include "transcode/pairing.h"

namespace koine::transcode {
namespace {

template <class Node>
bool related(const Node& source, const Node& target) {
  if (&source == &target || source.origin == &target || target.origin == &source) return true;
  return source.origin != nullptr && source.origin == target.origin;  // two derived from one
}

bool is_wrapper(const idl::Type& type) {
  return type.kind == idl::Kind::structure && type.structure->role == idl::StructRole::wrapper &&
         type.structure->fields.size() == 1;
}

}  // namespace

bool Pairing::may_drop(const idl::StructType& /*source*/, const idl::Field& /*field*/,
                       const idl::StructType& /*target*/) const {
  return false;
}

const idl::Field* Pairing::wrapped(const idl::Type& /*wrapper*/, const idl::Type& /*bare*/) const {
  return nullptr;
}

std::vector<Pairing::Inlined> Pairing::inlined(const idl::StructType& /*source*/,
                                               const idl::StructType& /*target*/) const {
  return {};
}

bool Pairing::means_unset(const idl::EnumType& /*source*/, std::int32_t number,
                          const idl::EnumType& /*target*/) const {
  return number == 0;  // a zero that only one side has
}

bool Pairing::spread(const idl::Method& thrift, const idl::Method& messages, bool request) const {
  return request ? structs(*thrift.request, *messages.request)
                 : structs(*thrift.response, *messages.response);
}

const idl::Method* Pairing::enveloped(const idl::Method& /*caller*/, const idl::Method& /*provider*/) const {
  return nullptr;
}

const idl::StructType* Pairing::error(const idl::StructType& exception, const idl::Method& messages) const {
  for (const idl::StructType* message : messages.declared_errors) {
    if (structs(exception, *message)) return message;
  }
  return nullptr;
}

bool OriginPairing::structs(const idl::StructType& source, const idl::StructType& target) const {
  return related(source, target);
}

const idl::Field* OriginPairing::field(const idl::StructType& source, const idl::Field& field,
                                       const idl::StructType& target) const {
  if (&source == &target) return &field;
  if (source.origin == &target) return target.find_field(field.origin_id);
  // The other way round, or both derived from one: the target's field that names the same original.
  const std::int32_t original = target.origin == &source ? field.id : field.origin_id;
  for (const idl::Field& candidate : target.fields) {
    if (candidate.origin_id == original) return &candidate;
  }
  return nullptr;
}

const idl::Field* OriginPairing::wrapped(const idl::Type& wrapper, const idl::Type& bare) const {
  if (!is_wrapper(wrapper) || is_wrapper(bare)) return nullptr;
  return &wrapper.structure->fields.front();
}

bool OriginPairing::enums(const idl::EnumType& source, const idl::EnumType& target) const {
  return related(source, target);
}

std::optional<std::int32_t> OriginPairing::number(const idl::EnumType& /*source*/, std::int32_t number,
                                                  const idl::EnumType& target) const {
  if (target.find_value(number) == nullptr) return std::nullopt;
  return number;
}

bool OriginPairing::passes_unknown(const idl::EnumType& source, const idl::EnumType& target) const {
  return !source.closed && !target.closed;
}

bool OriginPairing::spread(const idl::Method& thrift, const idl::Method& messages, bool request) const {
  const idl::Method* derived = thrift.origin == &messages   ? &thrift
                               : messages.origin == &thrift ? &messages
                                                            : nullptr;
  if (derived != nullptr) return request ? derived->request_spread : derived->response_spread;
  return Pairing::spread(thrift, messages, request);
}

}  // namespace koine::transcode
