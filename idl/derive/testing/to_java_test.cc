// Thrift and protobuf derived into Java: javac takes it, Koine's own reader finds in it what was derived, and
// what was derived knows what it was derived from.
#include <optional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/derive/derive.h"
#include "idl/derive/testing/support.h"
#include "idl/java/spelling.h"

namespace koine::idl::derive::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* shop =
    "namespace java acme.new.shop\n"
    "include \"common.thrift\"\n"
    "/** What becomes of an order. */\n"
    "enum State { NEW = 1, /** All is well. */ DONE = 5, default = 7 }\n"
    "enum None {}\n"
    "struct Empty {}\n"
    "struct Kinds {\n"
    "  1: bool a, 2: i8 b, 3: i16 c, 4: i32 d, 5: i64 e, 6: double f, 7: string g, 8: binary h, 9: State i,\n"
    "  10: i16 (koine.range = \"u8\") j, 11: i32 (koine.range = \"u16\") k, 12: i64 (koine.range = \"u32\") "
    "l,\n"
    "  13: i64 (koine.range = \"u64\") m, 14: double (koine.range = \"f32\") n, 15: Empty o }\n"
    "struct Boxes {\n"
    "  1: optional bool a, 2: optional i8 b, 3: optional i16 c, 4: optional i32 d, 5: optional i64 e,\n"
    "  6: optional double f, 7: optional double (koine.range = \"f32\") g, 8: optional binary h,\n"
    "  9: optional i64 (koine.range = \"u64\") i }\n"
    "struct Many {\n"
    "  1: list<i8> a, 2: set<i16> b, 3: map<i8, double (koine.range = \"f32\")> c, 4: list<list<binary>> d,\n"
    "  5: map<Empty, set<State>> e, 6: optional list<Kinds> f, 7: map<string, common.Money> g }\n"
    "/** Says \\user. */\n"
    "struct Object { 1: i32 class_, 2: i32 class, 3: i32 case_id, 4: i32 caseId, 5: i32 URL, 6: i32 Class,\n"
    "  7: i32 Objects, 8: i32 that, 9: i32 other, 10: string String }\n"
    "struct node { 1: i32 n }\n"
    "struct Node { 1: Node & next, 2: list<Node> children }\n"
    "struct Times { 1: i64 at (koine.as = \"instant\", koine.unit = \"ms\"), 2: i64 s (koine.unit = \"s\"),\n"
    "  3: optional string price (koine.as = \"decimal\"),\n"
    "  4: list<i64> all (koine.as = \"instant\", koine.unit = \"ms\") }\n"
    "struct Defaults { 1: i32 n = -3, 2: i64 m = 4, 3: bool b = true, 4: double d = 1.5, 5: optional i32 o = "
    "6,\n"
    "  6: i8 t = 7, 7: double e = 1e300 }\n"
    "union Choice { 1: i32 n, 2: string text, 3: list<i64> all }\n"
    "exception Gone { 1: i64 id, 2: string message, 3: string cause, 4: i32 stackTrace }\n"
    "exception Odd { 1: i32 message }\n"
    "service Base { void ping(), State wait(1: i64 n), }\n"
    "service Orders extends Base {\n"
    "  /** Finds one. */ Kinds find_one(1: i64 order_id, 2: string default) throws (1: Gone gone, 2: Odd "
    "odd),\n"
    "  list<i8> many(1: map<i32, Choice> choices, 2: list<double> prices, 3: i32 count, 4: Many "
    "many_of_all_of_them),\n"
    "  oneway void note(1: string text) }\n"
    "service Stock extends common.Shared { i32 count() }\n";
constexpr const char* common =
    "namespace java acme.common\n"
    "struct Money { 1: i64 cents, 2: List list }\n"
    "struct List { 1: i32 n }\n"
    "service Shared { Money worth(1: List of) }\n";

std::string annotation(const Annotations& annotations, std::string_view name) {
  const std::string* found = find_annotation(annotations, name);
  return found == nullptr ? "" : *found;
}

