package koine.interop.shop;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.UUID;

/** Kinds that Java has and few others do. */
public class Odds implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private UUID id;
  private BigInteger huge;
  private Byte tiny;
  private Short small;
  private Float share;
  private Character letter;
  private int[] counts;
  private String[] names;
  private Item[] items;

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
  }

  public UUID getId() {
    return id;
  }

  public void setId(UUID id) {
    this.id = id;
  }

  public BigInteger getHuge() {
    return huge;
  }

  public void setHuge(BigInteger huge) {
    this.huge = huge;
  }

  public Byte getTiny() {
    return tiny;
  }

  public void setTiny(Byte tiny) {
    this.tiny = tiny;
  }

  public Short getSmall() {
    return small;
  }

  public void setSmall(Short small) {
    this.small = small;
  }

  public Float getShare() {
    return share;
  }

  public void setShare(Float share) {
    this.share = share;
  }

  public Character getLetter() {
    return letter;
  }

  public void setLetter(Character letter) {
    this.letter = letter;
  }

  public int[] getCounts() {
    return counts;
  }

  public void setCounts(int[] counts) {
    this.counts = counts;
  }

  public String[] getNames() {
    return names;
  }

  public void setNames(String[] names) {
    this.names = names;
  }

  public Item[] getItems() {
    return items;
  }

  public void setItems(Item[] items) {
    this.items = items;
  }
}
