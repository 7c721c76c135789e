package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.CertifiableKey;
import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.Issuance;
import dev.portcullis.operator.identity.LeafOrder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Answers one request: reads what it claims live, signs or denies, writes the answer. Whatever
 * might pass leaves the request pending; {@code Failed} is never written, for it ends a pod.
 */
final class RequestSigner {

  /** Why a request waits whose workload has had its share. */
  static final String WORKLOAD_QUOTA = "workload";

  private static final int UNPROCESSABLE = 422;

  /** Where the API servers' clocks differ, one of them may find the usual too far back. */
  private static final Duration CAUTIOUSLY = Duration.ofSeconds(150);

  /** What became of an attempt. */
  sealed interface Outcome {

    /** It has its answer, ours or another replica's, or is gone. */
    record Settled() implements Outcome {}

    /** To be tried again; {@code reason} is a bounded label. */
    record Postponed(String reason, String message) implements Outcome {}
  }

  private final KubernetesClient client;
  private final RequestAnswers answers;
  private final RequestReview review;
  private final CertificateMetrics metrics;
  private final CertificateSettings settings;
  private final Supplier<CaState> ca;
  private final Clock clock;
  private final IssueQuotas quotas;
  private final Executor reader;

  /** Requests whose answer the API server has not taken. */
  private final Set<String> rejected = ConcurrentHashMap.newKeySet();

  /** What a signer works with. */
  record Tools(
      KubernetesClient client,
      RequestAnswers answers,
      CryptoProvider crypto,
      CertificateMetrics metrics,
      IssueQuotas quotas,
      Executor reader) {}

  RequestSigner(Tools tools, CertificateSettings settings, Supplier<CaState> ca, Clock clock) {
    this.client = tools.client();
    this.answers = tools.answers();
    this.review = new RequestReview(tools.crypto());
    this.metrics = tools.metrics();
    this.reader = tools.reader();
    this.settings = settings;
    this.ca = ca;
    this.clock = clock;
    this.quotas = tools.quotas();
  }

  /** One attempt; blocks for three calls of the API server at most. */
  Outcome attempt(PodCertificate request) {
    var state = ca.get();
    var authority = state.authority();
    if (authority.isEmpty()) {
      return new Outcome.Postponed("authority", state.message());
    }
    if (!quotas.tryTakeOfWorkload(request)) {
      return new Outcome.Postponed(WORKLOAD_QUOTA, quotas.excess(request.workload()));
    }
    try {
      return answer(request, authority.get());
    } catch (KubernetesClientException e) {
      if (e.getCode() == UNPROCESSABLE) {
        rejected.add(request.uid());
      }
      return afterFailure(e);
    }
  }

  private Outcome answer(PodCertificate request, CertificateAuthority authority) {
    var account = CompletableFuture.supplyAsync(() -> serviceAccount(request), reader);
    var pod = pod(request);
    return switch (review.review(request, pod, joined(account))) {
      case Verdict.Approved(CertifiableKey key) -> issue(request, key, authority);
      case Verdict.Denied denied -> deny(request, denied);
    };
  }

  private Outcome deny(PodCertificate request, Verdict.Denied denied) {
    answers.deny(request, denied);
    metrics.denied(denied.reason());
    return new Outcome.Settled();
  }

  private Outcome issue(
      PodCertificate request, CertifiableKey key, CertificateAuthority authority) {
    if (!quotas.tryTakeOfPod(request)) {
      return new Outcome.Postponed("quota", "its pod has had too many certificates this minute");
    }
    var order = order(request, key);
    return switch (metrics.signing().record(() -> authority.issue(order))) {
      case Issuance.Issued issued -> {
        answers.issue(request, issued.leaf().renewedWithin(settings.leafRenewal()));
        rejected.remove(request.uid());
        metrics.issued();
        yield new Outcome.Settled();
      }
      case Issuance.Refused(String reason) -> new Outcome.Postponed("authority", reason);
    };
  }

  private LeafOrder order(PodCertificate request, CertifiableKey key) {
    var identity =
        settings.trustDomain().serviceAccount(request.namespace(), request.serviceAccountName());
    var order =
        new LeafOrder(
            key,
            identity,
            List.of(),
            shorter(settings.leafLifetime(), request.longestLifetime()),
            now(request));
    return rejected.contains(request.uid()) ? order.backdatedBy(CAUTIOUSLY) : order;
  }

  /** It is gone, whatever it was. */
  void forget(PodCertificate request) {
    rejected.remove(request.uid());
  }

  /** It cannot be earlier than the request was made: so much of our clock's lag is corrected. */
  private Instant now(PodCertificate request) {
    var now = clock.instant();
    return now.isBefore(request.createdAt()) ? request.createdAt() : now;
  }

  private Optional<Pod> pod(PodCertificate request) {
    return Optional.ofNullable(
        client.pods().inNamespace(request.namespace()).withName(request.podName()).get());
  }

  private Optional<ServiceAccount> serviceAccount(PodCertificate request) {
    return Optional.ofNullable(
        client
            .serviceAccounts()
            .inNamespace(request.namespace())
            .withName(request.serviceAccountName())
            .get());
  }

  private static Outcome afterFailure(KubernetesClientException e) {
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_NOT_FOUND -> new Outcome.Settled();
      case HttpURLConnection.HTTP_CONFLICT -> new Outcome.Postponed("conflict", e.getMessage());
      case HttpURLConnection.HTTP_FORBIDDEN -> new Outcome.Postponed("forbidden", e.getMessage());
      case UNPROCESSABLE -> new Outcome.Postponed("rejected", e.getMessage());
      default -> new Outcome.Postponed("unavailable", e.getMessage());
    };
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof KubernetesClientException cause
          ? cause
          : new IllegalStateException(e.getCause());
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
