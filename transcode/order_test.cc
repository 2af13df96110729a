// Fields in every order, of structs of every width: what comes in order is not looked up, what does not is,
// and the two meet at every place. And texts of every length at every distance from the end of the input.
#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codecs/wire.h"
#include "transcode/schema_test_support.h"
#include "transcode/shapes_test_support.h"

namespace koine::transcode::testing {
namespace {

using ::testing::HasSubstr;

// Fields as they come: id and value, which is neither zero nor negative.
using Fields = std::vector<std::pair<int, int>>;

std::string in_compact(const Fields& fields) {
  CompactText text;
  for (const auto& [id, value] : fields) text.field(id, 6).number(value);
  return text.end();
}
std::string in_protobuf(const Fields& fields) {
  CompactText text;  // for its varints
  for (const auto& [id, value] : fields) {
    text.varint(static_cast<std::uint64_t>(id) << 3).varint(static_cast<std::uint64_t>(value));
  }
  std::string bytes = text.end();
  bytes.pop_back();
  return bytes;
}
std::string in_binary(const Fields& fields) {
  std::string bytes;
  for (const auto& [id, value] : fields) {
    std::uint8_t field[11] = {10};
    codecs::store_be16(field + 1, static_cast<std::uint16_t>(id));
    codecs::store_be64(field + 3, static_cast<std::uint64_t>(value));
    bytes.append(reinterpret_cast<const char*>(field), sizeof field);
  }
  return bytes + '\0';
}
std::string in_format(model::BodyFormat format, const Fields& fields) {
  return format == compact ? in_compact(fields) : format == binary ? in_binary(fields) : in_protobuf(fields);
}

// What readers make of fields that come twice.
Fields last_of_each(Fields fields) {
  std::reverse(fields.begin(), fields.end());
  const auto by_id = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::stable_sort(fields.begin(), fields.end(), by_id);
  const auto same_id = [](const auto& a, const auto& b) { return a.first == b.first; };
  fields.erase(std::unique(fields.begin(), fields.end(), same_id), fields.end());
  return fields;
}

// Structs of `count` fields; their ids are 2, 4, 6, …: between them there is room for others.
struct Wide : Both {
  Wide(int count, Presence presence) {
    for (int id = 2; id <= 2 * count; id += 2) {
      scalar(id, ("f" + std::to_string(id)).c_str(), Kind::i64, presence, presence);
    }
  }
};

Fields first_fields(int count) {
  Fields fields;
  for (int i = 1; i <= count; ++i) fields.emplace_back(2 * i, i * 37);
  return fields;
}

// Plans from every format to every format.
class AllWays {
 public:
  explicit AllWays(const Both& both) {
    for (const model::BodyFormat source : {compact, binary, protobuf}) {
      for (const model::BodyFormat target : {compact, binary, protobuf}) {
        runners_.emplace_back(source, source == protobuf ? *both.proto : *both.thrift, target,
                              target == protobuf ? *both.proto : *both.thrift);
      }
    }
  }
  void expect(const Fields& given, const Fields& expected, const std::string& what) {
    for (Runner& runner : runners_) {
      const model::BodyFormat source = runner.plan().source_format();
      const model::BodyFormat target = runner.plan().target_format();
      EXPECT_EQ(runner.hex_of(in_format(source, given)), to_hex(in_format(target, expected)))
          << what << ", " << model::to_string(source) << " to " << model::to_string(target);
    }
  }

