package delivery;

import java.io.Serializable;

public class Parcel implements Serializable {
    public String sku;
    public double weightKg;
}
