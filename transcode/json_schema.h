// What JSON needs to know of a schema beside it: names, indexed; forms of well-known types; how protobuf
// writes each field. Built once a plan, immutable, any thread. Internal to json_*.cc and plan.cc.
//
// A plan with JSON at one end is two steps: JSON ⇄ protobuf bytes of JSON's own schema, by ProtoJSON's rules
// and these tables, and an ordinary plan from (to) those bytes, which knows every rule of mapping. So JSON is
// what protobuf's own libraries write for that schema, and no rule is written twice.
//
// Source: protobuf.dev, "ProtoJSON Format"; libprotobuf's util/internal/*.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "idl/schema.h"
#include "transcode/step_sink.h"

namespace koine::transcode {

// Messages of google.protobuf that have a JSON form of their own.
enum class WellKnown : std::uint8_t {
  none,
  timestamp,
  duration,
  wrapper,
  field_mask,
  structure,
  value,
  list,
  any
};

struct JsonStruct;

// JSON says nothing of a NullValue but that it is null.
inline constexpr std::string_view not_null_text = "NullValue has no form but null, which is the number 0";

struct JsonEnum {
  bool is_null = false;                                            // google.protobuf.NullValue
  std::vector<std::pair<std::string_view, std::int32_t>> by_name;  // sorted
  std::vector<std::pair<std::int32_t, PaddedText>> by_number;      // sorted, the first of each; in quotes

  const std::int32_t* number_of(std::string_view name) const noexcept;
  // In quotes; null when no value has the number.
  const PaddedText* name_of(std::int32_t number) const noexcept;
};

struct JsonType {
  idl::Kind kind = idl::Kind::boolean;
  idl::NumberForm number_form = idl::NumberForm::plain;
  bool delimited = false;
  std::uint8_t wire_type = 0;  // of one value, not packed
  const JsonStruct* structure = nullptr;
  const JsonEnum* enumeration = nullptr;
  const JsonType* key = nullptr;
  const JsonType* element = nullptr;  // of list, set; the value of a map

  bool repeated() const noexcept {
    return kind == idl::Kind::list || kind == idl::Kind::set || kind == idl::Kind::map;
  }
  // Is JSON's null a value here, not "unset"?
  bool takes_null() const noexcept;
};

struct JsonField {
  const idl::Field* field = nullptr;
  const JsonType* type = nullptr;
  std::uint32_t number = 0;
  std::int32_t oneof = -1;
  bool own_name = false;  // reading the name that is written means this field
  PaddedText key;         // "\"orderId\":"
};

struct JsonStruct {
  const idl::StructType* type = nullptr;
  WellKnown well_known = WellKnown::none;
  std::vector<JsonField> fields;
  std::vector<std::pair<std::string_view, std::uint32_t>> by_name;  // sorted: JSON names and original ones
  std::vector<std::uint32_t> by_number;                             // indexes, sorted by number
  bool is_union = false;

  // Members nearly always come in the order of declaration: `place` is which one is expected (0 at first),
  // and then the one behind it.
  const JsonField* find(std::string_view name, std::size_t& place) const noexcept;
  // The one that is expected there; null when it has no name of its own.
  const JsonField* expected(std::size_t place) const noexcept {
    return place < fields.size() && fields[place].own_name ? &fields[place] : nullptr;
  }
  // Fields nearly always come in the order of their numbers: `place` is where in that order the field is
  // expected (0 at first), and then the one behind it.
  const JsonField* find(std::uint32_t number, std::uint32_t& place) const noexcept {
    if (place < by_number.size() && fields[by_number[place]].number == number) [[likely]]
      return &fields[by_number[place++]];
    return find_anywhere(number, place);
  }
  const JsonField* find(std::uint32_t number) const noexcept {
    std::uint32_t place = 0;
    return find(number, place);
  }

 private:
  const JsonField* find_anywhere(std::uint32_t number, std::uint32_t& place) const noexcept;
};

class JsonSchema {
 public:
  // USAGE when protobuf cannot hold the struct (field numbers below 1, containers inside containers): JSON
  // stands for the protobuf view of a service. `root` outlives this.
  static base::Result<std::unique_ptr<const JsonSchema>> compile(const idl::StructType& root);
  const JsonStruct& root() const noexcept { return *root_; }
  // Of the hash that finds repeated keys: they are a peer's.
  std::uint64_t seed() const noexcept { return seed_; }

 private:
  const JsonStruct& add(const idl::StructType& type);
  const JsonEnum& add(const idl::EnumType& type);
  const JsonType& add(const idl::Type& type, bool element);
  void index_names(JsonStruct& made) const;
  void refuse(std::string why);

  std::deque<JsonStruct> structs_;
  std::deque<JsonEnum> enums_;
  std::deque<JsonType> types_;
  std::map<const idl::StructType*, const JsonStruct*> known_structs_;
  std::map<const idl::EnumType*, const JsonEnum*> known_enums_;
  const JsonStruct* root_ = nullptr;
  std::uint64_t seed_ = base::random_seed();
  std::string problem_;
};

}  // namespace koine::transcode
