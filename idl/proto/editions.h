// Protobuf editions, for a libprotobuf that knows none (3.21): the files of a descriptor set that a newer
// protoc made are turned into files of proto2 that link, and what proto2 has no words for is noted here.
//
// Features come from FeatureSet in the options of files, messages, oneofs, fields and enums, where 3.21 keeps
// them as unknown fields; each is inherited from what is around it, and in the end from the edition. Numbers
// and defaults: descriptor.proto of protobuf 35 (FileDescriptorProto.edition = 14; FileOptions.features = 50,
// MessageOptions 12, FieldOptions 21, OneofOptions 1, EnumOptions 7); which feature says what of a field:
// descriptor.cc, FieldDescriptor::has_presence, DescriptorBuilder::PostProcessFieldFeatures and
// ValidateFieldFeatures. Features of languages (pb.cpp, pb.java, …) say nothing of the wire and are not read.
//
// Internal to this module; libprotobuf's headers are seen in .cc files only. Owner: the import; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/status.h"
#include "idl/schema.h"

namespace google::protobuf {
class DescriptorProto;
class EnumDescriptorProto;
class FieldDescriptorProto;
class FileDescriptorProto;
}  // namespace google::protobuf

namespace koine::idl::proto {

class Editions {
 public:
  // Whether it is a file of an edition, which libprotobuf 3.21 refuses.
  static bool is_edition(const google::protobuf::FileDescriptorProto& file);
  // Files of proto3 cannot use the enums of a file that was lowered: they are lowered with it. False for a
  // file that breaks proto3's own rules: libprotobuf is to say so.
  static bool lowers_with(const google::protobuf::FileDescriptorProto& file);

  // Makes a file of proto2 of one of an edition or of proto3. An error says what is wrong with its features.
  base::Status lower(google::protobuf::FileDescriptorProto& file);

  // What lowering noted; null for what was not lowered.
  const std::string* syntax_of(const std::string& file) const;  // "edition 2023", "proto3"
  const Presence* presence_of(const std::string& field) const;  // by full name, as below
  const bool* checks_utf8(const std::string& message) const;    // every text that is in it
  const bool* closed(const std::string& enumeration) const;

 private:
  struct Features;
  struct Scope;
  base::Status lower(google::protobuf::DescriptorProto& message, const Scope& around);
  base::Status lower(google::protobuf::EnumDescriptorProto& enumeration, const Scope& around);
  base::Status lower(google::protobuf::FieldDescriptorProto& field, const Scope& message,
                     const Features& around, bool map);

  std::unordered_map<std::string, std::string> syntaxes_;
  std::unordered_map<std::string, Presence> presences_;
  std::unordered_map<std::string, bool> utf8_;
  std::unordered_map<std::string, bool> closed_;
};

// "protoc … --descriptor_set_out=…" for a .proto file of an edition: what its reader is told to do. `path` is
// the file, `name` what others import it as.
std::string edition_advice(std::string_view path, std::string_view name);

}  // namespace koine::idl::proto
