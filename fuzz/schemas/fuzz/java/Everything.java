// What Java has of its own, for the fuzz targets of translations: derived into Thrift and protobuf.
package fuzz.java;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;

public interface Everything {
  Boxes boxes(Plain plain) throws Refused;

  Known known(Known known);

  Many many(Many many);
}

class Plain {
  boolean a;
  byte b;
  short c;
  int d;
  long e;
  float f;
  double g;
  char h;
  String i;
  byte[] j;
  Colour k;
}

class Boxes {
  Boolean a;
  Byte b;
  Short c;
  Integer d;
  Long e;
  Float f;
  Double g;
  Character h;
  Plain i;
}

class Known {
  Date a;
  BigDecimal b;
  BigInteger c;
  UUID d;
  Instant e;
  Duration f;
  LocalDate g;
  LocalTime h;
  LocalDateTime i;
  Known next;
}

class Many {
  List<String> a;
  Set<Integer> b;
  Map<String, Many> c;
  int[] d;
  Plain[] e;
  SortedMap<Long, Colour> f;
  List<Map<Colour, Date>> g;
  String[] h;
  List<BigDecimal> i;
}

enum Colour {
  RED, GREEN, BLUE
}

class Refused extends Exception {
  int code;
  String why;
}
