package koine.interop.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns generated messages into JSON text that is equal exactly when the messages are: presence is
 * kept, maps are sorted, floats and doubles keep their bits, fields that the schema does not know are
 * shown.
 */
final class Render {
  /** Longest text or byte string shown whole; longer ones become a head, the length and a hash. */
  private static final int SHOWN_BYTES_MAX = 96;

  private Render() {}

  static String json(Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof Message message) {
      return message(message);
    }
    if (value instanceof String text) {
      return quote(shorten(text, text.getBytes(StandardCharsets.UTF_8)));
    }
    if (value instanceof byte[] bytes) {
      return quote("hex:" + shorten(HexFormat.of().formatHex(bytes), bytes));
    }
    if (value instanceof ByteString bytes) {
      return json(bytes.toByteArray());
    }
    if (value instanceof EnumValueDescriptor number) {
      return number.getIndex() < 0 ? Integer.toString(number.getNumber()) : quote(number.getName());
    }
    if (value instanceof Double number) {
      return number.isNaN() || number.isInfinite() || number.equals(-0.0) ? quote(number.toString()) : number.toString();
    }
    if (value instanceof Float number) {
      return number.isNaN() || number.isInfinite() || number.equals(-0.0f) ? quote(number.toString()) : number.toString();
    }
    if (value instanceof Map<?, ?> map) {
      TreeMap<String, String> fields = new TreeMap<>();
      map.forEach((key, item) -> fields.put(key.toString(), json(item)));
      return object(fields);
    }
    if (value instanceof Collection<?> items) {
      return list(items.stream().map(Render::json).toList());
    }
    return value instanceof Number || value instanceof Boolean ? value.toString() : quote(value.toString());
  }

  private static String message(Message message) {
    TreeMap<String, String> fields = new TreeMap<>();
    message.getAllFields().forEach((field, value) -> fields.put(field.getName(), field(field, value)));
    if (message.getUnknownFields().getSerializedSize() > 0) {
      fields.put("?", json(message.getUnknownFields().toByteArray()));
    }
    return object(fields);
  }

  private static String field(FieldDescriptor field, Object value) {
    if (field.isMapField()) {
      FieldDescriptor keys = field.getMessageType().findFieldByNumber(1);
      FieldDescriptor values = field.getMessageType().findFieldByNumber(2);
      TreeMap<String, String> entries = new TreeMap<>();
      for (Object item : (Collection<?>) value) {
        Message entry = (Message) item;
        entries.put(entry.getField(keys).toString(), one(values, entry.getField(values)));
      }
      return object(entries);
    }
    return field.isRepeated() ? list(((Collection<?>) value).stream().map(item -> one(field, item)).toList()) : one(field, value);
  }

  /** Java's types have no sign bit to spare: unsigned numbers come as negative ones. */
  private static String one(FieldDescriptor field, Object value) {
    return switch (field.getType()) {
      case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) value);
      case UINT64, FIXED64 -> Long.toUnsignedString((Long) value);
      default -> json(value);
    };
  }

  private static String object(TreeMap<String, String> fields) {
    List<String> parts = new ArrayList<>();
    fields.forEach((name, value) -> parts.add(quote(name) + ":" + value));
    return "{" + String.join(",", parts) + "}";
  }

  private static String list(List<String> items) {
    String whole = "[" + String.join(",", items) + "]";
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
