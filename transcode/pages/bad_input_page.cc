// Messages that are wrong, in every format, and what becomes of them.
#include "transcode/pages/bad_input_page.h"

#include <array>
#include <functional>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "idl/derive/derive.h"
#include "idl/proto/reader.h"
#include "idl/source.h"
#include "idl/thrift/read.h"
#include "transcode/context.h"
#include "transcode/formats.h"
#include "transcode/pairing.h"
#include "transcode/plan.h"

namespace koine::transcode::pages {
namespace {

using base::Reason;
using model::BodyFormat;

constexpr std::array formats = {BodyFormat::thrift_binary, BodyFormat::thrift_compact,
                                BodyFormat::thrift_json, BodyFormat::protobuf, BodyFormat::json};
using Messages = std::array<std::string, formats.size()>;

constexpr const char* thrift_idl =
    "namespace * a\n"
    "enum Color { RED = 0, BLUE = 1 }\n"
    "union Id { 1: i32 number, 2: string name }\n"
    "struct Inner { 1: i32 n }\n"
    "struct S { 1: i32 n, 2: string text, 3: list<i32> list, 4: Inner inner, 5: Color color, 6: Id id,\n"
    "  7: optional S next, 8: map<i32, i32> map, 9: optional bool flag }\n"
    "struct Required { 1: required Inner inner }\n"
    "service Service { void f(1: S s, 2: Required r) }\n";
constexpr const char* proto_idl =
    "syntax = \"proto2\";\n"
    "package b;\n"
    "enum Closed { ZERO = 0; ONE = 1; }\n"
    "message Old { optional Closed color = 1; }\n"
    "service Service { rpc F(Old) returns (Old); }\n";

// The bytes that hexadecimal digits say; anything else separates them.
std::string hex(std::string_view digits) {
  std::string bytes;
  int high = -1;
  for (const char c : digits) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) continue;
    if (high >= 0) bytes.push_back(static_cast<char>(high << 4 | digit));
    high = high < 0 ? digit : -1;
  }
  return bytes;
}
// The binary formats in hexadecimal digits; an empty one cannot have that mistake.
Messages messages(std::string_view binary, std::string_view compact, std::string thrift_json,
                  std::string_view protobuf, std::string json) {
  return {hex(binary), hex(compact), std::move(thrift_json), hex(protobuf), std::move(json)};
}

class Table {
 public:
  Table() {
    const auto sources = idl::memory_sources({{"a.thrift", thrift_idl}, {"b.proto", proto_idl}});
    idl::thrift::ReadOptions options;
    options.sources = sources.get();
    keep(idl::thrift::read({"a.thrift"}, options).schema, idl::Language::proto);
    const std::vector<std::string> files = {"b.proto"};
    keep(idl::proto::read(*sources, files).schema, idl::Language::thrift);
  }

  std::string text() {
    page_ = "| | Thrift binary | compact | Thrift's JSON | protobuf | JSON |\n|---|---|---|---|---|---|\n";
    cut_off();
    lengths();
    nesting();
    types();
    odd();
    repeated();
    numbers();
    unions();
    row("text that is not UTF-8", "a.S",
        messages("0b 0002 00000001 ff 00", "28 01 ff 00", "{\"2\":{\"str\":\"\xff\"}}", "12 01 ff",
                 "{\"text\":\"\xff\"}"));
    row("a required struct is missing", "a.Required", messages("00", "00", "{}", "", "{}"), true);
    row("a field that the schema does not know", "a.S",
        messages("08 0063 00000001 00", "05 c601 02 00", R"({"99":{"i32":1}})", "98 06 01",
                 R"({"newer":1})"));
    row("bytes behind the end", "a.S", messages("00 00", "00 00", "{}{}", "", "{}{}"));
    return std::move(page_);
  }

 private:
  void keep(std::unique_ptr<const idl::Schema> schema, idl::Language other) {
    if (schema == nullptr) return;
    auto derived = idl::derive::derive(*schema, other);
    if (derived) {
      (other == idl::Language::proto ? protos_ : thrifts_).push_back(derived->get());
      schemas_.push_back(std::move(*derived));
    }
    (other == idl::Language::proto ? thrifts_ : protos_).push_back(schema.get());
    schemas_.push_back(std::move(schema));
  }
  const idl::StructType* root(std::string_view name, BodyFormat format) const {
    for (const idl::Schema* schema : is_thrift(format) ? thrifts_ : protos_) {
      if (const idl::StructType* found = schema->find_struct(name)) return found;
    }
    return nullptr;
  }
  std::unique_ptr<const Plan> plan(std::string_view name, BodyFormat from, BodyFormat to,
                                   const PlanOptions& options) const {
    auto made =
        Plan::compile({from, root(name, from), {}}, {to, root(name, to), {}}, OriginPairing(), options);
    return made ? std::move(*made) : nullptr;
  }

