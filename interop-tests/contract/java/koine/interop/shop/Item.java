package koine.interop.shop;

import java.io.Serializable;

/** One line of an order. */
public class Item implements Serializable {
  private static final long serialVersionUID = 1L;

  private String sku;
  private int quantity;
  private long priceCents;
  private Colour colour;

  public Item() {}

  public Item(String sku, int quantity, long priceCents, Colour colour) {
    this.sku = sku;
    this.quantity = quantity;
    this.priceCents = priceCents;
    this.colour = colour;
  }

  public String getSku() {
    return sku;
  }

  public void setSku(String sku) {
    this.sku = sku;
  }

  public int getQuantity() {
    return quantity;
  }

  public void setQuantity(int quantity) {
    this.quantity = quantity;
  }

  public long getPriceCents() {
    return priceCents;
  }

  public void setPriceCents(long priceCents) {
    this.priceCents = priceCents;
  }

  public Colour getColour() {
    return colour;
  }

  public void setColour(Colour colour) {
    this.colour = colour;
  }
}
