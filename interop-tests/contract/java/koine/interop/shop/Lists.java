package koine.interop.shop;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Lists, never null unless somebody says so. */
public class Lists implements Serializable {
  private static final long serialVersionUID = 1L;

  private String caseId;
  private List<Boolean> flags = new ArrayList<>();
  private List<Integer> numbers = new ArrayList<>();
  private List<Long> bigNumbers = new ArrayList<>();
  private List<Double> ratios = new ArrayList<>();
  private List<String> words = new ArrayList<>();
  private List<byte[]> chunks = new ArrayList<>();
  private List<Colour> colours = new ArrayList<>();
  private List<Item> items = new ArrayList<>();
  private List<List<Integer>> grid = new ArrayList<>();

  public String getCaseId() {
    return caseId;
  }

  public void setCaseId(String caseId) {
    this.caseId = caseId;
  }

  public List<Boolean> getFlags() {
    return flags;
  }

  public void setFlags(List<Boolean> flags) {
    this.flags = flags;
  }

  public List<Integer> getNumbers() {
    return numbers;
  }

  public void setNumbers(List<Integer> numbers) {
    this.numbers = numbers;
  }

  public List<Long> getBigNumbers() {
    return bigNumbers;
  }

  public void setBigNumbers(List<Long> bigNumbers) {
    this.bigNumbers = bigNumbers;
  }

  public List<Double> getRatios() {
    return ratios;
  }

  public void setRatios(List<Double> ratios) {
    this.ratios = ratios;
  }

  public List<String> getWords() {
    return words;
  }

  public void setWords(List<String> words) {
    this.words = words;
  }

  public List<byte[]> getChunks() {
    return chunks;
  }

  public void setChunks(List<byte[]> chunks) {
    this.chunks = chunks;
  }

  public List<Colour> getColours() {
    return colours;
  }

  public void setColours(List<Colour> colours) {
    this.colours = colours;
  }

  public List<Item> getItems() {
    return items;
  }

  public void setItems(List<Item> items) {
    this.items = items;
  }

  public List<List<Integer>> getGrid() {
    return grid;
  }

  public void setGrid(List<List<Integer>> grid) {
    this.grid = grid;
  }
}
