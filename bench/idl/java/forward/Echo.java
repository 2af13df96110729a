package forward;

import order.Order;

/** What bench/forward calls, as forward.thrift has it. */
public interface Echo {
  Order echo(Order order);
}
