package shop;

import java.io.Serializable;

public class Line implements Serializable {
    public String sku;
    public int quantity;
}
