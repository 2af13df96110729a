/** The order message of the benchmarks. */
namespace cpp order_thrift

enum OrderStatus {
  UNKNOWN = 0
  PLACED = 1
  PAID = 2
  SHIPPED = 3
}

struct Item {
  1: string sku
  2: i32 quantity
  3: i64 price_cents
}

struct Order {
  1: i64 id
  2: string customer
  3: string address
  4: OrderStatus status
  5: bool express
  6: double total
  7: list<Item> items
  8: map<string, string> tags
  9: string note
}
