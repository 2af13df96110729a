// Matches for tests. Owner: see support.h.
#include "idl/match/testing/support.h"

#include <sstream>

#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"

namespace koine::idl::match::testing {
namespace {

const StructType& struct_of(const Schema& schema, const std::string& name) {
  for (const StructType& type : schema.structs()) {
    if (type.name == name) return type;
  }
  ADD_FAILURE() << "no struct " << name;
  return schema.structs().front();
}

const Method& method_of(const Schema& schema, const std::string& name) {
  const Method* found = schema.services().back().find_method(name);
  if (found == nullptr) ADD_FAILURE() << "no method " << name;
  return found == nullptr ? schema.services().back().methods.front() : *found;
}

Paired pair(const std::string& thrift, const std::string& proto, const Overrides& overrides,
            bool thrift_exposed) {
  Paired out;
  out.thrift = derive::testing::read_thrift({{"a.thrift", thrift}});
  out.proto = derive::testing::read_proto(
      {{"a.proto", (proto.starts_with("syntax") ? "" : "syntax = \"proto3\";\npackage b;\n") + proto}});
  out.thrift_exposed = thrift_exposed;
  const Side one{out.thrift.get(), &out.thrift->services().back()};
  const Side other{out.proto.get(), &out.proto->services().back()};
  out.match = Match::make(thrift_exposed ? one : other, thrift_exposed ? other : one, overrides);
  return out;
}

}  // namespace

const StructType& Paired::thrift_struct(const std::string& name) const { return struct_of(*thrift, name); }
const StructType& Paired::proto_struct(const std::string& name) const { return struct_of(*proto, name); }
const Method& Paired::thrift_method(const std::string& name) const { return method_of(*thrift, name); }
const Method& Paired::proto_method(const std::string& name) const { return method_of(*proto, name); }

std::string Paired::field(const std::string& thrift_type, const std::string& name,
                          const std::string& proto_type) const {
  const StructType& from = thrift_struct(thrift_type);
  const StructType& to = proto_struct(proto_type);
  const Field* field = from.find_field(std::string_view(name));
  if (field == nullptr) return "no field " + name;
  const Field* other = match->field(from, *field, to);
  if (other == nullptr) return "";
  if (match->field(to, *other, from) != field) return "not the same from both sides";
  return other->name;
}

std::string Paired::findings() const {
  std::string out;
  for (const Finding& finding : match->findings()) {
    out += std::string(finding.rule->name) + " " + finding.subject + (finding.allowed ? " allowed\n" : "\n");
  }
  return out;
}

bool Paired::found(const std::string& line) const {
  std::istringstream lines(findings());
  for (std::string one; std::getline(lines, one);) {
    if (one == line) return true;
  }
  return false;
}

Paired expose_proto(const std::string& thrift, const std::string& proto, const Overrides& overrides) {
  return pair(thrift, proto, overrides, false);
}

Paired expose_thrift(const std::string& thrift, const std::string& proto, const Overrides& overrides) {
  return pair(thrift, proto, overrides, true);
}

Paired pair_structs(const std::string& thrift_fields, const std::string& proto_fields,
                    const Overrides& overrides, const std::string& thrift_before,
                    const std::string& proto_before) {
  return expose_proto(
      thrift_before + "\nstruct S {\n" + thrift_fields + "\n}\nservice T { S m(1: S s) }\n",
      proto_before + "\nmessage S {\n" + proto_fields + "\n}\nservice T { rpc M(S) returns (S); }\n",
      overrides);
}

}  // namespace koine::idl::match::testing
