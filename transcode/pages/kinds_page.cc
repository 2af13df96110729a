// Plans of one field, and what became of it.
#include "transcode/pages/kinds_page.h"

#include <array>
#include <functional>
#include <set>
#include <string_view>
#include <vector>

#include "codecs/bodies/thrift_json/types.h"
#include "transcode/compile.h"
#include "transcode/context.h"
#include "transcode/plan.h"

namespace koine::transcode::pages {
namespace {

using base::Reason;
using idl::Kind;
using model::BodyFormat;

constexpr std::array kinds = {Kind::boolean,   Kind::i8,     Kind::i16,   Kind::i32,  Kind::i64,
                              Kind::u8,        Kind::u16,    Kind::u32,   Kind::u64,  Kind::f32,
                              Kind::f64,       Kind::string, Kind::bytes, Kind::uuid, Kind::enumeration,
                              Kind::structure, Kind::list,   Kind::set,   Kind::map};

bool is_text(BodyFormat format) { return format == BodyFormat::json || format == BodyFormat::thrift_json; }

// A Thrift struct with one field, and a message with another one that stands for it.
class Pair {
 public:
  Pair(Kind source, Kind target, bool closed_enum = false) : closed_enum_(closed_enum) {
    const idl::Type& first = type(source, nullptr);
    const idl::Type& second = type(target, source == target ? &first : nullptr);
    make(source_, first, nullptr);
    make(target_, second, source_);
  }
  const idl::StructType& source() const { return *source_; }
  const idl::StructType& target() const { return *target_; }

 private:
  // `origin`: the type on the other side.
  const idl::Type& type(Kind kind, const idl::Type* origin) {
    idl::Type& made = schema_.add_type();
    made.kind = kind;
    if (kind == Kind::enumeration) {
      idl::EnumType& values = schema_.add_enum();
      for (const std::int32_t number : {0, 1}) {
        values.values.emplace_back().name = "V" + std::to_string(number);
        values.values.back().number = number;
      }
      values.closed = closed_enum_;
      if (origin != nullptr) values.origin = origin->enumeration;
      made.enumeration = &values;
    }
    if (kind == Kind::structure) {
      idl::StructType& inner = schema_.add_struct();
      inner.full_name = origin == nullptr ? "a.Inner" : "b.Inner";
      if (origin != nullptr) inner.origin = origin->structure;
      made.structure = &inner;
    }
    if (kind == Kind::list || kind == Kind::set || kind == Kind::map)
      made.element = schema_.scalar(Kind::i32);
    if (kind == Kind::map) made.key = schema_.scalar(Kind::i32);
    return made;
  }
  void make(idl::StructType*& into, const idl::Type& type, const idl::StructType* origin) {
    into = &schema_.add_struct();
    into->full_name = origin == nullptr ? "a.S" : "b.S";
    into->origin = origin;
    idl::Field& field = into->fields.emplace_back();
    field.name = field.json_name = "f";
    field.id = field.origin_id = 1;
    field.type = &type;
    field.presence = idl::Presence::optional;
  }

