package koine.interop.shop;

/** Somebody wants too much. */
public class OverQuotaException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int limit;
  private final Item item;

  public OverQuotaException(String message, int limit, Item item) {
    super(message);
    this.limit = limit;
    this.item = item;
  }

  public int getLimit() {
    return limit;
  }

  public Item getItem() {
    return item;
  }
}
