package dev.portcullis.operator.identity;

/** Whether what people brought can be used. */
public sealed interface ProvidedInspection {

  record Accepted(ProvidedAuthority authority) implements ProvidedInspection {}

  /** {@code reason} is a sentence that names the file. */
  record Refused(String reason) implements ProvidedInspection {}
}
