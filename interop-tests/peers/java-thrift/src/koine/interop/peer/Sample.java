package koine.interop.peer;

import java.util.List;

/**
 * A case that is one request value and one answer value: the client sends the one and expects the
 * other, the server the other way round.
 */
record Sample<T>(String name, T request, T answer) {

  static <T> Sample<T> find(List<Sample<T>> samples, String name) {
    for (Sample<T> sample : samples) {
      if (sample.name.equals(name)) {
        return sample;
      }
    }
    return null;
  }
}
