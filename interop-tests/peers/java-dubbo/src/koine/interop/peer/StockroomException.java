package koine.interop.peer;

/** What only the provider has: Dubbo sends its consumers a RuntimeException with its text instead. */
public class StockroomException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StockroomException(String message) {
    super(message);
  }
}
