// What the generators of random IDL share: chance, names that meet in the other language, and decorations.
// Test code only.
#pragma once

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace koine::idl::derive::testing {

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  // 0 … count-1; the library's distributions differ between versions, the engine does not.
  std::size_t below(std::size_t count) { return engine_() % count; }
  bool once_in(std::size_t count) { return below(count) == 0; }
  template <class T>
  const T& of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

 private:
  std::mt19937 engine_;
};

inline const std::vector<std::string> type_names = {
    "Order",      "order",       "ORDER",       "Item",    "ListOfInt32", "ListOfOrder", "OrderEntry",
    "GetRequest", "Get",         "GetResponse", "Shop",    "shop",        "message",     "option",
    "Status",     "RpcStatus",   "StatusOk",    "string_", "MapOf",       "Order_Item",  "end_",
    "HTTPError",  "ByNameEntry", "Outer",       "Any",     "Timestamp",   "Contract",    "Value",
    "Request",    "PutRequest",  "google"};
inline const std::vector<std::string> field_names = {
    "id",        "name",        "Name",   "a_b",     "aB",      "AB",     "value", "key",
    "by_name",   "ByNameEntry", "byName", "order",   "message", "option", "oneof", "end_",
    "class_",    "URL",         "url_2",  "x1",      "x_1",     "status", "code",  "_lead",
    "trailing_", "double__u",   "choice", "returns", "items",   "total"};
inline const std::vector<std::string> method_names = {"get",   "Get",   "put",  "list", "GET",
                                                      "order", "Order", "stop", "wait", "Item"};
inline const std::vector<std::string> value_names = {
    "OK", "Ok", "ok", "STATUS_OK", "RED", "red", "A_B", "AB", "UNSPECIFIED", "ORDER", "Order_RED", "X1"};

// Takes a name that is not in `taken` yet.
inline std::string fresh(Random& random, const std::vector<std::string>& pool, std::set<std::string>& taken,
                         std::string (*key)(std::string_view) = nullptr) {
  for (;;) {
    std::string name = random.of(pool);
    if (taken.size() > pool.size() / 2) name += std::to_string(taken.size());
    if (taken.insert(key == nullptr ? name : key(name)).second) return name;
  }
}

// Docs and annotations, which say nothing of the wire. It has chances of its own, so that a schema with
// decorations is otherwise the schema of the same seed without.
class Decorator {
 public:
  Decorator(std::uint32_t seed, bool on) : random_(seed ^ 0x5EEDu), on_(on) {}

  bool once_in(std::size_t count) { return on_ && random_.once_in(count); }
  std::size_t below(std::size_t count) { return random_.below(count); }
  template <class T>
  const T& of(const std::vector<T>& all) {
    return random_.of(all);
  }
  // "renamed7": never twice in one schema, and like nothing else in it.
  std::string unique(const std::string& stem) { return stem + "Q" + std::to_string(++uniques_); }
  // A field number that nothing else has.
  std::string number() { return std::to_string(5000 + ++uniques_); }
  // Lines of a comment; none, one or several.
  std::vector<std::string> doc() {
    static const std::vector<std::vector<std::string>> texts = {
        {"What it is."},
        {"One line.", "And another, which says more."},
        {"A paragraph.", "", "  - indented", "and the rest: \"quoted\", *starred*, a\\b"},
        {"Grüße, 注文"}};
    if (!once_in(4)) return {};
    return of(texts);
  }

 private:
  Random random_;
  bool on_;
  int uniques_ = 0;
};

}  // namespace koine::idl::derive::testing
