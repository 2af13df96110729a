// Two IDLs that have nothing to do with one another, or nearly: paired by name, overrides proposed for the
// rest, and every method that can be called by then compiled into plans and run.
//
//   u8 which: the languages of the two (bits 0, 1: protobuf) · what callers use · a line "////" · what the
//   provider has; then, if wanted, another such line and overrides: "key=name" a line for a rename, any other
//   for what is allowed
#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fuzz/target.h"
#include "idl/match/match.h"
#include "idl/match/propose.h"
#include "idl/match/report.h"
#include "idl/proto/reader.h"
#include "idl/thrift/read.h"
#include "transcode/context.h"
#include "transcode/method_plan.h"
#include "transcode/name_pairing.h"
#include "transcode/plan.h"

namespace koine::fuzz {
namespace {

using idl::match::Match;
using idl::match::Overrides;
using idl::match::RuleId;
using idl::match::Side;
using model::BodyFormat;

// What stands before the next line "////".
std::string_view part(std::string_view& text) {
  const std::size_t mark = text.find("////");
  const std::string_view out = text.substr(0, mark);
  text.remove_prefix(mark == std::string_view::npos ? text.size() : mark + 4);
  return out;
}

Overrides overrides_of(std::string_view text) {
  Overrides out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos) {
      out.rename[std::string(line.substr(0, equals))] = line.substr(equals + 1);
    } else if (!line.empty()) {
      out.allow.emplace_back(line);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::unique_ptr<idl::Schema> read(idl::Language language, std::string_view text) {
  const std::string name = language == idl::Language::thrift ? "a.thrift" : "b.proto";
  const auto sources = idl::memory_sources({{name, std::string(text)}});
  if (language == idl::Language::proto) return std::move(idl::proto::read(*sources, {&name, 1}).schema);
  idl::thrift::ReadOptions options;
  options.sources = sources.get();
  return std::move(idl::thrift::read({name}, options).schema);
}

// Look-ups give the same answer from both sides, and never one answer twice.
void expect_bijection(const Match& match, const idl::StructType& exposed, const idl::StructType& provider) {
  if (!match.structs(exposed, provider)) return;
  check(match.structs(provider, exposed), "structs are paired from either side");
  std::set<const idl::Field*> answers;
  for (const idl::Field& field : exposed.fields) {
    const idl::Field* other = match.field(exposed, field, provider);
    if (other == nullptr) continue;
    check(answers.insert(other).second, "nobody is two fields' counterpart");
    check(match.field(provider, *other, exposed) == &field, "a counterpart's counterpart is oneself");
  }
}

void expect_bijection(const Match& match, const idl::EnumType& exposed, const idl::EnumType& provider) {
  if (!match.enums(exposed, provider)) return;
  for (const idl::EnumValue& value : exposed.values) {
    const auto other = match.number(exposed, value.number, provider);
    if (!other) continue;
    check(match.number(provider, *other, exposed) == value.number, "a number's number is the number");
    check(!match.means_unset(exposed, value.number, provider), "what has a counterpart is not unset");
  }
}

void expect_sound(const Match& match, const Side& exposed, const Side& provider) {
  for (const idl::StructType& one : exposed.schema->structs()) {
    for (const idl::StructType& other : provider.schema->structs()) expect_bijection(match, one, other);
  }
  for (const idl::EnumType& one : exposed.schema->enums()) {
    for (const idl::EnumType& other : provider.schema->enums()) expect_bijection(match, one, other);
  }
  for (const idl::match::Finding& finding : match.findings()) {
    const bool error = finding.rule->severity == idl::Severity::error;
    check(!finding.text.empty() && !to_string(finding).empty(), "a finding says what it is");
    check(!(error && finding.allowed), "an error cannot be allowed", [&] { return to_string(finding); });
    check(!(error && match.complete()), "an error is not complete", [&] { return to_string(finding); });
  }
  if (!match.complete()) return;
  check(match.blocking().empty(), "what is complete stands in nobody's way");
  for (const idl::Method& method : exposed.service->methods) {
    check(match.blocking(method).empty(), "what is complete stands in no method's way");
  }
}

// What is proposed covers everything, but for what no override can mend.
void expect_covered(const idl::match::Proposal& proposal, const Match& match, const Side& exposed,
                    const Side& provider) {
  const auto text = [&] {
    return to_yaml(proposal, *exposed.service) + idl::match::report(match, exposed, provider);
  };
  check(match.complete() == proposal.left.empty(), "a proposal covers all that overrides can", text);
  for (const idl::match::Finding& finding : match.findings()) {
    const RuleId id = finding.rule->id;
    check(id != RuleId::override_unknown && id != RuleId::override_unused, "what is proposed is of use",
          text);
  }
}

struct Form {
  BodyFormat format;
  std::string_view protocol;
};
constexpr Form thrift_forms[] = {{BodyFormat::thrift_compact, "thrift"}, {BodyFormat::thrift_json, "thrift"}};
constexpr Form proto_forms[] = {{BodyFormat::protobuf, "grpc"}, {BodyFormat::json, "grpc"}};

model::Payload empty_message(BodyFormat format) {
  model::Payload out;
  out.format = format;
  if (format == BodyFormat::thrift_compact) out.bytes.append(std::string_view("\0", 1));
  if (format == BodyFormat::thrift_json || format == BodyFormat::json) out.bytes.append("{}");
  return out;
}

void call(const transcode::MethodPlan& plan, BodyFormat caller, BodyFormat provider) {
  static transcode::Context context;
  const auto request = plan.request(empty_message(caller), context);
  check(!request || request->format == provider, "a request arrives in the provider's form");
  model::Reply reply;
  reply.has_message = true;
  reply.message = empty_message(provider);
  const model::Reply answer = plan.reply(std::move(reply), context);
  check(!answer.has_message || answer.message.bytes.empty() || answer.message.format == caller,
        "an answer arrives in the caller's form");
}

void call_all(const Match& match, const Side& exposed, idl::Language callers, idl::Language providers) {
  transcode::PlanOptions options;
  options.limits.plan_fields_max = 60;
  const transcode::NamePairing pairing(match);
  for (const idl::Method& method : exposed.service->methods) {
    const idl::Method* target = match.provider_method(method);
    if (target == nullptr || !match.blocking(method).empty()) continue;
    for (const Form& from : callers == idl::Language::thrift ? thrift_forms : proto_forms) {
      for (const Form& to : providers == idl::Language::thrift ? thrift_forms : proto_forms) {
        const auto plan = transcode::MethodPlan::compile({&method, from.format, from.protocol},
                                                         {target, to.format, to.protocol}, pairing, options);
        if (plan) {
          call(**plan, from.format, to.format);
          continue;
        }
        check(plan.error().reason() == base::Reason::limit_memory, "what is paired has a plan",
              [&] { return plan.error().to_string(); });
      }
    }
  }
}

void run(base::Bytes bytes) {
  Input input(bytes);
  const std::size_t which = input.choose(4);
  std::string_view text = base::as_text(input.rest());
  const auto language = [&](int bit) {
    return (which >> bit & 1) != 0 ? idl::Language::proto : idl::Language::thrift;
  };
  const auto callers = read(language(0), part(text));
  const auto providers = read(language(1), part(text));
  if (callers == nullptr || providers == nullptr) return;
  if (callers->services().empty() || providers->services().empty()) return;
  const Side exposed{callers.get(), &callers->services().back()};
  const Side provider{providers.get(), &providers->services().back()};
  const Overrides given = overrides_of(text);

  const auto before = Match::make(exposed, provider, given);
  expect_sound(*before, exposed, provider);
  const idl::match::Proposal proposal = propose(exposed, provider, given);
  const auto after = Match::make(exposed, provider, proposal.overrides);
  expect_sound(*after, exposed, provider);
  check(!report_json(*after, exposed, provider, &proposal).empty(), "a report says something");
  for (const auto& rename : proposal.overrides.rename) {
    const auto said = given.rename.find(rename.first);
    check(said == given.rename.end() || said->second == rename.second, "what was said is kept",
          [&] { return rename.first; });
  }
  if (given.rename.empty() && given.allow.empty()) expect_covered(proposal, *after, exposed, provider);
  call_all(*before, exposed, language(0), language(1));
  call_all(*after, exposed, language(0), language(1));
}

constexpr char thrift_thrift = 0;
constexpr char proto_thrift = 1;
constexpr char thrift_proto = 2;
constexpr char proto_proto = 3;

void seeds(const AddSeed& add) {
  int number = 0;
  const auto one = [&](char which, const std::string& exposed, const std::string& provider,
                       const std::string& overrides = "") {
    add(std::to_string(number++), std::string(1, which) + exposed + "\n////" + provider +
                                      (overrides.empty() ? "" : "\n////" + overrides));
  };
  // A service whose method takes and gives S; both ways.
  const auto structs = [&](const std::string& thrift, const std::string& proto,
                           const std::string& overrides = "") {
    const std::string a = thrift + " service T { S m(1: S s) }";
    const std::string b = "syntax = \"proto3\"; " + proto + " service T { rpc M(S) returns (S); }";
    one(proto_thrift, b, a, overrides);
    one(thrift_proto, a, b, overrides);
  };
  const auto methods = [&](const std::string& thrift, const std::string& proto) {
    one(proto_thrift, "syntax = \"proto3\"; " + proto, thrift);
    one(thrift_proto, thrift, "syntax = \"proto3\"; " + proto);
  };
  structs("struct S { 1: i32 a_b, 2: optional string c, 3: required i64 d }",
          "message S { int64 d = 1; int32 aB = 2; optional string c = 3; }");
  structs("struct S { 1: i32 total, 2: optional i32 gone }",
          "message S { int32 total_cents = 1; bool x = 2; }",
          "S.total=total_cents\nS.gone=\nUNMAPPED_OPTIONAL:S.x");
  structs(
      "struct S { 1: i64 (koine.unit = 'ms') at, 2: i64 (koine.unit = 's') d }",
      "import \"google/protobuf/timestamp.proto\"; import \"google/protobuf/duration.proto\"; message S { "
      "google.protobuf.Timestamp at = 1; google.protobuf.Duration d = 2; }"
      "= 3; }");
  structs("struct S { 1: optional i64 a, 2: list<list<i32>> b, 3: set<string> c, 4: map<i32, string> d }",
          "import \"google/protobuf/wrappers.proto\"; message Row { repeated int32 cells = 1; } message S { "
          "google.protobuf.Int64Value a = 1; repeated Row b = 2; repeated string c = 3; map<int32, string> d "
          "= 4; }");
  structs("union U { 1: i32 a, 2: string b } struct S { 1: U choice }",
          "message S { oneof choice { int32 a = 1; string b = 2; } }");
  structs("enum E { RED = 1, BLUE = 2 } struct S { 1: E e, 2: required E f }",
          "enum E { E_UNSPECIFIED = 0; E_BLUE = 1; E_RED = 5; } message S { E e = 1; E f = 2; }");
  structs("struct S { 1: i8 a, 2: double b, 3: binary c, 4: string d, 5: uuid e, 6: bool f }",
          "message S { uint64 a = 1; float b = 2; string c = 3; bytes d = 4; string e = 5; bool f = 6; }");
  structs("struct S { 1: optional S next, 2: list<S> all }", "message S { S next = 1; repeated S all = 2; }");
  structs("struct S { 1: i32 a = 5, 2: string b = 'x' } struct V { 1: S s }",
          "message S { int32 a = 1 [json_name = \"b\"]; string B = 2; }");
  structs("struct S { 1: i32 a, 2: i32 A_, 3: i32 (koine.name = 'z') b }",
          "message S { int32 a = 1; int32 z = 2; }");
  methods(
      "service T { i32 m(1: i32 a, 2: string b) void n() list<i32> o(1: i32 a) }",
      "message Q { int32 a = 1; string b = 2; } message R { int32 value = 1; } message V { } message L { "
      "repeated int32 all = 1; } service T { rpc M(Q) returns (R); rpc N(V) returns (V); rpc O(Q) returns "
      "(L); }");
  methods(
      "exception Gone { 1: string message, 2: i32 id } (koine.code = 'NOT_FOUND') exception Other { 1: i32 x "
      "} "
      "service T { void m() throws (1: Gone g, 2: Other o) }",
      "message Gone { int32 id = 1; } message V { } service T { rpc M(V) returns (V); }");
  methods(
      "service T { oneway void m(1: string a) }",
      "message V { string a = 1; } service T { rpc M(stream V) returns (V); rpc m_(V) returns (stream V); }");
  one(thrift_thrift, "struct Q { 1: string text 2: i64 limit } service T { void m(3: Q query) }",
      "service T { void m(8: i32 limit, 9: string text) }");
  one(thrift_thrift,
      "exception X { 1: i32 a } union U { 1: i32 a } service T { U m(1: set<i32> a) throws (1: X x) }",
      "exception X { 2: i64 a } union U { 7: i64 A } service T { U m(4: list<i64> a) throws (3: X y) }");
  one(proto_proto,
      "syntax = \"proto3\"; message M { oneof o { int32 a = 1; M b = 2; } } service T { rpc R(M) returns "
      "(M); }",
      "syntax = \"proto2\"; message M { required int64 a = 3; optional group B = 4 { optional int32 a = 1; } "
      "} "
      "service T { rpc R(M) returns (M); }");
}

}  // namespace

extern const Target pairing;
const Target pairing = {.name = "pairing",
                        .run = &run,
                        .seeds = &seeds,
                        .heap_bytes = 4u << 20,
                        .heap_per_byte = 8192,
                        .time_ns = 5'000'000,
                        .time_per_byte_ns = 50'000};

}  // namespace koine::fuzz
