package koine.interop.shop;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Date;

/** When, how long, how much. */
public class Times implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private Date createdAt;
  private Duration lasted;
  private BigDecimal price;

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
  }

  public Date getCreatedAt() {
    return createdAt;
  }

  public void setCreatedAt(Date createdAt) {
    this.createdAt = createdAt;
  }

  public Duration getLasted() {
    return lasted;
  }

  public void setLasted(Duration lasted) {
    this.lasted = lasted;
  }

  public BigDecimal getPrice() {
    return price;
  }

  public void setPrice(BigDecimal price) {
    this.price = price;
  }
}
