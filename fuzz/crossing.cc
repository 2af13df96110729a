// See crossing.h.
#include "fuzz/crossing.h"

#include <array>
#include <fstream>
#include <iterator>

#include "idl/derive/derive.h"
#include "idl/java/read.h"
#include "idl/proto/reader.h"
#include "idl/source.h"
#include "idl/thrift/read.h"
#include "transcode/formats.h"
#include "transcode/state.h"
#include "transcode/walk.h"

namespace koine::fuzz {
namespace {

using model::BodyFormat;

constexpr std::size_t nesting_max = 12;
constexpr std::size_t message_bytes_max = 4000;

transcode::PlanOptions plan_options(bool strict) {
  transcode::PlanOptions options;
  options.limits.nesting_max = nesting_max;
  options.limits.message_bytes_max = message_bytes_max;
  if (strict) {
    options.not_in_schema = transcode::NotInSchema::reject;
    options.reject_duplicates = options.reject_repeats = true;
    options.compact_false_element = 2;
  }
  return options;
}

const idl::StructType* root_of(const Twin& twin, BodyFormat format) {
  if (format == BodyFormat::hessian2 && twin.java != nullptr) return twin.java;
  return transcode::is_thrift(format) ? twin.thrift : twin.proto;
}

constexpr std::array<BodyFormat, 6> forms = {BodyFormat::thrift_binary, BodyFormat::thrift_compact,
                                             BodyFormat::protobuf,      BodyFormat::json,
                                             BodyFormat::thrift_json,   BodyFormat::hessian2};

}  // namespace

Schemas::Schemas() {
  const std::string folder = std::string(KOINE_SOURCE_DIR) + "/fuzz/schemas/";
  auto thrift = idl::thrift::read({folder + "all.thrift"}, {});
  check(thrift.schema != nullptr, "fuzz/schemas/all.thrift can be read",
        [&] { return idl::render(thrift.diagnostics); });
  const auto disk = idl::disk_sources();
  const std::vector<std::string> files = {folder + "all.proto", folder + "old.proto"};
  auto proto = idl::proto::read(*disk, files);
  check(proto.schema != nullptr, "fuzz/schemas/*.proto can be read",
        [&] { return idl::render(proto.diagnostics); });
  for (auto* schema : {&thrift.schema, &proto.schema}) {
    const bool from_thrift = schema == &thrift.schema;
    auto derived = idl::derive::derive(**schema, from_thrift ? idl::Language::proto : idl::Language::thrift);
    check(derived.has_value(), "the schemas can be derived", [&] { return derived.error().to_string(); });
    pair(**schema, **derived);
    schemas_.push_back(std::move(*schema));
    schemas_.push_back(std::move(*derived));
  }
  auto java = idl::java::read({folder + "fuzz/java/Everything.java"}, {});
  check(java.schema != nullptr, "fuzz/schemas/fuzz/java can be read",
        [&] { return idl::render(java.diagnostics); });
  auto thrift_of_java = idl::derive::derive(*java.schema, idl::Language::thrift);
  auto proto_of_java = idl::derive::derive(*java.schema, idl::Language::proto);
  check(thrift_of_java && proto_of_java, "Java's can be derived");
  pair_java(*java.schema, **thrift_of_java, **proto_of_java);
  schemas_.push_back(std::move(java.schema));
  schemas_.push_back(std::move(*thrift_of_java));
  schemas_.push_back(std::move(*proto_of_java));
}

void Schemas::pair_java(const idl::Schema& source, const idl::Schema& thrift, const idl::Schema& proto) {
  for (const idl::StructType& one : source.structs()) {
    if (one.full_name.starts_with("google.")) continue;
    Twin twin{.java = &one};
    for (const idl::StructType& other : thrift.structs()) {
      if (other.origin == &one) twin.thrift = &other;
    }
    for (const idl::StructType& other : proto.structs()) {
      if (other.origin == &one) twin.proto = &other;
    }
    if (one.role == idl::StructRole::plain && twin.thrift != nullptr && twin.proto != nullptr)
      twins_.push_back(twin);
  }
}

void Schemas::pair(const idl::Schema& source, const idl::Schema& derived) {
  const bool from_thrift = source.files().front().language == idl::Language::thrift;
  for (const idl::StructType& one : derived.structs()) {
    if (one.origin == nullptr) continue;
    // Messages of protobuf's own files come along with those that use them.
    if (one.origin->full_name.starts_with("google.")) continue;
    twins_.push_back(from_thrift ? Twin{one.origin, &one} : Twin{&one, one.origin});
  }
  for (const idl::Service& service : source.services()) {
    for (const idl::Method& method : service.methods) {
      TwinMethod twin;
      (from_thrift ? twin.thrift : twin.proto) = &method;
      for (const idl::Service& other : derived.services()) {
        for (const idl::Method& candidate : other.methods) {
          if (candidate.origin == &method) (from_thrift ? twin.proto : twin.thrift) = &candidate;
        }
      }
      methods_.push_back(twin);
    }
  }
}

const Schemas& schemas() {
  static const Schemas made;
  return made;
}

std::unique_ptr<TwoWays> TwoWays::make(const transcode::Side& source, const transcode::Side& target,
                                       const transcode::PlanOptions& options) {
  auto made = std::make_unique<TwoWays>();
  made->program_.source = source;
  made->program_.target = target;
  made->program_.executors = transcode::find_executors(source.format, target.format);
  if (made->program_.executors == nullptr) return nullptr;
  if (!transcode::compile_program(transcode::OriginPairing(), options, made->program_).ok()) return nullptr;
  return made;
}

// What Plan::run does with one executor, without trying the other.
TwoWays::Told TwoWays::run(transcode::Execute execute, base::Bytes in) {
  static constexpr std::uint8_t nothing = 0;
  const std::uint8_t* begin = in.empty() ? &nothing : in.data();
  transcode::Output& output = context_.output;
  context_.arena.reset();
  context_.counters = {};
  output.start(in.size() + in.size() / 2 + 8 * transcode::out_slack_bytes);
  transcode::State s;
  s.set_input(begin, begin + in.size());
  s.context = &context_;
  s.output = &output;
  s.program = &program_;
  s.out_base = output.begin();
  s.out_limit = output.limit() - transcode::out_slack_bytes;
  s.marks = s.first_marks.data();
  s.marks_capacity = s.first_marks.size();
  std::uint8_t* out = s.out_base;
  const std::uint8_t* end = execute(s, begin, out);
  Told told;
  told.irregular = s.irregular;
  told.dropped = model::sum(context_.counters.dropped_fields);
  if (end == nullptr) {
    told.reason = s.reason;
  } else if (end != s.in_end) {
    told.reason = base::Reason::wire_malformed;
  } else if (static_cast<std::size_t>(out - s.out_base) > program_.options.message_bytes_max) {
    told.reason = base::Reason::limit_message;
  } else {
    told.bytes.assign(reinterpret_cast<const char*>(s.out_base), static_cast<std::size_t>(out - s.out_base));
  }
  return told;
}

Crossing& Crossings::find(std::size_t twin, BodyFormat from, BodyFormat to, bool strict) {
  const auto [at, fresh] = made_.try_emplace({twin, from, to, strict});
  if (!fresh) return at->second;
  const Twin& pair = schemas().twins()[twin];
  const transcode::Side source{from, root_of(pair, from), {}};
  const transcode::Side target{to, root_of(pair, to), {}};
  const transcode::PlanOptions options = plan_options(strict);
  Crossing& crossing = at->second;
  if (auto plan = transcode::Plan::compile(source, target, transcode::OriginPairing(), options)) {
    crossing.there = std::move(*plan);
  }
  if (auto plan = transcode::Plan::compile(target, source, transcode::OriginPairing(), options)) {
    crossing.back = std::move(*plan);
  }
  const bool binary = transcode::plan_format(from) == from && transcode::plan_format(to) == to;
  if (crossing.there != nullptr && binary) { crossing.apart = TwoWays::make(source, target, options); }
  if (crossing.there != nullptr && transcode::plan_format(to) == to) {
    crossing.same = TwoWays::make(target, target, plan_options(false));
  }
  return crossing;
}

namespace {

bool is_value_failure(base::Reason reason) {
  return reason >= base::Reason::map_type && reason <= base::Reason::map_no_pair;
}

std::string as_hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
    out.push_back(digits[static_cast<unsigned char>(c) & 15]);
  }
  return out;
}

