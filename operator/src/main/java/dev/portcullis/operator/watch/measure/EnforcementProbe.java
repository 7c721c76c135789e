package dev.portcullis.operator.watch.measure;

import dev.portcullis.bootstrap.contract.ProbePaths;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.status.PodFacts.Reading;
import dev.portcullis.operator.status.ShadowCounts;
import dev.portcullis.operator.status.Validity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** Measures one pod: who answers, what it serves, and whether there is a way around it. */
public final class EnforcementProbe {

  private static final int OK = 200;

  private final Function<SpiffeId, Optional<SSLContext>> tls;
  private final MutualTlsGet gate;
  private final AppPort app;
  private final QuicPort quic;

  /**
   * @param tls for a call to this peer and no other, with the operator's own identity; empty while
   *     the operator has none
   * @param timeout of each step; a measurement has nine at most
   */
  public EnforcementProbe(Function<SpiffeId, Optional<SSLContext>> tls, Duration timeout) {
    this.tls = tls;
    this.gate = new MutualTlsGet(timeout);
    this.app = new AppPort(timeout);
    this.quic = new QuicPort(timeout);
  }

  Reading measure(Target target) {
    return tls.apply(target.identity())
        .map(context -> measure(target, context))
        .orElseGet(() -> new Reading.Unreachable("The operator has no certificate to ask with."));
  }

  private Reading measure(Target target, SSLContext context) {
    try {
      var address = new InetSocketAddress(target.address(), target.gatePort());
      return judge(target, context, gate.get(context, address, ProbePaths.SERVED_VERSION));
    } catch (IOException failure) {
      return hasExpired(failure)
          ? new Reading.Expired()
          : new Reading.Unreachable(
              "The gate did not answer on port %d: %s".formatted(target.gatePort(), why(failure)));
    }
  }

  private Reading judge(Target target, SSLContext context, MutualTlsGet.Reply reply) {
    if (reply.answer().status() != OK) {
      return new Reading.Unreachable(
          "The gate answered %d to the operator.".formatted(reply.answer().status()));
    }
    var version = Served.versionOf(reply.answer());
    var certificate =
        new Validity(
            reply.peer().getNotBefore().toInstant(), reply.peer().getNotAfter().toInstant());
    return app.openness(context, target)
        .<Reading>map(open -> new Reading.OpenBeside(version, certificate, open))
        .or(() -> silentOverQuic(target).map(Reading.Unreachable::new))
        .orElseGet(() -> new Reading.Served(version, certificate));
  }

  private Optional<String> silentOverQuic(Target target) {
    return target
        .http3Port()
        .filter(port -> !answersOverQuic(new InetSocketAddress(target.address(), port)))
        .map("The gate did not answer over QUIC on UDP port %d."::formatted);
  }

  private boolean answersOverQuic(InetSocketAddress address) {
    try {
      return quic.answers(address);
    } catch (IOException refused) {
      return false;
    }
  }

  /** What a pod in shadow has counted; empty if it does not tell. */
  Optional<ShadowCounts> shadow(Target target) {
    var address = new InetSocketAddress(target.address(), target.gatePort());
    return tls.apply(target.identity())
        .flatMap(
            context -> {
              try {
                return Optional.of(gate.get(context, address, ProbePaths.SHADOW_COUNTS));
              } catch (IOException unheard) {
                return Optional.empty();
              }
            })
        .map(MutualTlsGet.Reply::answer)
        .filter(answer -> answer.status() == OK)
        .map(answer -> ShadowPage.read(answer.body()));
  }

  private static boolean hasExpired(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(CertificateExpiredException.class::isInstance);
  }

  private static String why(Exception failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
