package dev.portcullis.operator.identity;

/** Whether an issuing CA should be replaced by its own schedule. */
public sealed interface Renewal {

  /** It has time. */
  record NotDue() implements Renewal {}

  /** It should be replaced, and still signs meanwhile. */
  record Due(String reason) implements Renewal {}

  /** It cannot sign any more. */
  record Overdue(String reason) implements Renewal {}
}
