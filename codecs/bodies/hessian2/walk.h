// Hessian 2.0, the structure of a stream of values: objects and their definitions, lists, maps, references.
//
//   43 name n name*n value                       a definition (of a class, with its fields' names) and a
//   value 4f int | 60-6f       value*n                 an object: the index of its definition, its fields 48
//   (key value)* 5a   4d type (key value)* 5a a map 57 value* 5a         55 type value* 5a       a list of
//   unknown length 58 int value*n       56 type int value*n     a list of n 78-7f value*n        70-77 type
//   value*n      a list of 0 to 7 51 int                                       a reference: the list, map or
//   object that began as this one type: a text, which gets the next index among types, or an int, that index
//
// Definitions, types and references count from 0 over the whole stream, that is a Dubbo2 body (arguments and
// attachments together) or a single argument of Triple. An object of java.time.LocalDate or LocalTime whose
// definition has no fields has one value nevertheless (dubbo-hessian-lite 4.0.4 in its compact mode).
//
// A Walker goes over values without looking into them, and remembers what later values of the stream need.
// Every length is checked against the bytes that are there; memory is a small multiple of the definitions'
// bytes, or of all bytes where places are kept. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "codecs/wire.h"

namespace koine::codecs::bodies::hessian2 {

// The front of an object: its class and its fields' names are texts in the stream, one behind the other.
struct ObjectHead {
  const std::uint8_t* values = nullptr;  // of the fields; null: there is no object
  const std::uint8_t* class_name = nullptr;
  const std::uint8_t* field_names = nullptr;
  std::size_t names = 0;       // how many of them
  std::size_t fields = 0;      // how many values: as many, but for the two classes with one that has no name
  std::size_t definition = 0;  // its index
  std::size_t bytes = 0;       // of the definition, from the class's name to the last field's
};

// The front of a list.
struct ListHead {
  const std::uint8_t* values = nullptr;  // null: there is no list
  const std::uint8_t* type = nullptr;    // a text; null where it has none
  std::size_t type_index = 0;            // which of the stream's types that is
  std::size_t count = 0;
  bool is_open = false;  // its end is marked, its count unknown
};

// The front of a map, whose keys and values follow up to lead_end.
struct MapHead {
  const std::uint8_t* values = nullptr;  // null: there is no map
  const std::uint8_t* type = nullptr;    // a text; null where it has none
  std::size_t type_index = 0;            // which of the stream's types that is
};

class Walker {
 public:
  // `nesting_max`: how deep lists, maps and objects may lie in one another.
  explicit Walker(std::size_t nesting_max) : nesting_max_(nesting_max) {}
  Walker() = default;  // for start_keeping()

  // Forgets what it met. A stream begins at `begin`, and everything that is said of it lies behind that.
  void start(const std::uint8_t* begin) noexcept;
  // The same, and where each list, map and object begins is kept: for who reads what is referred to.
  void start_keeping(const std::uint8_t* begin, std::size_t nesting_max) noexcept;
  // Steps over the value at `p`; null with fault() set when there is none.
  const std::uint8_t* skip(const std::uint8_t* p, const std::uint8_t* end);
  // Begins a map at `p`, whose keys and values (up to lead_end) are then skipped or read one by one; null
  // with fault() set when there is none.
  const std::uint8_t* open_map(const std::uint8_t* p, const std::uint8_t* end);
  // The same for who wants to know its type.
  MapHead open_typed_map(const std::uint8_t* p, const std::uint8_t* end);
  // Begins an object (a list) at `p`, whose values are then skipped or read one by one; `fault()` is set when
  // there is none.
  ObjectHead open_object(const std::uint8_t* p, const std::uint8_t* end);
  ListHead open_list(const std::uint8_t* p, const std::uint8_t* end);
  // Steps over definitions to the lead of a value; null with fault() set when there is none.
  const std::uint8_t* find_lead(const std::uint8_t* p, const std::uint8_t* end) {
    return p != end && *p != 0x43 ? p : skip_definitions(p, end);
  }

