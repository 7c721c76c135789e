package dev.portcullis.operator.xds;

import com.google.protobuf.Any;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import io.envoyproxy.controlplane.cache.Resources;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secrets that one stream asks for by their names, one response at a time. Keeps versions, and
 * no secret. What a proxy refuses is not sent again before another is due. Guarded by its stream.
 */
final class SecretSubscription {
  private static final Logger LOG = LoggerFactory.getLogger(SecretSubscription.class);
  static final String TYPE_URL = Resources.V3.SECRET_TYPE_URL;

  private static final List<String> NAMES =
      List.of(EnvoyNames.TRUST_SECRET, EnvoyNames.IDENTITY_SECRET);
  private static final String NONE = "";

  private final Peer peer;
  private final PeerSecrets source;
  private final XdsMetrics metrics;
  private final Set<String> wanted = new HashSet<>();
  private final Map<String, String> told = new HashMap<>();
  private Optional<Push.Stamp> unanswered = Optional.empty();

  SecretSubscription(Peer peer, StreamContext context) {
    this.peer = peer;
    this.source = context.secrets();
    this.metrics = context.metrics();
  }

  static boolean isMeantBy(DeltaDiscoveryRequest request) {
    return request.getTypeUrl().equals(TYPE_URL);
  }

  /** Follows a request; names that nobody has are ignored. */
  void take(DeltaDiscoveryRequest request) {
    for (var name : request.getResourceNamesUnsubscribeList()) {
      wanted.remove(name);
      told.remove(name);
    }
    for (var name : request.getResourceNamesSubscribeList()) {
      if (NAMES.contains(name)) {
        wanted.add(name);
        told.remove(name);
      }
    }
    request.getInitialResourceVersionsMap().forEach(this::remember);
    if (unanswered.filter(stamp -> stamp.nonce().equals(request.getResponseNonce())).isPresent()) {
      unanswered = Optional.empty();
      settle(request);
    }
  }

  private void remember(String name, String version) {
    if (wanted.contains(name)) {
      told.put(name, version);
    }
  }

  private void settle(DeltaDiscoveryRequest answer) {
    if (!answer.hasErrorDetail()) {
      metrics.secret(XdsMetrics.Secret.TAKEN);
      return;
    }
    metrics.secret(XdsMetrics.Secret.REFUSED);
    LOG.atWarn()
        .addKeyValue("namespace", peer.namespace())
        .addKeyValue("pod", peer.pod())
        .addKeyValue("reason", answer.getErrorDetail().getMessage().strip())
        .log("proxy refused a secret");
  }

  /** Whether there may be something to say. */
  boolean isDue() {
    return unanswered.isEmpty()
        && wanted.stream()
            .anyMatch(name -> source.isDue(peer, name, told.getOrDefault(name, NONE)));
  }

  /** The next response to send; empty when there is nothing to say. */
  Optional<DeltaDiscoveryResponse> next(Supplier<Push.Stamp> stamp) {
    if (unanswered.isPresent()) {
      return Optional.empty();
    }
    for (var name : NAMES) {
      var secret = wanted.contains(name) ? fresh(name) : Optional.<PeerSecret>empty();
      if (secret.isPresent()) {
        return Optional.of(tell(name, secret.get(), stamp.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<PeerSecret> fresh(String name) {
    return source.next(peer, name, told.getOrDefault(name, NONE));
  }

  private DeltaDiscoveryResponse tell(String name, PeerSecret secret, Push.Stamp stamp) {
    told.put(name, secret.version());
    unanswered = Optional.of(stamp);
    var content = secret.secret().toBuilder().setName(name).build().toByteString();
    return DeltaDiscoveryResponse.newBuilder()
        .setTypeUrl(TYPE_URL)
        .setNonce(stamp.nonce())
        .addResources(
            Resource.newBuilder()
                .setName(name)
                .setVersion(secret.version())
                .setResource(Any.newBuilder().setTypeUrl(TYPE_URL).setValue(content)))
        .build();
  }

  /** When the response that waits for its answer was sent; {@link Instant#MAX} when none does. */
  Instant waitsSince() {
    return unanswered.map(Push.Stamp::sent).orElse(Instant.MAX);
  }
}
