package koine.interop.shop;

import java.io.Serializable;

/** A value of every primitive but float, which Dubbo 3.3 reads wrongly. */
public class Scalars implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private boolean open;
  private boolean shut;
  private byte tiny;
  private short small;
  private int medium;
  private long large;
  private double ratio;
  private char letter;

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
  }

  public boolean isOpen() {
    return open;
  }

  public void setOpen(boolean open) {
    this.open = open;
  }

  public boolean isShut() {
    return shut;
  }

  public void setShut(boolean shut) {
    this.shut = shut;
  }

  public byte getTiny() {
    return tiny;
  }

  public void setTiny(byte tiny) {
    this.tiny = tiny;
  }

  public short getSmall() {
    return small;
  }

  public void setSmall(short small) {
    this.small = small;
  }

  public int getMedium() {
    return medium;
  }

  public void setMedium(int medium) {
    this.medium = medium;
  }

  public long getLarge() {
    return large;
  }

  public void setLarge(long large) {
    this.large = large;
  }

  public double getRatio() {
    return ratio;
  }

  public void setRatio(double ratio) {
    this.ratio = ratio;
  }

  public char getLetter() {
    return letter;
  }

  public void setLetter(char letter) {
    this.letter = letter;
  }
}