  // What a receiver of the other language reads of it, as JSON; or why it gets nothing.
  std::string verdict(std::string_view name, BodyFormat from, std::string_view bytes, bool strict) {
    PlanOptions options;
    if (strict) {
      options.not_in_schema = NotInSchema::reject;
      options.reject_duplicates = options.reject_repeats = true;
    }
    const BodyFormat across = is_thrift(from) ? BodyFormat::protobuf : BodyFormat::thrift_compact;
    const auto there = plan(name, from, across, options);
    const auto shown = plan(name, across, BodyFormat::json, {});
    if (there == nullptr || shown == nullptr) return "?";
    Context context;
    const base::Status status = there->run(base::as_bytes(bytes), context, context.output);
    if (!status.ok()) {
      const std::string path(status.path());
      return std::string(base::to_string(status.reason())) + (path.empty() ? "" : " at `" + path + "`");
    }
    const bool dropped = model::sum(context.counters.dropped_fields) != 0;
    const std::string crossed(base::as_text(context.output.bytes()));
    if (!shown->run(base::as_bytes(std::string_view(crossed)), context, context.output).ok()) return "?";
    return "`" + std::string(base::as_text(context.output.bytes())) + "`" + (dropped ? ", dropped" : "");
  }

  // `empty_counts`: an empty message is one, not a mistake that the format cannot have.
  void row(std::string_view what, std::string_view name, const Messages& given, bool empty_counts = false) {
    page_ += "| " + std::string(what) + " |";
    for (std::size_t i = 0; i < formats.size(); ++i) {
      if (given[i].empty() && !empty_counts) {
        page_ += " – |";
        continue;
      }
      const std::string checked = verdict(name, formats[i], given[i], false);
      const std::string strict = verdict(name, formats[i], given[i], true);
      page_ += " " + checked + (strict == checked ? "" : "; strict: " + strict) + " |";
    }
    page_ += '\n';
  }

  // Every beginning of a message that has everything in it.
  void cut_off() {
    const std::string whole = R"({"n":1,"text":"ab","list":[1,2],"inner":{"n":1},"color":1,)"
                              R"("id":{"number":1},"next":{"n":1},"map":{"1":2},"flag":true})";
    page_ += "| cut off at any byte |";
    for (const BodyFormat format : formats) {
      Context context;
      const auto made = plan("a.S", BodyFormat::json, format, {});
      std::string bytes;
      if (made != nullptr &&
          made->run(base::as_bytes(std::string_view(whole)), context, context.output).ok()) {
        bytes = base::as_text(context.output.bytes());
      }
      std::set<std::string> verdicts;
      for (std::size_t size = 0; size < bytes.size(); ++size) {
        const std::string one = verdict("a.S", format, std::string_view(bytes).substr(0, size), false);
        verdicts.insert(one[0] == '`' ? "read where a field ends" : one.substr(0, one.find(' ')));
      }
      std::string all = bytes.empty() ? " ?" : "";
      for (const std::string& one : verdicts) all += (all.empty() ? " " : ", ") + one;
      page_ += all + " |";
    }
    page_ += '\n';
  }

  void lengths() {
    row("a length beyond the message", "a.S",
        messages("0b 0002 000000c8 61 00", "28 c801 61 00", "", "12 c801 61", ""));
    row("a negative length", "a.S", messages("0b 0002 ffffffff 61 00", "28 ffffffff0f 61 00", "", "", ""));
    row("more elements announced than there are", "a.S",
        messages("0f 0003 08 7fffffff 00000001 00", "39 f5 ffffffff07 02 00",
                 R"({"3":{"lst":["i32",2000000000,1]}})", "1a c801 01", ""));
  }

