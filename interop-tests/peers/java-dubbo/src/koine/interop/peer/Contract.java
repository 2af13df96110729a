package koine.interop.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The Java that calls are written in: the team's own API jar, or the sources that `koine idl convert --to java` makes of contract.thrift and
 * contract.proto. Those are on the class path when they have been made, and found by their names; their tables of cases lie beside the
 * launcher.
 */
enum Contract {
  OWN("koine.interop.shop.InteropService"),
  THRIFT("koine.interop.contract.dubbo.Interop"),
  PROTO("koine.interop.v1.dubbo.InteropService");

  static final String PACKAGES = "koine.interop.";

  final String interfaceName;
  private Map<String, Case> cases;

  Contract(String interfaceName) {
    this.interfaceName = interfaceName;
  }

  /** By the word of a plan: own, thrift, proto. */
  static Contract of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  Class<?> service() {
    try {
      return Class.forName(interfaceName);
    } catch (ClassNotFoundException absent) {
      throw new IllegalStateException("built without the derived Java: build it with a koine binary", absent);
    }
  }

  /** All cases by their names. */
  synchronized Map<String, Case> cases() {
    if (cases == null) {
      cases = new LinkedHashMap<>();
      try {
        for (String line : Files.readAllLines(Path.of(System.getProperty("koine.cases"), name().toLowerCase(Locale.ROOT) + ".tsv"))) {
          String[] columns = line.split("\t", 2);
          Map<?, ?> entry = (Map<?, ?>) Json.read(columns[1]);
          cases.put(columns[0], new Case(this, columns[0], method((String) entry.get("method"), (List<?>) entry.get("parameters")), entry));
        }
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return cases;
  }

  /** The method of this name, null when there is none; overloads are told apart by the simple names of their parameters' types. */
  private Method method(String name, List<?> parameters) {
    for (Method method : service().getMethods()) {
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

  /** A class of this contract, by its simple name or the whole. */
  Class<?> type(String name) {
    try {
      return Class.forName(name.indexOf('.') < 0 ? service().getPackageName() + "." + name : name);
    } catch (ClassNotFoundException absent) {
      throw new IllegalArgumentException(absent);
    }
  }

  /** Whether it is a class of one of the contracts. */
  static boolean has(Class<?> type) {
    return type.getName().startsWith(PACKAGES) && !type.isEnum() && !type.isInterface();
  }

  /** Calls a method with these values, which may be the fields of its one message; so may be what it gives. */
  Object call(Object service, String name, Object... values) throws Throwable {
    Method method = method(name, null);
    try {
      List<Object> answer = values(method.invoke(service, in(method.getParameterTypes(), values)));
      return answer.size() == 1 ? answer.get(0) : answer;
    } catch (InvocationTargetException ended) {
      throw ended.getCause();
    }
  }

  private static Object[] in(Class<?>[] types, Object... values) {
    return types.length == 1 && has(types[0]) ? new Object[] {message(types[0], values)} : values;
  }

  /** A message with these values in the order of its fields, or the value itself where the type is none. */
  static Object message(Class<?> type, Object... values) {
    if (!has(type)) {
      return values.length == 0 ? null : values[0];
    }
    try {
      Object message = type.getDeclaredConstructor().newInstance();
      List<Field> fields = Values.fields(type);
      for (int i = 0; i < values.length; i++) {
        fields.get(i).set(message, values[i]);
      }
      return message;
    } catch (ReflectiveOperationException wrong) {
      throw new IllegalArgumentException(type.getName(), wrong);
    }
  }

  /** A message's values in the order of its fields; anything else is the only one. */
  static List<Object> values(Object... arguments) {
    List<Object> values = new ArrayList<>();
    for (Object argument : arguments) {
      if (argument == null || !has(argument.getClass())) {
        values.add(argument);
        continue;
      }
      for (Field field : Values.fields(argument.getClass())) {
        try {
          values.add(field.get(argument));
        } catch (IllegalAccessException impossible) {
          throw new IllegalStateException(impossible);
        }
      }
    }
    return values;
  }
}
