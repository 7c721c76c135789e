package dev.portcullis.operator.intent;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rules for request and response headers, the proxy's own replies included. */
public record Headers(Edits request, Edits response, Hardening hardening) {

  /** Whether responses get the hardened set. */
  public enum Hardening {
    HARDENED,
    AS_IS
  }

  /** Removed first, then set (overwriting), then added; names in lower case. */
  public record Edits(List<String> remove, Map<String, String> set, Map<String, String> add) {
    public Edits {
      remove = List.copyOf(remove);
      set = Collections.unmodifiableMap(new TreeMap<>(set));
      add = Collections.unmodifiableMap(new TreeMap<>(add));
    }
  }
}