const File* home_of(const Schema& schema, std::string_view path) {
  for (const File& file : schema.files()) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

std::unique_ptr<Schema> read_shop() {
  return read_thrift({{"shop.thrift", shop}, {"common.thrift", common}});
}

// What a JVM sees of a schema: classes with their fields, interfaces with their methods, sorted.
std::string java_of(const Schema& schema, const std::set<std::string>& also = {}) {
  std::set<std::string> lines;
  const auto same = [](const std::string& name) { return name; };
  const auto add = [&](const std::string& owner, const StructType& type) {
    int place = 0;
    for (const Field& field : type.fields) {
      const bool text = find_annotation(field.annotations, java_field_annotation) != nullptr;
      lines.insert(owner + " " + (text ? "" : std::to_string(++place)) + " " + field.name + ": " +
                   java::spelled(*field.type, same));
    }
  };
  for (const StructType& type : schema.structs()) {
    if (type.role != StructRole::plain || type.full_name.starts_with("google.")) continue;
    lines.insert(type.full_name + (type.form == StructForm::exception ? " exception" : " class"));
    add(type.full_name, type);
  }
  for (const EnumType& type : schema.enums()) {
    std::string line = type.full_name + " enum";
    for (const EnumValue& value : type.values) line += " " + value.name;
    lines.insert(line);
  }
  for (const Service& service : schema.services()) {
    lines.insert(service.full_name + " extends " + service.base);
    for (const Method& method : service.methods) {
      const std::string name = service.full_name + "." + method.name;
      lines.insert(name + "(" + *find_annotation(method.annotations, java_signature_annotation) + ")");
      add(name, *method.request);
      for (const Field& field : method.response->fields) {
        lines.insert(name + " gives " + java::spelled(*field.type, same));
      }
    }
  }
  lines.insert(also.begin(), also.end());
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  return all;
}

TEST(ThriftToJava, GivesSourcesThatJavacTakes) {
  const auto source = read_shop();
  const auto java = derived(*source, Language::java);
  EXPECT_EQ(inconsistencies(*source, *java), "");
  EXPECT_EQ(javac_complaints(printed_java(*java)), "");
}

TEST(ThriftToJava, IsReadBackAsWhatItIs) {
  const auto source = read_shop();
  const auto java = derived(*source, Language::java);
  const Files files = printed_java(*java);
  std::string why;
  const auto again = try_read(files, Language::java, &why);
  ASSERT_NE(again, nullptr) << why;
  // An exception without a text has Throwable's.
  const std::string text = "acme.new_.shop.dubbo.Odd  message: java.lang.String";
  EXPECT_EQ(difference(java_of(*java, {text}), java_of(*again)), "");
}

TEST(ThriftToJava, KnowsWhatItWasDerivedFrom) {
  const auto source = read_shop();
  const auto java = derived(*source, Language::java);
  for (const StructType& type : java->structs()) {
    ASSERT_NE(type.origin, nullptr) << type.full_name;
    ASSERT_EQ(type.fields.size(), type.origin->fields.size());
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
      EXPECT_EQ(type.fields[i].origin_id, type.origin->fields[i].id);
      EXPECT_EQ(type.fields[i].id, type.origin->fields[i].id);
      EXPECT_EQ(type.fields[i].type->kind, type.origin->fields[i].type->kind);
    }
  }
  for (const Service& service : java->services()) {
    ASSERT_EQ(service.methods.size(), service.origin->methods.size());
    for (std::size_t i = 0; i < service.methods.size(); ++i) {
      EXPECT_EQ(service.methods[i].origin, &service.origin->methods[i]);
      EXPECT_EQ(service.methods[i].request->origin, service.methods[i].origin->request);
      EXPECT_EQ(service.methods[i].response->origin, service.methods[i].origin->response);
    }
  }
}

TEST(ThriftToJava, BoxesWhatMayBeNullAndWidensWhatCollectionsHold) {
  const Files files = printed_java(*derived(*read_shop(), Language::java));
  const std::string& kinds = files.at("acme/new_/shop/dubbo/Kinds.java");
  for (const char* field :
       {"boolean a;", "byte b;", "short c;", "int d;", "long e;", "double f;", "String g;", "byte[] h;",
        "State i;", "short j;", "int k;", "long l;", "long m;", "Float n = 0F;"}) {
    EXPECT_THAT(kinds, HasSubstr(std::string("  private ") + field));
  }
  EXPECT_THAT(kinds, HasSubstr("  public float getN() {"));
  const std::string& boxes = files.at("acme/new_/shop/dubbo/Boxes.java");
  for (const char* field : {"Boolean a;", "Byte b;", "Short c;", "Integer d;", "Long e;", "Double f;",
                            "Float g;", "byte[] h;", "Long i;"}) {
    EXPECT_THAT(boxes, HasSubstr(std::string("  private ") + field));
  }
  const std::string& many = files.at("acme/new_/shop/dubbo/Many.java");
  for (const char* field :
       {"List<Integer> a;", "Set<Integer> b;", "Map<Integer, Double> c;", "List<List<byte[]>> d;",
        "Map<Empty, Set<State>> e;", "List<Kinds> f;", "Map<String, Money> g;"}) {
    EXPECT_THAT(many, HasSubstr(std::string("  private ") + field));
  }
  EXPECT_THAT(files.at("acme/new_/shop/dubbo/Choice.java"), HasSubstr("  private Integer n;"));
}

