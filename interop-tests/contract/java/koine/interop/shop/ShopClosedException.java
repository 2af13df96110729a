package koine.interop.shop;

/** Thrown without being declared. */
public class ShopClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int untilHour;

  public ShopClosedException(String message, int untilHour) {
    super(message);
    this.untilHour = untilHour;
  }

  public int getUntilHour() {
    return untilHour;
  }
}
