/**
 * The interop contract as the Thrift team wrote it: one service whose methods
 * carry the shapes of cases.yaml. contract.proto is the gRPC team's own version
 * of the same service; neither was made from the other.
 *
 * Field ids jump on purpose (compact field headers change form above a delta of
 * 15), and Colour has no value 0 on purpose.
 */
namespace java koine.interop.contract
namespace go contract
namespace php Koine.Interop.Contract

typedef i64 Nonce

enum Colour {
  RED = 1
  GREEN = 2
  BLUE = 5
  INFRARED = 900
}

struct Scalars {
  1: string caseId
  2: bool open
  3: bool shut
  4: i8 tiny
  20: i16 small
  21: i32 medium
  300: i64 large
  301: double ratio
}

struct Payload {
  1: string caseId
  2: string text
  3: binary data
}

struct Item {
  1: string sku
  2: i32 quantity
  3: i64 priceCents
  4: Colour colour
}

struct Lists {
  1: string caseId
  2: list<bool> flags
  3: list<i32> numbers
  4: list<i64> bigNumbers
  5: list<double> ratios
  6: list<string> words
  7: list<binary> chunks
  8: list<Colour> colours
  9: list<Item> items
  10: list<list<i32>> grid
}

struct Sets {
  1: string caseId
  2: set<i32> numberSet
  3: set<string> wordSet
  4: set<Colour> colourSet
}

struct Maps {
  1: string caseId
  2: map<i32, string> byNumber
  3: map<i64, Item> byBigNumber
  4: map<string, i64> byName
  5: map<Colour, string> byColour
  6: map<string, list<Item>> groups
  7: map<string, map<i32, string>> tables
}

struct Address {
  1: string street
  2: i32 zip
}

struct Customer {
  1: string name
  2: Address home
  3: optional Address work
}

struct Order {
  1: string caseId
  2: Customer customer
  3: list<Item> lines
  4: i64 totalCents
}

struct Node {
  1: string name
  2: i32 weight
  3: list<Node> children
  4: optional Node & following
}

struct Optionals {
  1: string caseId
  2: optional bool flag
  3: optional i32 number
  4: optional i64 bigNumber
  5: optional double ratio
  6: optional string text
  7: optional binary data
  8: optional Colour colour
  9: optional Item item
  10: optional list<i32> numbers
}

struct Paint {
  1: string caseId
  2: Colour colour
  3: i32 coats
}

union Choice {
  1: i32 number
  2: string text
  3: binary data
  4: Item item
  5: list<string> words
  6: Colour colour
  7: bool flag
}

struct Pick {
  1: string caseId
  2: Choice choice
}

struct Times {
  1: string caseId
  2: i64 createdAt (koine.as = "instant", koine.unit = "ms")
  3: i64 lasted (koine.as = "duration", koine.unit = "ms")
  4: string price (koine.as = "decimal")
}

struct Ticket {
  1: string text
  2: i32 count
}

/** What the server has seen of one nonce; the only way to observe calls that have no answer. */
struct Seen {
  1: i32 posts
  2: i32 resets
  3: i32 lingersStarted
  4: i32 lingersCancelled
}

exception NotFound {
  1: string resource
  2: i64 id
} (koine.code = "NOT_FOUND")

exception OverQuota {
  1: string message
  2: i32 limit
  3: Item item
} (koine.code = "RESOURCE_EXHAUSTED")

service Interop {
  Scalars scalars(1: Scalars request)
  Payload payload(1: Payload request)
  Lists lists(1: Lists request)
  Sets sets(1: Sets request)
  Maps maps(1: Maps request)
  Order placeOrder(1: Order order)
  Node grow(1: Node root)
  Optionals optionals(1: Optionals request)
  Paint paint(1: Paint request)
  Pick pick(1: Pick request)
  Times times(1: Times request)

  string several(1: i32 first, 2: string second, 3: list<i64> third, 4: Colour fourth, 5: Item fifth)
  i64 addUp(1: i64 left, 2: i64 right)
  list<string> listNames(1: string prefix)
  string greet()

  void reset(1: Nonce nonce)
  oneway void post(1: Nonce nonce, 2: string note)
  Seen seen(1: Nonce nonce)

  Ticket fail(1: string caseId) throws (1: NotFound notFound, 2: OverQuota overQuota)
  Nonce linger(1: Nonce nonce, 2: i32 waitMillis)
  map<string, string> exchangeHeaders(1: map<string, string> headers)
  Nonce stamp(1: Nonce nonce)
}
