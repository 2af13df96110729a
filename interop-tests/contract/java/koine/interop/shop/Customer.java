package koine.interop.shop;

import java.io.Serializable;

/** Who orders; not everybody works. */
public class Customer implements Serializable {
  private static final long serialVersionUID = 1L;

  private String name;
  private Address home;
  private Address work;

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }

  public Address getHome() {
    return home;
  }

  public void setHome(Address home) {
    this.home = home;
  }

  public Address getWork() {
    return work;
  }

  public void setWork(Address work) {
    this.work = work;
  }
}
