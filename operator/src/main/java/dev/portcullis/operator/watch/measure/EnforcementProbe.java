package dev.portcullis.operator.watch.measure;

import dev.portcullis.bootstrap.contract.ProbePaths;
import dev.portcullis.operator.status.PodFacts.Reading;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** Measures one pod: who answers, what it serves, and whether there is a way around it. */
public final class EnforcementProbe {

  private static final int URI_NAME = 6;

  private final MutualTlsGet gate;
  private final AppPort app;

  /**
   * @param tls the operator's own identity, and the roots that it trusts
   * @param timeout of each step; a measurement has five at most
   */
  public EnforcementProbe(Supplier<SSLContext> tls, Duration timeout) {
    this.gate = new MutualTlsGet(tls, timeout);
    this.app = new AppPort(timeout);
  }

  Reading measure(Target target) {
    try {
      return judge(
          target,
          gate.get(
              new InetSocketAddress(target.address(), target.gatePort()),
              ProbePaths.SERVED_VERSION));
    } catch (IOException | CertificateParsingException failure) {
      return new Reading.Unreachable(
          "The gate did not answer on port %d: %s".formatted(target.gatePort(), why(failure)));
    }
  }

  private Reading judge(Target target, MutualTlsGet.Reply reply)
      throws CertificateParsingException {
    var identities = identitiesOf(reply.peer());
    if (!identities.equals(List.of(target.identity().uri()))) {
      return new Reading.Unreachable(
          "%s answered instead of %s.".formatted(identities, target.identity()));
    }
    if (reply.answer().status() != 200) {
      return new Reading.Unreachable(
          "The gate answered %d to the operator.".formatted(reply.answer().status()));
    }
    var version = Served.versionOf(reply.answer());
    var expiry = reply.peer().getNotAfter().toInstant();
    return app.openness(new InetSocketAddress(target.address(), target.appPort()), target.capture())
        .<Reading>map(open -> new Reading.OpenBeside(version, expiry, open))
        .orElseGet(() -> new Reading.Served(version, expiry));
  }

  private static List<String> identitiesOf(X509Certificate certificate)
      throws CertificateParsingException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names == null
        ? List.of()
        : names.stream()
            .filter(name -> name.getFirst().equals(URI_NAME))
            .map(name -> String.valueOf(name.get(1)))
            .toList();
  }

  private static String why(Exception failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
