package shop;

import java.util.List;

/** What the Java team publishes. */
public interface OrderService {
    Receipt place(String customer, List<Line> lines) throws OutOfStockException;
}
