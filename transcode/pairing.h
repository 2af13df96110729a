// Pairing: which field and which enum value of one schema stands for which of another.
//
// Asked only while a plan is compiled, never for a message. OriginPairing knows pairs of which one side was
// derived from the other (or both sides are the same nodes) and goes by numbers; NamePairing (name_pairing.h)
// knows independently written ones. Immutable, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "idl/schema.h"

namespace koine::transcode {

class Pairing {
 public:
  virtual ~Pairing() = default;

  // May values of `source` become values of `target`?
  virtual bool structs(const idl::StructType& source, const idl::StructType& target) const = 0;
  // The field of `target` that stands for `field` of `source`; null when there is none. Never the same answer
  // for two fields of one struct.
  virtual const idl::Field* field(const idl::StructType& source, const idl::Field& field,
                                  const idl::StructType& target) const = 0;
  // A field without counterpart that somebody allowed by name to be lost: dropped and counted, not refused.
  virtual bool may_drop(const idl::StructType& source, const idl::Field& field,
                        const idl::StructType& target) const;

  // The only field of `wrapper` when it is the value that the other side has as `bare`, without a struct
  // around it; else null.
  virtual const idl::Field* wrapped(const idl::Type& wrapper, const idl::Type& bare) const;

  // A union field of one struct whose members are fields of the other: a oneof's.
  struct Inlined {
    const idl::StructType* holder = nullptr;  // that of the two which has `field`
    const idl::Field* field = nullptr;        // of a union's type
    std::vector<std::pair<const idl::Field*, const idl::Field*>> members;  // the union's, the other struct's
  };
  virtual std::vector<Inlined> inlined(const idl::StructType& source, const idl::StructType& target) const;

  virtual bool enums(const idl::EnumType& source, const idl::EnumType& target) const = 0;
  // The number of `target` that stands for a declared `number` of `source`; nothing when there is none.
  virtual std::optional<std::int32_t> number(const idl::EnumType& source, std::int32_t number,
                                             const idl::EnumType& target) const = 0;
  // Does a declared `number` of `source` that has no counterpart say that the field is unset?
  virtual bool means_unset(const idl::EnumType& source, std::int32_t number,
                           const idl::EnumType& target) const;
  // May numbers that neither side declares be passed on as they are? (Only where both number alike.)
  virtual bool passes_unknown(const idl::EnumType& source, const idl::EnumType& target) const = 0;

  // Of a method with arguments and a result, and one with messages: is the arguments (result) struct as a
  // whole the message, one field an argument? Else its only field is, a struct.
  virtual bool spread(const idl::Method& thrift, const idl::Method& messages, bool request) const;
  // Of two Thrift methods the one whose only argument, a struct, is the other's arguments as a whole; null
  // where their arguments structs correspond.
  virtual const idl::Method* enveloped(const idl::Method& caller, const idl::Method& provider) const;
  // The message that carries a Thrift method's exception, null when there is none.
  virtual const idl::StructType* error(const idl::StructType& exception, const idl::Method& messages) const;
  // Is an exception that nothing carries an error?
  virtual bool must_carry_errors() const { return true; }
};

// Pairs what is the same node, or what was derived: StructType::origin, Field::origin_id, EnumType::origin.
class OriginPairing final : public Pairing {
 public:
  bool structs(const idl::StructType& source, const idl::StructType& target) const override;
  const idl::Field* field(const idl::StructType& source, const idl::Field& field,
                          const idl::StructType& target) const override;
  const idl::Field* wrapped(const idl::Type& wrapper, const idl::Type& bare) const override;
  bool enums(const idl::EnumType& source, const idl::EnumType& target) const override;
  std::optional<std::int32_t> number(const idl::EnumType& source, std::int32_t number,
                                     const idl::EnumType& target) const override;
  bool passes_unknown(const idl::EnumType& source, const idl::EnumType& target) const override;
  // A derived method says whether it was spread; other pairs show it by their shape.
  bool spread(const idl::Method& thrift, const idl::Method& messages, bool request) const override;
};

}  // namespace koine::transcode
