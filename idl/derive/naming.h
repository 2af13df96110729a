// Names in the target language: what is refused, what clashes, and what a taken name becomes.
// Internal to this module. One thread.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace koine::idl::derive {

// "OrderStatus", "orderStatus", "order_status", "HTTPCode" -> "ORDER_STATUS", …, "HTTP_CODE".
std::string upper_snake(std::string_view name);
// "OrderStatus" -> "order_status".
std::string lower_snake(std::string_view name);
std::string upper_first(std::string_view name);
// "GetOrder" -> "getOrder"; "SSN" and "URLOf" stay as they are.
std::string lower_first(std::string_view name);
// Letters, digits and underscores, not a digit first.
bool is_identifier(std::string_view name);
// A dotted name of identifiers: other characters become underscores, empty parts go.
std::string identifier_path(std::string_view name);
// One identifier of it all: "Order.Item" -> "Order_Item".
std::string identifier_of(std::string_view name);
// The entry message that protoc makes up for a map field: "by_name" -> "ByNameEntry".
std::string map_entry_name(std::string_view field);
// The words that Debian's Thrift compiler (0.17) refuses as a name of anything, for all its languages.
bool is_thrift_word(std::string_view name);
// "a.b", "" and "c" -> "a.b.c", "c".
std::string joined(std::string_view scope, std::string_view name);

// The names of one scope. `key` decides which names are the same.
class NameScope {
 public:
  using Key = std::function<std::string(std::string_view)>;
  using Refused = std::function<bool(const std::string&)>;
  explicit NameScope(Key key = nullptr, Refused refused = nullptr)
      : key_(std::move(key)), refused_(std::move(refused)) {}

  void reserve(std::string_view name) { taken_.insert(key(name)); }
  bool taken(std::string_view name) const { return taken_.contains(key(name)); }
  // `wished`, or with "_" behind it, or "_2", "_3", … whatever is free first; reserved from now on.
  // `also_refused` may refuse more names for this one claim.
  std::string claim(const std::string& wished, const Refused& also_refused = nullptr);

 private:
  std::string key(std::string_view name) const { return key_ ? key_(name) : std::string(name); }

  Key key_;
  Refused refused_;
  std::set<std::string, std::less<>> taken_;
};

}  // namespace koine::idl::derive
