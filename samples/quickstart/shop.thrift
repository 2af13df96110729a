/**
 * Orders and catalogue of a small shop: OrderService is the Java team's, CatalogService the PHP team's.
 * Both serve plain Thrift and know nothing of Koine.
 */
namespace * shop
namespace java shop
namespace php Shop

enum OrderStatus {
  PENDING = 1
  SHIPPED = 2
  DELIVERED = 3
}

struct Item {
  1: string sku
  2: i32 quantity
  3: i64 priceCents
}

struct Order {
  1: i64 id
  2: string customer
  3: OrderStatus status
  4: list<Item> items
  5: map<string, string> tags
  6: optional string note
  7: i64 totalCents
}

/** Nobody has ordered under that number. */
exception OrderNotFound {
  1: i64 id
  2: string message
} (koine.code = "NOT_FOUND")

service OrderService {
  Order getOrder(1: i64 id) throws (1: OrderNotFound notFound)
  /** Answers with the new order's number. */
  i64 placeOrder(1: string customer, 2: list<Item> items)
}

struct Product {
  1: string sku
  2: string title
  3: double weightKg
  4: list<string> colours
}

service CatalogService {
  Product find(1: string sku)
}
