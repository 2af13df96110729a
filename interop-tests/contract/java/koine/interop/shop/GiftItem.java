package koine.interop.shop;

/** An item that is wrapped; goes wherever an item does. */
public class GiftItem extends Item {
  private static final long serialVersionUID = 1L;

  private String wrapping;
  private Boolean ribbon;

  public GiftItem() {}

  public GiftItem(String sku, int quantity, long priceCents, Colour colour, String wrapping, Boolean ribbon) {
    super(sku, quantity, priceCents, colour);
    this.wrapping = wrapping;
    this.ribbon = ribbon;
  }

  public String getWrapping() {
    return wrapping;
  }

  public void setWrapping(String wrapping) {
    this.wrapping = wrapping;
  }

  public Boolean getRibbon() {
    return ribbon;
  }

  public void setRibbon(Boolean ribbon) {
    this.ribbon = ribbon;
  }
}
