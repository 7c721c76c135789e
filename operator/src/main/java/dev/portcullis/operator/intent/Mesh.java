package dev.portcullis.operator.intent;

import dev.portcullis.operator.intent.Caller.Origin;
import java.util.List;

/**
 * What is the same for every backend of one installation.
 *
 * @param operator identity under which the operator measures what a sidecar serves
 * @param scrapers pods that may read sidecars' metrics; without any the metrics are not served
 */
public record Mesh(String trustDomain, SpiffeId operator, List<Origin.Pods> scrapers) {

  public Mesh {
    scrapers = List.copyOf(scrapers);
  }

  /** An installation whose sidecars' metrics nobody reads. */
  public Mesh(String trustDomain, SpiffeId operator) {
    this(trustDomain, operator, List.of());
  }
}