  const bool closed_enum_;
  idl::Schema schema_;
  idl::StructType* source_ = nullptr;
  idl::StructType* target_ = nullptr;
};

// What an op may refuse a value for.
std::set<Reason> refusals(const Op& op) {
  switch (op.code) {
    case Code::integer: return op.has(op_range) ? std::set{Reason::map_range} : std::set<Reason>();
    case Code::real:
      return op.has(op_range) ? std::set{Reason::map_range, Reason::map_precision} : std::set<Reason>();
    case Code::text: return {Reason::map_utf8};
    case Code::uuid: return op.source_form == Form::uuid ? std::set<Reason>() : std::set{Reason::map_type};
    case Code::enumeration: return {Reason::map_enum_unknown};
    default: return {};
  }
}

// The values that texts are tried with: one of every sort, at every border.
constexpr std::array json_values = {"true",
                                    "0",
                                    "1",
                                    "-1",
                                    "1.5",
                                    "127",
                                    "128",
                                    "255",
                                    "256",
                                    "-129",
                                    "32768",
                                    "65536",
                                    "-32769",
                                    "2147483648",
                                    "4294967296",
                                    "-2147483649",
                                    "9223372036854775807",
                                    "18446744073709551616",
                                    "1e39",
                                    "1e400",
                                    R"("NaN")",
                                    R"("x")",
                                    R"("aGk=")",
                                    R"("!")",
                                    R"("V1")",
                                    R"("00000000-0000-0000-0000-000000000000")",
                                    "[]",
                                    "[1]",
                                    "[null]",
                                    "[1,1]",
                                    "{}",
                                    R"({"1":1})",
                                    R"({"1":null})",
                                    R"({"1":1,"1":2})",
                                    R"({"zzz":1})"};

std::set<Reason> tried(const Plan& plan, const std::function<std::string(std::string_view)>& message) {
  std::set<Reason> reasons;
  Context context;
  for (const std::string_view value : json_values) {
    const std::string text = message(value);
    const base::Status status = plan.run(base::as_bytes(std::string_view(text)), context, context.output);
    if (!status.ok()) reasons.insert(status.reason());
  }
  return reasons;
}

// The field as a string that is not UTF-8.
std::string no_utf8(BodyFormat format) {
  if (format == BodyFormat::json) return "{\"f\":\"\xff\"}";
  if (format == BodyFormat::thrift_json) return "{\"1\":{\"str\":\"\xff\"}}";
  if (format == BodyFormat::protobuf) return "\x0a\x01\xff";
  return std::string("\x0b\x00\x01\x00\x00\x00\x01\xff\x00", 9);
}

std::string in_words(const std::set<Reason>& reasons) {
  if (reasons.empty()) return "L";
  std::string text;
  for (const Reason reason : reasons)
    text += (text.empty() ? "" : ", ") + std::string(base::to_string(reason));
  return text;
}

// "X" when nothing of the kind can be compiled.
std::string verdict(const Pair& pair, BodyFormat from, BodyFormat to) {
  const Side source{from, &pair.source(), std::nullopt};
  const Side target{to, &pair.target(), std::nullopt};
  const OriginPairing pairing;
  const PlanOptions options;
  const auto plan = Plan::compile(source, target, pairing, options);
  if (!plan) return "X";
  Program program;
  program.source = {plan_format(from), source.root, std::nullopt};
  program.target = {plan_format(to), target.root, std::nullopt};
  if (!compile_program(pairing, options, program).ok()) return "X";
  std::set<Reason> reasons = refusals(program.root->table->ops[0]);
  if (from == BodyFormat::json) {
    reasons.merge(tried(**plan, [](std::string_view value) { return "{\"f\":" + std::string(value) + "}"; }));
  } else if (from == BodyFormat::thrift_json) {
    const WireForm form = wire_form(BodyFormat::thrift_binary, *pair.source().fields[0].type);
    const std::string type(codecs::bodies::thrift_json::name_of(form.type));
    reasons.merge(tried(**plan, [&](std::string_view value) {
      return "{\"1\":{\"" + type + "\":" + std::string(value) + "}}";
    }));
  }
  if ((is_text(from) || is_text(to)) && pair.source().fields[0].type->kind == Kind::string) {
    Context context;
    const std::string bytes = no_utf8(from);
    const base::Status status =
        (*plan)->run(base::as_bytes(std::string_view(bytes)), context, context.output);
    if (!status.ok()) reasons.insert(status.reason());
  }
  // Bytes that are no text of the format at all, whatever the field.
  reasons.erase(Reason::wire_malformed);
  reasons.erase(Reason::wire_truncated);
  const bool drops = program.root->table->ops[0].has(op_unique);
  return drops ? (reasons.empty() ? "D" : "D, " + in_words(reasons)) : in_words(reasons);
}

std::string name_of(Kind kind) {
  if (kind == Kind::enumeration) return "enum, open";
  return std::string(idl::to_string(kind));
}

// R for MAP_RANGE and so on, so that nineteen columns fit.
std::string letter(const std::string& verdict) {
  if (verdict == "X") return "·";
  if (verdict == "MAP_RANGE") return "R";
  if (verdict == "MAP_RANGE, MAP_PRECISION") return "P";
  if (verdict == "MAP_UTF8") return "U";
  if (verdict == "MAP_TYPE") return "T";
  if (verdict == "MAP_ENUM_UNKNOWN") return "E";
  return verdict;
}

void add_pairs(std::string& page, BodyFormat from, BodyFormat to, std::string_view corner) {
  page += "| " + std::string(corner) + " |";
  for (const Kind kind : kinds) page += " " + name_of(kind) + " |";
  page += "\n|---|";
  for (std::size_t i = 0; i < kinds.size(); ++i) page += "---|";
  page += '\n';
  for (const Kind source : kinds) {
    page += "| **" + name_of(source) + "** |";
    for (const Kind target : kinds) page += " " + letter(verdict(Pair(source, target), from, to)) + " |";
    page += '\n';
  }
  page += '\n';
}

struct Column {
  const char* head;
  BodyFormat from;
  BodyFormat to;
};
constexpr std::array columns = {
    Column{"Thrift → protobuf", BodyFormat::thrift_compact, BodyFormat::protobuf},
    Column{"protobuf → Thrift", BodyFormat::protobuf, BodyFormat::thrift_compact},
    Column{"Thrift binary ⇄ compact", BodyFormat::thrift_binary, BodyFormat::thrift_compact},
    Column{"JSON → protobuf", BodyFormat::json, BodyFormat::protobuf},
    Column{"protobuf → JSON", BodyFormat::protobuf, BodyFormat::json},
    Column{"Thrift's JSON → binary", BodyFormat::thrift_json, BodyFormat::thrift_binary},
    Column{"binary → Thrift's JSON", BodyFormat::thrift_binary, BodyFormat::thrift_json}};

void add_formats(std::string& page) {
  page += "| kind |";
  for (const Column& column : columns) page += " " + std::string(column.head) + " |";
  page += "\n|---|";
  for (std::size_t i = 0; i < columns.size(); ++i) page += "---|";
  page += '\n';
  const auto row = [&page](const std::string& name, const Pair& pair) {
    page += "| " + name + " |";
    for (const Column& column : columns) page += " " + verdict(pair, column.from, column.to) + " |";
    page += '\n';
  };
  for (const Kind kind : kinds) {
    row(name_of(kind), Pair(kind, kind));
    if (kind == Kind::enumeration) row("enum, closed", Pair(kind, kind, true));
  }
  page += '\n';
}

}  // namespace

std::string kinds_tables() {
  std::string page =
      "**A kind to itself**, from format to format. L: lossless; D: but for duplicates, which are dropped "
      "and counted; else what a value may be refused for.\n\n";
  add_formats(page);
  page +=
      "**A kind to another one.** L lossless, R MAP_RANGE, P MAP_RANGE or MAP_PRECISION, U MAP_UTF8, T "
      "MAP_TYPE, E "
      "MAP_ENUM_UNKNOWN, D duplicates dropped, · no form.\n\n";
  add_pairs(page, BodyFormat::thrift_compact, BodyFormat::protobuf, "Thrift ↓ protobuf →");
  add_pairs(page, BodyFormat::protobuf, BodyFormat::thrift_compact, "protobuf ↓ Thrift →");
  page.pop_back();
  return page;
}

}  // namespace koine::transcode::pages
