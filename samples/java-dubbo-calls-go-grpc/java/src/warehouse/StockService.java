package warehouse;

/** The Java team's own interface, from the days when stock was a Dubbo service as well. */
public interface StockService {
    Reservation reserve(String sku, int quantity);
}
