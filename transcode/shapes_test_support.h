// The message shapes that transcoding is measured and hardened with: a Thrift schema, the messages that stand
// for it in protobuf, and one message of each in the compact protocol.
#pragma once

#include <deque>
#include <string>

#include "transcode/schema_test_support.h"

namespace koine::transcode::testing {

// Writes the compact protocol.
class CompactText {
 public:
  CompactText& field(int id, int type) {
    const int delta = id - last_;
    if (delta > 0 && delta <= 15) {
      byte(delta << 4 | type);
    } else {
      byte(type);
      varint(static_cast<std::uint64_t>(id) * 2);
    }
    last_ = id;
    return *this;
  }
  CompactText& varint(std::uint64_t value) {
    for (; value >= 128; value >>= 7) byte(static_cast<int>(value & 127) | 128);
    return byte(static_cast<int>(value));
  }
  CompactText& number(std::int64_t value) {
    return varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  CompactText& text(const std::string& value) {
    varint(value.size());
    bytes_ += value;
    return *this;
  }
  CompactText& list(std::size_t count, int type) {
    if (count < 15) return byte(static_cast<int>(count) << 4 | type);
    byte(0xf0 | type);
    return varint(count);
  }
  CompactText& byte(int value) {
    bytes_.push_back(static_cast<char>(value));
    return *this;
  }
  CompactText& append(const std::string& other) {
    bytes_ += other;
    return *this;
  }
  std::string end() {
    byte(0);
    return bytes_;
  }

 private:
  std::string bytes_;
  int last_ = 0;
};

struct Shape {
  std::string name;
  const idl::StructType* thrift = nullptr;
  const idl::StructType* proto = nullptr;
  std::string compact;
};

class Shapes {
 public:
  Shapes() {
    add_flat();
    for (const int items : {5, 25, 300}) add_order(items);
    add_texts();
    add_deep();
    add_maps();
    add_blob();
    add_sparse();
    add_sets();
    add_uuids();
  }
  const std::deque<Shape>& all() const { return all_; }

 private:
  // The same struct once as Thrift and once derived.
  struct Twin {
    idl::StructType* thrift;
    idl::StructType* proto;
  };
  struct TwinType {
    const idl::Type* thrift;
    const idl::Type* proto;
  };
  Twin twin(const std::string& name) {
    Twin made{&schema_.structure("t." + name), &schema_.structure("p." + name)};
    made.proto->origin = made.thrift;
    return made;
  }
  TwinType scalar(Kind kind) { return {schema_.scalar(kind), schema_.scalar(kind)}; }
  TwinType of(const Twin& to) { return {schema_.of(*to.thrift), schema_.of(*to.proto)}; }
  TwinType list(const TwinType& of) { return {schema_.list(of.thrift), schema_.list(of.proto)}; }
  TwinType set(const TwinType& of) { return {schema_.set(of.thrift), schema_.set(of.proto)}; }
  TwinType map(const TwinType& key, const TwinType& value) {
    return {schema_.map(key.thrift, value.thrift), schema_.map(key.proto, value.proto)};
  }
  void field(const Twin& to, int id, const TwinType& type, Presence presence = Presence::implicit) {
    const std::string name = "f" + std::to_string(id);
    add(*to.thrift, id, name, type.thrift, presence);
    idl::Field& made = add(*to.proto, id, name, type.proto, presence);
    made.packed = type.proto->kind == Kind::list || type.proto->kind == Kind::set;
  }
  void keep(const std::string& name, const Twin& root, std::string bytes) {
    all_.push_back({name, root.thrift, root.proto, std::move(bytes)});
  }

