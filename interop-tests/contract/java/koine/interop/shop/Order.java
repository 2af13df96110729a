package koine.interop.shop;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** An order. */
public class Order implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private Customer customer;
  private List<Item> lines = new ArrayList<>();
  private long totalCents;

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
  }

  public Customer getCustomer() {
    return customer;
  }

  public void setCustomer(Customer customer) {
    this.customer = customer;
  }

  public List<Item> getLines() {
    return lines;
  }

  public void setLines(List<Item> lines) {
    this.lines = lines;
  }

  public long getTotalCents() {
    return totalCents;
  }

  public void setTotalCents(long totalCents) {
    this.totalCents = totalCents;
  }
}