  void nesting() {
    const std::size_t levels = base::Limits().nesting_max + 1;
    const auto nested = [levels](std::string_view open, std::string_view inmost, std::string_view close) {
      std::string text;
      for (std::size_t i = 0; i < levels; ++i) text += open;
      text += inmost;
      for (std::size_t i = 0; i < levels; ++i) text += close;
      return text;
    };
    std::string protobuf;
    for (std::size_t i = 0; i < levels; ++i) {
      std::string length;
      for (std::size_t left = protobuf.size(); length.empty() || left != 0; left >>= 7) {
        length.push_back(static_cast<char>((left & 127) | (left > 127 ? 128 : 0)));
      }
      protobuf.insert(0, "\x3a" + length);
    }
    // Of its path, which has every level, the reason is enough.
    const Messages given = {nested(hex("0c 0007"), hex("00"), hex("00")),
                            nested("\x7c", hex("00"), hex("00")), nested(R"({"7":{"rec":)", "{}", "}}"),
                            protobuf, nested(R"({"next":)", "{}", "}")};
    page_ += "| nested deeper than `nesting_max` |";
    for (std::size_t i = 0; i < formats.size(); ++i) {
      const std::string one = verdict("a.S", formats[i], given[i], false);
      page_ += " " + one.substr(0, one.find(' ')) + " |";
    }
    page_ += '\n';
  }

  void types() {
    row("a known field of another type", "a.S",
        messages("0b 0001 00000001 61 00", "18 01 61 00", R"({"1":{"str":"a"}})", "0a 01 61",
                 R"({"n":"a"})"));
    row("elements of another type", "a.S",
        messages("0f 0003 0b 00000001 00000001 61 00", "39 18 01 61 00", R"({"3":{"lst":["str",1,"a"]}})",
                 "1d 01000000", R"({"list":["a"]})"));
  }

  // Of what no writer writes.
  void odd() {
    row("a type that there is not", "a.S",
        messages("07 0001 00 00", "1e 00", R"({"1":{"i31":1}})", "0e", ""));
    row("a bool that is neither 0 nor 1", "a.S",
        messages("02 0009 02 00", "", R"({"9":{"tf":2}})", "48 02", R"({"flag":2})"));
  }

  void repeated() {
    row("a singular field twice", "a.S",
        messages("08 0001 00000001 08 0001 00000002 00", "15 02 05 02 04 00",
                 R"({"1":{"i32":1},"1":{"i32":2}})", "08 01 08 02", R"({"n":1,"n":2})"));
    row("a key of a map twice", "a.S",
        messages("0d 0008 08 08 00000002 00000001 00000001 00000001 00000002 00", "8b 02 55 02 02 02 04 00",
                 R"({"8":{"map":["i32","i32",2,{"1":1,"1":2}]}})", "42 04 08 01 10 01 42 04 08 01 10 02",
                 R"({"map":{"1":1,"1":2}})"));
  }

  void numbers() {
    row("a varint longer than it needs to be", "a.S", messages("", "15 828000 00", "", "08 818000", ""));
    row("a varint of more than ten bytes", "a.S",
        messages("", "15 8080808080808080808001 00", "", "08 8080808080808080808001", ""));
    row("a whole number as `1.0`", "a.S", messages("", "", R"({"1":{"i32":1.0}})", "", R"({"n":1.0})"));
    row("a number too large for its field", "a.S",
        messages("", "15 8080808020 28 04 61626364 00", R"({"1":{"i32":4294967296}})", "",
                 R"({"n":4294967296})"));
    row("an enum's unknown number", "a.S",
        messages("08 0005 00000007 00", "55 0e 00", R"({"5":{"i32":7}})", "28 07", R"({"color":7})"));
    row("a closed enum's (proto2)", "b.Old",
        messages("08 0001 00000007 00", "15 0e 00", R"({"1":{"i32":7}})", "08 07", R"({"color":7})"));
  }

  void unions() {
    row("two members of a union", "a.S",
        messages("0c 0006 08 0001 00000001 0b 0002 00000001 61 00 00", "6c 15 02 18 01 61 00 00",
                 R"({"6":{"rec":{"1":{"i32":1},"2":{"str":"a"}}}})", "32 05 08 01 12 01 61",
                 R"({"id":{"number":1,"name":"a"}})"));
    row("no member of a union", "a.S",
        messages("0c 0006 00 00", "6c 00 00", R"({"6":{"rec":{}}})", "32 00", R"({"id":{}})"));
  }

  std::vector<std::unique_ptr<const idl::Schema>> schemas_;
  std::vector<const idl::Schema*> thrifts_;
  std::vector<const idl::Schema*> protos_;
  std::string page_;
};

}  // namespace

std::string bad_input_table() { return Table().text(); }

}  // namespace koine::transcode::pages
