package koine.interop.shop;

/** What every service of the team has. */
public interface Greeter {
  String greet();
}
