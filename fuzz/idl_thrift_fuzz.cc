// The reader of .thrift files: what it reads, written and read again, is the same.
//
//   the text; a line that begins with "//// " and a name begins another file
#include <map>

#include "fuzz/target.h"
#include "idl/dump.h"
#include "idl/thrift/read.h"
#include "idl/thrift/write.h"

namespace koine::fuzz {
namespace {

using Files = std::map<std::string, std::string>;

Files files_of(std::string_view text) {
  Files out;
  std::string name = "a.thrift";
  while (true) {
    const std::size_t next = text.find("//// ");
    out[name] = text.substr(0, next);
    if (next == std::string_view::npos) return out;
    text.remove_prefix(next + 5);
    const std::size_t line = std::min(text.find('\n'), text.size());
    name = text.substr(0, line);
    text.remove_prefix(line);
  }
}

idl::thrift::ReadResult read(const Files& files) {
  const auto sources = idl::memory_sources(files);
  idl::thrift::ReadOptions options;
  options.sources = sources.get();
  return idl::thrift::read({"a.thrift"}, options);
}

void run(base::Bytes input) {
  const auto result = read(files_of(base::as_text(input)));
  check((result.schema == nullptr) == idl::has_errors(result.diagnostics), "a schema or an error");
  for (const idl::Diagnostic& diagnostic : result.diagnostics) {
    check(!diagnostic.message.empty(), "a message says what is wrong");
  }
  if (result.schema == nullptr) return;
  Files written;
  for (const idl::File& file : result.schema->files())
    written[file.path] = idl::thrift::write(*result.schema, file);
  const auto again = read(written);
  check(again.schema != nullptr, "what is written can be read",
        [&] { return idl::render(again.diagnostics) + "\n" + written["a.thrift"]; });
  check(idl::dump(*again.schema) == idl::dump(*result.schema), "what is written means the same", [&] {
    return idl::dump(*result.schema) + "\n--- again\n" + idl::dump(*again.schema) + "\n--- from\n" +
           written["a.thrift"];
  });
}

void seeds(const AddSeed& add);

}  // namespace

extern const Target idl_thrift;
const Target idl_thrift = {.name = "idl_thrift",
                           .run = &run,
                           .seeds = &seeds,
                           .heap_bytes = 1u << 20,
                           .heap_per_byte = 4096,
                           .time_ns = 2'000'000,
                           .time_per_byte_ns = 20'000};

namespace {

void seeds(const AddSeed& add) {
  const char* const texts[] = {
      "/** doc */ namespace * a.b namespace java c\nstruct S { 1: i32 a = 0x1F, 2: optional string b = "
      "'x\\n', 3: required bool c }",
      "enum E { A, B = 5 (x = 'y'); C }\nconst E D = E.B\nconst map<string, list<i32>> M = {'a': [1, 2; 3]}",
      "typedef map<string, set<i64>> T (a = 'b')\nunion U { 1: T t; 2: binary b = 'raw' }\nexception X { 1: "
      "string message } (koine.code = 'NOT_FOUND')",
      "service B { void ping() }\nservice A extends B { oneway void f(1: i32 a), list<i32> g(1: double b = "
      ".5) throws (1: X x) (koine.idempotent = 'true') }\nexception X {}",
      "include 'b.thrift'\nstruct S { 1: b.T t }\n//// b.thrift\nstruct T { -1: i8 a; i16 b }",
      "struct S { 1: i16 (koine.range = 'u8') a = 255, 2: i64 (koine.range = 'u64') b (koine.default = "
      "'18446744073709551615'), 3: optional double c (koine.default = '-inf'), 4: i32 d (koine.oneof = 'z') "
      "}",
      "struct A { 1: list<map<i32, set<string>>> a, 2: A & b, 3: map cpp_type 'x' <i32, i32> c, 4: string d "
      "xsd_nillable }",
      "# hash\n/* block */ cpp_include '<x>' namespace py.twisted y senum Z { 'a' } struct xsd_all { 1: i32 "
      "a }",
      "const i32 A = B\nconst double C = 1e5\nconst bool F = true const string S = \"q\\\"\" struct P { 1: "
      "i32 x } const P O = {'x': 1}",
      "struct S { 1: i32 a, 1: i32 a } enum E { A, A } struct S {} typedef Nope N const i32 X = 'a'",
      "struct {",
      "service S { void f( }",
      "const i32 A = ",
      "struct S { 1: list<list<list<list<i32>>>> a }",
      "include 'a.thrift'",
      "struct S { 1: i32 (koine.range = 'nope') a, 99999999999: i32 b } (koine.code = 'X')",
  };
  int number = 0;
  for (const char* text : texts) add(std::to_string(number++), text);
}

}  // namespace
}  // namespace koine::fuzz
