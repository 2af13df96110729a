package koine.interop.peer;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Makes values of the contract's types from those of cases.yaml. Texts become what the place declares; where it declares
 * nothing, or a particular class is wanted, an object with one member whose name begins with $ says which (contract/cases.md).
 */
final class Values {
  private final Contract contract;
  private final Map<String, Object> named = new HashMap<>(); // by the names that $as gives, for $same

  private Values(Contract contract) {
    this.contract = contract;
  }

  static Object of(Contract contract, Type type, Object json) {
    return new Values(contract).make(type, json, Map.of());
  }

  private Object make(Type type, Object json, Map<TypeVariable<?>, Type> bound) {
    if (json == null) {
      return null;
    }
    if (type instanceof TypeVariable) {
      return make(bound.getOrDefault(type, Object.class), json, bound);
    }
    if (json instanceof Map<?, ?> members) {
      String first = members.isEmpty() ? "" : (String) members.keySet().iterator().next();
      if (first.startsWith("$")) {
        return marked(type, first, members, bound);
      }
    }
    Class<?> kind = raw(type);
    if (json instanceof String text) {
      return scalar(kind, text);
    }
    if (json instanceof List<?> items) {
      return kind.isArray() ? array(type, items, bound)
          : fill(Set.class.isAssignableFrom(kind) ? new HashSet<>() : new ArrayList<>(), argument(type, 0), items, bound);
    }
    Map<?, ?> members = (Map<?, ?>) json;
    return kind == Object.class || Map.class.isAssignableFrom(kind)
        ? fill(new HashMap<>(), argument(type, 0), argument(type, 1), members, bound) : pojo(type, kind, members, bound, "");
  }

  private Object marked(Type type, String marker, Map<?, ?> members, Map<TypeVariable<?>, Type> bound) {
    Object held = members.get(marker);
    switch (marker) {
      case "$same": return named.get(held);
      case "$as": return pojo(type, raw(type), members, bound, (String) held);
      case "$is": return pojo(contract.type((String) held), contract.type((String) held), members, bound, "");
      case "$enum": return scalar(contract.type(((String) held).split("\\.")[0]), ((String) held).split("\\.")[1]);
      case "$bytes": return HexFormat.of().parseHex((String) held);
      case "$int": return scalar(int.class, (String) held);
      case "$long": return scalar(long.class, (String) held);
      case "$double": return scalar(double.class, (String) held);
      case "$bool": return scalar(boolean.class, (String) held);
      case "$decimal": return scalar(BigDecimal.class, (String) held);
      case "$date": return scalar(Date.class, (String) held);
      case "$linked": return fill(new LinkedList<>(), argument(type, 0), (List<?>) held, bound);
      case "$asList": return Arrays.asList(fill(new ArrayList<>(), argument(type, 0), (List<?>) held, bound).toArray());
      case "$set": return fill(new HashSet<>(), argument(type, 0), (List<?>) held, bound);
      case "$treeSet": return fill(new TreeSet<>(), argument(type, 0), (List<?>) held, bound);
      case "$tree": return fill(new TreeMap<>(), argument(type, 0), argument(type, 1), (Map<?, ?>) held, bound);
      case "$ordered": return fill(new LinkedHashMap<>(), argument(type, 0), argument(type, 1), (Map<?, ?>) held, bound);
      default: throw new IllegalArgumentException("unknown marker " + marker);
    }
  }

  static Class<?> raw(Type type) {
    if (type instanceof GenericArrayType array) {
      return Array.newInstance(raw(array.getGenericComponentType()), 0).getClass();
    }
    return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
  }

  private static Type argument(Type type, int index) {
    return type instanceof ParameterizedType generic ? generic.getActualTypeArguments()[index] : Object.class;
  }

  private Collection<Object> fill(Collection<Object> into, Type item, List<?> items, Map<TypeVariable<?>, Type> bound) {
    items.forEach(one -> into.add(make(item, one, bound)));
    return into;
  }

  private Map<Object, Object> fill(Map<Object, Object> into, Type key, Type value, Map<?, ?> entries, Map<TypeVariable<?>, Type> bound) {
    entries.forEach((name, held) -> into.put(make(key, name, bound), make(value, held, bound)));
    return into;
  }

