package koine.interop.peer;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One case of cases.yaml, from the table that lib/samples.py makes of it; without a method where the contract has none of this name. */
record Case(Contract contract, String name, Method method, Map<?, ?> entry) {

  /** "" for the service without one. */
  String text(String member) {
    return entry.get(member) == null ? "" : (String) entry.get(member);
  }

  Object[] arguments() {
    Map<?, ?> request = (Map<?, ?>) entry.get("request");
    Type[] types = method.getGenericParameterTypes();
    if (types.length == 1 && isWhole(Values.raw(types[0]), request)) {
      return new Object[] {named(Values.of(contract, types[0], request), name)};
    }
    Object[] arguments = new Object[types.length];
    int at = 0;
    for (Object value : request.values()) {
      arguments[at] = Values.of(contract, types[at], value);
      at++;
    }
    return arguments;
  }

  /** Whether it is one call with one answer or exception, and values say everything about it. */
  boolean isOneCall() {
    return method != null && entry.get("request") instanceof Map<?, ?> request && !request.containsValue("$nonce") && !name.startsWith("metadata_")
        && (answers() || entry.get("error") instanceof Map);
  }

  boolean answers() {
    return entry.containsKey("answer");
  }

  Object answer() {
    return named(Values.of(contract, method.getGenericReturnType(), entry.get("answer")), name + ".answer");
  }

  Map<?, ?> error() {
    return (Map<?, ?>) entry.get("error");
  }

  /** What the provider throws. */
  Throwable thrown() {
    return error().containsKey("failure") ? new IllegalStateException((String) error().get("failure"))
        : thrown((String) error().get(error().containsKey("thrown") ? "thrown" : "exception"));
  }

  /** What the consumer catches: the same, unless only the provider has the class. */
  Throwable caught() {
    return thrown((String) error().get("exception"));
  }

  private Throwable thrown(String name) {
    Class<?> type = contract.type(name);
    try {
      if (contract != Contract.OWN) {
        return derived(type);
      }
      if (!type.getPackage().equals(contract.service().getPackage())) {
        return (Throwable) type.getConstructor(String.class).newInstance(error().get("message"));
      }
      Constructor<?> constructor = type.getConstructors()[0];
      List<Object> arguments = new ArrayList<>(List.of(error().get("message")));
      for (Object value : ((Map<?, ?>) error().get("fields")).values()) {
        arguments.add(Values.of(contract, constructor.getGenericParameterTypes()[arguments.size()], value));
      }
      return (Throwable) constructor.newInstance(arguments.toArray());
    } catch (ReflectiveOperationException wrong) {
      throw new IllegalArgumentException(name, wrong);
    }
  }

  /** A field called message is Throwable's own there, and goes to the constructor; the others have setters. */
  private Throwable derived(Class<?> type) throws ReflectiveOperationException {
    Map<?, ?> fields = (Map<?, ?>) error().get("fields");
    Object message = fields.get("message");
    Object made = message == null ? type.getConstructor().newInstance() : type.getConstructor(String.class).newInstance(message);
    for (Map.Entry<?, ?> one : fields.entrySet()) {
      if (!one.getKey().equals("message")) {
        Field field = Values.field(type, (String) one.getKey());
        field.set(made, Values.of(contract, field.getGenericType(), one.getValue()));
      }
    }
    return (Throwable) made;
  }

  /** The request is the only parameter where that has a field for each of its values; else its values are the arguments. */
  private static boolean isWhole(Class<?> type, Map<?, ?> request) {
    return Contract.has(type) && request.keySet().stream().allMatch(key -> ((String) key).startsWith("$") || Values.find(type, (String) key).isPresent());
  }

  private static Object named(Object value, String name) {
    if (value != null) {
      Values.find(value.getClass(), "caseId").ifPresent(place -> {
        try {
          place.set(value, name);
        } catch (IllegalAccessException impossible) {
          throw new IllegalStateException(impossible);
        }
      });
    }
    return value;
  }

  /** The case that a received value says it is; "" when it says nothing. */
  static String nameIn(Object value) {
    if (value instanceof String text) {
      return text;
    }
    return value == null ? "" : Values.find(value.getClass(), "caseId").map(place -> {
      try {
        return String.valueOf(place.get(value));
      } catch (IllegalAccessException impossible) {
        throw new IllegalStateException(impossible);
      }
    }).orElse("");
  }
}
