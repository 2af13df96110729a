// Overrides while a match is made: looked up by the element they name, and which of them were of use.
// Internal to this module. Owner: the builder; one thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "idl/match/overrides.h"
#include "idl/schema.h"

namespace koine::idl::match {

// "Order" and "total": "Order.total".
std::string dotted(std::string_view scope, std::string_view name);

class OverrideTable {
 public:
  struct Rename {
    std::string key;
    std::string to;
    bool used = false;
  };
  struct Allowance {
    std::string text;  // "RULE:Type.field"
    bool used = false;
  };

  explicit OverrideTable(const Overrides& overrides);

  // What an arguments struct is called by: its method's name.
  void call(const StructType& arguments, std::string name) { labels_[&arguments] = std::move(name); }
  // "Order", without package; "placeOrder" for its arguments.
  const std::string& label(const StructType& type) const;

  // The rename of a member (field, value, oneof) of an exposed type, by its full name or its label; null when
  // there is none. The finder says whether it was of use.
  Rename* find(std::string_view full_name, std::string_view label, std::string_view member);
  Rename* find(const StructType& type, std::string_view member) {
    return find(type.full_name, label(type), member);
  }
  // Of a type or a method.
  Rename* find(std::string_view full_name, std::string_view name);

  // Is RULE:subject allowed? Counts as use.
  bool allows(std::string_view rule, std::string_view subject);

  std::vector<Rename>& renames() { return renames_; }
  const std::vector<Allowance>& allowances() const { return allowances_; }

 private:
  Rename* find_key(std::string_view key);

  std::vector<Rename> renames_;  // sorted by key
  std::vector<Allowance> allowances_;
  std::map<std::string, std::size_t, std::less<>> allowance_index_;
  std::unordered_map<const StructType*, std::string> labels_;
};

}  // namespace koine::idl::match
