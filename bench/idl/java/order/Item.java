package order;

import java.io.Serializable;

/** What is ordered. */
public class Item implements Serializable {
  private static final long serialVersionUID = 1L;

  private String sku;
  private int quantity;
  private long priceCents;

  public String getSku() { return sku; }
  public void setSku(String sku) { this.sku = sku; }
  public int getQuantity() { return quantity; }
  public void setQuantity(int quantity) { this.quantity = quantity; }
  public long getPriceCents() { return priceCents; }
  public void setPriceCents(long priceCents) { this.priceCents = priceCents; }
}
