// How exceptions stand to what carries them beside their own message: RpcStatus, a status's text.
// Internal to error_plans.cc. Each refers to what it was made of; asked while a plan is compiled only.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "codecs/bodies/protobuf/primitives.h"
#include "idl/schema.h"
#include "transcode/pairing.h"

namespace koine::transcode {

// Is it the exception that derived Thrift methods declare for any gRPC status?
inline bool is_rpc_status(const idl::StructType& type) {
  return idl::find_annotation(type.annotations, idl::rpc_status_annotation) != nullptr;
}

// The number of a text that a message has not: protobuf's largest.
inline constexpr auto text_number = static_cast<std::int32_t>(codecs::bodies::protobuf::field_number_max);

// google.rpc.Status and RpcStatus have the same fields by the same numbers, once an Any is seen as bytes.
class StatusPairing final : public Pairing {
 public:
  explicit StatusPairing(const idl::StructType& status) : status_(status) {}
  bool structs(const idl::StructType& source, const idl::StructType& target) const override {
    return (&source == &status_ && is_rpc_status(target)) || (&target == &status_ && is_rpc_status(source));
  }
  const idl::Field* field(const idl::StructType& /*source*/, const idl::Field& field,
                          const idl::StructType& target) const override {
    return target.find_field(field.id);
  }
  bool enums(const idl::EnumType& /*source*/, const idl::EnumType& /*target*/) const override {
    return false;
  }
  std::optional<std::int32_t> number(const idl::EnumType& /*source*/, std::int32_t /*number*/,
                                     const idl::EnumType& /*target*/) const override {
    return std::nullopt;
  }
  bool passes_unknown(const idl::EnumType& /*source*/, const idl::EnumType& /*target*/) const override {
    return false;
  }

 private:
  const idl::StructType& status_;
};

// Of an exception only its text.
class TextAlone final : public Pairing {
 public:
  TextAlone(const idl::Field& text, const idl::StructType& alone) : text_(text), alone_(alone) {}
  bool structs(const idl::StructType& /*source*/, const idl::StructType& target) const override {
    return &target == &alone_;
  }
  const idl::Field* field(const idl::StructType& /*source*/, const idl::Field& field,
                          const idl::StructType& /*target*/) const override {
    return &field == &text_ ? &alone_.fields.front() : nullptr;
  }
  bool may_drop(const idl::StructType& /*source*/, const idl::Field& /*field*/,
                const idl::StructType& /*target*/) const override {
    return true;
  }
  bool enums(const idl::EnumType& /*source*/, const idl::EnumType& /*target*/) const override {
    return false;
  }
  std::optional<std::int32_t> number(const idl::EnumType& /*source*/, std::int32_t /*number*/,
                                     const idl::EnumType& /*target*/) const override {
    return std::nullopt;
  }
  bool passes_unknown(const idl::EnumType& /*source*/, const idl::EnumType& /*target*/) const override {
    return false;
  }

 private:
  const idl::Field& text_;
  const idl::StructType& alone_;
};

// Another pairing, for which `with_text` is `message` and a text that stands for `text` of the exception.
class TextPairing final : public Pairing {
 public:
  TextPairing(const Pairing& base, const idl::StructType& message, const idl::StructType& with_text,
              const idl::Field& text)
      : base_(base), message_(message), with_text_(with_text), text_(text) {}

  bool structs(const idl::StructType& source, const idl::StructType& target) const override {
    return base_.structs(real(source), real(target));
  }
  const idl::Field* field(const idl::StructType& source, const idl::Field& field,
                          const idl::StructType& target) const override {
    if (&source == &with_text_ && field.id == text_number) return &text_;
    if (&target == &with_text_ && &field == &text_) return &with_text_.fields.back();
    return made(base_.field(real(source), real(source, field), real(target)), target);
  }
  bool may_drop(const idl::StructType& source, const idl::Field& field,
                const idl::StructType& target) const override {
    return base_.may_drop(real(source), real(source, field), real(target));
  }
  const idl::Field* wrapped(const idl::Type& wrapper, const idl::Type& bare) const override {
    return base_.wrapped(wrapper, bare);
  }
  std::vector<Inlined> inlined(const idl::StructType& source, const idl::StructType& target) const override {
    std::vector<Inlined> unions = base_.inlined(real(source), real(target));
    const idl::StructType& copied = &source == &with_text_ ? source : target;
    if (&copied != &with_text_) return unions;
    for (Inlined& one : unions) {
      if (one.holder == &message_) {
        one.holder = &copied;
        one.field = made(one.field, copied);
      } else {
        for (auto& [member, other] : one.members) other = made(other, copied);
      }
    }
    return unions;
  }
  bool enums(const idl::EnumType& source, const idl::EnumType& target) const override {
    return base_.enums(source, target);
  }
  std::optional<std::int32_t> number(const idl::EnumType& source, std::int32_t number,
                                     const idl::EnumType& target) const override {
    return base_.number(source, number, target);
  }
  bool means_unset(const idl::EnumType& source, std::int32_t number,
                   const idl::EnumType& target) const override {
    return base_.means_unset(source, number, target);
  }
  bool passes_unknown(const idl::EnumType& source, const idl::EnumType& target) const override {
    return base_.passes_unknown(source, target);
  }

 private:
  const idl::StructType& real(const idl::StructType& type) const {
    return &type == &with_text_ ? message_ : type;
  }
  const idl::Field& real(const idl::StructType& type, const idl::Field& field) const {
    return &type == &with_text_ ? *message_.find_field(field.id) : field;
  }
  static const idl::Field* made(const idl::Field* field, const idl::StructType& type) {
    return field == nullptr ? nullptr : type.find_field(field->id);
  }

  const Pairing& base_;
  const idl::StructType& message_;
  const idl::StructType& with_text_;
  const idl::Field& text_;
};

}  // namespace koine::transcode
