package koine.interop.shop;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Items and gifts, in places that are declared as items. */
public class Basket implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private Item first;
  private List<Item> items = new ArrayList<>();
  private Map<String, Item> byName = new HashMap<>();

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
  }

  public Item getFirst() {
    return first;
  }

  public void setFirst(Item first) {
    this.first = first;
  }

  public List<Item> getItems() {
    return items;
  }

  public void setItems(List<Item> items) {
    this.items = items;
  }

  public Map<String, Item> getByName() {
    return byName;
  }

  public void setByName(Map<String, Item> byName) {
    this.byName = byName;
  }
}
