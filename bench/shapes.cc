// The corpus: what the messages of every shape hold, and how they come into every format. All random, all the
// same in every run.
#include <cstdlib>

#include <google/protobuf/util/json_util.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>

#include "generated.h"
#include "order_thrift/order_thrift_types.h"
#include "random.h"
#include "shapes_thrift/shapes_thrift_types.h"

namespace koine::bench {
namespace {

using apache::thrift::protocol::TBinaryProtocol;
using apache::thrift::protocol::TCompactProtocol;

// fill(random, object, size): `size` is the number of items, entries, levels, or fields that are set.
void fill(Random& random, order_thrift::Order& object, std::size_t items) {
  order::Order proto;
  if (!google::protobuf::util::JsonStringToMessage(order_json(random, items), &proto).ok()) std::abort();
  to_thrift(proto, object);
}

void fill(Random& random, shapes_thrift::Flat& flat, std::size_t) {
  // From one byte to four; one in eight is negative.
  const auto number = [&random] {
    const auto value =
        static_cast<std::int32_t>(1 + random.below(std::uint64_t{1} << (4 + random.below(24))));
    return random.below(8) == 0 ? -value : value;
  };
#define KOINE_SET(i) flat.n##i = number();
  KOINE_BENCH_FLAT(KOINE_SET)
#undef KOINE_SET
}

void fill(Random& random, shapes_thrift::Texts& texts, std::size_t paragraphs) {
  texts.title = random.sentence(40);
  texts.author = random.word(7) + ' ' + random.word(9);
  texts.summary = random.sentence(300, true);
  texts.language = "de";
  for (std::size_t i = 0; i < paragraphs; ++i) {
    texts.paragraphs.push_back(random.sentence(100 + random.below(300), i % 4 == 3));
    texts.keywords.push_back(random.word(4 + random.below(10)));
    texts.keywords.push_back(random.word(4 + random.below(10)));
  }
}

void fill(Random& random, shapes_thrift::Node& node, std::size_t levels) {
  node.value = static_cast<std::int32_t>(1 + random.below(100000));
  node.name = random.word(4 + random.below(8));
  if (levels <= 1) return;
  node.child = std::make_shared<shapes_thrift::Node>();
  node.__isset.child = true;
  fill(random, *node.child, levels - 1);
}

void fill(Random& random, shapes_thrift::Maps& maps, std::size_t entries) {
  for (std::size_t i = 0; i < entries; ++i) {
    maps.labels[random.word(6 + random.below(6))] = random.word(4 + random.below(12));
    maps.counts[static_cast<std::int32_t>(random.below(1000000))] = static_cast<std::int64_t>(random.next());
    maps.totals[random.word(6 + random.below(6))] = static_cast<std::int64_t>(random.below(100000));
  }
}

void fill(Random& random, shapes_thrift::Blob& blob, std::size_t bytes) {
  blob.id = static_cast<std::int64_t>(1 + random.below(1000));
  blob.data.resize(bytes);
  for (char& byte : blob.data) byte = static_cast<char>(random.below(256));
}

// Up to ten fields lie anywhere, more are the first ones.
void fill(Random& random, shapes_thrift::Sparse& sparse, std::size_t fields) {
  bool set[200] = {};
  for (std::size_t i = 0; i < fields;) {
    bool& one = set[fields <= 10 ? random.below(200) : i];
    if (!one) ++i;
    one = true;
  }
#define KOINE_NUMBER(n) \
  if (set[n]) sparse.__set_f##n(static_cast<std::int64_t>(1 + random.below(100000)));
#define KOINE_TEXT(n) \
  if (set[n]) sparse.__set_f##n(random.word(4 + random.below(10)));
  KOINE_BENCH_SPARSE(KOINE_NUMBER, KOINE_TEXT)
#undef KOINE_NUMBER
#undef KOINE_TEXT
}

template <class Protocol, class Object>
std::string write_thrift(const Object& object) {
  const auto buffer = std::make_shared<MessageBuffer>();
  Protocol protocol(buffer);
  object.write(&protocol);
  return std::string(buffer->written());
}
template <class Protocol, class Object>
void read_thrift(const std::string& bytes, Object& object) {
  const auto buffer = std::make_shared<MessageBuffer>();
  buffer->read_from(bytes);
  Protocol protocol(buffer);
  object.read(&protocol);
}

// Names as in the IDL and enums as numbers: what every reader of JSON takes.
std::string write_json(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_enums_as_ints = true;
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(message, &text, options).ok()) return {};
  return text;
}

template <class Object, class Proto>
void add_messages(Shape& shape, std::size_t count, std::size_t size) {
  Random random;
  for (std::size_t i = 0; i < count; ++i) {
    Object object;
    fill(random, object, size);
    shape.messages[static_cast<int>(Format::compact)].push_back(write_thrift<TCompactProtocol>(object));
    shape.messages[static_cast<int>(Format::binary)].push_back(write_thrift<TBinaryProtocol>(object));
    Proto proto;
    to_proto(object, &proto);
    shape.messages[static_cast<int>(Format::protobuf)].push_back(proto.SerializeAsString());
    shape.messages[static_cast<int>(Format::json)].push_back(write_json(proto));
  }
}

template <class Object, class Proto>
std::string canonical_of(Format format, const std::string& bytes) {
  Object object;
  if (format == Format::compact) {
    read_thrift<TCompactProtocol>(bytes, object);
  } else if (format == Format::binary) {
    read_thrift<TBinaryProtocol>(bytes, object);
  } else {
    Proto proto;
    const bool read = format == Format::protobuf
                          ? proto.ParseFromString(bytes)
                          : google::protobuf::util::JsonStringToMessage(bytes, &proto).ok();
    if (!read) return {};
    to_thrift(proto, object);
  }
  return write_thrift<TBinaryProtocol>(object);
}

struct Entry {
  const char* name;
  const char* type;
  std::size_t count;  // messages
  std::size_t size;
};
constexpr Entry entries[] = {
    {"order", "Order", 128, 5},      {"order_1k", "Order", 32, 50},     {"order_10k", "Order", 16, 500},
    {"flat", "Flat", 128, 0},        {"texts", "Texts", 32, 8},         {"deep", "Node", 32, 64},
    {"maps", "Maps", 32, 20},        {"blob", "Blob", 2, 1 << 20},      {"sparse", "Sparse", 128, 3},
    {"items_100", "Order", 16, 100}, {"items_200", "Order", 16, 200},   {"items_400", "Order", 16, 400},
    {"fields_50", "Sparse", 32, 50}, {"fields_100", "Sparse", 32, 100}, {"fields_200", "Sparse", 32, 200},
    {"levels_16", "Node", 32, 16},   {"levels_32", "Node", 32, 32},     {"levels_64", "Node", 32, 64},
};

}  // namespace

std::vector<std::string> shape_names() {
  std::vector<std::string> names;
  for (const Entry& entry : entries) names.emplace_back(entry.name);
  return names;
}

Shape make_shape(std::string_view name) {
  Shape shape;
  for (const Entry& entry : entries) {
    if (name != entry.name) continue;
    shape.name = entry.name;
    shape.type = entry.type;
#define KOINE_ADD(file, type_name) \
  if (shape.type == #type_name)    \
    add_messages<file##_thrift::type_name, file::type_name>(shape, entry.count, entry.size);
    KOINE_BENCH_TYPES(KOINE_ADD)
#undef KOINE_ADD
  }
  return shape;
}

std::string canonical(std::string_view type, Format format, const std::string& bytes) {
#define KOINE_CANONICAL(file, type_name) \
  if (type == #type_name) return canonical_of<file##_thrift::type_name, file::type_name>(format, bytes);
  KOINE_BENCH_TYPES(KOINE_CANONICAL)
#undef KOINE_CANONICAL
  return {};
}

}  // namespace koine::bench
