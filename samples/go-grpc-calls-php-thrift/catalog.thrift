/** The PHP team's catalogue. */
namespace php Catalog

struct Product {
  1: string sku
  2: string title
  3: double weightKg
  4: set<string> colours
  5: optional i64 priceCents
}

exception NoSuchProduct {
  1: string message
  2: list<string> alike
} (koine.code = "NOT_FOUND")

service Catalog {
  Product find(1: string sku) throws (1: NoSuchProduct missing)
}
