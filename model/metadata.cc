// Metadata over one text store.
#include "model/metadata.h"

#include <algorithm>
#include <utility>

namespace koine::model {

Metadata::Entry Metadata::operator[](std::size_t index) const noexcept {
  const Span& span = entries_[index];
  const std::string_view store(store_);
  return {store.substr(span.name_at, span.name_size), store.substr(span.value_at, span.value_size)};
}

std::string_view Metadata::wire_name(std::size_t index) const noexcept {
  const Span& span = entries_[index];
  return std::string_view(store_).substr(span.wire_at, span.name_size);
}

void Metadata::add(std::string_view name, std::string_view value, std::string_view wire_name) {
  Span span{};
  span.name_at = static_cast<std::uint32_t>(store_.size());
  span.name_size = static_cast<std::uint32_t>(name.size());
  store_.append(name);
  span.value_at = static_cast<std::uint32_t>(store_.size());
  span.value_size = static_cast<std::uint32_t>(value.size());
  store_.append(value);
  span.wire_at = span.name_at;
  if (wire_name.size() == name.size() && wire_name != name) {
    span.wire_at = static_cast<std::uint32_t>(store_.size());
    store_.append(wire_name);
  }
  entries_.push_back(span);
}

std::string_view Metadata::get(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if ((*this)[i].name == name) return (*this)[i].value;
  }
  return {};
}

bool Metadata::has(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if ((*this)[i].name == name) return true;
  }
  return false;
}

std::size_t Metadata::remove(std::string_view name) {
  Metadata kept;
  kept.native_ = native_;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Entry entry = (*this)[i];
    if (entry.name != name) kept.add(entry.name, entry.value, wire_name(i));
  }
  const std::size_t removed = entries_.size() - kept.entries_.size();
  if (removed > 0) *this = std::move(kept);
  return removed;
}

void Metadata::clear() noexcept {
  store_.clear();
  entries_.clear();
  native_.reset();
}

void Metadata::set_native(std::string_view protocol, std::size_t entries, std::string bytes) {
  native_ = std::make_shared<const Native>(Native{protocol, entries, std::move(bytes)});
}

std::string_view Metadata::native(std::string_view protocol) const noexcept {
  if (native_ == nullptr || native_->protocol != protocol) return {};
  return native_->bytes;
}

std::size_t Metadata::drop_native() noexcept {
  const std::size_t entries = native_ == nullptr ? 0 : native_->entries;
  native_.reset();
  return entries;
}

bool Metadata::legal_name(std::string_view name) noexcept {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
}

bool Metadata::legal_text(std::string_view value) noexcept {
  return std::all_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
  });
}

}  // namespace koine::model
