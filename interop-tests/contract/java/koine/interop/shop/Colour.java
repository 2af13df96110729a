package koine.interop.shop;

/** A colour. */
public enum Colour {
  RED,
  GREEN,
  BLUE,
  INFRARED
}