  // Which value a reference at `p` means: its number, and what is behind it.
  struct Reference {
    const std::uint8_t* next;  // null with fault() set
    std::size_t index;
  };
  Reference read_reference(const std::uint8_t* p, const std::uint8_t* end);
  // Where that value began, if places are kept.
  const std::uint8_t* place(std::size_t reference) const noexcept { return begin_ + places_[reference]; }
  // The number of the value that begins there: one that was met, where places are kept.
  std::size_t reference_at(const std::uint8_t* at) const noexcept;
  // An object begins whose definition is known to who reads it; or any other value that can be referred to.
  void meet(const std::uint8_t* at) {
    if (again_) return;
    ++references_;
    if (keeps_places_) places_.push_back(static_cast<std::uint32_t>(at - begin_));
  }
  // While what was gone over before is read again, nothing is new.
  void set_again(bool again) noexcept { again_ = again; }
  Fault fault() const noexcept { return fault_; }

  // What was met so far.
  std::size_t definitions() const noexcept { return definitions_.size(); }
  std::size_t references() const noexcept { return references_; }

 private:
  // Of a class: where its name stands in the stream, and how many values its objects have.
  struct Definition {
    std::uint32_t at;
    std::uint32_t fields;
    std::uint32_t bytes;  // from the name on
  };

  const std::uint8_t* skip_value(const std::uint8_t* p, const std::uint8_t* end, std::size_t levels);
  // Definitions are the same ones in message after message: who keeps places keeps the last few as well, to
  // compare them.
  struct Memo {
    std::vector<std::uint8_t> bytes;
    std::uint32_t fields = 0;
  };
  static constexpr std::size_t memos_max = 64;
  static constexpr std::size_t memo_bytes_max = 1024;
  // By which definition of its stream it is, and how long its class's name.
  Memo& memo_of(std::uint8_t first) noexcept {
    const auto number = static_cast<std::uint32_t>(definitions_.size()) * 0x9e3779b1u + first * 0x85ebca6bu;
    return (*memos_)[number >> 26];
  }
  const std::uint8_t* skip_known_definition(const std::uint8_t* p, const std::uint8_t* end);
  void keep_definition(const std::uint8_t* p, const Definition& definition);

  const std::uint8_t* skip_values(const std::uint8_t* p, const std::uint8_t* end, std::size_t count,
                                  std::size_t levels);
  const std::uint8_t* skip_to_end(const std::uint8_t* p, const std::uint8_t* end, std::size_t at_once,
                                  std::size_t levels);
  const std::uint8_t* skip_definitions(const std::uint8_t* p, const std::uint8_t* end);
  const std::uint8_t* skip_definition(const std::uint8_t* p, const std::uint8_t* end);
  // The definition of the object whose lead is at `p`, which moves behind the number of the definition; null
  // with fault() set.
  const Definition* find_definition(const std::uint8_t*& p, const std::uint8_t* end);
  // `type` becomes where the type's text stands, `index` which of the stream's it is.
  const std::uint8_t* read_type(const std::uint8_t* p, const std::uint8_t* end, const std::uint8_t*& type,
                                std::size_t& index);
  // A count of values, each of which has a byte at least.
  const std::uint8_t* read_count(const std::uint8_t* p, const std::uint8_t* end, std::size_t& count);
  const std::uint8_t* stop(Fault why) noexcept {
    fault_ = why;
    return nullptr;
  }

  std::size_t nesting_max_ = 0;
  const std::uint8_t* begin_ = nullptr;
  std::vector<Definition> definitions_;
  std::vector<std::uint32_t> types_;   // where they stand
  std::vector<std::uint32_t> places_;  // where what can be referred to begins
  std::unique_ptr<std::array<Memo, memos_max>> memos_;
  std::size_t references_ = 0;
  bool keeps_places_ = false;
  bool again_ = false;
  Fault fault_ = Fault::none;
};

}  // namespace koine::codecs::bodies::hessian2
