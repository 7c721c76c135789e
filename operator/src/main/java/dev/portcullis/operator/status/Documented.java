package dev.portcullis.operator.status;

import dev.portcullis.operator.intent.Documentation;

/** Whether the configuration in force comes from an OpenAPI document. */
public sealed interface Documented {

  record By(Documentation documentation) implements Documented {}

  record ByNothing() implements Documented {}

  /** Since the operator started it has put nothing into force. */
  record NotKnown() implements Documented {}
}
