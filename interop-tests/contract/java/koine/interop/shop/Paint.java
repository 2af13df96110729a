package koine.interop.shop;

import java.io.Serializable;

/** A colour and how thick. */
public class Paint implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private Colour colour;
  private int coats;

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
  }

  public Colour getColour() {
    return colour;
  }

  public void setColour(Colour colour) {
    this.colour = colour;
  }

  public int getCoats() {
    return coats;
  }

  public void setCoats(int coats) {
    this.coats = coats;
  }
}
