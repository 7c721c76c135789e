package dev.portcullis.operator.watch.time;

import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server what time it is: it dates every object that it makes, also those that it does
 * not keep.
 */
public final class ApiServerTime {

  private static final Logger LOG = LoggerFactory.getLogger(ApiServerTime.class);

  /** However many ask. */
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final Timepiece time;
  private Optional<Long> asked = Optional.empty();

  public ApiServerTime(KubernetesClient client, Timepiece time) {
    this.client = client;
    this.time = time;
  }

  /** Lets the timepiece know; blocks for one call at most, and seldom. */
  public synchronized void ask() {
    var now = time.nanos();
    if (asked.filter(last -> now - last < BETWEEN_QUESTIONS.toNanos()).isEmpty()) {
      asked = Optional.of(now);
      time.look(answer());
    }
  }

  /** Empty where it does not answer, or where nobody may ask it. */
  private Optional<Instant> answer() {
    try {
      var review = client.resource(new SelfSubjectReview()).create();
      return Optional.ofNullable(review.getMetadata().getCreationTimestamp()).map(Instant::parse);
    } catch (KubernetesClientException e) {
      LOG.debug("the API server does not tell its time: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
