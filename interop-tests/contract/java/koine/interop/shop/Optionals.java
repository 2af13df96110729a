package koine.interop.shop;

import java.io.Serializable;
import java.util.List;

/** What may be absent is boxed or an object, and null when it is. */
public class Optionals implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private Boolean flag;
  private Integer number;
  private Long bigNumber;
  private Double ratio;
  private String text;
  private byte[] data;
  private Colour colour;
  private Item item;
  private List<Integer> numbers;

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
  }

  public Boolean getFlag() {
    return flag;
  }

  public void setFlag(Boolean flag) {
    this.flag = flag;
  }

  public Integer getNumber() {
    return number;
  }

  public void setNumber(Integer number) {
    this.number = number;
  }

  public Long getBigNumber() {
    return bigNumber;
  }

  public void setBigNumber(Long bigNumber) {
    this.bigNumber = bigNumber;
  }

  public Double getRatio() {
    return ratio;
  }

  public void setRatio(Double ratio) {
    this.ratio = ratio;
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

  public Colour getColour() {
    return colour;
  }

  public void setColour(Colour colour) {
    this.colour = colour;
  }

  public Item getItem() {
    return item;
  }

  public void setItem(Item item) {
    this.item = item;
  }

  public List<Integer> getNumbers() {
    return numbers;
  }

  public void setNumbers(List<Integer> numbers) {
    this.numbers = numbers;
  }
}
