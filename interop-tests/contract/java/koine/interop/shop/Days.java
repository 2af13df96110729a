package koine.interop.shop;

import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/** The other clocks and calendars of java.time. */
public class Days implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private Instant at;
  private LocalDate day;
  private LocalTime clock;
  private LocalDateTime local;

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
  }

  public Instant getAt() {
    return at;
  }

  public void setAt(Instant at) {
    this.at = at;
  }

  public LocalDate getDay() {
    return day;
  }

  public void setDay(LocalDate day) {
    this.day = day;
  }

  public LocalTime getClock() {
    return clock;
  }

  public void setClock(LocalTime clock) {
    this.clock = clock;
  }

  public LocalDateTime getLocal() {
    return local;
  }

  public void setLocal(LocalDateTime local) {
    this.local = local;
  }
}
