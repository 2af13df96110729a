// Values of protobuf schemas: libprotobuf's messages and JSON as trees, and back. A tree is what the bytes
// mean: plain fields of proto3 that are zero, empty repeated fields and empty maps are not in it; UUIDs are
// the text or bytes that stand there. One thread. Test code only.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver.h>

#include "idl/schema.h"
#include "transcode/referees/protobuf_values.h"
#include "transcode/referees/thrift_values.h"

namespace koine::transcode::proof {

namespace pb = google::protobuf;
using referees::Pool;
using referees::Value;

class ProtobufTrees {
 public:
  explicit ProtobufTrees(Pool& pool);
  ~ProtobufTrees();
  ProtobufTrees(const ProtobufTrees&) = delete;
  ProtobufTrees& operator=(const ProtobufTrees&) = delete;

  // What libprotobuf writes; fields with numbers that a closed enum has not are among the last.
  std::string to_bytes(const idl::StructType& type, const Value& value);
  // Nothing when libprotobuf refuses the bytes, or does not know all of them.
  std::optional<Value> from_bytes(const idl::StructType& type, const std::string& bytes);
  // libprotobuf's JSON; nothing when it has none for the message.
  std::optional<std::string> to_json(const idl::StructType& type, const std::string& bytes);
  // The bytes of the message that libprotobuf reads.
  std::optional<std::string> from_json(const idl::StructType& type, const std::string& json);

 private:
  struct Member {
    const idl::Field* field;
    const pb::FieldDescriptor* descriptor;
  };
  class Resolver;

  const std::vector<Member>& members(const idl::StructType& type, const pb::Descriptor& descriptor);
  void fill(pb::Message& message, const idl::StructType& type, const Value& value);
  void put(pb::Message& message, const pb::FieldDescriptor& field, const idl::Type& type, const Value& value);
  Value tree(const pb::Message& message, const idl::StructType& type);
  Value item(const pb::Message& message, const pb::FieldDescriptor& field, const idl::Type& type, int index);

  Pool& pool_;
  std::map<const idl::StructType*, std::vector<Member>> members_;
  std::unique_ptr<Resolver> resolver_;
};

}  // namespace koine::transcode::proof