// The fields of a body in one order: what two writers of the same values have in common.
std::string in_order(TwoWays& same, std::string_view body) {
  return same.indexed(base::as_bytes(body)).bytes;
}

void agree(const Crossing& crossing, base::Bytes body, const base::Status& status, std::string_view out) {
  const TwoWays::Told straight = crossing.apart->straight(body);
  const TwoWays::Told indexed = crossing.apart->indexed(body);
  // A value that has no form may still be replaced by a later one: then the indexed executor decides.
  const bool decided = !straight.irregular && !is_value_failure(straight.reason);
  check(!decided || (straight.reason == base::Reason::none) == (indexed.reason == base::Reason::none),
        "both executors accept the same", [&] {
          return "straight: " + std::string(base::to_string(straight.reason)) +
                 "\nindexed:  " + std::string(base::to_string(indexed.reason));
        });
  check(!decided || straight.bytes == indexed.bytes ||
            in_order(*crossing.same, straight.bytes) == in_order(*crossing.same, indexed.bytes),
        "both executors give the same",
        [&] { return "straight: " + as_hex(straight.bytes) + "\nindexed:  " + as_hex(indexed.bytes); });
  const TwoWays::Told& told = decided ? straight : indexed;
  check(told.bytes == out && (told.reason == base::Reason::none) == status.ok(), "a plan runs its executors");
}

