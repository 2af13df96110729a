// FileDescriptorSets from a stranger: a schema that can be dumped, or an error.
//
//   the bytes
#include "fuzz/target.h"
#include "idl/dump.h"
#include "idl/proto/reader.h"

namespace koine::fuzz {
namespace {

void run(base::Bytes input) {
  const auto sources = idl::memory_sources({{"a.binpb", std::string(base::as_text(input))}});
  const std::string files[] = {"a.binpb"};
  const auto result = idl::proto::read(*sources, files);
  check((result.schema == nullptr) == idl::has_errors(result.diagnostics), "a schema or an error");
  if (result.schema == nullptr) return;
  const auto again = idl::proto::read(*sources, files);
  check(again.schema != nullptr && idl::dump(*again.schema) == idl::dump(*result.schema),
        "the same bytes are the same schema");
}

void field(std::string& out, int number, const std::string& bytes) {
  out += static_cast<char>(number << 3 | 2);
  out += static_cast<char>(bytes.size());
  out += bytes;
}
// A field {name, number, label, type, type_name}.
std::string field_of(const std::string& name, char number, char label, char type,
                     const std::string& of = "") {
  std::string out;
  field(out, 1, name);
  out += std::string({'\x18', number, '\x20', label, '\x28', type});
  if (!of.empty()) field(out, 6, of);
  return out;
}
std::string file_of(const std::string& content, bool proto3 = true) {
  std::string file;
  field(file, 1, "x.proto");
  file += content;
  if (proto3) field(file, 12, "proto3");
  std::string set;
  field(set, 1, file);
  return set;
}

void seeds(const AddSeed& add) {
  std::string message;
  field(message, 1, "M");
  field(message, 2, field_of("a", 1, 1, 5));
  field(message, 2, field_of("b", 2, 3, 9));
  field(message, 2, field_of("c", 3, 1, 11, ".M"));
  std::string content;
  field(content, 4, message);
  add("message", file_of(content));
  add("proto2", file_of(content, false));
  std::string enumeration;
  field(enumeration, 1, "E");
  std::string value;
  field(value, 1, "A");
  value += std::string("\x10\0", 2);
  field(enumeration, 2, value);
  std::string with_enum = content;
  field(with_enum, 5, enumeration);
  std::string method;
  field(method, 1, "Get");
  field(method, 2, ".M");
  field(method, 3, ".M");
  std::string service;
  field(service, 1, "S");
  field(service, 2, method);
  field(with_enum, 6, service);
  add("service", file_of(with_enum));
  std::string importing = content;
  field(importing, 3, "google/protobuf/any.proto");
  add("import", file_of(importing));
  add("twice", file_of(content) + file_of(content));
  add("unknown-type", file_of([] {
        std::string one;
        field(one, 1, "M");
        field(one, 2, field_of("a", 1, 1, 11, ".Nope"));
        std::string out;
        field(out, 4, one);
        return out;
      }()));
}

}  // namespace

extern const Target descriptor_set;
const Target descriptor_set = {.name = "descriptor_set",
                               .run = &run,
                               .seeds = &seeds,
                               .heap_bytes = 4u << 20,
                               .heap_per_byte = 8192,
                               .time_ns = 10'000'000,
                               .time_per_byte_ns = 50'000};

}  // namespace koine::fuzz
