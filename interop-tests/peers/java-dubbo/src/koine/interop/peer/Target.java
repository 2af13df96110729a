package koine.interop.peer;

import java.util.List;

/** One line of a plan: whom to call, how, and with which cases; who else knows the same provider, where the way to it is spoilt. */
record Target(String id, String host, int port, String dialect, String contract, String cases, int deadlineMillis, String witness) {

  static Target parse(List<String> words) {
    String address = option(words, "--target", "");
    int colon = address.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("--target HOST:PORT is missing");
    }
    return new Target(option(words, "--id", ""), address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)),
        option(words, "--dialect", ""), option(words, "--contract", "own"), option(words, "--cases", ""),
        Integer.parseInt(option(words, "--deadline", "600")), option(words, "--witness", ""));
  }

  /** The other way to the provider. */
  Target direct() {
    return parse(List.of("--target", witness));
  }

  static String option(List<String> words, String name, String otherwise) {
    int at = words.indexOf(name);
    return at < 0 || at + 1 >= words.size() ? otherwise : words.get(at + 1);
  }
}
