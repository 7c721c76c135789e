package dev.portcullis.operator.inject;

import dev.portcullis.operator.inject.AdmissionReader.Malformed;
import dev.portcullis.operator.inject.InjectionMetrics.Outcome;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionRequest;
import io.javaoperatorsdk.webhook.admission.AdmissionController;
import io.javaoperatorsdk.webhook.admission.NotAllowedException;
import io.javaoperatorsdk.webhook.admission.mutation.DefaultAdmissionRequestMutator;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the API server is answered. Whatever comes in, this answers and does not throw. */
final class Admission {

  /** A status and a body of HTTP. */
  record Answer(int status, String contentType, byte[] body) {}

  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int SERVER_ERROR = 500;
  private static final int UNAVAILABLE = 503;

  private final Injector injector;
  private final InjectionMetrics metrics;
  private final AdmissionReader reader = new AdmissionReader();

  Admission(Injector injector, MeterRegistry registry) {
    this.injector = injector;
    this.metrics = new InjectionMetrics(registry);
  }

  /** Reads an AdmissionReview with a request, gives one with a response. */
  Answer answer(byte[] body) {
    return metrics.timer().record(() -> guarded(body));
  }

  private Answer guarded(byte[] body) {
    try {
      return new Answer(OK, "application/json", review(body));
    } catch (Malformed malformed) {
      metrics.count(Outcome.MALFORMED);
      return text(BAD_REQUEST, malformed.getMessage());
    } catch (RuntimeException | StackOverflowError failure) {
      LOG.error("A pod could not be decided on, and is not let in", failure);
      metrics.count(Outcome.FAILED);
      return text(SERVER_ERROR, "Portcullis failed on this request; its log has the details.");
    }
  }

  private byte[] review(byte[] body) throws Malformed {
    var review = reader.read(body);
    var request = review.getRequest();
    var mutator =
        new DefaultAdmissionRequestMutator<Pod>(
            (pod, operation) -> decided(request, pod), pod -> pod);
    return reader.write(new AdmissionController<Pod>(mutator).handle(review));
  }

  private Pod decided(AdmissionRequest request, Pod pod) {
    var decision = injector.decide(request.getNamespace(), pod);
    LOG.debug("Pod {}/{}: {}", request.getNamespace(), nameOf(pod), decision);
    return switch (decision) {
      case InjectionDecision.Inject(var plan, var injected) -> {
        metrics.count(Outcome.INJECTED);
        yield injected;
      }
      case InjectionDecision.Skip(var reason) -> {
        metrics.count(Outcome.SKIPPED);
        yield pod;
      }
      case InjectionDecision.Refuse(var message) -> {
        metrics.count(Outcome.REFUSED);
        LOG.info("Pod {}/{} is refused: {}", request.getNamespace(), nameOf(pod), message);
        throw new NotAllowedException(message, FORBIDDEN);
      }
      case InjectionDecision.Wait(var message) -> {
        metrics.count(Outcome.POSTPONED);
        throw new NotAllowedException(message, UNAVAILABLE);
      }
    };
  }

  private static String nameOf(Pod pod) {
    var meta = pod.getMetadata();
    return meta.getName() == null ? meta.getGenerateName() + "*" : meta.getName();
  }

  private static Answer text(int status, String message) {
    return new Answer(status, "text/plain", message.getBytes(StandardCharsets.UTF_8));
  }
}
