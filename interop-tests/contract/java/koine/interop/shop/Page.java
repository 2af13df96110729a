package koine.interop.shop;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** One page of something. */
public class Page<T> implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private int number;
  private boolean last;
  private List<T> items = new ArrayList<>();
  private T best;

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
  }

  public int getNumber() {
    return number;
  }

  public void setNumber(int number) {
    this.number = number;
  }

  public boolean isLast() {
    return last;
  }

  public void setLast(boolean last) {
    this.last = last;
  }

  public List<T> getItems() {
    return items;
  }

  public void setItems(List<T> items) {
    this.items = items;
  }

  public T getBest() {
    return best;
  }

  public void setBest(T best) {
    this.best = best;
  }
}