// Thrift can write what a Thrift writer must not: a union without a member, and in the place of an enum's
// value the number 0 where the enum has none. To the other side both say "unset", and where nothing can be
// unset the way back refuses them (docs/mapping.md, enums and unions).
bool was_unset(const base::Status& status) {
  return status.reason() == base::Reason::map_enum_unknown ||
         (status.reason() == base::Reason::map_union && status.message().starts_with("no member"));
}

// What a first way back may refuse of what is accepted there.
struct Refusable {
  bool unset = false;  // see was_unset
  // Strings of proto2 are read as they come, and written only when they are UTF-8.
  bool text = false;
};

// Runs one way of a crossing on what the other gave. False: it grew beyond a limit, or cannot be known; or it
// is the way back of what may be refused there.
bool step(const transcode::Plan& plan, std::string& bytes, Refusable refusable = {}) {
  static transcode::Context context;
  const base::Status status = plan.run(base::as_bytes(bytes), context, context.output);
  if (status.reason() == base::Reason::limit_message || status.reason() == base::Reason::limit_depth)
    return false;
  if (refusable.unset && was_unset(status)) return false;
  if (refusable.text && status.reason() == base::Reason::map_utf8) return false;
  check(status.ok(), "what comes out can be read", [&] { return status.to_string() + "\n" + as_hex(bytes); });
  bytes = base::as_text(context.output.bytes());
  return true;
}

}  // namespace

void cross(Crossings& crossings, std::size_t twin, BodyFormat from, BodyFormat to, bool strict,
           base::Bytes body) {
  const Crossing& crossing = crossings.find(twin, from, to, strict);
  if (crossing.there == nullptr) return;
  static transcode::Context context;
  const base::Status status = crossing.there->run(body, context, context.output);
  std::string out(base::as_text(context.output.bytes()));
  if (crossing.apart != nullptr) agree(crossing, body, status, out);
  if (!status.ok()) return;
  check(transcode::walk_body(to, base::as_bytes(out), 2 * nesting_max).ok(), "what comes out is a body",
        [&] { return as_hex(out); });
  check(transcode::walk_body(from, body, 2 * nesting_max).ok(), "what is accepted passes the walk");
  if (crossing.back == nullptr) return;
  // A default that the one side knows and the other does not is filled in once; from then on nothing changes.
  const Refusable refusable{
      .unset = transcode::is_thrift(from) && !transcode::is_thrift(to),
      .text = from == BodyFormat::protobuf && !schemas().twins()[twin].proto->implicit_utf8};
  if (!step(*crossing.back, out, refusable) || !step(*crossing.there, out)) return;
  const std::string once = out;
  if (!step(*crossing.back, out) || !step(*crossing.there, out)) return;
  check(out == once ||
            (crossing.same != nullptr && in_order(*crossing.same, out) == in_order(*crossing.same, once)),
        "there, back and there again is there",
        [&] { return "there: " + as_hex(once) + "\nagain: " + as_hex(out); });
}

void prepare_crossing(Crossings& crossings, BodyFormat from, base::Bytes bytes) {
  Input input(bytes);
  const std::size_t twin = input.choose(schemas().twins().size());
  const std::uint8_t to = input.byte();
  crossings.find(twin, from, forms[(to & 127) % forms.size()], (to & 128) != 0);
}

void cross_input(Crossings& crossings, BodyFormat from, base::Bytes bytes) {
  Input input(bytes);
  const std::size_t twin = input.choose(schemas().twins().size());
  const std::uint8_t to = input.byte();
  cross(crossings, twin, from, forms[(to & 127) % forms.size()], (to & 128) != 0, input.rest());
}

}  // namespace koine::fuzz