TEST(ThriftToJava, KeepsNamesApartThatJavaWouldMix) {
  const Files files = printed_java(*derived(*read_shop(), Language::java));
  const std::string& object = files.at("acme/new_/shop/dubbo/Object_.java");
  for (const char* field : {"int class_;", "int class_2;", "int caseId;", "int caseId_2;", "int URL;",
                            "int Objects_;", "int that;", "int other;", "String String_;"}) {
    EXPECT_THAT(object, HasSubstr(std::string("  private ") + field));
  }
  EXPECT_THAT(object, HasSubstr("/** Says &#92;user. */"));
  // Of two that some disks take for one the first keeps its name.
  EXPECT_TRUE(files.contains("acme/new_/shop/dubbo/node.java"));
  EXPECT_TRUE(files.contains("acme/new_/shop/dubbo/Node_.java"));
  EXPECT_TRUE(files.contains("acme/common/dubbo/List_.java"));
  const std::string& state = files.at("acme/new_/shop/dubbo/State.java");
  EXPECT_THAT(state, HasSubstr("  NEW,\n  /** All is well. */\n  DONE,\n  default_\n"));
  EXPECT_THAT(files.at("acme/new_/shop/dubbo/Base.java"), HasSubstr("State wait_(long n);"));
}

TEST(ThriftToJava, GivesExceptionsThrowablesText) {
  const auto java = derived(*read_shop(), Language::java);
  const Files files = printed_java(*java);
  const std::string& gone = files.at("acme/new_/shop/dubbo/Gone.java");
  EXPECT_THAT(gone, HasSubstr("public class Gone extends Exception {"));
  EXPECT_THAT(gone, HasSubstr("  public Gone(String message) {\n    super(message);"));
  EXPECT_THAT(gone, HasSubstr("  private String cause_;\n  private int stackTrace_;"));
  EXPECT_THAT(gone, Not(HasSubstr("getMessage")));
  EXPECT_THAT(files.at("acme/new_/shop/dubbo/Odd.java"), HasSubstr("  private int message_;"));
  const Field& text = *java->find_struct("acme.new_.shop.dubbo.Gone")->find_field("message");
  EXPECT_EQ(*find_annotation(text.annotations, java_field_annotation), "detailMessage");
}

TEST(ThriftToJava, WritesTimesDecimalsAndDefaults) {
  const Files files = printed_java(*derived(*read_shop(), Language::java));
  const std::string& times = files.at("acme/new_/shop/dubbo/Times.java");
  EXPECT_THAT(times, HasSubstr("  private Date at;\n  private long s;\n  private BigDecimal price;\n"
                               "  private List<Date> all;\n"));
  EXPECT_THAT(files.at("acme/new_/shop/dubbo/Defaults.java"),
              HasSubstr("  private int n = -3;\n  private long m = 4L;\n  private boolean b = true;\n"
                        "  private double d = 1.5D;\n  private Integer o;\n  private byte t = 7;\n"));
}

TEST(ThriftToJava, WritesInterfacesWithTheirExceptions) {
  const auto java = derived(*read_shop(), Language::java);
  const std::string orders = printed_java(*java).at("acme/new_/shop/dubbo/Orders.java");
  EXPECT_THAT(orders, HasSubstr("public interface Orders extends Base {\n"
                                "  /** Finds one. */\n"
                                "  Kinds findOne(long orderId, String default_) throws Gone, Odd;\n"));
  EXPECT_THAT(orders,
              HasSubstr("  List<Integer> many(\n      Map<Integer, Choice> choices,\n"
                        "      List<Double> prices,\n      int count,\n      Many manyOfAllOfThem);\n"));
  EXPECT_THAT(orders, HasSubstr("  void note(String text);\n"));
  const Service& service = *java->find_service("acme.new_.shop.dubbo.Orders");
  const auto signature = [&](const char* name) {
    return *find_annotation(service.find_method(name)->annotations, java_signature_annotation);
  };
  EXPECT_EQ(signature("findOne"), "JLjava/lang/String;");
  EXPECT_EQ(signature("many"), "Ljava/util/Map;Ljava/util/List;ILacme/new_/shop/dubbo/Many;");
  EXPECT_EQ(signature("ping"), "");
  EXPECT_TRUE(service.find_method("note")->oneway);
}

