package koine.interop.shop;

import java.io.Serializable;
import java.util.List;

/** One of these: Java has no union, so exactly one is not null. */
public class Choice implements Serializable {
  private static final long serialVersionUID = 1L;

  private Integer number;
  private String text;
  private byte[] data;
  private Item item;
  private List<String> words;
  private Colour colour;
  private Boolean flag;

  public Integer getNumber() {
    return number;
  }

  public void setNumber(Integer number) {
    this.number = number;
  }

  public String getText() {
    return text;
  }

  public void setText(String text) {
    this.text = text;
  }

  public byte[] getData() {
    return data;
  }

  public void setData(byte[] data) {
    this.data = data;
  }

  public Item getItem() {
    return item;
  }

  public void setItem(Item item) {
    this.item = item;
  }

  public List<String> getWords() {
    return words;
  }

  public void setWords(List<String> words) {
    this.words = words;
  }

  public Colour getColour() {
    return colour;
  }

  public void setColour(Colour colour) {
    this.colour = colour;
  }

  public Boolean getFlag() {
    return flag;
  }

  public void setFlag(Boolean flag) {
    this.flag = flag;
  }
}
