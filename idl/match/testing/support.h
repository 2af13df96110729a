// For the tests of pairing: two texts in, a match out. Test code only.
#pragma once

#include <memory>
#include <string>

#include "idl/match/match.h"
#include "idl/schema.h"

namespace koine::idl::match::testing {

// Two schemas and the match of their first services, or of those named. The thrift text becomes a.thrift, the
// proto text a.proto (of proto3 and package b, where it says nothing).
struct Paired {
  std::unique_ptr<Schema> thrift;
  std::unique_ptr<Schema> proto;
  std::unique_ptr<const Match> match;
  bool thrift_exposed = false;

  const StructType& thrift_struct(const std::string& name) const;
  const StructType& proto_struct(const std::string& name) const;
  const Method& thrift_method(const std::string& name) const;
  const Method& proto_method(const std::string& name) const;
  // "total -> total_cents"; "" when there is none. Names of the Thrift side's and the proto side's.
  std::string field(const std::string& thrift_type, const std::string& name,
                    const std::string& proto_type) const;
  // Every finding, one a line: "UNMAPPED_OPTIONAL Order.note", with " allowed".
  std::string findings() const;
  // Does it have that finding: "UNMAPPED_OPTIONAL Order.note"?
  bool found(const std::string& line) const;
};
Paired expose_proto(const std::string& thrift, const std::string& proto, const Overrides& overrides = {});
Paired expose_thrift(const std::string& thrift, const std::string& proto, const Overrides& overrides = {});

// The same of one service each whose method `m` takes and gives these structs: bodies of `struct S` and
// `message S` with what stands before them.
Paired pair_structs(const std::string& thrift_fields, const std::string& proto_fields,
                    const Overrides& overrides = {}, const std::string& thrift_before = "",
                    const std::string& proto_before = "");

}  // namespace koine::idl::match::testing
