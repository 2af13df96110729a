package koine.interop.peer;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;

/**
 * A case that is one request value and one answer value: the client sends the one and expects the
 * other, the server the other way round. Where the message has a place for the case's name, both have
 * it filled.
 */
record Sample<T extends Message>(String name, T request, T answer) {
  private static final List<String> NAME_FIELDS = List.of("case_id", "caseId");

  Sample(String name, T request, T answer) {
    this.name = name;
    this.request = named(request, name);
    this.answer = named(answer, name + ".answer");
  }

  @SuppressWarnings("unchecked")
  private static <T extends Message> T named(T message, String name) {
    for (String candidate : NAME_FIELDS) {
      FieldDescriptor field = message.getDescriptorForType().findFieldByName(candidate);
      if (field != null) {
        return (T) message.toBuilder().setField(field, name).build();
      }
    }
    return message;
  }

  static <T extends Message> Sample<T> find(List<Sample<T>> samples, String name) {
    for (Sample<T> sample : samples) {
      if (sample.name.equals(name)) {
        return sample;
      }
    }
    return null;
  }
}
