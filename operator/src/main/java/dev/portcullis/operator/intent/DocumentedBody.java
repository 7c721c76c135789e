package dev.portcullis.operator.intent;

import java.util.List;

/** What an API document says of the request bodies of an operation. */
public sealed interface DocumentedBody {

  /** There is none. */
  record None() implements DocumentedBody {}

  /** There is none, and the request names no media type either. */
  record NoneAndUntyped() implements DocumentedBody {}

  /**
   * One of these types.
   *
   * @param mediaTypes without parameters, in lower case, such as {@code text/plain}, {@code text/*}
   *     or {@code *}{@code /*}; never empty
   */
  record Typed(List<String> mediaTypes, Presence presence) implements DocumentedBody {
    public Typed {
      mediaTypes = List.copyOf(mediaTypes);
    }
  }

  /** Whether a request may come without a body. */
  enum Presence {
    REQUIRED,
    OPTIONAL
  }
}
