package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** A rate with a burst, counted per client. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RateLimitSpec(
    String name,
    List<Key> per,
    Integer requests,
    String interval,
    Integer burst,
    Integer trackedClients) {

  /** What a client is told apart by. */
  public enum Key {
    ClientIP
  }

  public RateLimitSpec {
    per = Absent.toEmpty(per);
  }
}
