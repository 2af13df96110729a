// What Hessian2 needs to know of a schema beside it: class names and definitions, fields by name, enum values
// by name, Java's own types. Built once a plan, immutable, any thread. Internal to hessian_*.cc.
//
// A plan with Hessian2 at one end is two steps: Hessian2 ⇄ binary bytes of the same schema, by these tables,
// and an ordinary plan from (to) those bytes, which knows every rule of mapping.
//
//   struct                     object of its class; arguments: their values one behind the other; a result:
//   the
//                              value of its field 0
//   i8 i16 i32, u8 u16         int; i64, u32, u64: long
//   f32                        the double that a float's shortest decimal means, f64: double
//   string, bytes              text, octets; char: a text of one unit
//   enum                       object of its class with one field, `name`
//   list                       without a type, or with an array's or the collection's own
//   set                        list typed java.util.HashSet, or with its own type
//   map                        without a type, or with its own
//   java.util.Date             a date (i64, milliseconds)
//   BigDecimal, UUID           object with one field, `value`, a text;  BigInteger: signum and mag
//   java.time                  objects of hessian-lite's handles (dubbo-hessian-lite: io/java8/*Handle.java)
//
// Source: dubbo-hessian-lite 4.0.4 and 3.2.13, and what their providers and consumers were seen to write.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "idl/schema.h"

namespace koine::transcode {

// Java's types that are one kind in the graph and written differently.
enum class JavaType : std::uint8_t {
  plain,
  character,
  date,
  sql_date,  // java.sql.Date, Time, Timestamp: a date where a field is one
  decimal,
  big_integer,
  local_date,
  local_time,
  local_date_time,
  duration,  // protobuf's: of one sign; Java's nanoseconds are never negative
};

struct HessianStruct;

struct HessianEnum {
  std::string class_name;
  std::string definition;  // as it is written
  std::uint32_t class_index = 0;
  std::vector<std::pair<std::string_view, std::int32_t>> by_name;  // sorted
  std::vector<std::pair<std::int32_t, std::string>> by_number;     // sorted; texts as they are written

  const std::int32_t* number_of(std::string_view name) const noexcept;
  const std::string* name_of(std::int32_t number) const noexcept;  // null: no value has it
};

// Values that nothing lies in, by how they are read and written; the others have a longer way.
enum class HessianLeaf : std::uint8_t { none, text, i32, i64, boolean, f64 };

struct HessianType {
  idl::Kind kind = idl::Kind::boolean;
  JavaType java = JavaType::plain;
  std::uint8_t wire_type = 0;  // in the binary protocol
  HessianLeaf leaf = HessianLeaf::none;
  const HessianStruct* structure = nullptr;
  const HessianEnum* enumeration = nullptr;
  const HessianType* key = nullptr;
  const HessianType* element = nullptr;  // of list, set; the value of a map
  std::string type_name;                 // that is written before a list or map; empty: none
  std::uint32_t type_index = 0;          // the same for the same name
};

struct HessianField {
  const idl::Field* field = nullptr;
  const HessianType* type = nullptr;
  std::string_view name;  // in definitions
  std::int16_t id = 0;
  std::uint32_t head = 0;                // its three bytes in the binary protocol: type, id
  HessianLeaf leaf = HessianLeaf::none;  // its type's
  bool is_primitive = false;             // null is refused
  bool is_never_null = false;            // a collection: one that is not there is empty
};

struct HessianStruct {
  const idl::StructType* type = nullptr;
  std::string class_name;
  std::string definition;  // as it is written
  std::uint32_t class_index = 0;
  std::vector<HessianField> fields;                                 // in order of declaration
  std::vector<std::pair<std::string_view, std::uint32_t>> by_name;  // sorted
  std::vector<std::pair<std::int16_t, std::uint32_t>> by_id;        // sorted
  bool is_exception = false;

  // Null: there is none.
  const HessianField* find(std::string_view name) const noexcept;
  const HessianField* find(std::int16_t id) const noexcept;
};

// Handles and other classes of which the fields are not the schema's: each has a place among definitions.
enum class Handle : std::uint8_t {
  decimal,
  big_integer,
  uuid,
  local_date,
  local_time,
  local_date_time,
  duration,
};
inline constexpr std::size_t handle_count = 7;
// As it is written.
std::string_view definition(Handle handle);
std::string_view class_name(Handle handle);

// How objects are written: as themselves, or as Dubbo's generic calls have them (PojoUtils.generalize), for
// whom their classes need not be there:
//
//   object       a map without a type: "class" and its fields, by name
//   enum, java.time.Local…     a text
//   list, set    a list, a set of the library's; array of anything but primitives and texts: Object[]
//
// Read is either, and numbers and decimals out of texts.
enum class HessianStyle : std::uint8_t { typed, generic };

class HessianSchema {
 public:
  // MAP_TYPE naming each field (by path) whose Java type has no form here. `root` outlives this.
  static base::Result<std::unique_ptr<const HessianSchema>> compile(const idl::StructType& root,
                                                                    HessianStyle style = HessianStyle::typed);
  bool is_generic() const noexcept { return style_ == HessianStyle::generic; }
  const HessianStruct& root() const noexcept { return *root_; }
  // No other schema of the process has, or had, this number.
  std::uint64_t stamp() const noexcept { return stamp_; }
  // How many classes objects may be of: structs and enums have indexes below that, handles lie behind them.
  std::size_t classes() const noexcept { return next_index_ + handle_count; }
  // How many names are written before lists and maps.
  std::size_t types() const noexcept { return type_names_.size(); }
  std::size_t index_of(Handle handle) const noexcept {
    return next_index_ + static_cast<std::size_t>(handle);
  }

 private:
  const HessianStruct& add(const idl::StructType& type);
  const HessianEnum& add(const idl::EnumType& type);
  const HessianType& add(const idl::Type& type, bool of_field);
  void refuse(const std::string& why);

  std::deque<HessianStruct> structs_;
  std::deque<HessianEnum> enums_;
  std::deque<HessianType> types_;
  std::map<const idl::StructType*, const HessianStruct*> known_structs_;
  std::map<const idl::EnumType*, const HessianEnum*> known_enums_;
  std::map<std::string, std::uint32_t> type_names_;
  HessianStyle style_ = HessianStyle::typed;
  const HessianStruct* root_ = nullptr;
  std::uint32_t next_index_ = 0;
  std::uint64_t stamp_ = 0;
  // While it is compiled.
  std::vector<std::string> path_;
  std::vector<std::string> problems_;
};

}  // namespace koine::transcode
