package koine.interop.shop;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A tree and a chain at once. */
public class Node implements Serializable {
  private static final long serialVersionUID = 1L;

  private String name;
  private int weight;
  private List<Node> children = new ArrayList<>();
  private Node next;

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }

  public int getWeight() {
    return weight;
  }

  public void setWeight(int weight) {
    this.weight = weight;
  }

  public List<Node> getChildren() {
    return children;
  }

  public void setChildren(List<Node> children) {
    this.children = children;
  }

  public Node getNext() {
    return next;
  }

  public void setNext(Node next) {
    this.next = next;
  }
}
