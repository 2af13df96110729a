package koine.interop.shop;

import java.io.Serializable;

/** Text and bytes. */
public class Payload implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private String text;
  private byte[] data;

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
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
}
