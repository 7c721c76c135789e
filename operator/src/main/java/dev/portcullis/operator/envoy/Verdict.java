package dev.portcullis.operator.envoy;

import java.util.List;

/** What a gate would do with a request. */
public sealed interface Verdict {

  /**
   * It goes to the application.
   *
   * @param route whose rules it meets
   * @param provided what cannot be known beforehand, each as what must hold
   */
  record Passes(String route, List<String> provided) implements Verdict {
    public Passes {
      provided = List.copyOf(provided);
    }
  }

  /**
   * It is refused with this id.
   *
   * @param line of the route table; empty where none is looked up
   */
  record Denied(DenialId id, String line) implements Verdict {}
}
