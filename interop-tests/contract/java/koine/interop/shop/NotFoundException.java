package koine.interop.shop;

/** There is no such thing. */
public class NotFoundException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String resource;
  private final long id;

  public NotFoundException(String message, String resource, long id) {
    super(message);
    this.resource = resource;
    this.id = id;
  }

  public String getResource() {
    return resource;
  }

  public long getId() {
    return id;
  }
}
