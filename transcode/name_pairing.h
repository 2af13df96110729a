// NamePairing: the pairing of two independently written IDLs, as idl/match found it.
//
// Numbers of fields and enum values mean nothing here: what no name pairs is refused when it comes, or
// dropped and counted where somebody allowed it. Refers to the match, which outlives it.
#pragma once

#include "idl/match/match.h"
#include "transcode/pairing.h"

namespace koine::transcode {

class NamePairing final : public Pairing {
 public:
  explicit NamePairing(const idl::match::Match& match) : match_(match) {}

  bool structs(const idl::StructType& source, const idl::StructType& target) const override;
  const idl::Field* field(const idl::StructType& source, const idl::Field& field,
                          const idl::StructType& target) const override;
  bool may_drop(const idl::StructType& source, const idl::Field& field,
                const idl::StructType& target) const override;
  const idl::Field* wrapped(const idl::Type& wrapper, const idl::Type& bare) const override;
  std::vector<Inlined> inlined(const idl::StructType& source, const idl::StructType& target) const override;
  bool enums(const idl::EnumType& source, const idl::EnumType& target) const override;
  std::optional<std::int32_t> number(const idl::EnumType& source, std::int32_t number,
                                     const idl::EnumType& target) const override;
  bool means_unset(const idl::EnumType& source, std::int32_t number,
                   const idl::EnumType& target) const override;
  bool passes_unknown(const idl::EnumType& source, const idl::EnumType& target) const override;
  bool spread(const idl::Method& thrift, const idl::Method& messages, bool request) const override;
  const idl::Method* enveloped(const idl::Method& caller, const idl::Method& provider) const override;
  const idl::StructType* error(const idl::StructType& exception, const idl::Method& messages) const override;
  // Then callers get its code and text.
  bool must_carry_errors() const override { return false; }

 private:
  const idl::match::Match& match_;
};

}  // namespace koine::transcode
