package dev.portcullis.operator.status;

import dev.portcullis.api.v1alpha1.ApiClientCertificateStatus;
import dev.portcullis.operator.status.ClientFacts.Certificate;
import dev.portcullis.operator.status.ClientFacts.Withheld;
import dev.portcullis.operator.status.Finding.Value;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Builds the status of an ApiClientCertificate; equal facts give an equal status. */
public final class ClientReport {

  /** Nothing that is due is held back. */
  public static final String UP_TO_DATE = "UpToDate";

  private ClientReport() {}

  /**
   * @param previous what the object says now; null when it says nothing
   */
  public static ApiClientCertificateStatus of(
      ClientFacts facts, ApiClientCertificateStatus previous, Instant now) {
    return new ApiClientCertificateStatus(
        facts.generation(),
        Stream.concat(Stream.of(ready(facts), upToDate(facts)), expiring(facts, now))
            .map(finding -> at(facts, finding, previous, now))
            .toList(),
        facts.spiffeId(),
        of(facts, certificate -> certificate.notBefore().toString()),
        of(facts, certificate -> certificate.notAfter().toString()),
        of(facts, certificate -> certificate.renewal().toString()),
        of(facts, Certificate::serialNumber),
        of(facts, Certificate::fingerprint));
  }

  private static String of(ClientFacts facts, Function<Certificate, String> field) {
    return facts.held().map(field).orElse(null);
  }

  private static Finding ready(ClientFacts facts) {
    if (facts.held().isPresent()) {
      return new Finding(
          ConditionTypes.READY,
          Value.TRUE,
          "Issued",
          "Secret %s holds a valid certificate of %s and its key."
              .formatted(facts.secretName(), facts.spiffeId()));
    }
    var why = facts.withheld().orElse(new Withheld("NotIssued", "No certificate was issued yet."));
    return new Finding(ConditionTypes.READY, Value.FALSE, why.reason(), why.message());
  }

  private static Finding upToDate(ClientFacts facts) {
    return facts
        .withheld()
        .map(why -> new Finding(UP_TO_DATE, Value.FALSE, why.reason(), why.message()))
        .orElseGet(
            () ->
                new Finding(
                    UP_TO_DATE,
                    Value.TRUE,
                    UP_TO_DATE,
                    "Certificate, key and roots are as they should be."));
  }

  private static Stream<Finding> expiring(ClientFacts facts, Instant now) {
    return facts.held().stream()
        .map(held -> new Validity(held.notBefore(), held.notAfter()))
        .filter(certificate -> certificate.nearsItsEnd(now))
        .map(
            certificate ->
                Alarms.expiring(
                    "The certificate ends %s and was not renewed at half of its life; UpToDate says why."
                        .formatted(certificate.until())));
  }

  private static Condition at(
      ClientFacts facts, Finding finding, ApiClientCertificateStatus previous, Instant now) {
    return finding.at(
        facts.generation(),
        since(finding, previous).orElse(now.truncatedTo(ChronoUnit.SECONDS).toString()));
  }

  private static Optional<String> since(Finding finding, ApiClientCertificateStatus previous) {
    return Optional.ofNullable(previous).stream()
        .flatMap(status -> status.conditions().stream())
        .filter(condition -> condition.getType().equals(finding.type()))
        .filter(condition -> Objects.equals(condition.getStatus(), finding.value().text))
        .map(Condition::getLastTransitionTime)
        .findFirst();
  }
}
