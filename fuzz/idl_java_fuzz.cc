// The reader of Java sources and of Dubbo's definitions: what it reads becomes Thrift that can be read, too.
//
//   the text of a/A.java; a line that begins with "//// " and a name begins another file
#include <map>
#include <set>

#include "fuzz/target.h"
#include "idl/derive/derive.h"
#include "idl/java/read.h"
#include "idl/thrift/read.h"
#include "idl/thrift/write.h"

namespace koine::fuzz {
namespace {

using JavaFiles = std::map<std::string, std::string>;

JavaFiles java_files_of(std::string_view text) {
  JavaFiles out;
  std::string name = "a/A.java";
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

void check_graph(const idl::Schema& schema) {
  std::set<std::string> names;
  for (const idl::StructType& type : schema.structs()) {
    check(names.insert(type.full_name).second, "full names are unique", [&] { return type.full_name; });
    std::set<std::string> fields;
    for (const idl::Field& field : type.fields) {
      check(field.type != nullptr, "a field has a type", [&] { return type.full_name + "." + field.name; });
      check(fields.insert(field.name).second, "a name is that of one field", [&] { return field.name; });
    }
  }
  for (const idl::Service& service : schema.services()) {
    std::set<std::string> methods;
    for (const idl::Method& method : service.methods) {
      check(methods.insert(method.name).second, "a name is that of one method", [&] { return method.name; });
      check(idl::find_annotation(method.annotations, idl::java_signature_annotation) != nullptr,
            "a method has its descriptors");
    }
  }
}

void check_derived(const idl::Schema& schema) {
  std::size_t packages = 0;  // which may name one another in circles, as files cannot
  for (const idl::File& file : schema.files()) packages += file.language == idl::Language::java ? 1 : 0;
  const auto derived = idl::derive::derive(schema, idl::Language::thrift);
  if (!derived || packages != 1) return;
  JavaFiles written;
  std::vector<std::string> paths;
  for (const idl::File& file : (*derived)->files()) {
    written[file.path] = idl::thrift::write(**derived, file);
    paths.push_back(file.path);
  }
  const auto sources = idl::memory_sources(written);
  idl::thrift::ReadOptions options;
  options.sources = sources.get();
  const auto again = idl::thrift::read(paths, options);
  check(again.schema != nullptr, "what is derived can be read", [&] {
    std::string all = idl::render(again.diagnostics);
    for (const auto& [path, text] : written) all += "\n--- " + path + "\n" + text;
    return all;
  });
}

void run(base::Bytes input) {
  const JavaFiles files = java_files_of(base::as_text(input));
  const auto sources = idl::memory_sources(files);
  idl::java::ReadOptions options;
  options.sources = sources.get();
  std::vector<std::string> paths;
  for (const auto& [path, text] : files) {
    if (!path.ends_with("_.java")) paths.push_back(path);  // others are there to be found
  }
  const auto result = idl::java::read(paths, options);
  check((result.schema == nullptr) == idl::has_errors(result.diagnostics), "a schema or an error");
  for (const idl::Diagnostic& diagnostic : result.diagnostics) {
    check(!diagnostic.message.empty(), "a message says what is wrong");
  }
  if (result.schema == nullptr) return;
  check_graph(*result.schema);
  check_derived(*result.schema);
}

void seeds(const AddSeed& add);

}  // namespace

extern const Target idl_java;
const Target idl_java = {.name = "idl_java",
                         .run = &run,
                         .seeds = &seeds,
                         .heap_bytes = 4u << 20,
                         .heap_per_byte = 16384,
                         .time_ns = 4'000'000,
                         .time_per_byte_ns = 100'000};

namespace {

void seeds(const AddSeed& add) {
  const char* const texts[] = {
      "package a; import java.util.*; /** doc */ public interface A { B f(int n, List<? extends B> l) throws "
      "X; }\n"
      "class B { byte[] b; Map<String, Date> m; B next; } class X extends Exception { int code; }",
      "package a; interface A { P<Long> f(P<String[]> p); int f(long n); void f(); } class P<T> { T t; "
      "List<T> l; }",
      "package a; interface A extends C<E> { default int g() { return 1; } static int h() { return 2; } }\n"
      "interface C<T> { T get(T t); } enum E { U, V(1) { int x; }; E(int n) {} }",
      "package a; import b.*; interface A { D f(D.In i); }\n//// b/D.java\npackage b; public class D { "
      "public "
      "static class In { D d; } }",
      "package a; interface A { B_ f(); }\n//// a/B_.java\npackage a; public class B_ { java.time.Instant "
      "at; }",
      "package a; record A(int n, String... s) {} sealed interface S permits A { A a(); } @interface M { int "
      "v() "
      "default 1; }",
      "package a; class A extends B { int x; } class B extends A {} interface S { A f(); }",
      "class A { Map<String, List<A>> m = new HashMap<String, List<A>>(), n; int a = b < c ? 1 : 2, d[]; "
      "\"\"\" x "
      "\"\"\" }",
      "package a; interface A { java.util.concurrent.CompletableFuture<Void> f(Object o); char g(char[] c); "
      "}",
      "package a; interface A { G<G<G<String>>> f(); } class G<T> { G<G<T>> g; }",
      "//// "
      "S.dubbo.json\n{\"canonicalName\":\"a.S\",\"methods\":[{\"name\":\"f\",\"parameterTypes\":[\"a.B\","
      "\"int[]\"],\"returnType\":\"java.util.List<a.B$C>\"}],\"types\":[{\"type\":\"a.B\",\"properties\":{"
      "\"n\":"
      "\"int\"}},{\"type\":\"a.B.C\",\"enums\":[\"X\"]}]}",
      "module m { requires x; }",
      "package a; class \\u0041 { String $end, \xC3\xA9; } interface end { A wait(); }",
  };
  int number = 0;
  for (const char* text : texts) add(std::to_string(number++), text);
}

}  // namespace
}  // namespace koine::fuzz
