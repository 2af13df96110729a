// Schemas that a person wrote, derived, and compiled into plans of every pair of forms: no plan is made of
// what has no form, and none that is made fails on an empty body with anything but a Status.
//
//   the text of a .thrift file
#include "fuzz/target.h"
#include "idl/derive/derive.h"
#include "idl/thrift/read.h"
#include "transcode/method_plan.h"
#include "transcode/plan.h"

namespace koine::fuzz {
namespace {

using model::BodyFormat;

struct Form {
  BodyFormat format;
  std::string_view protocol;
};

// Plans between structs that nobody derived from one another are refused, or run.
void unrelated(const idl::Schema& schema, const transcode::PlanOptions& options) {
  const transcode::OriginPairing pairing;
  const idl::StructType* before = nullptr;
  transcode::Context context;
  for (const idl::StructType& type : schema.structs()) {
    if (type.origin == nullptr) continue;
    if (before != nullptr) {
      const transcode::Side proto{BodyFormat::protobuf, &type, {}};
      const transcode::Side thrift{BodyFormat::thrift_binary, before->origin, {}};
      for (const bool there : {true, false}) {
        const auto plan =
            transcode::Plan::compile(there ? proto : thrift, there ? thrift : proto, pairing, options);
        if (plan) {
          (void)(*plan)->run({}, context, context.output);
        } else {
          check(!plan.error().message().empty(), "a refusal says why");
        }
      }
    }
    before = &type;
  }
}

void run(base::Bytes input) {
  const auto sources = idl::memory_sources({{"a.thrift", std::string(base::as_text(input))}});
  idl::thrift::ReadOptions options;
  options.sources = sources.get();
  const auto read = idl::thrift::read({"a.thrift"}, options);
  if (read.schema == nullptr) return;
  const auto derived = idl::derive::derive(*read.schema, idl::Language::proto);
  if (!derived) return check(!derived.error().message().empty(), "a refusal says why");
  transcode::PlanOptions plan_options;
  plan_options.limits.plan_fields_max = 60;
  constexpr Form forms[] = {
      {BodyFormat::thrift_compact, "thrift"}, {BodyFormat::protobuf, "grpc"}, {BodyFormat::json, "grpc"}};
  unrelated(**derived, plan_options);
  transcode::Context context;
  for (const idl::Service& service : (*derived)->services()) {
    for (const idl::Method& method : service.methods) {
      if (method.origin == nullptr) continue;
      for (const auto& [from, to] : {std::pair(1, 0), std::pair(0, 1), std::pair(2, 0)}) {
        const auto side = [&](const Form& form) {
          return transcode::MethodSide{form.protocol == "grpc" ? &method : method.origin, form.format,
                                       form.protocol};
        };
        const auto plan = transcode::MethodPlan::compile(side(forms[from]), side(forms[to]), plan_options);
        if (!plan) {
          check(!plan.error().message().empty(), "a refusal says why");
          continue;
        }
        model::Payload message;
        message.format = forms[from].format;
        message.bytes.append(forms[from].format == BodyFormat::json       ? "{}"
                             : forms[from].format == BodyFormat::protobuf ? std::string_view()
                                                                          : std::string_view("\0", 1));
        const auto request = (*plan)->request(std::move(message), context);
        check(!request || request->format == forms[to].format, "a request arrives in the provider's form");
      }
    }
  }
}

void seeds(const AddSeed& add) {
  const auto method = [&](const std::string& name, const std::string& types, const std::string& signature) {
    add(name, types + "\nservice S { " + signature + " }");
  };
  method("scalars", "",
         "i32 m(1: bool a, 2: i8 b, 3: i16 c, 4: i64 d, 5: double e, 6: string f, 7: binary g)");
  method("required", "struct A { 1: required i32 a, 2: required string b }", "A m(1: required A a)");
  method("defaults",
         "enum E { X = 2 } struct A { 1: i32 a = 5, 2: bool b = true, 3: double c = 1.5, 4: string d = 'x', "
         "5: E e = "
         "E.X, 6: list<i32> f = [1], 7: map<i32, string> g = {1: 'a'}, 8: i64 h = 5000000000, 9: i8 i = -1 }",
         "A m(1: A a)");
  method("default-struct", "struct B { 1: i32 x } struct A { 1: B b = {'x': 1}, 2: set<string> c = ['a'] }",
         "A m(1: A a)");
  method("ranges",
         "struct A { 1: i16 (koine.range = 'u8') a, 2: i64 (koine.range = 'u64') b, 3: double (koine.range = "
         "'f32') c, "
         "4: i32 (koine.number = 'zigzag') d, 5: list<i64 (koine.range = 'u32', koine.number = 'fixed')> e }",
         "A m(1: A a)");
  method("nested",
         "struct A { 1: list<list<i32>> a, 2: map<string, list<A>> b, 3: optional map<double, A> c }",
         "void m(1: A a)");
  method("keys",
         "struct K { 1: i32 a } struct A { 1: map<K, i32> a, 2: map<list<i32>, i32> b, 3: map<bool, i32> c, "
         "4: set<K> d, 5: set<double> e }",
         "void m(1: A a)");
  method("union", "enum E { X = 1 } union U { 1: i32 a, 2: list<i32> b, 3: E c, 4: U d }", "U m(1: U a)");
  method("exceptions",
         "exception X { 1: string message } (koine.code = 'ABORTED') exception Y { 1: i32 why, 2: "
         "list<string> all }",
         "i32 m(1: i32 a) throws (1: X x, 2: Y y)");
  method("oneway", "", "oneway void m(1: string a)");
  method("negative", "struct A { -1: i32 a, 0: i32 b, 40000: i32 c }", "void m(1: A a)");
  method("names", "struct A { 1: i32 a_b, 2: i32 aB, 3: i32 class, 4: i32 a_b_ }",
         "void m(1: A a, 2: i32 value)");
  method(
      "enums",
      "enum E { A = 0, B = -1 } enum F { A = 5 } struct S1 { 1: required F a, 2: list<F> b, 3: map<F, E> c }",
      "F m(1: E a, 2: S1 b)");
  method("recursive", "struct A { 1: optional A a, 2: list<A> b }", "A m(1: A a)");
  method("recursive-required", "struct A { 1: required A a }", "A m(1: A a)");
  method("oneof",
         "struct A { 1: optional i32 a (koine.oneof = 'c'), 2: optional string b (koine.oneof = 'c') }",
         "A m(1: A a)");
  method("two",
         "struct A { 1: i32 a } struct B { 1: required string a 2: B b } struct C { 1: uuid a = "
         "'00112233-4455-6677-8899-aabbccddeeff' 2: list<i32> b = [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16] }",
         "B m(1: A a, 2: C c)");
  method("typedef", "typedef i32 I typedef list<I> L struct A { 1: L a }", "L m(1: A a)");
  std::string many = "struct A {";
  for (int i = 1; i <= 40; ++i) many += " " + std::to_string(i) + ": i32 f" + std::to_string(i);
  method("wide", many + " }", "A m(1: A a)");
}

}  // namespace

extern const Target plans;
const Target plans = {.name = "plans",
                      .run = &run,
                      .seeds = &seeds,
                      .heap_bytes = 4u << 20,
                      .heap_per_byte = 8192,
                      .time_ns = 5'000'000,
                      .time_per_byte_ns = 50'000};

}  // namespace koine::fuzz
