package dev.portcullis.operator.resolve;

import dev.portcullis.operator.intent.Application.HealthCheck;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Route;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What is enforced as it is written and yet hardly meant: times that do not fit each other. It is
 * told, not refused, since each of them has a use.
 */
public final class Doubts {

  /**
   * In the policy's order, each a sentence that begins with its field.
   *
   * @param grace the shortest time that one of its pods has to end; empty without pods
   */
  public static List<String> of(BackendIntent intent, Optional<Duration> grace) {
    var own = intent.routes().stream().filter(route -> !route.isDocumented()).toList();
    var ofRoutes =
        IntStream.range(0, own.size())
            .boxed()
            .flatMap(
                index ->
                    of(own.get(index), intent, grace)
                        .map(
                            doubt ->
                                "spec.routes[%d].timeouts.request: %s".formatted(index, doubt)));
    return Stream.concat(ofRoutes, ofDocument(intent, grace)).toList();
  }

  /** Whatever a document has takes the policy's times. */
  private static Stream<String> ofDocument(BackendIntent intent, Optional<Duration> grace) {
    return intent.routes().stream()
        .filter(Route::isDocumented)
        .limit(1)
        .flatMap(route -> of(route, intent, grace))
        .map("spec.timeouts.request: %s"::formatted);
  }

  private static Stream<String> of(Route route, BackendIntent intent, Optional<Duration> grace) {
    return route.isOfWebSockets() ? Stream.empty() : ofRequests(route, intent, grace);
  }

  private static Stream<String> ofRequests(
      Route route, BackendIntent intent, Optional<Duration> grace) {
    var request = route.requestTimeout();
    var application = intent.application();
    return Stream.of(
            doubt(
                request,
                application
                    .healthCheck()
                    .map(HealthCheck::timeout)
                    .filter(timeout -> request.compareTo(timeout) < 0),
                "%s is shorter than backend.healthCheck.timeout (%s): an application that counts as"
                    + " healthy may be too slow for it."),
            doubt(
                request,
                Optional.of(application.connectTimeout())
                    .filter(connect -> request.compareTo(connect) < 0),
                "%s is shorter than timeouts.connect (%s), which so never runs out."),
            doubt(
                request,
                grace.filter(end -> request.compareTo(end) > 0),
                "%s is longer than a pod has to end (terminationGracePeriodSeconds: %s): a request"
                    + " may be cut when its pod is replaced."))
        .flatMap(Optional::stream);
  }

  private static Optional<String> doubt(
      Duration request, Optional<Duration> other, String sentence) {
    return other.map(against -> sentence.formatted(text(request), text(against)));
  }

  /** As policies have it, such as {@code 1m30s}. */
  private static String text(Duration duration) {
    return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
  }

  private Doubts() {}
}
