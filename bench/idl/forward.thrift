/** What bench/forward calls: the order message there and back. */
namespace cpp forward

include "order.thrift"

service Echo {
  order.Order echo(1: order.Order order)
}