TEST(ThriftToJava, CallsClassesAndMethodsAsTheSourceSays) {
  const auto source = read_thrift(
      {{"a.thrift",
        "namespace java a\n"
        "struct S { 1: i32 n (koine.java_field = \"num\") } (koine.java_class = \"com.acme.Sku\")\n"
        "struct T { 1: S s } (koine.java_class = \"com.acme.Order$Item\")\n"
        "service V { void f(1: S s) (koine.java_method = \"g\") } (koine.java_class = "
        "\"com.acme.Orders\")\n"}});
  const Files files = printed_java(*derived(*source, Language::java));
  EXPECT_THAT(files.at("com/acme/Sku.java"), HasSubstr("  private int num;"));
  EXPECT_THAT(files.at("com/acme/Orders.java"), HasSubstr("  void g(Sku s);"));
  EXPECT_THAT(files.at("a/dubbo/T.java"), HasSubstr("import com.acme.Sku;"));
  EXPECT_EQ(javac_complaints(files), "");
}

constexpr const char* stock =
    "syntax = \"proto3\"; package acme.stock; option java_package = \"com.acme.stock\";\n"
    "import \"google/protobuf/timestamp.proto\"; import \"google/protobuf/duration.proto\";\n"
    "import \"google/protobuf/empty.proto\"; import \"google/protobuf/any.proto\";\n"
    "import \"google/protobuf/struct.proto\"; import \"google/protobuf/wrappers.proto\";\n"
    "import \"koine/options.proto\";\n"
    "message Order {\n"
    "  message Item { string sku = 1; Order order = 40000; } enum State { NEW = 0; DONE = 10; }\n"
    "  Item first_item = 1; repeated Item items = 2; State state = 3; optional uint32 count = 4; bytes raw = "
    "5;\n"
    "  oneof choice { int32 number = 6; string text = 7; Item one = 8; }\n"
    "  google.protobuf.Timestamp at = 9; google.protobuf.Duration lasted = 10;\n"
    "  repeated google.protobuf.Timestamp ats = 11; map<string, google.protobuf.Duration> by_name = 12;\n"
    "  google.protobuf.Any any = 13; google.protobuf.Value value = 14; google.protobuf.Int64Value boxed = "
    "15;\n"
    "  uint64 end = 16; string class = 17; map<uint32, float> floats = 18; fixed64 new = 19;\n"
    "  int64 plain = 20 [(koine.field).unit = \"ms\", (koine.field).as = \"instant\"];\n"
    "  optional int64 dated = 21 [(koine.field).unit = \"ms\", (koine.field).as = \"instant\"]; }\n"
    "service Stock {\n"
    "  rpc Get(Order) returns (Order.Item); rpc SSN(google.protobuf.Empty) returns (google.protobuf.Empty);\n"
    "  rpc Watch(Order) returns (stream Order); rpc NotifyAll(Order) returns (Order); }\n";

std::unique_ptr<Schema> read_stock() { return read_proto({{"stock.proto", stock}}); }

TEST(ProtoToJava, GivesSourcesThatJavacTakesAndThatAreReadBackAsWhatTheyAre) {
  const auto source = read_stock();
  const auto java = derived(*source, Language::java);
  const Files files = printed_java(*java);
  EXPECT_EQ(javac_complaints(files), "");
  std::string said;
  const auto again = try_read(files, Language::java, &said);
  EXPECT_EQ(said, "");
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(difference(java_of(*java), java_of(*again)), "");
}

