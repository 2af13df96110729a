// Schemas, values and plans for tests, written in few words.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "idl/schema.h"
#include "transcode/plan.h"

namespace koine::transcode::testing {

using idl::Kind;
using idl::Presence;

// Builds a schema by hand; nodes live as long as the builder.
class SchemaBuilder {
 public:
  const idl::Type* scalar(Kind kind) { return schema_.scalar(kind); }
  const idl::Type* number(Kind kind, idl::NumberForm form) {
    idl::Type& type = schema_.add_type();
    type.kind = kind;
    type.number_form = form;
    return &type;
  }
  const idl::Type* list(const idl::Type* element, Kind kind = Kind::list) {
    idl::Type& type = schema_.add_type();
    type.kind = kind;
    type.element = element;
    return &type;
  }
  const idl::Type* set(const idl::Type* element) { return list(element, Kind::set); }
  const idl::Type* map(const idl::Type* key, const idl::Type* element) {
    idl::Type& type = schema_.add_type();
    type.kind = Kind::map;
    type.key = key;
    type.element = element;
    return &type;
  }
  const idl::Type* of(const idl::StructType& structure, bool delimited = false) {
    idl::Type& type = schema_.add_type();
    type.kind = Kind::structure;
    type.structure = &structure;
    type.delimited = delimited;
    return &type;
  }
  const idl::Type* of(const idl::EnumType& enumeration) {
    idl::Type& type = schema_.add_type();
    type.kind = Kind::enumeration;
    type.enumeration = &enumeration;
    return &type;
  }
  idl::StructType& structure(std::string name) {
    idl::StructType& made = schema_.add_struct();
    made.name = made.full_name = std::move(name);
    return made;
  }
  idl::EnumType& enumeration(std::string name, std::initializer_list<std::int32_t> numbers) {
    idl::EnumType& made = schema_.add_enum();
    made.name = made.full_name = std::move(name);
    for (const std::int32_t number : numbers) {
      idl::EnumValue& value = made.values.emplace_back();
      value.name = "V" + std::to_string(number < 0 ? -number : number) + (number < 0 ? "N" : "");
      value.number = number;
    }
    return made;
  }

 private:
  idl::Schema schema_;
};

// Adds a field; its origin is `origin_id`, or the same id in a derived struct.
inline idl::Field& add(idl::StructType& to, std::int32_t id, std::string name, const idl::Type* type,
                       Presence presence = Presence::implicit, std::int32_t origin_id = -1000000) {
  idl::Field& field = to.fields.emplace_back();
  field.id = id;
  field.name = field.json_name = std::move(name);
  field.type = type;
  field.presence = presence;
  field.origin_id = origin_id == -1000000 ? id : origin_id;
  return field;
}

inline constexpr model::BodyFormat binary = model::BodyFormat::thrift_binary;
inline constexpr model::BodyFormat compact = model::BodyFormat::thrift_compact;
inline constexpr model::BodyFormat protobuf = model::BodyFormat::protobuf;
inline constexpr model::BodyFormat json = model::BodyFormat::json;
inline constexpr model::BodyFormat thrift_json = model::BodyFormat::thrift_json;

// Bytes written as hexadecimal digits; everything else in the text is decoration.
inline std::string hex(std::string_view text) {
  std::string bytes;
  int high = -1;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<char>(high << 4 | digit));
      high = -1;
    }
  }
  return bytes;
}
inline std::string to_hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    if (!text.empty()) text.push_back(' ');
    text.push_back(digits[static_cast<unsigned char>(c) >> 4]);
    text.push_back(digits[static_cast<unsigned char>(c) & 15]);
  }
  return text;
}

// A compiled plan with a context of its own.
class Runner {
 public:
  Runner(const Side& source, const Side& target, const PlanOptions& options = {}) {
    auto compiled = Plan::compile(source, target, OriginPairing(), options);
    if (compiled) {
      plan_ = std::move(*compiled);
    } else {
      error_ = compiled.error();
    }
  }
  Runner(model::BodyFormat source, const idl::StructType& from, model::BodyFormat target,
         const idl::StructType& to, const PlanOptions& options = {})
      : Runner(Side{source, &from, {}}, Side{target, &to, {}}, options) {}

  const base::Status& compile_error() const { return error_; }
  const Plan& plan() const { return *plan_; }
  Context& context() { return context_; }
  // The translated bytes, or the failure's text.
  base::Status run(std::string_view in, std::string& out) {
    // A copy of exactly this size, so that a sanitizer sees every byte read too far.
    const std::vector<std::uint8_t> exact(in.begin(), in.end());
    const base::Status status = plan_->run(exact, context_, context_.output);
    out = status.ok() ? std::string(base::as_text(context_.output.bytes())) : std::string();
    return status;
  }
  std::string hex_of(std::string_view in) {
    std::string out;
    const base::Status status = run(in, out);
    return status.ok() ? to_hex(out) : status.to_string();
  }

 private:
  std::unique_ptr<const Plan> plan_;
  base::Status error_;
  base::SlabPool pool_;
  Context context_{&pool_};
};

// Struct S and message S with the same fields, described once by `fill`.
struct Both {
  SchemaBuilder schema;
  idl::StructType* thrift = nullptr;
  idl::StructType* proto = nullptr;

  Both() {
    thrift = &schema.structure("t.S");
    proto = &schema.structure("p.S");
    proto->origin = thrift;
  }
  Both& field(int id, const char* name, const idl::Type* in_thrift, Presence thrift_presence,
              const idl::Type* in_proto, Presence proto_presence) {
    add(*thrift, id, name, in_thrift, thrift_presence);
    add(*proto, id, name, in_proto, proto_presence);
    return *this;
  }
  Both& scalar(int id, const char* name, Kind kind, Presence thrift_presence, Presence proto_presence) {
    return field(id, name, schema.scalar(kind), thrift_presence, schema.scalar(kind), proto_presence);
  }
  Runner to_proto(const PlanOptions& options = {}) { return {compact, *thrift, protobuf, *proto, options}; }
  Runner to_thrift(const PlanOptions& options = {}) { return {protobuf, *proto, compact, *thrift, options}; }
};

}  // namespace koine::transcode::testing