  private Object array(Type type, List<?> items, Map<TypeVariable<?>, Type> bound) {
    Type item = type instanceof GenericArrayType generic ? generic.getGenericComponentType() : raw(type).getComponentType();
    Object array = Array.newInstance(raw(item), items.size());
    for (int i = 0; i < items.size(); i++) {
      Array.set(array, i, make(item, items.get(i), bound));
    }
    return array;
  }

  private Object pojo(Type type, Class<?> kind, Map<?, ?> members, Map<TypeVariable<?>, Type> outer, String name) {
    Map<TypeVariable<?>, Type> bound = new HashMap<>(outer);
    for (int i = 0; i < kind.getTypeParameters().length; i++) {
      bound.put(kind.getTypeParameters()[i], argument(type, i));
    }
    try {
      Object made = kind.getDeclaredConstructor().newInstance();
      named.put(name, made); // before its fields, one of which may be itself
      for (Map.Entry<?, ?> member : members.entrySet()) {
        if (!((String) member.getKey()).startsWith("$")) {
          Field field = field(kind, (String) member.getKey());
          field.set(made, make(field.getGenericType(), member.getValue(), bound));
        }
      }
      return made;
    } catch (ReflectiveOperationException wrong) {
      throw new IllegalArgumentException(kind + " of " + members, wrong);
    }
  }

  static Field field(Class<?> kind, String name) throws NoSuchFieldException {
    return find(kind, name).orElseThrow(() -> new NoSuchFieldException(kind + "." + name));
  }

  /** By the name that the contract's author gave it: price_cents is priceCents. */
  static Optional<Field> find(Class<?> kind, String name) {
    String joined = name.replace("_", "");
    return fields(kind).stream().filter(field -> field.getName().equalsIgnoreCase(joined)).findAny();
  }

  /** The class's own fields and those it inherits from classes of the contracts. */
  static List<Field> fields(Class<?> kind) {
    List<Field> all = new ArrayList<>();
    for (Class<?> one = kind; one != null && one.getName().startsWith(Contract.PACKAGES); one = one.getSuperclass()) {
      for (Field field : one.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          all.add(field);
        }
      }
    }
    return all;
  }

  /** RED, which the proto author calls COLOR_RED. */
  private static Object constant(Class<?> kind, String text) {
    for (Object constant : kind.getEnumConstants()) {
      String name = ((Enum<?>) constant).name();
      if (name.equals(text) || name.endsWith("_" + text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(kind + " of " + text);
  }

  private static Object scalar(Class<?> kind, String text) {
    if (kind == String.class || kind == Object.class) {
      return text;
    }
    if (kind.isEnum()) {
      return constant(kind, text);
    }
    switch (kind.getSimpleName()) {
      case "boolean", "Boolean": return Boolean.valueOf(text);
      case "byte", "Byte": return Byte.valueOf(text);
      case "short", "Short": return Short.valueOf(text);
      case "int", "Integer": return Integer.valueOf(text);
      case "long", "Long": return Long.valueOf(text);
      case "float", "Float": return Float.valueOf(text);
      case "double", "Double": return Double.valueOf(text.replace("nan", "NaN").replace("inf", "Infinity"));
      case "char", "Character": return text.charAt(0);
      case "BigDecimal": return text.isEmpty() ? null : new BigDecimal(text);
      case "BigInteger": return new BigInteger(text);
      case "Date": return text.endsWith("Z") ? Date.from(Instant.parse(text)) : new Date(Long.parseLong(text));
      case "Duration": return Duration.ofNanos(new BigDecimal(text.replace("s", "")).movePointRight(9).longValueExact());
      case "Instant": return Instant.parse(text);
      case "LocalDate": return LocalDate.parse(text);
      case "LocalTime": return LocalTime.parse(text);
      case "LocalDateTime": return LocalDateTime.parse(text);
      case "UUID": return UUID.fromString(text);
      default: throw new IllegalArgumentException(kind + " of " + text);
    }
  }
}
