package koine.interop.peer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.thrift.TBase;
import org.apache.thrift.TFieldIdEnum;
import org.apache.thrift.TFieldRequirementType;
import org.apache.thrift.TUnion;
import org.apache.thrift.meta_data.FieldMetaData;
import org.apache.thrift.meta_data.FieldValueMetaData;
import org.apache.thrift.protocol.TType;

/**
 * Turns generated values into JSON text that is equal exactly when the values are: presence is kept,
 * sets and maps are sorted, doubles keep their bits. A field that is not optional has no presence in
 * the contract, so Java's null for one is the empty text, bytes or container.
 */
final class Render {
  /** Longest text or byte string shown whole; longer ones become a head, the length and a hash. */
  private static final int SHOWN_BYTES_MAX = 96;

  private Render() {}

  static String json(Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof TUnion<?, ?> union) {
      return union.isSet() ? "{" + quote(union.getSetField().getFieldName()) + ":" + json(union.getFieldValue()) + "}" : "{}";
    }
    if (value instanceof TBase<?, ?> struct) {
      return struct(struct);
    }
    if (value instanceof String text) {
      return quote(shorten(text, text.getBytes(StandardCharsets.UTF_8)));
    }
    if (value instanceof byte[] bytes) {
      return quote("hex:" + shorten(HexFormat.of().formatHex(bytes), bytes));
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return json(bytes);
    }
    if (value instanceof Double number) {
      return number.isNaN() || number.isInfinite() || number.equals(-0.0) ? quote(number.toString()) : number.toString();
    }
    if (value instanceof Map<?, ?> map) {
      TreeMap<String, String> fields = new TreeMap<>();
      map.forEach((key, item) -> fields.put(key.toString(), json(item)));
      return object(fields);
    }
    if (value instanceof Collection<?> items) {
      return list(items);
    }
    return value instanceof Number || value instanceof Boolean ? value.toString() : quote(value.toString());
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static String struct(TBase struct) {
    TreeMap<String, String> fields = new TreeMap<>();
    Map<? extends TFieldIdEnum, FieldMetaData> kinds = FieldMetaData.getStructMetaDataMap(struct.getClass());
    kinds.forEach((id, kind) -> {
      boolean optional = kind.requirementType == TFieldRequirementType.OPTIONAL;
      if (struct.isSet(id) || (!optional && primitive(kind.valueMetaData.type))) {
        fields.put(kind.fieldName, json(struct.getFieldValue(id)));
      } else if (!optional) {
        empty(kind.valueMetaData, fields, kind.fieldName);
      }
    });
    return object(fields);
  }

  private static boolean primitive(byte type) {
    return type == TType.BOOL || type == TType.BYTE || type == TType.I16 || type == TType.I32 || type == TType.I64 || type == TType.DOUBLE;
  }

  private static void empty(FieldValueMetaData kind, Map<String, String> fields, String name) {
    switch (kind.type) {
      case TType.STRING -> fields.put(name, kind.isBinary() ? "\"hex:\"" : "\"\"");
      case TType.LIST, TType.SET -> fields.put(name, "[]");
      case TType.MAP -> fields.put(name, "{}");
      default -> { } // an unset struct, union or enum is seen as unset
    }
  }

  private static String object(TreeMap<String, String> fields) {
    List<String> parts = new ArrayList<>();
    fields.forEach((name, value) -> parts.add(quote(name) + ":" + value));
    return "{" + String.join(",", parts) + "}";
  }

  private static String list(Collection<?> items) {
    List<String> parts = new ArrayList<>();
    items.forEach(item -> parts.add(json(item)));
    if (items instanceof Set) {
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
