// The reader of .proto files: what it reads, written and read again, is the same.
//
//   the text
#include "fuzz/target.h"
#include "idl/dump.h"
#include "idl/proto/reader.h"
#include "idl/proto/write.h"

namespace koine::fuzz {
namespace {

idl::proto::ReadResult read(std::string text) {
  const auto sources = idl::memory_sources({{"a.proto", std::move(text)}});
  const std::string files[] = {"a.proto"};
  return idl::proto::read(*sources, files);
}

void run(base::Bytes input) {
  const auto result = read(std::string(base::as_text(input)));
  check((result.schema == nullptr) == idl::has_errors(result.diagnostics), "a schema or an error");
  for (const idl::Diagnostic& diagnostic : result.diagnostics) {
    check(!diagnostic.message.empty(), "a message says what is wrong");
  }
  if (result.schema == nullptr) return;
  for (const idl::File& file : result.schema->files()) {
    if (file.path != "a.proto") continue;
    const std::string written = idl::proto::write(*result.schema, file);
    const auto again = read(written);
    check(again.schema != nullptr, "what is written can be read",
          [&] { return idl::render(again.diagnostics) + "\n" + written; });
    idl::DumpOptions options;
    options.files = false;  // the order of imports is the writer's
    check(idl::dump(*again.schema, options) == idl::dump(*result.schema, options),
          "what is written means the same", [&] {
            return idl::dump(*result.schema, options) + "\n--- again\n" + idl::dump(*again.schema, options);
          });
  }
}

void seeds(const AddSeed& add) {
  const char* const texts[] = {
      "syntax = \"proto3\"; package a.b; message M { int32 a = 1; optional string b = 2; repeated sint64 c = "
      "3; map<string, M> d = 4; oneof o { bool e = 5; bytes f = 6; } enum E { X = 0; Y = -1; } E g = 7; "
      "reserved 8 to 10; }",
      "syntax = \"proto3\"; import \"google/protobuf/timestamp.proto\"; message M { "
      "google.protobuf.Timestamp t = 1; }",
      "syntax = \"proto2\"; message M { required int32 a = 1; optional group G = 2 { optional int32 x = 1; } "
      "optional double d = 3 [default = -inf]; optional string s = 4 [default = \"\\001x\"]; repeated int32 "
      "p = 5 [packed = true]; extensions 100 to max; } extend M { optional int32 z = 100; }",
      "syntax = \"proto3\"; message A {} service S { rpc One(A) returns (A); rpc Two(stream A) returns "
      "(stream A) { option idempotency_level = IDEMPOTENT; } }",
      "syntax = \"proto3\"; import \"koine/options.proto\"; message M { option (koine.message).role = "
      "ROLE_WRAPPER; repeated int32 value = 1 [(koine.field) = { range: \"u8\" set: true }]; }",
      "syntax = \"proto3\"; option java_package = \"x\"; enum E { option allow_alias = true; A = 0; B = 0; } "
      "message M { int32 x = 1 [json_name = \"y\", deprecated = true]; message N { M m = 1; } }",
      "syntax = \"proto3\"; message M { int32 a = 1; int32 a = 1; Nope b = 2; }",
      "syntax = \"proto3\"; import \"none.proto\"; message {",
      "message M { optional int32 a = 1 }",
      "syntax = \"proto4\";",
  };
  int number = 0;
  for (const char* text : texts) add(std::to_string(number++), text);
}

}  // namespace

extern const Target idl_proto;
const Target idl_proto = {.name = "idl_proto",
                          .run = &run,
                          .seeds = &seeds,
                          .heap_bytes = 4u << 20,
                          .heap_per_byte = 8192,
                          .time_ns = 10'000'000,
                          .time_per_byte_ns = 50'000};

}  // namespace koine::fuzz
