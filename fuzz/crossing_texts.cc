// More bodies to begin with, written as JSON: values of the well-known types, and what has no form on the
// other side. The good ones are brought into the other forms by the plans, the bad ones are for the readers.
#include <string>

#include "fuzz/crossing.h"
#include "transcode/formats.h"

namespace koine::fuzz {
namespace {

using model::BodyFormat;

struct Text {
  std::string_view type;  // protobuf's name of the message
  std::string_view json;
};

constexpr Text texts[] = {
    {"fuzz.proto.Known", R"({"d":{"a":1.5,"b":"x","c":true,"d":null,"e":{"f":[1,"y",false,null,{},[]]}}})"},
    {"fuzz.proto.Known", R"({"e":[1,{"a":{"b":[[]]}},"t"],"f":[null,true,2,"x",{}]})"},
    {"fuzz.proto.Known", R"({"e":"text","n":null,"o":{},"p":["1972-01-01T10:00:20.021Z"],"q":{"k":"1.5s"}})"},
    {"fuzz.proto.Known", R"({"a":"2000-01-01T00:00:00Z","b":"-3s","c":"aName,bName.cName","e":false})"},
    {"fuzz.proto.Known",
     R"({"g":5,"h":"7","i":"x","j":true,"k":"AAH/","l":1.5,"r":2.5,"s":"-9","t":4,"e":-0.5})"},
    {"fuzz.proto.Numbers",
     R"({"a":"NaN","b":"-Infinity","c":-1,"d":"-2","e":3,"f":"18446744073709551615","g":-5,"h":"6","m":true})"},
    {"fuzz.proto.Numbers",
     R"({"a":1e300,"b":1.5,"i":7,"j":"8","k":-9,"l":"-10","n":"\u00e9","o":"AA==","p":"FAR"})"},
    {"fuzz.proto.Numbers",
     R"({"c":1.0e2,"d":1e3,"p":-1,"n":"long enough to be more than a few bytes of text"})"},
    {"fuzz.proto.Numbers", R"({"c":null,"n":null,"p":4711,"e":4294967295,"f":"1e2"})"},
    {"fuzz.proto.Maps",
     R"({"a":{"-1":"2","3":4},"b":{"":"x"},"c":{"true":{},"false":{"c":1}},"d":{"-5":"RED"}})"},
    {"fuzz.proto.Maps", R"({"f":{"9":"NaN"},"g":{"x":{"g":{}}}})"},
    {"fuzz.proto.Chosen", R"({"c":{"a":1.5},"h":{"h":{"g":{}}},"i":1})"},
    {"fuzz.proto.Repeated", R"({"a":[1,"NaN"],"i":[true,false],"l":["RED",5],"m":[{},{"c":1}],"n":[1,2,3]})"},
    {"fuzz.proto.Tree",
     R"({"aName":"a","children":[{"next":{"children":[{}]}}],"Custom":5,"next":{"other_name":1}})"},
    {"fuzz.java.Known",
     R"({"a":"1700000000004","b":"-12.50","c":"123456789012345678901234567890","g":"2024-02-29"})"},
    {"fuzz.java.Known",
     R"({"d":"00112233-4455-6677-8899-aabbccddeeff","e":"1969-12-31T23:59:59.5Z","f":"-1.5s","h":"23:59:59"})"},
    {"fuzz.java.Known",
     R"({"f":"3s","h":"01:02:03.000000004","i":"2024-02-29T01:02:03","next":{"b":"1E+3"}})"},
    {"fuzz.java.Many",
     R"({"a":["x",""],"b":[1,-1],"c":{"k":{"a":["y"]}},"d":[1,2,3],"e":[{"d":1,"h":"c"}],"h":["z"],"i":["0.5"]})"},
    {"fuzz.java.Plain", R"({"a":true,"b":-128,"c":32767,"d":1,"e":"-1","f":0.5,"g":1e300,"h":"x","i":"y"})"},
    {"fuzz.java.Boxes",
     R"({"a":false,"b":0,"c":0,"d":0,"e":"0","f":0,"g":0,"h":"\u00e9","i":{"k":"GREEN","h":"c"}})"},
    {"fuzz.old.Old",
     R"({"a":1,"c":"ONE","part":{"x":1,"y":["a"]},"parts":[{"x":"2"}],"h":{"1":"x"},"g":"-Infinity"})"},
};

// Read in no form: each goes wrong in a way of its own.
constexpr Text bad_texts[] = {
    {"fuzz.proto.Known", R"({"m":{"@type":"x"}})"},
    {"fuzz.proto.Known", R"({"a":5})"},
    {"fuzz.proto.Known", R"({"a":"1972-13-01T00:00:00Z"})"},
    {"fuzz.proto.Known", R"({"b":"1"})"},
    {"fuzz.proto.Known", R"({"c":5})"},
    {"fuzz.proto.Known", R"({"c":"a_b"})"},
    {"fuzz.proto.Known", R"({"d":[]})"},
    {"fuzz.proto.Known", R"({"d":{"a":1,"a":2}})"},
    {"fuzz.proto.Known", R"({"d":{"a":{"b":[1e999]}}})"},
    {"fuzz.proto.Known", R"({"f":{}})"},
    {"fuzz.proto.Known", R"({"e":})"},
    {"fuzz.proto.Known", R"({"p":[null]})"},
    {"fuzz.proto.Numbers", R"({"a":"x"})"},
    {"fuzz.proto.Numbers", R"({"a":true})"},
    {"fuzz.proto.Numbers", R"({"a":1e400})"},
    {"fuzz.proto.Numbers", R"({"b":1e39})"},
    {"fuzz.proto.Numbers", R"({"c":1.5})"},
    {"fuzz.proto.Numbers", R"({"c":2147483648})"},
    {"fuzz.proto.Numbers", R"({"c":"x"})"},
    {"fuzz.proto.Numbers", R"({"c":[]})"},
    {"fuzz.proto.Numbers", R"({"m":"true"})"},
    {"fuzz.proto.Numbers", R"({"n":5})"},
    {"fuzz.proto.Numbers", R"({"o":"?"})"},
    {"fuzz.proto.Numbers", R"({"o":5})"},
    {"fuzz.proto.Numbers", R"({"p":"NOBODY"})"},
    {"fuzz.proto.Numbers", R"({"p":1.5})"},
    {"fuzz.proto.Numbers", R"({"p":5000000000})"},
    {"fuzz.proto.Numbers", R"({"p":true})"},
    {"fuzz.proto.Numbers", R"({"zzz":1})"},
    {"fuzz.proto.Numbers", R"({"c":1,"c":2})"},
    {"fuzz.proto.Numbers", R"([1])"},
    {"fuzz.proto.Numbers", R"({"c":1)"},
    {"fuzz.proto.Numbers", R"({"c":1}x)"},
    {"fuzz.proto.Repeated", R"({"a":5})"},
    {"fuzz.proto.Repeated", R"({"a":[null]})"},
    {"fuzz.proto.Repeated", R"({"m":[5]})"},
    {"fuzz.proto.Maps", R"({"a":[]})"},
    {"fuzz.proto.Maps", R"({"a":{"x":1}})"},
    {"fuzz.proto.Maps", R"({"a":{"1":1,"1":2}})"},
    {"fuzz.proto.Maps", R"({"a":{"1":null}})"},
    {"fuzz.proto.Maps", R"({"c":{"yes":{}}})"},
    {"fuzz.proto.Maps",
     R"({"g":{"x":{"g":{"x":{"g":{"x":{"g":{"x":{"g":{"x":{"g":{"x":{"g":{}}}}}}}}}}}}}})"},
    {"fuzz.proto.Chosen", R"({"a":1,"b":"x"})"},
    {"fuzz.old.Old", R"({"b":"without a"})"},
    {"fuzz.old.Old", R"({"a":1,"c":"TWO"})"},
};

// protobuf that JSON and Thrift have no words for.
struct Raw {
  std::string_view type;
  std::string_view bytes;
};
constexpr Raw raws[] = {
    {"fuzz.proto.Known", {"\x0a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x10\1", 13}},  // a time far away
    {"fuzz.proto.Known", {"\x0a\x02\x10\xff", 4}},
    {"fuzz.proto.Known", {"\x12\x04\x08\1\x10\xff", 6}},
    {"fuzz.proto.Known",
     {"\x1a\x04\x0a\x02"
      "aB",
      6}},
    {"fuzz.proto.Known", {"\x2a\x00", 2}},
    {"fuzz.proto.Known", {"\x2a\x09\x11\0\0\0\0\0\0\xf8\x7f", 11}},
    {"fuzz.proto.Known", {"\x2a\x05\x0d\1\2\3\4", 7}},
    {"fuzz.proto.Known", {"\x6a\x02\x0a\x00", 4}},
    {"fuzz.proto.Numbers", {"\x72\x02\xff\xfe", 4}},  // no UTF-8
    {"fuzz.proto.Numbers", {"\x72\x7fx", 3}},         // longer than what is there
    {"fuzz.proto.Numbers", {"\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11}},
    {"fuzz.proto.Numbers",
     {"\xa0\x06\1\xa3\x06\x08\1\xa4\x06\xaa\x06\1x\xad\x06\1\2\3\4\xb1\x06\1\2\3\4\5\6\7\x08", 29}},
    {"fuzz.proto.Numbers", {"\x1d\1\2\3\4\x1a\1x", 8}},  // other wire types
    {"fuzz.proto.Repeated", {"\x1a\x03\1\2\x80", 5}},    // packed, cut off
    {"fuzz.proto.Repeated", {"\x0a\x07\0\0\0\0\0\0\0", 9}},
    {"fuzz.proto.Repeated", {"\x18\1\x18\2\x3d\1\0\0\0", 9}},  // not packed
    {"fuzz.proto.Maps", {"\x0a\x02\x10\1\x0a\x02\x08\1\x0a\0", 10}},
    {"fuzz.proto.Maps", {"\x0a\x04\x08\1\x10\x80", 6}},
    {"fuzz.proto.Chosen", {"\x08\1\x12\1x\x1a\0\x3a\0\x42\0", 11}},
    {"fuzz.proto.Tree", {"\x1a\x02\x1a\x00\x1a\x04\x0a\x02hi", 10}},
    {"fuzz.old.Old", {"\x2b\x08\1\x12\1x\x2c\x33\x08\2\x34", 11}},
    {"fuzz.old.Old", {"\x08\1\x18\2\x20\2\x22\2\1\2", 10}},  // numbers that a closed enum has not
    {"fuzz.old.Old", {"\x08\1\x2b\x08\1\x34", 6}},           // the end of another group
};

// Hessian2 that no writer of plans writes.
std::vector<std::string> hessian_values() {
  using namespace std::string_literals;
  const std::string tree =
      "C\x0f"
      "fuzz.proto.Tree\x94\x06"
      "a_name\x08"
      "children\x05"
      "next_\x0a"
      "other_name";
  return {
      tree + "`\1axQ\x90\x95",                     // an object in itself
      tree + "`\1ay`\1bxN\x90Q\x92\x91",           // an object twice
      tree + "`NNNN",                              // null where a primitive is
      tree + "`\1aNN\xe5",                         // a long for an int, null for a list
      tree + "`\1aNNI\x7f\xff\xff\xff",            // the largest
      tree + "`\1aNNL\0\0\0\1\0\0\0\0"s,           // and more than that
      tree + "`\1\xed\xa0\xbdxN\x90",              // half of a pair
      tree + "`\2\xed\xa0\xbd\xed\xb8\x80xN\x90",  // all of it
      tree + "`R\0\1aS\0\1bxN\x90"s,               // pieces
      tree + "`\1aV\x05[treeNxN\x90"s,             // another type's name, and its count is none
      tree + "`\1aV\x05[tree\x91NN\x90",           // with null in it
      tree + "`\1aW`\1bxN\x90ZN\x90",              // a list without a count
      tree +
          "`\1axH\x06"
          "a_name\1bZ\x90",  // a map for an object
      "M\x0f"
      "fuzz.proto.Tree\x06"
      "a_name\1bZ",
      "H\x05"
      "next_Q\x90Z",      // a map in itself
      "C\1X\x91\1a`\1a",  // of another class
      "C\x0f"
      "fuzz.proto.Tree\x93\3zzz\x06"
      "a_name\x06"
      "a_name`y`\1a\1b",  // a field that nobody knows, which holds an object without a definition; one twice
      "C\x0f"
      "fuzz.proto.Tree\x92\3zzz\x06"
      "a_name`Q\x90\1b",
  };
}

std::string name_of(std::string_view type, std::size_t number, unsigned to) {
  return std::string(type.substr(type.rfind('.') + 1)) + "-" + std::to_string(number) + "-" +
         std::to_string(to);
}

}  // namespace

void add_texts(BodyFormat from, const AddSeed& add) {
  Crossings crossings;
  const std::vector<Twin>& twins = schemas().twins();
  transcode::Context context;
  const auto each = [&](std::string_view type, auto visit) {
    for (std::size_t twin = 0; twin < twins.size(); ++twin) {
      if (twins[twin].proto != nullptr && twins[twin].proto->full_name == type) visit(twin);
    }
  };
  const auto every_form = [&](const char* prefix, std::size_t number, std::string_view type, std::size_t twin,
                              std::string_view body) {
    for (const unsigned to : {0u, 1u, 2u, 3u, 4u, 5u, 130u}) {
      if (*prefix == 'b' && to != number % 5) continue;
      add(prefix + name_of(type, number, to),
          std::string{static_cast<char>(twin), static_cast<char>(to)}.append(body));
    }
  };
  std::size_t number = 0;
  for (const Text& text : texts) {
    ++number;
    each(text.type, [&](std::size_t twin) {
      if (from == BodyFormat::json) return every_form("text-", number, text.type, twin, text.json);
      const Crossing& crossing = crossings.find(twin, BodyFormat::json, from, false);
      if (crossing.there == nullptr) return;
      if (!crossing.there->run(base::as_bytes(text.json), context, context.output).ok()) return;
      every_form("text-", number, text.type, twin, base::as_text(context.output.bytes()));
    });
  }
  if (from == BodyFormat::json) {
    for (const Text& text : bad_texts) {
      ++number;
      each(text.type, [&](std::size_t twin) { every_form("bad-", number, text.type, twin, text.json); });
    }
  }
  if (from == BodyFormat::hessian2) {
    for (const std::string& values : hessian_values()) {
      ++number;
      each("fuzz.proto.Tree", [&](std::size_t twin) { every_form("raw-", number, "Tree", twin, values); });
    }
  }
  if (from == BodyFormat::protobuf) {
    for (const Raw& raw : raws) {
      ++number;
      each(raw.type, [&](std::size_t twin) { every_form("raw-", number, raw.type, twin, raw.bytes); });
    }
  }
}

}  // namespace koine::fuzz