  void add_flat() {
    const Twin root = twin("Flat");
    CompactText text;
    for (int id = 1; id <= 20; ++id) {
      field(root, id, scalar(Kind::i32));
      text.field(id, 5).number(id * id * id * 37 - 5000);
    }
    keep("flat", root, text.end());
  }
  void add_order(int items) {
    const Twin item = twin("Item" + std::to_string(items));
    field(item, 1, scalar(Kind::string));
    field(item, 2, scalar(Kind::i32));
    field(item, 3, scalar(Kind::i64));
    const Twin root = twin("Order" + std::to_string(items));
    const Kind kinds[] = {Kind::i64, Kind::string, Kind::string, Kind::i32, Kind::boolean, Kind::f64};
    for (int id = 1; id <= 6; ++id) field(root, id, scalar(kinds[id - 1]));
    field(root, 7, list(of(item)));
    field(root, 8, map(scalar(Kind::string), scalar(Kind::string)));
    field(root, 9, scalar(Kind::string));
    CompactText text;
    text.field(1, 6)
        .number(8123456789)
        .field(2, 8)
        .text("Ada Lovelace")
        .field(3, 8)
        .text("12 St James's Sq, London");
    text.field(4, 5).number(2).field(5, 1).field(6, 7).append(
        std::string("\x9a\x99\x99\x99\x99\x99\x21\x40", 8));
    text.field(7, 9).list(static_cast<std::size_t>(items), 12);
    for (int i = 0; i < items; ++i) {
      CompactText one;
      one.field(1, 8).text("SKU-" + std::to_string(10000 + i * 7)).field(2, 5).number(1 + i % 9);
      text.append(one.field(3, 6).number(199 + i * 131).end());
    }
    text.field(8, 11).varint(4).byte(0x88);
    for (const char* key : {"channel", "campaign", "region", "warehouse"}) text.text(key).text("autumn");
    keep("order" + std::to_string(items), root, text.field(9, 8).text("leave at the green door").end());
  }
  void add_texts() {
    const Twin root = twin("Texts");
    field(root, 1, list(scalar(Kind::string)));
    field(root, 2, list(scalar(Kind::bytes)));
    CompactText text;
    text.field(1, 9).list(40, 8);
    for (int i = 0; i < 40; ++i) text.text(std::string(static_cast<std::size_t>(i * 5), 'x') + "\xc3\xa9");
    text.field(2, 9).list(3, 8);
    for (int i = 0; i < 3; ++i) text.text(std::string(static_cast<std::size_t>(i * 90), '\xff'));
    keep("texts", root, text.end());
  }
  void add_deep() {
    const Twin root = twin("Deep");
    field(root, 1, scalar(Kind::string));
    field(root, 2, of(root), Presence::optional);
    std::string inner;
    for (int depth = 0; depth < 64; ++depth) {
      CompactText text;
      text.field(1, 8).text("level");
      if (!inner.empty()) text.field(2, 12).append(inner);
      inner = text.end();
    }
    keep("deep", root, inner);
  }
  void add_maps() {
    const Twin value = twin("MapValue");
    field(value, 1, scalar(Kind::i32));
    const Twin root = twin("Maps");
    field(root, 1, map(scalar(Kind::string), scalar(Kind::i64)));
    field(root, 2, map(scalar(Kind::i32), of(value)));
    CompactText text;
    text.field(1, 11).varint(60).byte(0x86);
    for (int i = 0; i < 60; ++i) text.text("key number " + std::to_string(i)).number(i * 1000003);
    text.field(2, 11).varint(40).byte(0x5c);
    for (int i = 0; i < 40; ++i) text.number(i - 20).append(CompactText().field(1, 5).number(i).end());
    keep("maps", root, text.end());
  }
  void add_blob() {
    const Twin root = twin("Blob");
    field(root, 1, scalar(Kind::bytes));
    keep("blob", root, CompactText().field(1, 8).text(std::string(1 << 20, '\x5a')).end());
  }
  void add_sparse() {
    const Twin root = twin("Sparse");
    for (int id = 1; id <= 200; ++id) field(root, id, scalar(Kind::i64), Presence::optional);
    keep("sparse", root,
         CompactText().field(3, 6).number(1).field(77, 6).number(2).field(190, 6).number(3).end());
  }
  void add_sets() {
    const Twin root = twin("Sets");
    field(root, 1, set(scalar(Kind::i32)));
    field(root, 2, set(scalar(Kind::string)));
    CompactText text;
    text.field(1, 10).list(30, 5);
    for (int i = 0; i < 30; ++i) text.number(i * i);
    text.field(2, 10).list(12, 8);
    for (int i = 0; i < 12; ++i) text.text("element " + std::to_string(i));
    keep("sets", root, text.end());
  }
  void add_uuids() {
    const Twin root = twin("Uuids");
    field(root, 1, scalar(Kind::uuid));
    field(root, 2, list(scalar(Kind::uuid)));
    field(root, 3, map(scalar(Kind::uuid), scalar(Kind::string)));
    const auto uuid = [](int i) { return std::string(15, '\xc4') + static_cast<char>(i); };
    CompactText text;
    text.field(1, 13).append(uuid(200)).field(2, 9).list(20, 13);
    for (int i = 0; i < 20; ++i) text.append(uuid(i));
    text.field(3, 11).varint(12).byte(0xd8);
    for (int i = 0; i < 12; ++i) text.append(uuid(i)).text("element " + std::to_string(i));
    keep("uuids", root, text.end());
  }

  SchemaBuilder schema_;
  std::deque<Shape> all_;
};

}  // namespace koine::transcode::testing
