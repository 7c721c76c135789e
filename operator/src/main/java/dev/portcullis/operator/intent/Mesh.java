package dev.portcullis.operator.intent;

import dev.portcullis.operator.intent.Caller.Origin;
import java.util.List;
import java.util.Optional;

/**
 * What is the same for every backend of one installation.
 *
 * @param operator identity under which the operator measures what a sidecar serves
 * @param scrapers pods that may read sidecars' metrics; without any the metrics are not served
 * @param rateService that counts for all pods of a backend together; empty where there is none
 */
public record Mesh(
    String trustDomain,
    SpiffeId operator,
    List<Origin.Pods> scrapers,
    Optional<RateService> rateService) {

  public Mesh {
    scrapers = List.copyOf(scrapers);
  }

  /** An installation whose sidecars' metrics nobody reads. */
  public Mesh(String trustDomain, SpiffeId operator) {
    this(trustDomain, operator, List.of(), Optional.empty());
  }

  /** The same installation with this service. */
  public Mesh with(RateService service) {
    return new Mesh(trustDomain, operator, scrapers, Optional.of(service));
  }
}
