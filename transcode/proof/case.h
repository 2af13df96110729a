// One failing value with all that is needed to run it again, as a text: what a failure prints, and what lies
// in transcode/proof/kept/. Test code only.
//
//   # why it is kept
//   language thrift
//   subject fixed.Pair
//   from binary
//   tree {1: n5, 2: t6162}
//   bytes 08000100000005…
//   file fixed.thrift
//   …
//   end
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "idl/schema.h"
#include "transcode/proof/formats.h"
#include "transcode/proof/model.h"
#include "transcode/proof/schemas.h"

namespace koine::transcode::proof {

struct Case {
  idl::Language language = idl::Language::thrift;
  Files files;
  std::string subject;
  Format from = Format::binary;
  Value tree;         // what the bytes mean
  std::string bytes;  // in that format
};

std::string text_of(const Case& one);
std::optional<Case> parse_case(const std::string& text);

// {1: n5, 2: t6162, 3: [r4609434218613702656]}: number, octets of a text, items, a double's bits, fields.
std::string text_of(const Value& value);
std::optional<Value> parse_value(std::string_view text);

// Could the tree be one of that type?
bool fits(const idl::StructType& type, const Value& value);

// The smallest tree that is found by leaving out fields and items, and by making numbers and texts smaller,
// as long as it fails.
Value shrunk(Value tree, const std::function<bool(const Value&)>& fails);

}  // namespace koine::transcode::proof
