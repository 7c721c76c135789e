package dev.portcullis.operator.watch.cluster;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The field of an object that this operator does not understand.
 *
 * @param path from the object's root
 */
record UnreadableField(List<Reference> path, String why) {

  /** Empty when the failure does not name a field. */
  static Optional<UnreadableField> of(IllegalArgumentException failure) {
    return failure.getCause() instanceof JsonMappingException mapping
        ? Optional.of(new UnreadableField(mapping.getPath(), mapping.getOriginalMessage()))
        : Optional.empty();
  }

  boolean isWithin(String... field) {
    return path.size() >= field.length
        && path.subList(0, field.length).stream()
            .map(Reference::getFieldName)
            .toList()
            .equals(List.of(field));
  }

  /** Takes the field out of the object; false when it is not there. */
  boolean leaveOutOf(Map<String, Object> object) {
    Object holder = object;
    for (var step : path.subList(0, Math.max(0, path.size() - 1))) {
      holder =
          switch (holder) {
            case Map<?, ?> fields -> fields.get(step.getFieldName());
            case List<?> items when holds(items, step) -> items.get(step.getIndex());
            case null, default -> null;
          };
    }
    return !path.isEmpty() && leaveOut(holder, path.getLast());
  }

  private static boolean leaveOut(Object holder, Reference last) {
    return switch (holder) {
      case Map<?, ?> fields when fields.containsKey(last.getFieldName()) -> {
        fields.remove(last.getFieldName());
        yield true;
      }
      case List<?> items when holds(items, last) -> {
        items.remove(last.getIndex());
        yield true;
      }
      case null, default -> false;
    };
  }

  private static boolean holds(List<?> items, Reference step) {
    return step.getIndex() >= 0 && step.getIndex() < items.size();
  }

  /** As a problem of a policy is told. */
  @Override
  public String toString() {
    var field = new StringBuilder();
    for (var step : path) {
      if (step.getIndex() >= 0) {
        field.append('[').append(step.getIndex()).append(']');
      } else {
        field.append(field.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return field + ": " + why;
  }
}
