package koine.interop.shop;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Maps with keys of many kinds. */
public class Maps implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private Map<Integer, String> byNumber = new HashMap<>();
  private Map<Long, Item> byBigNumber = new HashMap<>();
  private Map<String, Long> byName = new HashMap<>();
  private Map<Boolean, String> byFlag = new HashMap<>();
  private Map<Colour, String> byColour = new HashMap<>();
  private Map<String, Colour> colourByName = new HashMap<>();
  private Map<String, List<Item>> groups = new HashMap<>();
  private Map<String, Map<Integer, String>> tables = new HashMap<>();

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
  }

  public Map<Integer, String> getByNumber() {
    return byNumber;
  }

  public void setByNumber(Map<Integer, String> byNumber) {
    this.byNumber = byNumber;
  }

  public Map<Long, Item> getByBigNumber() {
    return byBigNumber;
  }

  public void setByBigNumber(Map<Long, Item> byBigNumber) {
    this.byBigNumber = byBigNumber;
  }

  public Map<String, Long> getByName() {
    return byName;
  }

  public void setByName(Map<String, Long> byName) {
    this.byName = byName;
  }

  public Map<Boolean, String> getByFlag() {
    return byFlag;
  }

  public void setByFlag(Map<Boolean, String> byFlag) {
    this.byFlag = byFlag;
  }

  public Map<Colour, String> getByColour() {
    return byColour;
  }

  public void setByColour(Map<Colour, String> byColour) {
    this.byColour = byColour;
  }

  public Map<String, Colour> getColourByName() {
    return colourByName;
  }

  public void setColourByName(Map<String, Colour> colourByName) {
    this.colourByName = colourByName;
  }

  public Map<String, List<Item>> getGroups() {
    return groups;
  }

  public void setGroups(Map<String, List<Item>> groups) {
    this.groups = groups;
  }

  public Map<String, Map<Integer, String>> getTables() {
    return tables;
  }

  public void setTables(Map<String, Map<Integer, String>> tables) {
    this.tables = tables;
  }
}