 private:
  std::deque<Runner> runners_;
};

TEST(FieldOrder, EveryOrderOfFieldsInStructsOfEveryWidth) {
  for (const int count : {1, 2, 3, 63, 64, 65, 130, 200}) {
    const Wide both(count, Presence::optional);
    AllWays ways(both);
    const Fields in_order = first_fields(count);
    const std::string width = std::to_string(count) + " fields";
    ways.expect(in_order, in_order, width);
    ways.expect({}, {}, width + ", none there");
    Fields reversed = in_order;
    std::reverse(reversed.begin(), reversed.end());
    ways.expect(reversed, reversed, width + " backwards");
    Fields rotated = in_order;
    std::rotate(rotated.begin(), rotated.begin() + count / 3, rotated.end());
    ways.expect(rotated, rotated, width + " from the middle on");
    Fields sparse;
    for (int i = 0; i < count; i += 3) sparse.push_back(in_order[static_cast<std::size_t>(i)]);
    ways.expect(sparse, sparse, width + ", two of three missing");
    Fields last_first = in_order;
    std::rotate(last_first.begin(), last_first.end() - 1, last_first.end());
    ways.expect(last_first, last_first, width + ", the last one first");
  }
}

TEST(FieldOrder, UnknownFieldsAnywhereChangeNothing) {
  for (const int count : {3, 64, 70}) {
    const Wide both(count, Presence::optional);
    AllWays ways(both);
    const Fields known = first_fields(count);
    for (std::size_t at = 0; at <= known.size(); ++at) {
      Fields given = known;
      // Two in a row: ids that no field has, the second beyond all others.
      given.insert(given.begin() + static_cast<std::ptrdiff_t>(at),
                   {{static_cast<int>(at) * 2 + 1, 5}, {2 * count + 9, 6}});
      ways.expect(given, known, std::to_string(count) + " fields, unknown at " + std::to_string(at));
    }
  }
}

TEST(FieldOrder, OfFieldsThatComeTwiceTheLastCountsWhereverTheyAre) {
  for (const int count : {2, 64, 70}) {
    const Wide both(count, Presence::optional);
    AllWays ways(both);
    const Fields known = first_fields(count);
    for (std::size_t at = 0; at < known.size(); ++at) {
      for (const std::size_t again : {at + 1, known.size()}) {
        Fields given = known;
        given.insert(given.begin() + static_cast<std::ptrdiff_t>(again), {known[at].first, 99});
        ways.expect(given, last_of_each(given),
                    std::to_string(count) + " fields, number " + std::to_string(at) + " again");
      }
    }
  }
}

TEST(FieldOrder, AbsentFieldsAreWrittenAsZerosBehindTheOthers) {
  for (const int count : {3, 64, 65, 130}) {
    const Wide both(count, Presence::implicit);
    for (const std::size_t missing :
         {std::size_t{0}, static_cast<std::size_t>(count) / 2, static_cast<std::size_t>(count) - 1}) {
      Fields given = first_fields(count);
      Fields expected = given;
      expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(missing));
      const std::string in = in_protobuf(expected);
      expected.emplace_back(given[missing].first, 0);
      for (const model::BodyFormat target : {compact, binary}) {
        Runner runner(protobuf, *both.proto, target, *both.thrift);
        EXPECT_EQ(runner.hex_of(in), to_hex(in_format(target, expected))) << count << ", " << missing;
      }
    }
  }
}

TEST(FieldOrder, WideStructsInAListGiveTheirMemoryBack) {
  Wide both(130, Presence::implicit);
  SchemaBuilder& schema = both.schema;
  idl::StructType& thrift = schema.structure("t.All");
  idl::StructType& proto = schema.structure("p.All");
  proto.origin = &thrift;
  add(thrift, 1, "all", schema.list(schema.of(*both.thrift)));
  add(proto, 1, "all", schema.list(schema.of(*both.proto)));
  Runner runner(protobuf, proto, binary, thrift);
  std::string in;
  for (int i = 0; i < 2000; ++i) in += hex("0a 05 a0 10 05 10 07");  // fields 260 and 2, no other
  std::string out;
  ASSERT_TRUE(runner.run(in, out).ok());
  EXPECT_EQ(out.size(), 3 + 5 + 2000u * (130 * 11 + 1) + 1);  // every field is written
  EXPECT_LT(runner.context().arena.reserved_bytes(), std::size_t{1} << 16);
}

TEST(FieldOrder, ACompactBoolFarBehindTheFieldBeforeIt) {
  Both both;
  both.scalar(1, "a", Kind::boolean, Presence::optional, Presence::optional)
      .scalar(40, "b", Kind::boolean, Presence::optional, Presence::optional);
  EXPECT_EQ(both.to_proto().hex_of(hex("11 01 50 00")), "08 01 c0 02 01");
  EXPECT_EQ(both.to_proto().hex_of(hex("12 02 50 00")), "08 00 c0 02 00");
  EXPECT_EQ(both.to_proto().hex_of(hex("11 00")), "08 01");
  EXPECT_EQ(both.to_proto().hex_of(hex("00")), "");
}

TEST(FieldOrder, TagsOfEveryLength) {
  SchemaBuilder schema;
  idl::StructType& type = schema.structure("p.S");
  Fields fields;
  for (const int number : {1, 15, 16, 2047, 2048, 262143, 262144, 33554431, 33554432, 536870911}) {
    add(type, number, "f" + std::to_string(number), schema.scalar(Kind::i64), Presence::optional);
    fields.emplace_back(number, 300);
  }
  Runner runner(protobuf, type, protobuf, type);
  EXPECT_EQ(runner.hex_of(in_protobuf(fields)), to_hex(in_protobuf(fields)));
  std::reverse(fields.begin(), fields.end());
  EXPECT_EQ(runner.hex_of(in_protobuf(fields)), to_hex(in_protobuf(fields)));
}

// Who may drop fields.
class Dropping final : public Pairing {
 public:
  bool structs(const idl::StructType&, const idl::StructType&) const override { return true; }
  const idl::Field* field(const idl::StructType&, const idl::Field& field,
                          const idl::StructType& target) const override {
    return target.find_field(field.id);
  }
  bool may_drop(const idl::StructType&, const idl::Field&, const idl::StructType&) const override {
    return true;
  }
  bool enums(const idl::EnumType&, const idl::EnumType&) const override { return true; }
  std::optional<std::int32_t> number(const idl::EnumType&, std::int32_t number,
                                     const idl::EnumType&) const override {
    return number;
  }
  bool passes_unknown(const idl::EnumType&, const idl::EnumType&) const override { return true; }
};

TEST(FieldOrder, FieldsThatMayBeLostAreSkippedWhereverTheyAre) {
  Wide both(4, Presence::optional);
  both.proto->fields.erase(both.proto->fields.begin() + 2);  // number 6
  both.proto->fields.erase(both.proto->fields.begin());      // number 2
  const Fields kept = {{4, 74}, {8, 148}};
  for (const model::BodyFormat source : {compact, binary}) {
    auto plan = Plan::compile({source, both.thrift, {}}, {protobuf, both.proto, {}}, Dropping(), {});
    ASSERT_TRUE(static_cast<bool>(plan));
    Context context;
    const std::string in = in_format(source, first_fields(4));
    ASSERT_TRUE((*plan)->run(base::as_bytes(in), context, context.output).ok());
    EXPECT_EQ(to_hex(base::as_text(context.output.bytes())), to_hex(in_protobuf(kept)));
    EXPECT_EQ(model::sum(context.counters.dropped_fields), 2u);
  }
}

TEST(ShortText, EveryLengthAtEveryDistanceFromTheEnd) {
  Both both;
  both.scalar(1, "t", Kind::string, Presence::optional, Presence::optional)
      .scalar(2, "n", Kind::i64, Presence::optional, Presence::optional);
  Runner there = both.to_proto();
  Runner back = both.to_thrift();
  Runner wider(binary, *both.thrift, compact, *both.thrift);
  for (std::size_t size = 0; size <= 40; ++size) {
    for (int behind = 0; behind <= 24; ++behind) {
      const std::string value(size, 'x');
      CompactText with_text;
      with_text.field(1, 8).text(value);
      const std::string in_short = with_text.end();
      std::string in_thrift = in_short;
      std::string in_proto = '\x0a' + std::string(1, static_cast<char>(size)) + value;
      std::string in_wider = hex("0b 0001 000000") + std::string(1, static_cast<char>(size)) + value;
      for (int i = 0; i < behind; ++i) {
        in_proto += hex("18 01");  // fields that nobody knows
        in_thrift.insert(in_thrift.size() - 1, hex("25 02"));
        in_wider += hex("02 0009 01");
      }
      in_wider.push_back('\0');
      const std::string out_proto = '\x0a' + std::string(1, static_cast<char>(size)) + value;
      EXPECT_EQ(there.hex_of(in_thrift), to_hex(out_proto)) << size << ", " << behind;
      EXPECT_EQ(back.hex_of(in_proto), to_hex(in_short)) << size << ", " << behind;
      EXPECT_EQ(wider.hex_of(in_wider), to_hex(in_short)) << size << ", " << behind;
    }
  }
}

TEST(ShortText, AByteThatIsNoTextIsFoundAtEveryPlace) {
  Both both;
  both.scalar(1, "t", Kind::string, Presence::optional, Presence::optional);
  Runner there = both.to_proto();
  for (std::size_t size = 1; size <= 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (const std::size_t behind : {0u, 30u}) {
        std::string value(size, 'x');
        value[at] = '\xff';
        CompactText text;
        text.field(1, 8).text(value);
        if (behind != 0) text.field(3, 8).text(std::string(behind, '\xff'));  // no text of the schema's
        EXPECT_THAT(there.hex_of(text.end()), HasSubstr("MAP_UTF8")) << size << ", " << at;
        if (at + 1 == size) continue;
        value.replace(at, 2, "\xc3\xbc");
        CompactText good;
        good.field(1, 8).text(value);
        if (behind != 0) good.field(3, 8).text(std::string(behind, '\xff'));
        EXPECT_EQ(there.hex_of(good.end()), to_hex('\x0a' + std::string(1, static_cast<char>(size)) + value));
      }
    }
  }
}

TEST(ShortText, OctetsAreCopiedAsTheyAre) {
  Both both;
  both.scalar(1, "b", Kind::bytes, Presence::optional, Presence::optional);
  Runner there = both.to_proto();
  for (std::size_t size = 0; size <= 40; ++size) {
    const std::string value(size, '\xff');
    CompactText text;
    text.field(1, 8).text(value).field(9, 8).text(std::string(30, 'x'));
    EXPECT_EQ(there.hex_of(text.end()), to_hex('\x0a' + std::string(1, static_cast<char>(size)) + value));
  }
}

}  // namespace
}  // namespace koine::transcode::testing
