// Metadata: ordered name/value pairs that travel beside a call.
//
// Names are lower-case ASCII tokens; a name that ends in "-bin" has a value of any bytes (decoded: base64 is
// gRPC's wire form, not ours), any other value is text without CR, LF and NUL. One text store for all
// entries, so that a call with ten headers costs two allocations. Value type, one thread.
//
// A protocol whose metadata is more than names and texts (Dubbo's attachments are objects) keeps what has no
// such form in that protocol's own: only its codec reads that, so it can go no further than a hop of the same
// protocol whose body passes as it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace koine::model {

class Metadata {
 public:
  struct Entry {
    std::string_view name;
    std::string_view value;
  };

  bool empty() const noexcept { return entries_.empty(); }
  std::size_t size() const noexcept { return entries_.size(); }
  Entry operator[](std::size_t index) const noexcept;
  // Appends; no argument may point into this object. `wire_name`: the name as the wire had it, when its case
  // differs from `name`; protocols whose names have a case write it again.
  void add(std::string_view name, std::string_view value, std::string_view wire_name = {});
  // The entry's name in the case that the wire had it in; its name when nobody said.
  std::string_view wire_name(std::size_t index) const noexcept;
  // The first value of that name; null-data view when absent (test with has()).
  std::string_view get(std::string_view name) const noexcept;
  bool has(std::string_view name) const noexcept;
  // Removes every entry of that name; returns how many.
  std::size_t remove(std::string_view name);
  void clear() noexcept;
  // So many entries in the form of `protocol` (static text); replaces those that were there.
  void set_native(std::string_view protocol, std::size_t entries, std::string bytes);
  // Their bytes; empty when there are none, or another protocol's.
  std::string_view native(std::string_view protocol) const noexcept;
  // Drops them; returns how many entries they were.
  std::size_t drop_native() noexcept;

  // Names + values + 32 an entry: what limits count (RFC 9113 §6.5.2).
  std::size_t list_bytes() const noexcept { return store_.size() + 32 * entries_.size(); }

  // True for a legal name: [a-z0-9_.-]+ .
  static bool legal_name(std::string_view name) noexcept;
  // True for a legal text value: 0x20…0x7E and 0x80…0xFF and tab, nothing else.
  static bool legal_text(std::string_view value) noexcept;
  static bool binary_name(std::string_view name) noexcept { return name.ends_with("-bin"); }

 private:
  struct Span {
    std::uint32_t name_at, name_size, value_at, value_size;
    std::uint32_t wire_at;  // as long as the name; the name's own place when the wire said nothing else
  };
  struct Native {
    std::string_view protocol;
    std::size_t entries;
    std::string bytes;
  };
  std::string store_;
  std::vector<Span> entries_;
  std::shared_ptr<const Native> native_;
};

}  // namespace koine::model
