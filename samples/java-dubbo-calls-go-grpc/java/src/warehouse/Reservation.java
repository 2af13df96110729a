package warehouse;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;

public class Reservation implements Serializable {
    public int left;
    public List<String> shelves;
    public Instant heldUntil;
}
