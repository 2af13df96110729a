package koine.interop.shop;

import java.io.Serializable;

/** What a call that may fail answers. */
public class Ticket implements Serializable {
  private static final long serialVersionUID = 1L;

  private String text;
  private int count;

  public Ticket() {}

  public Ticket(String text, int count) {
    this.text = text;
    this.count = count;
  }

  public String getText() {
    return text;
  }

  public void setText(String text) {
    this.text = text;
  }

  public int getCount() {
    return count;
  }

  public void setCount(int count) {
    this.count = count;
  }
}
