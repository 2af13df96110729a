package delivery;

/** Nobody carries that so far. */
public class NotDeliveredException extends Exception {
    public String country;

    public NotDeliveredException(String country, String message) {
        super(message);
        this.country = country;
    }
}
