package koine.interop.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what lib/samples.py writes: objects, lists, null, and texts for everything else. Entries keep their order. */
final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  static Object read(String text) {
    return new Json(text).value();
  }

  private char next() {
    while (text.charAt(at) == ' ') {
      at++;
    }
    return text.charAt(at);
  }

  /** Steps over this character when it is the next one. */
  private boolean have(char wanted) {
    boolean there = next() == wanted;
    at += there ? 1 : 0;
    return there;
  }

  private Object value() {
    switch (next()) {
      case '{': return object();
      case '[': return list();
      case '"': return string();
      default:
        if (!text.startsWith("null", at)) {
          throw new IllegalArgumentException("at " + at + " of " + text);
        }
        at += 4;
        return null;
    }
  }

  private Map<String, Object> object() {
    Map<String, Object> members = new LinkedHashMap<>();
    at++;
    while (!have('}')) {
      have(',');
      next();
      String name = string();
      have(':');
      members.put(name, value());
    }
    return members;
  }

  private List<Object> list() {
    List<Object> items = new ArrayList<>();
    at++;
    while (!have(']')) {
      have(',');
      items.add(value());
    }
    return items;
  }

  private String string() {
    StringBuilder units = new StringBuilder();
    for (at++; text.charAt(at) != '"'; at++) {
      char unit = text.charAt(at);
      units.append(unit == '\\' ? escaped() : unit);
    }
    at++;
    return units.toString();
  }

  private char escaped() {
    at++;
    switch (text.charAt(at)) {
      case 'n': return '\n';
      case 't': return '\t';
      case 'r': return '\r';
      case 'b': return '\b';
      case 'f': return '\f';
      case 'u':
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 3, at + 1), 16);
      default: return text.charAt(at);
    }
  }
}
