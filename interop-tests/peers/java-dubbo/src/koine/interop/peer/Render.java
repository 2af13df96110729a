package koine.interop.peer;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Turns values into JSON text that is equal exactly when the values are: classes are named, numbers carry their kind (an
 * Integer in a list of Long is a different value, and so is an array where a list belongs), null fields are left out, sets and maps are sorted, doubles keep their bits,
 * a value inside itself is shown by its depth. In derived classes a field that is not optional has no presence in the contract that they were derived
 * from: null is the empty text, bytes or container there, and the enum's 0.
 */
final class Render {
  /** Longest text or byte string shown whole; longer ones become a head, the length and a hash. */
  private static final int SHOWN_BYTES_MAX = 96;

  /** The derived classes whose fields are optional, or members of a union. */
  private static final Set<String> PRESENCE = Set.of("Optionals", "Choice", "Presence", "Selection");

  private final Deque<Object> around = new ArrayDeque<>();

  private Render() {}

  static String json(Object value) {
    return new Render().of(value);
  }

  private String of(Object value) {
    if (value == null || value instanceof Boolean || value instanceof Integer) {
      return String.valueOf(value);
    }
    if (value instanceof String text) {
      return quote(shorten(text, text.getBytes(StandardCharsets.UTF_8)));
    }
    if (value instanceof byte[] bytes) {
      return quote("hex:" + shorten(HexFormat.of().formatHex(bytes), bytes));
    }
    if (value instanceof Date date) {
      return quote("Date " + date.toInstant());
    }
    if (value instanceof Enum<?> constant) {
      return quote(constant.name());
    }
    int depth = 0;
    for (Object outer : around) {
      if (outer == value) {
        return quote("the value " + (around.size() - depth) + " levels up");
      }
      depth++;
    }
    around.addLast(value);
    try {
      return compound(value);
    } finally {
      around.removeLast();
    }
  }

  private String compound(Object value) {
    if (value instanceof Map<?, ?> map) {
      TreeMap<String, String> entries = new TreeMap<>();
      map.forEach((key, item) -> entries.put(key instanceof String || key instanceof Enum ? key.toString() : of(key), of(item)));
      return object(entries);
    }
    if (value instanceof Collection<?> items) {
      return list(items, value instanceof Set);
    }
    if (value.getClass().isArray()) {
      List<Object> items = new ArrayList<>();
      items.add(value.getClass().getSimpleName());
      for (int i = 0; i < Array.getLength(value); i++) {
        items.add(Array.get(value, i));
      }
      return list(items, false);
    }
    if (value instanceof Throwable || value.getClass().getName().startsWith("koine.")) {
      return pojo(value);
    }
    return quote(value.getClass().getSimpleName() + " " + value);
  }

  private String pojo(Object value) {
    TreeMap<String, String> fields = new TreeMap<>();
    fields.put("", quote(value.getClass().getSimpleName()));
    if (value instanceof Throwable thrown) {
      fields.put("message", of(thrown.getMessage()));
    }
    for (Field field : Values.fields(value.getClass())) {
      try {
        Object held = field.get(value);
        if (held != null && !(isEmpty(held) && !hasPresence(value.getClass()))) {
          fields.put(field.getName(), of(held));
        }
      } catch (IllegalAccessException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return object(fields);
  }

  private static boolean hasPresence(Class<?> type) {
    return type.getPackage().equals(Contract.OWN.service().getPackage()) || PRESENCE.contains(type.getSimpleName());
  }

  private static boolean isEmpty(Object value) {
    return value instanceof Enum<?> constant && constant.name().endsWith("_UNSPECIFIED") || value instanceof String text && text.isEmpty() || value instanceof byte[] bytes && bytes.length == 0
        || value instanceof Collection<?> items && items.isEmpty() || value instanceof Map<?, ?> map && map.isEmpty();
  }

  private static String object(TreeMap<String, String> fields) {
    List<String> parts = new ArrayList<>();
    fields.forEach((name, value) -> parts.add(quote(name) + ":" + value));
    return "{" + String.join(",", parts) + "}";
  }

  private String list(Collection<?> items, boolean sorted) {
    List<String> parts = new ArrayList<>();
    items.forEach(item -> parts.add(of(item)));
    if (sorted) {
      Collections.sort(parts);
    }
    String whole = "[" + String.join(",", parts) + "]";
    return whole.length() <= 4096 ? whole
        : quote(shorten(whole, whole.getBytes(StandardCharsets.UTF_8)) + " of " + items.size() + " elements");
  }

  private static String shorten(String shown, byte[] whole) {
    if (whole.length <= SHOWN_BYTES_MAX) {
      return shown;
    }
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(whole);
      return shown.substring(0, 24) + "… (" + whole.length + " bytes, sha256 " + HexFormat.of().formatHex(sum, 0, 8) + ")";
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException(absent);
    }
  }

  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char unit : text.toCharArray()) {
      if (unit == '"' || unit == '\\') {
        quoted.append('\\').append(unit);
      } else if (unit < 0x20) {
        quoted.append(String.format("\\u%04x", (int) unit));
      } else {
        quoted.append(unit);
      }
    }
    return quoted.append('"').toString();
  }
}
