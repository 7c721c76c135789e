package dev.portcullis.operator.watch.measure;

import dev.portcullis.bootstrap.contract.ProbePaths;
import dev.portcullis.operator.identity.rotation.Elder;
import dev.portcullis.operator.identity.rotation.Straggler;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.watch.certificates.Witness;
import dev.portcullis.operator.watch.cluster.Cluster;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.ObservedPod.Credentials;
import dev.portcullis.operator.watch.cluster.ObservedPod.Phase;
import dev.portcullis.operator.watch.delivery.Backends;
import dev.portcullis.operator.watch.delivery.Groups;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * Whether pods have followed a rotation of the CA, asked at their gates: the operator shows a
 * certificate of the CA in question, and looks at the one that it is shown.
 */
public final class GateWitness implements Witness {

  /** A pod that was made so long after a switch has been certified by the new CA. */
  private static final Duration LATE_SIGNATURES = Duration.ofMinutes(1);

  private final Parts parts;
  private final MutualTlsGet gate;

  /** Pods that have accepted a CA; they do not lose it, for roots are only added until it signs. */
  private final Set<Proof> proofs = ConcurrentHashMap.newKeySet();

  /**
   * What it works on.
   *
   * @param tls for a call to one peer, with the operator's own present certificate
   * @param timeout of connecting, and of each read
   */
  public record Parts(
      Cluster cluster,
      Groups groups,
      Backends backends,
      Function<SpiffeId, Optional<SSLContext>> tls,
      Duration timeout) {}

  private record Proof(String podUid, X509Certificate issuer) {}

  public GateWitness(Parts parts) {
    this.parts = parts;
    this.gate = new MutualTlsGet(parts.timeout());
  }

  /**
   * Asks every pod that serves. One that does not is no straggler: it serves nobody, and reads the
   * published roots when it starts.
   */
  @Override
  public List<Straggler> yetToAccept(Candidate candidate) {
    proofs.removeIf(proof -> !proof.issuer.equals(candidate.issuer()));
    var serving = parts.cluster().pods().all().stream().filter(ObservedPod::serves).toList();
    return named(Crowd.ask(serving, pod -> doubt(pod, candidate)).stream());
  }

  /** A gate that no policy is behind refuses everybody, whatever the CA. */
  private Optional<Straggler> doubt(ObservedPod pod, Candidate candidate) {
    if (pod.sidecar().isEmpty() || parts.groups().policyOf(pod).isEmpty()) {
      return Optional.empty();
    }
    return aim(pod)
        .map(target -> doubt(pod, target, candidate))
        .orElseGet(
            () ->
                Optional.of(
                    straggler(pod, "Its policy is not in force, so its gate cannot be asked.")));
  }

  private Optional<Straggler> doubt(ObservedPod pod, Target target, Candidate candidate) {
    var proof = new Proof(pod.uid(), candidate.issuer());
    if (proofs.contains(proof)) {
      return Optional.empty();
    }
    var context = candidate.credentials().clientContext(target.identity().uri());
    return switch (look(target, context)) {
      case Look.Seen seen -> {
        proofs.add(proof);
        yield Optional.empty();
      }
      case Look.Refused(String why) ->
          Optional.of(straggler(pod, "It does not accept the new CA yet: " + why));
    };
  }

  /** Nobody is taken to have let go of a CA who has not shown another one. */
  @Override
  public Map<Elder, List<Straggler>> stillHolding(Collection<Elder> elders) {
    var suspects =
        parts.cluster().pods().all().stream()
            .filter(pod -> pod.credentials() == Credentials.OURS)
            .filter(pod -> pod.phase() != Phase.FINISHED)
            .filter(pod -> elders.stream().anyMatch(elder -> isOldEnough(pod, elder)))
            .toList();
    var sights = Crowd.ask(suspects, pod -> new Sight(pod, look(pod)));
    return elders.stream()
        .collect(Collectors.toMap(elder -> elder, elder -> stillHolding(sights, elder)));
  }

  private static List<Straggler> stillHolding(List<Sight> sights, Elder elder) {
    return named(
        sights.stream()
            .filter(sight -> isOldEnough(sight.pod, elder))
            .map(sight -> suspicion(sight, elder)));
  }

  private static boolean isOldEnough(ObservedPod pod, Elder elder) {
    return pod.created().isBefore(elder.replaced().plus(LATE_SIGNATURES));
  }

  private static Optional<Straggler> suspicion(Sight sight, Elder elder) {
    return switch (sight.look) {
      case Look.Refused(String why) -> Optional.of(straggler(sight.pod, why));
      case Look.Seen(List<X509Certificate> chain) ->
          chain.contains(elder.certificates().issuing())
              ? Optional.of(
                  straggler(
                      sight.pod,
                      "It serves with a certificate of the replaced CA, which ends %s."
                          .formatted(chain.getFirst().getNotAfter().toInstant())))
              : Optional.empty();
    };
  }

  private record Sight(ObservedPod pod, Look look) {}

  /** What one pod showed. */
  private sealed interface Look {

    record Seen(List<X509Certificate> chain) implements Look {}

    record Refused(String why) implements Look {}
  }

  private Look look(ObservedPod pod) {
    var target = pod.serves() ? aim(pod) : Optional.<Target>empty();
    return target
        .map(gate -> look(gate, parts.tls().apply(gate.identity())))
        .orElseGet(
            () ->
                new Look.Refused(
                    "It has no gate that could be asked, and may hold a certificate of the"
                        + " replaced CA."));
  }

  private Look look(Target target, Optional<SSLContext> tls) {
    if (tls.isEmpty()) {
      return new Look.Refused("The operator has no certificate to ask with.");
    }
    try {
      var address = new InetSocketAddress(target.address(), target.gatePort());
      return new Look.Seen(gate.get(tls.get(), address, ProbePaths.SERVED_VERSION).chain());
    } catch (IOException failure) {
      return new Look.Refused(
          "Its gate did not answer on port %d: %s".formatted(target.gatePort(), failure));
    }
  }

  private Optional<Target> aim(ObservedPod pod) {
    return parts
        .groups()
        .policyOf(pod)
        .flatMap(parts.backends()::get)
        .flatMap(state -> Aim.at(pod, state))
        .map(Aim::target);
  }

  private static List<Straggler> named(Stream<Optional<Straggler>> found) {
    return found.flatMap(Optional::stream).sorted(Comparator.comparing(Straggler::who)).toList();
  }

  private static Straggler straggler(ObservedPod pod, String why) {
    return new Straggler(pod.namespace() + "/" + pod.name(), why);
  }
}
