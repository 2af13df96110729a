// What became of the class definitions that a worker met last: providers and consumers send the same ones
// with every message, and looking up each name again would cost more than all values. One a Context, one
// thread. Internal to hessian_reader*.cc.
//
// An entry is good for exactly the bytes of a definition, and for the struct (of a schema's stamp) that it
// was looked up for. There are a few dozen; what is long is not kept.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "base/buffer.h"

namespace koine::transcode {

struct HessianField;

class HessianBindings {
 public:
  // Whom definitions are looked up for: the number of a schema, and of a class in it.
  struct Owner {
    std::uint64_t schema = 0;  // 0: nobody
    std::uint32_t class_index = 0;
    bool operator==(const Owner&) const = default;
  };

  // One for each name of the definition; null: not known. `definition`: from the class's name on.
  const HessianField* const* find(Owner owner, base::Bytes definition) const noexcept {
    if (entries_ == nullptr) return nullptr;
    const Entry& entry = (*entries_)[place(owner)];
    const bool same = entry.owner == owner && entry.definition.size() == definition.size() &&
                      std::memcmp(entry.definition.data(), definition.data(), definition.size()) == 0;
    return same ? entry.fields.data() : nullptr;
  }
  void keep(Owner owner, base::Bytes definition, const HessianField* const* fields, std::size_t count) {
    if (definition.size() > definition_bytes_max || count > fields_max || count == 0) return;
    if (entries_ == nullptr) entries_ = std::make_unique<std::array<Entry, places>>();
    Entry& entry = (*entries_)[place(owner)];
    entry.owner = owner;
    entry.definition.assign(definition.begin(), definition.end());
    entry.fields.assign(fields, fields + count);
  }

 private:
  static constexpr std::size_t places = 64;
  static constexpr std::size_t definition_bytes_max = 2048;
  static constexpr std::size_t fields_max = 128;
  struct Entry {
    Owner owner;
    std::vector<std::uint8_t> definition;
    std::vector<const HessianField*> fields;
  };
  static std::size_t place(Owner owner) noexcept { return (owner.schema * 5 + owner.class_index) % places; }

  std::unique_ptr<std::array<Entry, places>> entries_;
};

}  // namespace koine::transcode
