package koine.interop.shop;

import java.io.Serializable;

/** A choice. */
public class Pick implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private Choice choice;

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
  }

  public Choice getChoice() {
    return choice;
  }

  public void setChoice(Choice choice) {
    this.choice = choice;
  }
}
