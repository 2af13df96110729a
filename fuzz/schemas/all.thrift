// Everything a Thrift schema can say that changes how a body crosses. The fuzz targets' own; derived into proto
// it gives wrappers, entries, ranges and unions of every kind.
namespace * fuzz.thrift

enum Colour { RED = 1, GREEN = 2, BLUE = 5, FAR = 70000 }
enum Zero { NONE = 0, ONE = 1, MINUS = -1 }

struct Item {
  1: string sku
  2: i32 quantity
  3: optional i64 price
}

union Choice {
  1: i32 number
  2: string text
  3: Item item
  4: list<i32> numbers
  5: bool flag
  6: Colour colour
}

struct Scalars {
  1: bool a
  2: i8 b
  3: i16 c
  4: i32 d
  5: i64 e
  6: double f
  7: string g
  8: binary h
  9: Colour i
  10: Zero j
  30: i64 far
  300: bool farther
}

struct Optionals {
  1: optional bool a
  2: optional i8 b
  3: optional i16 c
  4: optional i32 d
  5: optional i64 e
  6: optional double f
  7: optional string g
  8: optional binary h
  9: optional Colour i
  10: optional Zero j
  11: optional list<i32> k
  12: optional map<string, i32> l
  13: optional Item m
  14: optional Choice n
}

struct Requireds {
  1: required bool a
  2: required i32 b
  3: required string c
  4: required Colour d
  5: required Item e
  6: required list<string> f
}

struct Defaults {
  1: bool a = true
  2: i8 b = -3
  3: i16 c = 300
  4: i32 d = -70000
  5: i64 e = 5000000000
  6: double f = 1.5
  7: string g = "text"
  8: binary h = "raw"
  9: Colour i = Colour.GREEN
  10: list<i32> j = [1, 2]
  11: map<string, i32> k = {"a": 1}
  12: Item l = {"sku": "s", "quantity": 2}
  13: optional i32 m = 7
}

struct Ranges {
  1: i16 (koine.range = "u8") a
  2: i32 (koine.range = "u16") b
  3: i64 (koine.range = "u32") c
  4: i64 (koine.range = "u64") d
  5: double (koine.range = "f32") e
  6: i32 (koine.number = "zigzag") f
  7: i64 (koine.number = "fixed") g
  8: list<i64 (koine.range = "u32", koine.number = "fixed")> h
  9: list<double (koine.range = "f32")> i
  10: map<i64 (koine.range = "u32"), i16 (koine.range = "u8")> j
}

struct Lists {
  1: list<bool> a
  2: list<i8> b
  3: list<i16> c
  4: list<i32> d
  5: list<i64> e
  6: list<double> f
  7: list<string> g
  8: list<binary> h
  9: list<Colour> i
  10: list<Item> j
  11: list<list<i32>> k
  12: list<map<string, i32>> l
  13: list<Choice> m
}

struct Sets {
  1: set<bool> a
  2: set<i8> b
  3: set<i32> c
  4: set<i64> d
  5: set<double> e
  6: set<string> f
  7: set<binary> g
  8: set<Colour> h
  9: set<Item> i
  10: set<list<i32>> j
}

struct Maps {
  1: map<bool, i32> a
  2: map<i8, i16> b
  3: map<i32, string> c
  4: map<i64, Item> d
  5: map<string, double> e
  6: map<Colour, bool> f
  7: map<double, i32> g
  8: map<binary, binary> h
  9: map<Item, i64> i
  10: map<string, list<i32>> j
  11: map<string, map<i32, string>> k
  12: map<list<i32>, set<string>> l
}

struct Node {
  1: string name
  2: optional Node next
  3: list<Node> children
  4: map<string, Node> named
  5: optional Choice choice
}

struct Gaps {
  -3: i32 below
  0: i32 none
  15: i32 near
  31: i32 edge
  32: i32 behind
  5000: i32 far
}

struct Ids {
  1: uuid a
  2: optional uuid b
  3: list<uuid> c
  4: set<uuid> d
  5: map<uuid, string> e
  6: map<string, uuid> f
  7: uuid (koine.number = "fixed") g
}

exception NotFound {
  1: string message
  2: i32 code
} (koine.code = "NOT_FOUND")

exception Refused {
  1: Colour why
  2: list<string> details
}

service Everything {
  Scalars scalars(1: Optionals a, 2: i32 b) throws (1: NotFound missing, 4: Refused refused)
  i32 number(1: i64 a)
  void nothing()
  oneway void forget(1: string a)
  list<Item> many(1: set<i32> a, 2: Choice b) throws (1: NotFound missing)
  Node node(1: Node a)
  string text(1: string a = "x") throws (2: Refused refused)
  Colour colour(1: required Colour a)
  map<i32, string> index(1: Maps a)
  binary raw(1: binary a)
  Choice choice(1: Choice a)
}
