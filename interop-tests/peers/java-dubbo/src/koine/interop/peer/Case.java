package koine.interop.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import koine.interop.shop.InteropService;
import koine.interop.shop.Node;

/** One case of cases.yaml, from the table that lib/samples.py makes of it; without a method where the contract has none of this name. */
record Case(String name, Method method, Map<?, ?> entry) {

  /** All of them by their names; the launcher says where the table lies. */
  static Map<String, Case> table() {
    Map<String, Case> cases = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(Path.of(System.getProperty("koine.cases")))) {
        String[] columns = line.split("\t", 2);
        Map<?, ?> entry = (Map<?, ?>) Json.read(columns[1]);
        cases.put(columns[0], new Case(columns[0], method((String) entry.get("method"), (List<?>) entry.get("parameters")), entry));
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return cases;
  }

  /** The method of this name; overloads are told apart by the simple names of their parameters' types. */
  static Method method(String name, List<?> parameters) {
    for (Method method : InteropService.class.getMethods()) {
      List<String> types = new ArrayList<>();
      for (Class<?> type : method.getParameterTypes()) {
        types.add(type.getSimpleName());
      }
      if (method.getName().equals(name) && (parameters == null || parameters.equals(types))) {
        return method;
      }
    }
    return null;
  }

  /** "" for the service without one. */
  String text(String member) {
    return entry.get(member) == null ? "" : (String) entry.get(member);
  }

  Object[] arguments() {
    Map<?, ?> request = (Map<?, ?>) entry.get("request");
    if (method.getParameterCount() == 1 && whole(method.getParameterTypes()[0])) {
      return new Object[] {named(Values.of(method.getGenericParameterTypes()[0], request), name)};
    }
    Object[] arguments = new Object[method.getParameterCount()];
    int at = 0;
    for (Object value : request.values()) {
      arguments[at] = Values.of(method.getGenericParameterTypes()[at], value);
      at++;
    }
    return arguments;
  }

  /** Whether it is one call with one answer or exception, and values say everything about it. */
  boolean isOneCall() {
    return method != null && entry.get("request") instanceof Map<?, ?> request && !request.containsValue("$nonce")
        && (answers() || entry.get("error") instanceof Map);
  }

  boolean answers() {
    return entry.containsKey("answer");
  }

  Object answer() {
    return named(Values.of(method.getGenericReturnType(), entry.get("answer")), name + ".answer");
  }

  /** What the provider throws. */
  Throwable thrown() {
    Map<?, ?> error = (Map<?, ?>) entry.get("error");
    return thrown((String) error.get(error.containsKey("thrown") ? "thrown" : "exception"), error);
  }

  /** What the consumer catches: the same, unless only the provider has the class. */
  Throwable caught() {
    Map<?, ?> error = (Map<?, ?>) entry.get("error");
    return thrown((String) error.get("exception"), error);
  }

  private static Throwable thrown(String type, Map<?, ?> error) {
    try {
      Constructor<?> constructor = Class.forName(type).getConstructors()[0];
      if (!type.startsWith("koine.interop.shop.")) {
        return (Throwable) Class.forName(type).getConstructor(String.class).newInstance(error.get("message"));
      }
      List<Object> arguments = new ArrayList<>(List.of(error.get("message")));
      for (Object value : ((Map<?, ?>) error.get("fields")).values()) {
        arguments.add(Values.of(constructor.getGenericParameterTypes()[arguments.size()], value));
      }
      return (Throwable) constructor.newInstance(arguments.toArray());
    } catch (ReflectiveOperationException wrong) {
      throw new IllegalArgumentException(type, wrong);
    }
  }

  /** The request of a method with one parameter that knows its case, or is a tree, is that parameter; else its values are the arguments. */
  private static boolean whole(Class<?> type) {
    return type == Node.class || place(type) != null;
  }

  private static Field place(Class<?> type) {
    return Values.fields(type).stream().filter(field -> field.getName().equals("caseId")).findAny().orElse(null);
  }

  private static Object named(Object value, String name) {
    Field place = value == null ? null : place(value.getClass());
    if (place != null) {
      try {
        place.set(value, name);
      } catch (IllegalAccessException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return value;
  }

  /** The case that a received value says it is; "" when it says nothing. */
  static String nameIn(Object value) {
    Field place = value == null ? null : place(value.getClass());
    try {
      return place == null ? "" : String.valueOf(place.get(value));
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
