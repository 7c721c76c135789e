package dev.portcullis.operator.envoytest;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A response; header names in lower case. */
public record HttpAnswer(int status, Map<String, List<String>> headers, String body) {

  /** The only value of a header; empty when it is absent. */
  public Optional<String> header(String name) {
    var values = headers.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new AssertionError(name + " came more than once: " + values);
    }
    return values.stream().findFirst();
  }
}
