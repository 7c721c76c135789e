package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.status.Validity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Looks after certificates that nobody else has an eye on, and tells of each one once when too
 * little of its life is left, and once when it was renewed.
 */
final class ExpiryWatch {

  private final Map<String, Supplier<Optional<Validity>>> certificates = new LinkedHashMap<>();
  private Set<String> told = Set.of();

  /**
   * @param what begins a sentence, such as "The issuing CA"
   */
  ExpiryWatch over(String what, Supplier<Optional<Validity>> certificate) {
    certificates.put(what, certificate);
    return this;
  }

  /** What is new since the last look. */
  List<StepNews> look(Instant now) {
    var late = late(now);
    var news = new ArrayList<StepNews>();
    late.forEach(
        (what, sentence) -> {
          if (!told.contains(what)) {
            news.add(new StepNews("Warning", "CertificateExpiring", sentence));
          }
        });
    told.stream()
        .filter(what -> !late.containsKey(what))
        .map(what -> new StepNews("Normal", "CertificateRenewed", what + " was renewed."))
        .forEach(news::add);
    told = new LinkedHashSet<>(late.keySet());
    return news;
  }

  /** A sentence for each that nears its end, or {@code none}. */
  String text(Instant now) {
    var late = late(now);
    return late.isEmpty() ? "none" : late.values().stream().collect(Collectors.joining("\n"));
  }

  private Map<String, String> late(Instant now) {
    var late = new LinkedHashMap<String, String>();
    certificates.forEach(
        (what, certificate) ->
            certificate
                .get()
                .filter(validity -> validity.nearsItsEnd(now))
                .ifPresent(validity -> late.put(what, sentence(what, validity))));
    return late;
  }

  private static String sentence(String what, Validity validity) {
    return "%s ends %s, less than %.0f %% of its life is left, and it was not replaced."
        .formatted(what, validity.until(), Validity.LEAST_LEFT * 100);
  }
}