TEST(ProtoToJava, HasNamesOfItsOwnAndTimesOfJavas) {
  const Files files = printed_java(*derived(*read_stock(), Language::java));
  const std::string& order = files.at("com/acme/stock/dubbo/Order.java");
  for (const char* field : {"Order_Item firstItem;",
                            "List<Order_Item> items;",
                            "Order_State state;",
                            "Long count;",
                            "byte[] raw;",
                            "Integer number;",
                            "String text;",
                            "Order_Item one;",
                            "Instant at;",
                            "Duration lasted;",
                            "List<Instant> ats;",
                            "Map<String, Duration> byName;",
                            "Any any;",
                            "Value value;",
                            "Int64Value boxed;",
                            "long end;",
                            "String class_;",
                            "Map<Long, Double> floats;",
                            "long new_;",
                            "long plain;",
                            "Date dated;"}) {
    EXPECT_THAT(order, HasSubstr(std::string("  private ") + field));
  }
  EXPECT_THAT(files.at("com/acme/stock/dubbo/Stock.java"),
              HasSubstr("  Order_Item get(Order request) throws RpcStatus;\n\n"
                        "  void SSN() throws RpcStatus;\n\n"
                        "  Order notifyAll_(Order request) throws RpcStatus;\n}"));
}

TEST(ProtoToJava, KnowsWhatItWasDerivedFromAndNamesWhatItLeavesOut) {
  const auto source = read_stock();
  std::vector<Diagnostic> left_out;
  const auto made = derive(*source, Language::java, &left_out);
  ASSERT_TRUE(made);
  EXPECT_THAT(render(left_out), HasSubstr("'acme.stock.Stock.Watch' streams, which Dubbo cannot"));
  const Schema& java = **made;
  const StructType& order = *java.find_struct("com.acme.stock.dubbo.Order");
  ASSERT_EQ(order.origin, source->find_struct("acme.stock.Order"));
  for (const Field& field : order.fields) {
    const Field* const origin = order.origin->find_field(field.origin_id);
    ASSERT_NE(origin, nullptr) << field.name;
    if (origin->type->structure == nullptr) continue;
    EXPECT_EQ(field.type->structure->origin, origin->type->structure) << field.name;
  }
  // Numbers that Koine's own bytes between Hessian2 and protobuf have no room for.
  EXPECT_EQ(java.find_struct("com.acme.stock.dubbo.Order_Item")->find_field("order")->id, 32767);
  EXPECT_EQ(java.find_struct("com.acme.stock.dubbo.Order_Item")->find_field("order")->origin_id, 40000);
  const Service& service = *java.find_service("com.acme.stock.dubbo.Stock");
  EXPECT_EQ(service.origin, source->find_service("acme.stock.Stock"));
  const Method& get = *service.find_method("get");
  EXPECT_EQ(get.origin, source->find_service("acme.stock.Stock")->find_method("Get"));
  EXPECT_FALSE(get.request_spread || get.response_spread);
  EXPECT_TRUE(is_rpc_status(*get.response->find_field(1)->type->structure));
  EXPECT_EQ(java.files().front().origin, home_of(*source, "stock.proto"));
  EXPECT_EQ(annotation(java.files().front().annotations, "koine.source"), "stock.proto");
}

TEST(ProtoToJava, IsWhatTheThriftBetweenBecomes) {
  const auto source = read_stock();
  const auto at_once = derived(*source, Language::java);
  const auto thrift = derived(*source, Language::thrift);
  EXPECT_EQ(text_of(printed_java(*at_once)), text_of(printed_java(*derived(*thrift, Language::java))));
}

TEST(ThriftToJava, KeepsANameInTheLock) {
  const auto derive_with = [](Lock& lock, const std::string& text) {
    const auto source = read_thrift({{"a.thrift", "namespace java a\n" + text}});
    const auto made = derive(*source, Language::java, nullptr, &lock);
    EXPECT_TRUE(made) << made.status().to_string();
    return printed_java(**made);
  };
  Lock lock("koine.lock");
  derive_with(lock, "struct Date { 1: i32 new, 2: i32 userId }");
  EXPECT_THAT(lock.text(), HasSubstr("file a.thrift to java:\n"));
  EXPECT_THAT(lock.text(), HasSubstr("  struct a.Date: name a.dubbo.Date_\n"));
  EXPECT_THAT(lock.text(), HasSubstr("  field a.Date.new (1): name new_\n"));
  std::vector<Diagnostic> diagnostics;
  std::optional<Lock> again = Lock::parse(lock.text(), "koine.lock", diagnostics);
  ASSERT_TRUE(again) << render(diagnostics);
  // What the source calls so now does not get what was given away.
  const Files files = derive_with(*again, "struct Date_ { 1: i32 n }\nstruct Date { 1: i32 new }");
  EXPECT_TRUE(files.contains("a/dubbo/Date_.java"));
  EXPECT_THAT(files.at("a/dubbo/Date_.java"), HasSubstr("new_"));
}

}  // namespace
}  // namespace koine::idl::derive::testing
