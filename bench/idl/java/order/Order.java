package order;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** The order message of the benchmarks, as order.thrift has it. */
public class Order implements Serializable {
  private static final long serialVersionUID = 1L;

  private long id;
  private String customer;
  private String address;
  private OrderStatus status;
  private boolean express;
  private double total;
  private List<Item> items;
  private Map<String, String> tags;
  private String note;

  public long getId() { return id; }
  public void setId(long id) { this.id = id; }
  public String getCustomer() { return customer; }
  public void setCustomer(String customer) { this.customer = customer; }
  public String getAddress() { return address; }
  public void setAddress(String address) { this.address = address; }
  public OrderStatus getStatus() { return status; }
  public void setStatus(OrderStatus status) { this.status = status; }
  public boolean isExpress() { return express; }
  public void setExpress(boolean express) { this.express = express; }
  public double getTotal() { return total; }
  public void setTotal(double total) { this.total = total; }
  public List<Item> getItems() { return items; }
  public void setItems(List<Item> items) { this.items = items; }
  public Map<String, String> getTags() { return tags; }
  public void setTags(Map<String, String> tags) { this.tags = tags; }
  public String getNote() { return note; }
  public void setNote(String note) { this.note = note; }
}
