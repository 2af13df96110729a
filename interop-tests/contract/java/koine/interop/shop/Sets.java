package koine.interop.shop;

import java.io.Serializable;
import java.util.HashSet;
import java.util.Set;

/** Sets. */
public class Sets implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private Set<Integer> numberSet = new HashSet<>();
  private Set<String> wordSet = new HashSet<>();
  private Set<Colour> colourSet = new HashSet<>();

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
  }

  public Set<Integer> getNumberSet() {
    return numberSet;
  }

  public void setNumberSet(Set<Integer> numberSet) {
    this.numberSet = numberSet;
  }

  public Set<String> getWordSet() {
    return wordSet;
  }

  public void setWordSet(Set<String> wordSet) {
    this.wordSet = wordSet;
  }

  public Set<Colour> getColourSet() {
    return colourSet;
  }

  public void setColourSet(Set<Colour> colourSet) {
    this.colourSet = colourSet;
  }
}
