package koine.interop.shop;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** Values of which only the sender knows the kind. */
public class Document implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private Object value;
  private Map<String, Object> properties;
  private List<Object> parts;

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
  }

  public Object getValue() {
    return value;
  }

  public void setValue(Object value) {
    this.value = value;
  }

  public Map<String, Object> getProperties() {
    return properties;
  }

  public void setProperties(Map<String, Object> properties) {
    this.properties = properties;
  }

  public List<Object> getParts() {
    return parts;
  }

  public void setParts(List<Object> parts) {
    this.parts = parts;
  }
}
